import Findings
import Imaging
import LesionMeasurement
import Testing

/// Analytic truth: discs on one slice of 0.8 mm pixels that mix with marrow at their edges by the area covered; muscle is
/// 100 on every series. Marrow is fat: 130 before contrast, and 40 after it with fat suppression.
@Suite struct EnhancementSmallLesionAnalyticTests {
  private static let side = 48
  private static let pixel = 0.8
  private let grid: VolumeGeometry

  init() throws {
    grid = try VolumeGeometry(
      columns: Self.side, rows: Self.side, slices: 1, origin: Vector3(0, 0, 0), rowDirection: Vector3(0, 1, 0),
      columnDirection: Vector3(0, 0, -1), spacing: Vector3(Self.pixel, Self.pixel, 4))
  }

  /// Share of a pixel inside a disc about the picture's middle, from 8 by 8 points.
  private static func covered(_ column: Int, _ row: Int, _ radius: Double) -> Double {
    var inside = 0
    for point in 0..<64 {
      let x = Double(column) + (Double(point % 8) + 0.5) / 8 - 0.5 - 23.5
      let y = Double(row) + (Double(point / 8) + 0.5) / 8 - 0.5 - 23.5
      if pixel * (x * x + y * y).squareRoot() <= radius { inside += 1 }
    }
    return Double(inside) / 64
  }

  private func volume(_ value: (Int, Int) -> Double) -> Volume {
    Volume(
      geometry: grid, voxels: (0..<(Self.side * Self.side)).map { Float(value($0 % Self.side, $0 / Self.side)) })
  }

  /// The mask holds each pixel that the disc touches by a fifth, as a generous hand draws it.
  private func measure(
    radius: Double, post: (Int, Int) -> Double, t1: (Int, Int) -> Double, shift: Vector3? = nil
  ) -> EnhancementMeasurement {
    let (post, t1) = (volume(post), volume(t1))
    let mask = (0..<(Self.side * Self.side)).map {
      Self.covered($0 % Self.side, $0 / Self.side, radius) >= 0.2 ? UInt8(1) : 0
    }
    let inside = mask.indices.filter { mask[$0] == 1 }
    let before = inside.reduce(0.0) { $0 + Double(t1.voxels[$1]) } / Double(inside.count) / 100
    let muscle = EnhancementInput.Reference(mean: 100, relativeStandardError: 0.01, noise: 0.5)
    return EnhancementReader.measure(
      EnhancementInput(
        post: post, region: Region(geometry: grid, mask: mask), muscle: muscle, fatSuppressed: true,
        pre: .init(ratioToMuscle: before, relativeStandardError: 0.01),
        t1: .init(volume: t1, muscle: muscle, shift: shift)),
      EnhancementParameters())
  }

  /// A lesion of 60 before contrast and 90 after, so that E is 1.5.
  private func disc(_ radius: Double) -> EnhancementMeasurement {
    measure(
      radius: radius, post: { 40 + 50 * Self.covered($0, $1, radius) },
      t1: { 130 - 70 * Self.covered($0, $1, radius) })
  }

  @Test(arguments: [2.6, 3.0, 4.0]) func `pixels away from the edge keep fatty marrow out of the double ratio`(
    radius: Double
  ) throws {
    let relative = try #require(disc(radius).relative)
    #expect((relative.pixels ?? 0) >= 4)
    #expect(relative.unmixed == nil)
    // At most a twentieth of the innermost pixels' signal comes from the edge.
    #expect(abs(relative.ratio - 1.5) < 0.06)
  }

  @Test func `a lesion without pixels of its own says what mixing may hide`() throws {
    let measured = disc(1.3)
    let relative = try #require(measured.relative)
    #expect(relative.pixels == nil)
    #expect(relative.ratio < 1.3, "fat-suppressed marrow hides a part of the enhancement")
    let unmixed = try #require(relative.unmixed)
    #expect(unmixed > relative.ratio + 0.1)
    #expect(EnhancementRules().verdict(measured).pattern != .nonEnhancing)
  }

  @Test func `mixing makes no enhancement where there is none`() throws {
    // Lesion and marrow keep their signals, so that any share of one taken from the other leaves the quotient at 1.
    let measured = measure(
      radius: 1.3, post: { 80 - 20 * Self.covered($0, $1, 1.3) }, t1: { 80 - 20 * Self.covered($0, $1, 1.3) })
    let relative = try #require(measured.relative)
    #expect(abs(relative.ratio - 1) < 0.01)
    #expect(abs((relative.unmixed ?? 0) - 1) < 0.01)
  }

  @Test func `a coil tilts a lesion and a steeper slope is its own`() throws {
    func unevenness(_ slope: Double) throws -> Double {
      let measured = measure(
        radius: 12, post: { column, _ in 100 * (1 + slope * Self.pixel * (Double(column) - 23.5)) },
        t1: { _, _ in 60 })
      return try #require(measured.texture).coefficientOfVariation
    }
    #expect(try unevenness(0.015) < 0.006, "the noise of half a per cent is all that is left")
    // A disc of radius r has a standard deviation of r / 2 along a line; its edge of 1.5 pixels is left out.
    let own = 0.03 * (12 - 1.5 * Self.pixel) / 2
    #expect(abs(try unevenness(0.05) - own) < 0.05 * own)
  }

  @Test func `a measured shift replaces the search for one`() throws {
    func patchy(_ column: Int, _ row: Int) -> Double { (column / 5 + row / 4) % 3 == 0 ? 40 : 80 }
    func decisive(_ shift: Vector3?) throws -> Double {
      let measured = measure(
        radius: 10, post: { 1.5 * patchy($0, $1) }, t1: { patchy($0 - 3, $1) }, shift: shift)
      return try #require(measured.texture).decisive
    }
    // Three columns lie beyond the search of one and a half; columns run along y.
    #expect(try decisive(nil) > 0.1)
    #expect(try decisive(Vector3(0, 3 * Self.pixel, 0)) < 0.01)
  }
}
