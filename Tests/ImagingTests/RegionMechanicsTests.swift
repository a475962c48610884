import Imaging
import Testing

@Suite struct RegionMechanicsTests {
  private func grid() throws -> VolumeGeometry {
    try VolumeGeometry(
      columns: 7, rows: 6, slices: 5, origin: Vector3(1, 2, 3), rowDirection: Vector3(0, 1, 0),
      columnDirection: Vector3(0, 0, -1), spacing: Vector3(0.5, 0.7, 4), frameOfReferenceUID: "1.2")
  }

  /// Every voxel whose index sum is even, inside columns 1...5, rows 1...4, slices 1...3.
  private func checkered(_ grid: VolumeGeometry) -> Region {
    var mask = [UInt8](repeating: 0, count: grid.count)
    for slice in 1...3 {
      for row in 1...4 {
        for column in 1...5 where (slice + row + column) % 2 == 0 {
          mask[grid.offset(column: column, row: row, slice: slice)] = 1
        }
      }
    }
    return Region(geometry: grid, mask: mask)
  }

  @Test func `a crop holds the same points as the region inside the box`() throws {
    let grid = try grid()
    let region = checkered(grid)
    let boxes = [
      VoxelBox(grid), VoxelBox(columns: 1..<6, rows: 1..<5, slices: 1..<4),
      VoxelBox(columns: 2..<5, rows: 0..<3, slices: 2..<5), VoxelBox(columns: 0..<1, rows: 0..<6, slices: 0..<5),
      VoxelBox(columns: 0..<7, rows: 5..<6, slices: 4..<5),
    ]
    for box in boxes {
      let part = grid.subgrid(box)
      let cropped = region.cropped(to: box, grid: part)
      var count = 0
      for slice in box.slices {
        for row in box.rows {
          for column in box.columns {
            let inside = region.contains(column: column, row: row, slice: slice)
            let (x, y, z) = (
              column - box.columns.lowerBound, row - box.rows.lowerBound, slice - box.slices.lowerBound
            )
            #expect(cropped.contains(column: x, row: y, slice: z) == inside)
            if inside { count += 1 }
          }
        }
      }
      #expect(cropped.count == count)
      #expect(cropped.geometry == part)
    }
  }

  @Test func `a box grows only as far as its grid goes, and a union holds both`() throws {
    let grid = try grid()
    let box = VoxelBox(columns: 2..<3, rows: 0..<6, slices: 4..<5)
    #expect(
      box.grown(columns: 1, rows: 2, slices: 1, in: grid) == VoxelBox(columns: 1..<4, rows: 0..<6, slices: 3..<5))
    let other = VoxelBox(columns: 5..<7, rows: 2..<3, slices: 0..<1)
    let both = box.union(other)
    #expect(both.contains(box) && both.contains(other) && both.isInside(grid))
    #expect(!box.contains(other))
  }
}
