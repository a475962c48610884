import Foundation
import Imaging
import LesionMeasurement
import Testing

@Suite struct SizeAnalyticTests {
  @Test(arguments: 1...12) func `a row of n pixels measures n pixels`(n: Int) throws {
    let grid = try Fixtures.sagittalGrid(columns: 20, rows: 8, slices: 3, spacing: Vector3(1.3, 0.7, 4))
    let region = Fixtures.region(grid) { c, r, s in r == 3 && s == 1 && (2..<(2 + n)).contains(c) }
    let diameter = try #require(PlanarDiameter(of: region))
    #expect(abs(diameter.millimetres - 1.3 * Double(n)) < 1e-9)
    #expect(diameter.index == 1)
    if n > 1 {
      #expect(abs(diameter.perpendicularMillimetres - 0.7) < 1e-9)
      let ends = [Vector3(0, 1, 0) * (1.5 * 1.3), Vector3(0, 1, 0) * ((1.5 + Double(n)) * 1.3)]
      let first = grid.position(column: 0, row: 3, slice: 1)
      #expect(diameter.endpoints.allSatisfy { point in ends.contains { (first + $0 - point).length < 1e-9 } })
    }
  }

  @Test func `the largest part of a slice counts, not the span of two`() throws {
    let grid = try Fixtures.sagittalGrid(columns: 30, rows: 10, slices: 1, spacing: Vector3(1, 1, 4))
    let region = Fixtures.region(grid) { c, r, _ in (c < 6 && r < 3) || (c > 20 && r == 5) }
    let diameter = try #require(PlanarDiameter(of: region))
    // A block of 6 x 3 pixels: from the middle of one side's pixel to the other's, as wide apart as the outline allows.
    #expect(diameter.millimetres < 7)
    #expect(diameter.millimetres >= 6)
  }

  @Test func `a diagonal touch joins two pixels`() throws {
    let grid = try Fixtures.sagittalGrid(columns: 4, rows: 4, slices: 1, spacing: Vector3(1, 1, 4))
    let region = Fixtures.region(grid) { c, r, _ in (c == 1 && r == 1) || (c == 2 && r == 2) }
    let diameter = try #require(PlanarDiameter(of: region))
    // From (0.5, 1) to (2.5, 2), the farthest vertices of the joined outline.
    #expect(abs(diameter.millimetres - 5.0.squareRoot()) < 1e-9)
  }

  @Test func `the perpendicular of an L is its longest chord at right angles`() throws {
    let grid = try Fixtures.sagittalGrid(columns: 20, rows: 20, slices: 1, spacing: Vector3(1, 1, 4))
    // A bar of 15 x 1 with a tooth of 4 more pixels under its fifth pixel.
    let region = Fixtures.region(grid) { c, r, _ in
      (r == 2 && (1..<16).contains(c)) || (c == 5 && (2..<7).contains(r))
    }
    let diameter = try #require(PlanarDiameter(of: region))
    #expect(abs(diameter.millimetres - 15) < 1e-9)
    #expect(abs(diameter.perpendicularMillimetres - 5) < 1e-9)
  }

  @Test func `no voxel has no size and one voxel has all of it`() throws {
    let grid = try Fixtures.sagittalGrid(columns: 5, rows: 5, slices: 5, spacing: Vector3(1, 2, 3))
    let none = Fixtures.region(grid) { _, _, _ in false }
    #expect(PlanarDiameter(of: none) == nil)
    #expect(SizeInSpace(of: none) == nil)
    #expect(SagittalSize(of: none) == nil)
    #expect(ShapeOfRegion(of: none) == nil)
    let one = Fixtures.region(grid) { c, r, s in c == 2 && r == 2 && s == 2 }
    let size = try #require(SizeInSpace(of: one))
    #expect(size.maximumDiameter == 3)
    #expect(size.volume == 6)
    // The mesh of one voxel is an octahedron: 1/6 of the box, 8 triangles.
    #expect(abs(size.meshVolume - 1) < 1e-12)
    #expect(abs(size.meshArea - Self.octahedron(1, 2, 3)) < 1e-9)
    #expect(try #require(ShapeOfRegion(of: one)).elongation == nil)
  }

  /// Area of the octahedron with the diagonals a, b, c.
  private static func octahedron(_ a: Double, _ b: Double, _ c: Double) -> Double {
    8 * 0.5 * ((a * b) * (a * b) + (a * c) * (a * c) + (b * c) * (b * c)).squareRoot() / 4
  }

  /// Ellipses with random size, shape, turn and place; seeds apart from those that chose the interval's constants (which
  /// were drawn in NumPy).
  @Test(arguments: [(1.0, 1.0), (0.8, 0.8), (0.7, 4.0), (1.0, 2.0)])
  func `the diameter's interval covers the true one in 95 of 100 ellipses`(_ spacing: (Double, Double)) throws {
    var generator = SeededGenerator(seed: 77)
    var covered = 0
    var errors: [Double] = []
    for _ in 0..<300 {
      let long = Double.random(in: 3...40, using: &generator) * spacing.0
      let short = long * Double.random(in: 0.4...1, using: &generator)
      let turn = Double.random(in: 0..<Double.pi, using: &generator)
      let shift = (Double.random(in: 0..<1, using: &generator), Double.random(in: 0..<1, using: &generator))
      let grid = try Fixtures.sagittalGrid(
        columns: Int(long / spacing.0) + 4, rows: Int(long / spacing.1) + 4, slices: 1,
        spacing: Vector3(spacing.0, spacing.1, 4))
      let region = Fixtures.region(grid) { c, r, _ in
        let x = (Double(c) - Double(grid.columns) / 2 + shift.0) * spacing.0
        let y = (Double(r) - Double(grid.rows) / 2 + shift.1) * spacing.1
        let u = (x * cos(turn) + y * sin(turn)) / long * 2
        let v = (y * cos(turn) - x * sin(turn)) / short * 2
        return u * u + v * v <= 1
      }
      guard let diameter = PlanarDiameter(of: region) else {
        covered += 1  // no voxel at all: no interval that could fail
        continue
      }
      errors.append(abs(diameter.millimetres - long) / max(spacing.0, spacing.1))
      if diameter.interval95.contains(long) { covered += 1 }
    }
    // 285 expected; the binomial's lower 2.5 % point is 277.
    #expect(covered >= 277)
    errors.sort()
    #expect(errors[errors.count / 2] <= 0.5)
    #expect(errors[errors.count * 95 / 100] <= 1)
  }

  @Test(arguments: [Vector3(1, 1, 1), Vector3(0.8, 0.8, 4.4)])
  func `the volume's interval covers the true one in 95 of 100 ellipsoids`(_ spacing: Vector3) throws {
    var generator = SeededGenerator(seed: 5)
    var covered = 0
    var total = 0
    for _ in 0..<200 {
      let a = Double.random(in: 8...30, using: &generator) / 2
      let b = a * Double.random(in: 0.5...1, using: &generator)
      let c = a * Double.random(in: 0.5...1, using: &generator)
      let turn = Double.random(in: 0..<Double.pi, using: &generator)
      let tilt = Double.random(in: 0..<Double.pi, using: &generator)
      let shift = (0..<3).map { _ in Double.random(in: 0..<1, using: &generator) }
      let counts = (0..<3).map { Int(2 * a / spacing[$0]) + 4 }
      let grid = try Fixtures.sagittalGrid(columns: counts[0], rows: counts[1], slices: counts[2], spacing: spacing)
      let region = Fixtures.region(grid) { column, row, slice in
        let x = (Double(column) - Double(counts[0]) / 2 + shift[0]) * spacing.x
        let y = (Double(row) - Double(counts[1]) / 2 + shift[1]) * spacing.y
        let z = (Double(slice) - Double(counts[2]) / 2 + shift[2]) * spacing.z
        let (u, v) = (x * cos(turn) + y * sin(turn), y * cos(turn) - x * sin(turn))
        let (p, q) = (u * cos(tilt) + z * sin(tilt), z * cos(tilt) - u * sin(tilt))
        return p * p / (a * a) + v * v / (b * b) + q * q / (c * c) <= 1
      }
      guard let size = SizeInSpace(of: region) else { continue }
      total += 1
      if size.volumeInterval95.contains(4 / 3 * Double.pi * a * b * c) { covered += 1 }
    }
    #expect(covered * 100 >= total * 92)  // the binomial's lower 2.5 % point of 200
  }

  @Test func `turning the patient changes nothing, and planes are told by orientation`() throws {
    let inside = { (c: Int, r: Int, s: Int) in
      let (x, y, z) = (Double(c) - 10, Double(r) - 8, Double(s) - 4)
      return x * x / 49 + y * y / 30 + z * z / 9 <= 1
    }
    let axial = try VolumeGeometry(
      columns: 20, rows: 18, slices: 9, origin: .zero, rowDirection: Vector3(1, 0, 0),
      columnDirection: Vector3(0, 1, 0), spacing: Vector3(0.8, 0.8, 4))
    let coronal = try VolumeGeometry(
      columns: 20, rows: 18, slices: 9, origin: .zero, rowDirection: Vector3(1, 0, 0),
      columnDirection: Vector3(0, 0, -1), spacing: Vector3(0.8, 0.8, 4))
    let sagittal = try Fixtures.sagittalGrid(columns: 20, rows: 18, slices: 9, spacing: Vector3(0.8, 0.8, 4))
    let fromAxial = try #require(SagittalSize(of: Fixtures.region(axial, where: inside)))
    let fromCoronal = try #require(SagittalSize(of: Fixtures.region(coronal, where: inside)))
    let fromSagittal = try #require(SagittalSize(of: Fixtures.region(sagittal, where: inside)))
    #expect(fromAxial.isReformatted && fromAxial.sliceIndex == nil)
    #expect(fromAxial.diameter.plane == .column && fromCoronal.diameter.plane == .column)
    #expect(!fromSagittal.isReformatted && fromSagittal.sliceIndex == fromSagittal.diameter.index)
    #expect(abs(fromAxial.diameter.millimetres - fromCoronal.diameter.millimetres) < 1e-9)
    // Endpoints lie in one sagittal plane.
    #expect(abs(fromAxial.diameter.endpoints[0].x - fromAxial.diameter.endpoints[1].x) < 1e-9)
  }

  @Test func `a double oblique grid is sampled on sagittal planes`() throws {
    let tilt = Double.pi / 4
    let grid = try VolumeGeometry(
      columns: 40, rows: 40, slices: 40, origin: .zero, rowDirection: Vector3(cos(tilt), sin(tilt), 0),
      columnDirection: Vector3(-sin(tilt) * cos(tilt), cos(tilt) * cos(tilt), sin(tilt)), spacing: Vector3(1, 1, 1))
    let region = Fixtures.region(grid) { c, r, s in
      let (x, y, z) = (Double(c) - 20, Double(r) - 20, Double(s) - 20)
      return x * x + y * y + z * z <= 144
    }
    let size = try #require(SagittalSize(of: region))
    #expect(size.isReformatted)
    // Two staircases on each other: the ball's, half a voxel an end, and the sampling's, another half.
    #expect(abs(size.diameter.millimetres - 24) < 2)
  }
}
