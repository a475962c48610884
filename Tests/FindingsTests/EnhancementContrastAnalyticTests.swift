import Findings
import Imaging
import LesionMeasurement
import Testing

/// Analytic truth: a disc of 24 mm on one slice, muscle of 100 on every series, E given.
@Suite struct EnhancementContrastAnalyticTests {
  private static let side = 48
  private let grid: VolumeGeometry
  private let region: Region

  init() throws {
    grid = try VolumeGeometry(
      columns: Self.side, rows: Self.side, slices: 1, origin: Vector3(0, 0, 0), rowDirection: Vector3(0, 1, 0),
      columnDirection: Vector3(0, 0, -1), spacing: Vector3(0.8, 0.8, 4))
    region = Region(
      geometry: grid,
      mask: (0..<(Self.side * Self.side)).map { Self.radius($0 % Self.side, $0 / Self.side) <= 12 ? 1 : 0 })
  }

  private static func radius(_ column: Int, _ row: Int) -> Double {
    let (x, y) = (Double(column) - 23.5, Double(row) - 23.5)
    return 0.8 * (x * x + y * y).squareRoot()
  }

  private func volume(_ value: (Int, Int) -> Double) -> Volume {
    Volume(
      geometry: grid, voxels: (0..<(Self.side * Self.side)).map { Float(value($0 % Self.side, $0 / Self.side)) })
  }

  private func measure(post: Volume, t1: Volume, t2: Volume? = nil, before: Double) -> EnhancementMeasurement {
    let muscle = EnhancementInput.Reference(mean: 100, relativeStandardError: 0.01, noise: 1)
    return EnhancementReader.measure(
      EnhancementInput(
        post: post, region: region, muscle: muscle, fatSuppressed: true,
        pre: .init(ratioToMuscle: before, relativeStandardError: 0.01),
        t1: .init(volume: t1, muscle: muscle), t2: t2.map { .init(volume: $0, muscle: muscle) }),
      EnhancementParameters())
  }

  /// Patches of half the signal, as sclerosis makes them.
  private func patchy(_ column: Int, _ row: Int) -> Double { (column / 5 + row / 4) % 3 == 0 ? 40 : 80 }

  @Test(arguments: [0, 1]) func `unevenness that was there before contrast is no heterogeneous enhancement`(
    shift: Int
  ) throws {
    let measured = measure(
      post: volume { 1.5 * patchy($0, $1) }, t1: volume { patchy($0 - shift, $1) }, before: 0.67)
    let texture = try #require(measured.texture)
    #expect(texture.coefficientOfVariation > 0.2)
    #expect(texture.decisive < 0.01, "the series differ by a factor and a shift that is looked for")
    #expect(EnhancementRules().verdict(measured).pattern == .homogeneous)
  }

  @Test func `unevenness that came with contrast is heterogeneous enhancement`() throws {
    let measured = measure(post: volume { 1.5 * patchy($0, $1) }, t1: volume { _, _ in 67 }, before: 0.67)
    let texture = try #require(measured.texture)
    // A flat series takes nothing away; its noise of 1.5 per cent is counted.
    #expect(abs(texture.decisive - texture.coefficientOfVariation) < 0.01)
    #expect(EnhancementRules().verdict(measured).pattern == .heterogeneous)
  }

  @Test func `a lesion that enhances in part enhances, even where its mean does not rise`() {
    let post = volume { (column, row) in (column / 5 + row / 4) % 3 == 0 ? 110 : 55 }
    let measured = measure(post: post, t1: volume { _, _ in 80 }, before: 0.8)
    #expect((measured.relative?.ratio ?? 2) < 1.1)
    #expect(EnhancementRules().verdict(measured).pattern == .heterogeneous)
  }

  @Test func `a sclerotic centre is dark on both series and darker than what surrounds it`() {
    func dark(_ column: Int, _ row: Int, _ shell: Double) -> Double { Self.radius(column, row) < 7 ? 45 : shell }
    let post = volume { Self.radius($0, $1) < 7 ? 60 : 150 }
    let rules = EnhancementRules()
    let centre = measure(
      post: post, t1: volume { dark($0, $1, 90) }, t2: volume { dark($0, $1, 100) }, before: 0.7)
    #expect(rules.verdict(centre).pattern == .rimEnhancing)
    #expect(rules.verdict(centre).scleroticCentre == true)
    let throughout = measure(
      post: post, t1: volume { _, _ in 50 }, t2: volume { _, _ in 50 }, before: 0.5)
    #expect(rules.verdict(throughout).scleroticCentre == true, "the rim that enhances sets the centre off")
    let even = measure(post: volume { _, _ in 90 }, t1: volume { _, _ in 50 }, t2: volume { _, _ in 50 }, before: 0.5)
    #expect(rules.verdict(even).scleroticCentre == false, "dark throughout without a rim is no centre")
    let bright = measure(post: post, t1: volume { dark($0, $1, 90) }, t2: volume { _, _ in 200 }, before: 0.7)
    #expect(rules.verdict(bright).scleroticCentre == false, "bright on T2 is no sclerosis")
    #expect(rules.verdict(measure(post: post, t1: volume { _, _ in 50 }, before: 0.5)).scleroticCentre == nil)
  }
}
