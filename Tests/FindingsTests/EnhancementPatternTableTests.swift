import Findings
import Foundation
import Imaging
import LesionMeasurement
import Testing

/// For choosing the constants of the pattern rules: not part of a normal run.
@Suite struct EnhancementPatternTableTests {
  static let environment = ProcessInfo.processInfo.environment

  /// PATTERN_TABLE names the table, PATTERN_SEEDS says how many seeds, PATTERN_FIRST where they begin (even ones
  /// choose, odd ones report), PATTERN_LARGE=1 leaves out all but large uneven lesions, PATTERN_PICTURES names a folder.
  @Test(.enabled(if: environment["PATTERN_TABLE"] != nil, "PATTERN_TABLE names no file"))
  func `a table of measurements for choosing and reporting constants`() throws {
    let file = try #require(Self.environment["PATTERN_TABLE"])
    let first = Int(Self.environment["PATTERN_FIRST"] ?? "0") ?? 0
    var lines: [String] = []
    for seed in 0..<(Int(Self.environment["PATTERN_SEEDS"] ?? "100") ?? 100) {
      for kind in PatternPainter.Kind.allCases {
        for band in [2.5...5.0, 5.0...12.5, 12.5...22.0] {
          if kind == .wormsInABag, band.upperBound < 20 { continue }
          if Self.environment["PATTERN_LARGE"] == "1",
            band.upperBound < 20 || kind == .homogeneous || kind == .nonEnhancing
          {
            continue
          }
          let radius = kind == .rimEnhancing && band.lowerBound < 4 ? 4.0...5.0 : band
          let painted = PatternPainter.random(
            kind, radius: radius, seed: first + 2 * seed + 10_000 * Int(band.lowerBound)
          ).paint()
          let measured = EnhancementReader.measure(painted.input, EnhancementParameters())
          let verdict = EnhancementRules().verdict(measured)
          try Self.dump(painted, seed)
          lines.append(Self.row(seed, painted, measured, verdict))
        }
      }
    }
    try (lines.joined(separator: "\n") + "\n").write(toFile: file, atomically: true, encoding: .utf8)
  }

  static func dump(_ painted: PatternPainter.Case, _ seed: Int) throws {
    guard let folder = Self.environment["PATTERN_PICTURES"],
      let picture = EnhancementPicture(painted.input, EnhancementParameters())
    else { return }
    var bytes = Data()
    for plane in [
      picture.signal, picture.depth, picture.ridgeHeight, picture.lines.map(Float.init),
      picture.skeleton.map(Float.init),
    ] {
      unsafe plane.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    }
    let name =
      "\(painted.kind.rawValue)_\(seed)_\(Int(painted.radius * 2))_\(painted.detail.split(separator: " ").first ?? "")_\(picture.columns)x\(picture.rows).f32"
    try bytes.write(to: URL(fileURLWithPath: folder).appendingPathComponent(name))
  }

  static func row(
    _ seed: Int, _ painted: PatternPainter.Case, _ m: EnhancementMeasurement, _ v: EnhancementRules.Verdict
  ) -> String {
    let best = v.scores.map { max($0.homogeneous, $0.heterogeneous, $0.nonEnhancing, $0.rimEnhancing, $0.wormsInABag) }
    func text(_ value: Double?) -> String { value.map { String(format: "%.4f", $0) } ?? "" }
    return [
      "\(seed)", painted.kind.rawValue, text(painted.radius), "\(v.pattern)", text(best), text(m.relative?.ratio),
      text(m.noise), text(m.texture?.coefficientOfVariation), text(m.texture?.slopeShare), text(m.rim?.ratio),
      text(m.rim?.angularCompleteness), text(m.rim?.depthShare), text(m.rim?.significance), text(m.rim?.thicknessMm),
      text(m.rim?.weakestSector), text(m.ridges?.contrast), text(m.ridges?.lengthDensity),
      text(m.ridges.map { Double($0.lines) }), text(m.ridges?.elongation), text(m.ridges?.bagUnevenness),
      text(m.ridges?.alignment), text(m.ridges?.tortuosity), text(m.ridges?.heightVariation),
      text(m.ridges?.areaFraction), text(m.ridges?.widthMm), text(m.ridges?.height), text(m.equivalentDiameterMm),
      text(m.ridges?.bagVariation), text(m.ridges?.bagDarkShare),
      text(painted.input.post.geometry.spacing.x), painted.detail,
    ].joined(separator: ",")
  }
}
