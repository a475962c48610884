internal import Foundation
internal import LesionMeasurement

extension EnhancementRules {
  /// The rule's path in words, most telling first.
  func words(_ measured: EnhancementMeasurement, _ level: Level, _ pattern: EnhancementRecord.Pattern) -> [String] {
    var lines: [String] = []
    lines.append(
      level.isAssumed
        ? "signal \(measured.postRatio.rounded2) of muscle after contrast; without a usable pre-contrast ratio the "
          + "degree rests on an assumed \(assumedPreRatio.rounded2)"
        : "enhances to \(level.ratio.rounded2) times its pre-contrast ratio to muscle (none below "
          + "\(noneBelow.rounded2), strong from \(strongFrom.rounded2))")
    if let rim = measured.rim {
      lines.append(
        "outer shell \(rim.ratio.rounded2) times the core, \(rim.thicknessMm.rounded1) mm thick, in "
          + "\((rim.angularCompleteness * 100).rounded0) % of directions; depth explains "
          + "\((rim.depthShare * 100).rounded0) % of the unevenness")
      if pattern != .rimEnhancing, let missed = missed(rimConditions(measured)) {
        lines.append("no rim: \(missed)")
      }
    } else {
      lines.append("no shell brighter than the core")
    }
    if let ridges = measured.ridges, ridges.lines > 0 {
      lines.append(
        "\(ridges.lines) bright lines, \(ridges.lengthDensity.rounded2) mm/mm2, \(ridges.contrast.rounded2) times the "
          + "tissue between, length \(ridges.elongation.rounded1) times their width, in a mass of "
          + "\(measured.equivalentDiameterMm.rounded0) mm")
      if pattern != .wormsInABag, let missed = missed(wormsConditions(measured)) {
        lines.append("no worms in a bag: \(missed)")
      }
    } else {
      lines.append("no bright lines")
    }
    if let core = measured.core, let t1 = core.t1Ratio, let t2 = core.t2Ratio {
      lines.append(
        "core \(t1.rounded2) of muscle on T1 and \(t2.rounded2) on T2"
          + (core.t1ToShell.map { ", \($0.rounded2) of the shell on T1" } ?? "")
          + (core.t2ToShell.map { " and \($0.rounded2) on T2" } ?? ""))
    }
    if let texture = measured.texture {
      lines.append(
        "coefficient of variation \(texture.coefficientOfVariation.rounded2) without noise and slope, "
          + (texture.ofContrast.map { "\($0.rounded2) in what contrast added " } ?? "")
          + "(heterogeneous from \(heterogeneity.centre.rounded2))")
      if texture.slopeShare > slopeShareLimit {
        lines.append("the unevenness is one slope across the lesion, as uneven fat suppression makes it")
      }
    }
    return lines + measured.limits
  }
}

extension Double {
  var rounded0: String { String(format: "%.0f", self) }
  var rounded1: String { String(format: "%.1f", self) }
  var rounded2: String { String(format: "%.2f", self) }
}
