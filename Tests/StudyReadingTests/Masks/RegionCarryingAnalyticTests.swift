import Imaging
import StudyReading
import Testing

struct RegionCarryingAnalyticTests {
  private func grid(
    _ columns: Int, _ rows: Int, _ slices: Int, spacing: Vector3, origin: Vector3 = .zero, frame: String? = nil
  ) throws -> VolumeGeometry {
    try VolumeGeometry(
      columns: columns, rows: rows, slices: slices, origin: origin, rowDirection: [1, 0, 0],
      columnDirection: [0, 1, 0],
      spacing: spacing, frameOfReferenceUID: frame)
  }

  private func block(_ geometry: VolumeGeometry, _ x: Range<Int>, _ y: Range<Int>, _ z: Range<Int>) -> Region {
    Region(
      geometry: geometry, columns: x, rows: y, slices: z,
      members: [UInt8](repeating: 1, count: x.count * y.count * z.count))
  }

  @Test func `a coarse block fills the fine grid without holes`() throws {
    let coarse = try grid(10, 10, 10, spacing: [2, 2, 4])
    // Cells of 2 x 2 x 4 mm split into 8 cells of 1 x 1 x 2 mm: origins half a fine voxel before the coarse edge.
    let fine = try grid(20, 20, 20, spacing: [1, 1, 2], origin: [-0.5, -0.5, -1])
    let carried = try RegionCarrying.carry(block(coarse, 2..<5, 3..<7, 4..<6), to: fine)
    #expect(carried.region.count == 3 * 4 * 2 * 8)
    #expect(carried.region.columns == 4..<10)
    #expect(carried.region.slices == 8..<12)
    #expect(carried.coveredFraction == 1)
  }

  @Test func `the covered fraction is the share inside the target`() throws {
    let source = try grid(20, 20, 10, spacing: [1, 1, 1])
    let target = try grid(20, 20, 3, spacing: [1, 1, 1], origin: [0, 0, 4])
    let carried = try RegionCarrying.carry(block(source, 0..<4, 0..<4, 2..<6), to: target)
    #expect(carried.coveredFraction == 0.5)  // slices 4 and 5 of 2, 3, 4, 5
    #expect(carried.region.count == 32)
  }

  @Test func `a mask that fits nothing says by how much it misses`() throws {
    let source = try grid(10, 10, 10, spacing: [1, 1, 1])
    let target = try grid(10, 10, 10, spacing: [1, 1, 1], origin: [30, 0, 0])
    let carried = try RegionCarrying.carry(block(source, 0..<5, 0..<5, 0..<5), to: target)
    #expect(carried.region.isEmpty)
    #expect(carried.coveredFraction == 0)
    let miss = try #require(carried.missDistance)
    #expect(abs(miss - 25.5) < 1e-9)  // from the centre at 4 to the edge of the first cell at 29.5
  }

  @Test func `another frame of reference is refused and a missing one is not`() throws {
    let source = try grid(4, 4, 4, spacing: [1, 1, 1], frame: "1.2.3")
    let other = try grid(4, 4, 4, spacing: [1, 1, 1], frame: "1.2.4")
    let none = try grid(4, 4, 4, spacing: [1, 1, 1])
    #expect(throws: MaskError.self) { try RegionCarrying.carry(block(source, 0..<1, 0..<1, 0..<1), to: other) }
    #expect(try RegionCarrying.carry(block(source, 0..<1, 0..<1, 0..<1), to: none).region.count == 1)
  }

  @Test func `a gap in the stack stays a gap and uneven slices leave none`() throws {
    let normal = Vector3(0, 0, 1)
    let uneven = try VolumeGeometry(
      columns: 4, rows: 4, rowDirection: [1, 0, 0], columnDirection: [0, 1, 0], spacing: [1, 1, 4],
      sliceOrigins: [0, 4, 8.5, 12, 40].map { normal * $0 })
    let fine = try grid(4, 4, 45, spacing: [1, 1, 1])
    let carried = try RegionCarrying.carry(block(uneven, 0..<4, 0..<4, 0..<5), to: fine)
    let slices = (0..<45).filter { carried.region.contains(column: 1, row: 1, slice: $0) }
    // Half way to the neighbour; 3 mm into the gap of 28 mm (three quarters of 4 mm), 2 mm beyond the end.
    #expect(slices == Array(0...14) + Array(37...41))
  }

  @Test func `a grid that is moved back by a measured shift moves the region on it`() throws {
    let source = try grid(10, 10, 10, spacing: [1, 1, 1])
    let aligned = source.moved(by: [-3, 0, 1])
    let carried = try RegionCarrying.carry(block(source, 2..<4, 2..<4, 2..<4), to: aligned)
    #expect(carried.region.columns == 5..<7)
    #expect(carried.region.slices == 1..<3)
    #expect(carried.region.count == 8)
  }
}

struct PolygonFillAnalyticTests {
  private func square(_ low: Double, _ high: Double) -> [SIMD2<Double>] {
    [[low, low], [high, low], [high, high], [low, high]]
  }

  @Test func `a pixel belongs where its centre is inside`() throws {
    let filled = try #require(PolygonFill.fill([square(0.5, 4.5)], columns: 10, rows: 10))
    #expect(filled.members.reduce(0) { $0 + Int($1) } == 16)
    #expect(PolygonFill.fill([square(0.1, 0.9)], columns: 10, rows: 10) == nil)
  }

  @Test func `polygons that share an edge through centres never share a pixel`() throws {
    let left: [SIMD2<Double>] = [[1, 1], [4, 1], [4, 6], [1, 6]]
    let right: [SIMD2<Double>] = [[4, 1], [7, 1], [7, 6], [4, 6]]
    let first = try #require(PolygonFill.fill([left], columns: 10, rows: 10))
    let second = try #require(PolygonFill.fill([right], columns: 10, rows: 10))
    let both = try #require(PolygonFill.fill([left, right], columns: 10, rows: 10))
    let count = { (members: [UInt8]) in members.reduce(0) { $0 + Int($1) } }
    #expect(count(first.members) + count(second.members) == count(both.members))
    #expect(count(both.members) == 30)
  }

  @Test func `a polygon within another is a hole`() throws {
    let filled = try #require(PolygonFill.fill([square(0.5, 9.5), square(3.5, 6.5)], columns: 12, rows: 12))
    #expect(filled.members.reduce(0) { $0 + Int($1) } == 81 - 9)
  }

  @Test func `a keyhole leaves the same hole`() throws {
    // Outer square, a seam to the inner square, the inner square backwards, the seam back.
    let keyhole: [SIMD2<Double>] = [
      [0.5, 0.5], [9.5, 0.5], [9.5, 9.5], [0.5, 9.5], [0.5, 5], [3.5, 5], [3.5, 6.5], [6.5, 6.5], [6.5, 3.5],
      [3.5, 3.5], [3.5, 5], [0.5, 5],
    ]
    let filled = try #require(PolygonFill.fill([keyhole], columns: 12, rows: 12))
    #expect(filled.members.reduce(0) { $0 + Int($1) } == 81 - 9)
  }

  @Test func `the scanline and the point test agree`() {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<50 {
      let polygons = (0..<2).map { _ in
        (0..<Int.random(in: 3...9, using: &generator)).map { _ in
          SIMD2(Double.random(in: -2...22, using: &generator), Double.random(in: -2...22, using: &generator))
        }
      }
      let filled = PolygonFill.fill(polygons, columns: 20, rows: 20)
      for row in 0..<20 {
        for column in 0..<20 {
          var member = false
          if let filled, filled.columns.contains(column), filled.rows.contains(row) {
            let place = (row - filled.rows.lowerBound) * filled.columns.count + column - filled.columns.lowerBound
            member = filled.members[place] == 1
          }
          #expect(member == PolygonFill.contains([Double(column), Double(row)], polygons))
        }
      }
    }
  }
}

struct ContourPlacementAnalyticTests {
  private func square(_ half: Double, depth: Double, axis: Int) -> PlanarContour {
    let corners: [(Double, Double)] = [(-half, -half), (half, -half), (half, half), (-half, half)]
    return PlanarContour(
      points: corners.map { corner in
        switch axis {
        case 0: Vector3(depth, corner.0, corner.1)
        case 1: Vector3(corner.0, depth, corner.1)
        default: Vector3(corner.0, corner.1, depth)
        }
      })
  }

  private func axial(_ slices: Int, spacing: Double) throws -> VolumeGeometry {
    try VolumeGeometry(
      columns: 40, rows: 40, slices: slices, origin: [-19.5, -19.5, 0], rowDirection: [1, 0, 0],
      columnDirection: [0, 1, 0], spacing: [1, 1, spacing])
  }

  @Test func `contours on the slices fill those slices`() throws {
    let placed = try ContourPlacement.place(
      [3.0, 6.0, 9.0].map { square(5, depth: $0, axis: 2) }, on: axial(6, spacing: 3))
    #expect(placed.region.slices == 1..<4)
    #expect(placed.region.count == 300)
    #expect(placed.coveredFraction == 1)
  }

  @Test func `contours on every second slice fill the slices between and none beyond`() throws {
    let placed = try ContourPlacement.place(
      [4.0, 8.0, 12.0].map { square(5, depth: $0, axis: 2) }, on: axial(10, spacing: 2))
    #expect(placed.region.slices == 2..<7)
    #expect(placed.region.count == 500)
  }

  @Test func `a gap between two stacks of contours stays empty`() throws {
    let placed = try ContourPlacement.place(
      [2.0, 4, 6, 14, 16, 18].map { square(5, depth: $0, axis: 2) }, on: axial(12, spacing: 2))
    #expect((0..<12).filter { placed.region.contains(column: 20, row: 20, slice: $0) } == [1, 2, 3, 7, 8, 9])
  }

  @Test func `planes across the slices give the same body`() throws {
    // Sagittal squares of 20 x 20 mm at x = -8 ... 8, every 4 mm: 20 x 20 x 20 mm, on axial slices.
    let geometry = try axial(30, spacing: 1)
    let contours = [-8.0, -4, 0, 4, 8].map { depth in
      PlanarContour(points: square(10, depth: depth, axis: 0).points.map { $0 + Vector3(0, 0, 14.5) })
    }
    let placed = try ContourPlacement.place(contours, on: geometry)
    #expect(placed.region.count == 20 * 20 * 20)
  }

  @Test func `contours off the grid say by how much`() throws {
    let placed = try ContourPlacement.place([square(5, depth: 50, axis: 2)], on: axial(10, spacing: 2))
    #expect(placed.region.isEmpty)
    let miss = try #require(placed.missDistance)
    #expect(abs(miss - 31) < 1e-3)  // the last cell ends at 19 mm
  }
}
