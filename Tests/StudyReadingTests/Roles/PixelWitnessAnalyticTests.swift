import DICOM
import Foundation
import Imaging
import StudyReading
import Testing

/// Roles of series whose headers say nothing, on a painted spine: the truth is the signals that are painted.
struct PixelWitnessAnalyticTests {
  /// Signals relative to muscle.
  private struct Signals: Sendable {
    var fluid: Double
    var fat: Double
    var marrow: Double
    var disc: Double
    var organ: Double
    /// A node in the muscle.
    var node: Double
    var muscle = 1.0
    /// Heights at which a mass fills the canal, with marrow's signal.
    var masses: [ClosedRange<Double>] = []
    /// Fall-off of the signal over 100 mm from the skin of the back, in logarithms.
    var fallOff = 0.0
  }

  private static let t1 = Signals(fluid: 0.5, fat: 3, marrow: 1.6, disc: 0.9, organ: 1.2, node: 0.9)
  private static let t2 = Signals(fluid: 5, fat: 2.5, marrow: 1.7, disc: 2, organ: 1.5, node: 1.8)
  private static let stir = Signals(fluid: 6, fat: 0.3, marrow: 0.6, disc: 2, organ: 1.5, node: 3)
  private static let suppressedPost = Signals(fluid: 0.5, fat: 0.4, marrow: 0.7, disc: 0.8, organ: 1.3, node: 2.2)
  private static let post = Signals(fluid: 0.5, fat: 3, marrow: 1.7, disc: 0.9, organ: 1.3, node: 2.2)
  private static let suppressedPre = Signals(fluid: 0.5, fat: 0.4, marrow: 0.7, disc: 0.8, organ: 1.3, node: 0.9)

  /// A trunk of 145 mm: organs and fat in front, bodies of 25 mm with discs of 8, a dural sac of 12 by 18 mm, muscle to
  /// both sides of the spinous processes, 13 mm of fat under the skin; up to 8 % of unevenness from point to point.
  private static func paint(_ signals: Signals) -> @Sendable (Vector3) -> Int {
    { point in
      let (x, y, z) = (point.x + 24, point.y, point.z)
      guard y > -92, y < 53 else { return 2 }
      let level = ((z + 500) / 33).rounded(.down)
      let inDisc = z + 500 - 33 * level < 8
      let tissue: Double =
        if y > 40 {
          signals.fat
        } else if abs(x) <= 9, y >= -12, y <= 0 {
          signals.masses.contains { $0.contains(z) } ? signals.marrow : signals.fluid
        } else if y >= -46, y < -14, abs(x) <= 20 {
          inDisc ? signals.disc : signals.marrow
        } else if (x - 14) * (x - 14) + (y - 20) * (y - 20) + (z - 20) * (z - 20) < 81 {
          signals.node
        } else if y > 2 {
          abs(x) < 3 ? signals.marrow : signals.muscle
        } else if y < -60 {
          (Int(z + 500) / 17) % 2 == 0 ? signals.organ : signals.fat
        } else {
          signals.muscle
        }
      let seed = UInt64(
        bitPattern: Int64(x * 31) &* 73_856_093 ^ Int64(y * 7) &* 19_349_663 ^ Int64(z * 7) &* 83_492_791)
      let uneven = 0.96 + 0.08 * Double((seed &* 0x9E37_79B9_7F4A_7C15) >> 40) / Double(1 << 24)
      return Int(200 * tissue * uneven * exp(signals.fallOff * (y - 53) / 100))
    }
  }

  private func series(_ number: Int, _ signals: Signals, _ plane: Plane = .sagittal, time: String? = nil) -> TestSeries
  {
    TestSeries(
      number: number, plane: plane, scanning: "", time: time, slices: plane == .axial ? 12 : 13, size: 160,
      paint: Self.paint(signals))
  }

  private func understand(_ series: [TestSeries]) throws -> [SeriesUnderstanding] {
    let folder = try ScratchFolder()
    for one in series { try one.write(into: folder) }
    let study = try #require(StudyFolder.scan(path: folder.url.path).studies.first)
    let read = StudySeries(study).series
    let understood = SeriesClassifier.classify(read)
    return series.compactMap { one in
      read.firstIndex { $0.seriesInstanceUID == one.uid }.map { understood[$0] }
    }
  }

  @Test func `six series without tags get their roles from fluid, fat and enhancing tissue`() throws {
    // The last series come first in the order of acquisition, which alone would say the contrary about contrast.
    let result = try understand([
      series(6, Self.t1), series(5, Self.t2), series(4, Self.suppressedPost), series(3, Self.t1, .axial),
      series(2, Self.t2, .axial), series(1, Self.suppressedPost, .axial),
    ])
    #expect(result.map(\.weighting) == [.t1, .t2, .t1, .t1, .t2, .t1])
    #expect(result.map(\.fatSuppressed) == [false, false, true, false, false, true])
    #expect(
      result.map(\.role) == [.sagittalT1, .sagittalT2, .sagittalT1Post, .axialT1, .axialT2, .axialT1Post],
      "\(result.map(\.evidence))")
  }

  @Test func `a suppressed T2 is told from one with fat`() throws {
    let result = try understand([series(1, Self.t1), series(2, Self.t2), series(3, Self.stir)])
    #expect(result.map(\.weighting) == [.t1, .t2, .t2])
    #expect(result.map(\.fatSuppressed) == [false, false, true])
  }

  @Test func `two T1 with fat are told apart by the tissue that gains signal`() throws {
    let result = try understand([series(2, Self.t1), series(3, Self.t2), series(1, Self.post)])
    #expect(result.map(\.role) == [.sagittalT1, .sagittalT2, .sagittalT1Post])
    #expect(result.map(\.fatSuppressed) == [false, false, false])
  }

  @Test func `where nothing enhances, the order of acquisition decides`() throws {
    let named = try understand([
      series(1, Self.t1, time: "100000"), series(2, Self.t2, time: "100500"),
      series(3, Self.suppressedPre, time: "101000"),
    ])
    #expect(named.map(\.role) == [.sagittalT1, .sagittalT2, .sagittalT1Post])
  }

  @Test func `fluid as bright as muscle, or a single series, tells nothing`() throws {
    let density = Signals(fluid: 1.3, fat: 2, marrow: 1.4, disc: 1.4, organ: 1.2, node: 1.3)
    let result = try understand([series(1, Self.t1), series(2, Self.t2), series(3, density)])
    #expect(result.map(\.weighting) == [.t1, .t2, .unknown])
    #expect(try understand([series(1, Self.t2)])[0].weighting == .unknown)
  }

  private static func with(_ signals: Signals, masses: [ClosedRange<Double>] = [], fallOff: Double = 0) -> Signals {
    var copy = signals
    copy.masses = masses
    copy.fallOff = fallOff
    return copy
  }

  @Test func `a canal that a mass interrupts is still the canal`() throws {
    // 40 mm in the middle of 160 leave 0.47 and 0.28 of the height.
    let mass = [-15.0...25.0]
    let result = try understand([
      series(1, Self.with(Self.t1, masses: mass)), series(2, Self.with(Self.t2, masses: mass)),
      series(3, Self.with(Self.suppressedPost, masses: mass)),
    ])
    #expect(result.map(\.role) == [.sagittalT1, .sagittalT2, .sagittalT1Post], "\(result.map(\.evidence))")
  }

  @Test func `pieces that together are too short are no canal`() throws {
    // A third of the height in two pieces.
    let masses = [-200.0...(-55.0), -25.0...30.0, 55.0...200.0]
    let result = try understand([
      series(1, Self.with(Self.t1, masses: masses)), series(2, Self.with(Self.t2, masses: masses)),
    ])
    #expect(result.map(\.weighting) == [.unknown, .unknown])
  }

  @Test(arguments: [0.5, 1.0, 1.5]) func `a bare coil that makes the back bright hides no role`(fallOff: Double) throws
  {
    let result = try understand([
      series(1, Self.with(Self.t1, fallOff: fallOff)), series(2, Self.with(Self.t2, fallOff: fallOff)),
      series(3, Self.with(Self.suppressedPost, fallOff: fallOff)),
    ])
    #expect(result.map(\.role) == [.sagittalT1, .sagittalT2, .sagittalT1Post], "\(result.map(\.evidence))")
  }

  @Test func `complete headers are not asked for their pixels`() throws {
    let tagged = [
      TestSeries(
        number: 1, description: "t2_tse_sag", repetition: 3000, echo: 100, slices: 13, size: 160,
        paint: Self.paint(Self.t1)),
      TestSeries(
        number: 2, description: "t1_tse_sag", repetition: 500, echo: 10, slices: 13, size: 160,
        paint: Self.paint(Self.t2)),
    ]
    let result = try understand(tagged)
    #expect(result.map(\.role) == [.sagittalT2, .sagittalT1])
    #expect(result.flatMap(\.evidence).allSatisfy { !$0.contains("pixels") })
  }
}
