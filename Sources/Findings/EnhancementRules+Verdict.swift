internal import Foundation
public import LesionMeasurement

extension EnhancementRules {
  /// The pattern of one measurement; indeterminate with a reason where a part of the measurement is missing.
  public func verdict(_ measured: EnhancementMeasurement) -> Verdict {
    let level = enhancement(measured)
    guard let texture = measured.texture, level.isKnown else { return withoutTexture(measured, level) }
    let rim = rimScore(measured)
    let worms = (1 - rim) * wormsScore(measured)
    var rest = 1 - worms - rim
    let none = rest * noneScore(level, texture)
    rest -= none
    let uneven = rest * unevenScore(texture)
    let scores = EnhancementRecord.Scores(
      homogeneous: rest - uneven, heterogeneous: uneven, nonEnhancing: none, rimEnhancing: rim, wormsInABag: worms)
    let ranked: [(EnhancementRecord.Pattern, Double)] = [
      (.wormsInABag, worms), (.rimEnhancing, rim), (.nonEnhancing, none), (.heterogeneous, uneven),
      (.homogeneous, rest - uneven),
    ]
    let best = ranked.reduce(ranked[0]) { $1.1 > $0.1 ? $1 : $0 }
    let degree: EnhancementRecord.Degree? =
      best.0 == .nonEnhancing ? EnhancementRecord.Degree.none : (level.degree == .none ? .moderate : level.degree)
    return Verdict(
      pattern: best.0, degree: degree, scores: scores, scleroticCentre: scleroticCentre(measured, in: best.0),
      evidence: words(measured, level, best.0), reason: nil)
  }

  /// A lesion too small for a pattern can still be seen not to enhance.
  private func withoutTexture(_ measured: EnhancementMeasurement, _ level: Level) -> Verdict {
    var verdict = Verdict(
      pattern: .indeterminate, degree: level.isKnown ? level.degree : nil, scores: nil, scleroticCentre: nil,
      evidence: measured.limits,
      reason: level.isKnown
        ? measured.limits.last ?? "too few pixels"
        : "fat suppression hides whether a fat-containing lesion enhances")
    guard level.isKnown, !level.isAssumed, measured.postRatio > 0 else { return verdict }
    let none = noneScore(level, nil)
    guard none >= smallNoneScore else { return verdict }
    verdict.pattern = .nonEnhancing
    verdict.degree = EnhancementRecord.Degree.none
    verdict.scores = .init(
      homogeneous: (1 - none) / 2, heterogeneous: (1 - none) / 2, nonEnhancing: none, rimEnhancing: 0, wormsInABag: 0)
    verdict.reason = nil
    verdict.evidence = words(measured, level, .nonEnhancing)
    return verdict
  }

  /// How much the lesion enhances, from the double ratio, or from the post series alone.
  struct Level {
    var ratio: Double
    /// The largest ratio that the lesion may have where its surroundings mix with it.
    var largest: Double
    var logSpread: Double
    var degree: EnhancementRecord.Degree
    var isKnown: Bool
    var isAssumed: Bool
  }

  func enhancement(_ measured: EnhancementMeasurement) -> Level {
    let alone = measured.postRatio / assumedPreRatio
    let unmixed = measured.relative?.unmixed ?? 0
    func level(_ ratio: Double, _ spread: Double, isAssumed: Bool, isKnown: Bool = true) -> Level {
      let degree: EnhancementRecord.Degree = ratio < noneBelow ? .none : ratio < strongFrom ? .moderate : .strong
      return Level(
        ratio: ratio, largest: isAssumed ? ratio : max(ratio, unmixed), logSpread: spread, degree: degree,
        isKnown: isKnown, isAssumed: isAssumed)
    }
    guard let relative = measured.relative else { return level(alone, assumedPreSpread, isAssumed: true) }
    let width = log(relative.ci95.upperBound / relative.ci95.lowerBound) / (2 * 1.96)
    let spread = (width * width + relativeEnhancementSpread * relativeEnhancementSpread).squareRoot()
    // A loss of signal proves nothing where fat may have been suppressed: the post series alone can prove enhancement.
    if relative.isLowerBound, relative.ratio < fatLossBelow {
      return level(alone, assumedPreSpread, isAssumed: true, isKnown: alone >= strongFrom)
    }
    // A bright lesion that kept its signal had little fat to lose, but may have had some.
    if relative.isLowerBound {
      return level(relative.ratio, max(spread, 2 * relativeEnhancementSpread), isAssumed: false)
    }
    return level(relative.ratio, spread, isAssumed: false)
  }

  /// A lesion may enhance in part: what lies two standard deviations above its mean counts.
  func noneScore(_ level: Level, _ texture: EnhancementTexture?) -> Double {
    let brighter = level.largest * (1 + 2 * min(texture?.decisive ?? 0, 0.5))
    return 1 / (1 + exp(log(brighter / noneBelow) / (0.6 * level.logSpread)))
  }

  func unevenScore(_ texture: EnhancementTexture) -> Double {
    let value = heterogeneity.membership(texture.decisive, standardError: texture.standardError)
    return texture.slopeShare > slopeShareLimit ? min(value, 0.3) : value
  }

  func rimScore(_ measured: EnhancementMeasurement) -> Double {
    weakest(rimConditions(measured))?.membership ?? 0
  }

  func wormsScore(_ measured: EnhancementMeasurement) -> Double {
    weakest(wormsConditions(measured))?.membership ?? 0
  }

  /// One thing that a pattern asks for: its name, the value, the threshold and how well it is met.
  struct Condition {
    let name: String
    let value: Double
    let threshold: SoftThreshold

    init(_ name: String, _ value: Double, _ threshold: SoftThreshold) {
      self.name = name
      self.value = value
      self.threshold = threshold
    }

    var membership: Double { threshold.membership(value) }

    var words: String {
      "\(name) \(value.rounded2), asked \(threshold.width > 0 ? "at least" : "at most") \(threshold.centre.rounded2)"
    }
  }

  /// Empty without a shell that is brighter than the core.
  func rimConditions(_ measured: EnhancementMeasurement) -> [Condition] {
    guard let rim = measured.rim else { return [] }
    let pixel = (measured.areaMm2 / Double(max(measured.pixels, 1))).squareRoot()
    let thickness = Condition("thickness in pixels", rim.thicknessMm / pixel, rimThicknessPixels)
    let ringing = Condition("shell's step over that of ringing", rim.ringingRatio, rimRingingRatio)
    return [
      Condition("shell over core", rim.ratio, rimRatio),
      Condition("share of directions", rim.angularCompleteness, rimCompleteness),
      Condition("share of the unevenness by depth", rim.depthShare, rimDepthShare),
      Condition("shell's step over its error", rim.significance, rimSignificance),
      thickness.membership > ringing.membership ? thickness : ringing,
    ]
  }

  /// Empty without bright lines.
  func wormsConditions(_ measured: EnhancementMeasurement) -> [Condition] {
    guard let ridges = measured.ridges, ridges.lines > 0 else { return [] }
    let before = measured.preRatio ?? assumedPreRatio
    return [
      Condition("enhancement of the bag", ridges.bag / before, wormsBagEnhancement),
      Condition("diameter in mm", measured.equivalentDiameterMm, wormsDiameterMm),
      Condition("lines over bag", ridges.contrast, wormsContrast),
      Condition("length density in mm/mm2", ridges.lengthDensity, wormsLengthDensity),
      Condition("area share of lines", ridges.areaFraction, wormsAreaFraction),
      Condition("number of lines", Double(ridges.lines), wormsLines),
      Condition("length over width", ridges.elongation, wormsElongation),
      Condition("unevenness of the bag over the lines' height", ridges.bagUnevenness, wormsBagUnevenness),
      Condition("alignment of the lines", ridges.alignment, wormsAlignment),
      Condition("variation of the bag", ridges.bagVariation, wormsBagVariation),
      Condition("dark share of the bag", ridges.bagDarkShare, wormsBagDarkShare),
      Condition("tortuosity", ridges.tortuosity, wormsTortuosity),
    ]
  }

  /// A pattern is as sure as the weakest of its conditions.
  private func weakest(_ conditions: [Condition]) -> Condition? {
    conditions.min { $0.membership < $1.membership }
  }

  /// The condition that was missed by most, in words; `nil` where all are met.
  func missed(_ conditions: [Condition]) -> String? {
    weakest(conditions).flatMap { $0.membership < 0.5 ? $0.words : nil }
  }

  /// A rim that enhances already sets its centre off; elsewhere the core has to be darker than its shell.
  func scleroticCentre(_ measured: EnhancementMeasurement, in pattern: EnhancementRecord.Pattern) -> Bool? {
    guard let core = measured.core, let t1 = core.t1Ratio, let t2 = core.t2Ratio else { return nil }
    let isDark = t1 < scleroticT1Below && t2 < scleroticT2Below
    if pattern == .rimEnhancing { return isDark }
    guard let t1ToShell = core.t1ToShell, let t2ToShell = core.t2ToShell else { return nil }
    return isDark && t1ToShell < scleroticToShell && t2ToShell < scleroticToShell
  }
}
