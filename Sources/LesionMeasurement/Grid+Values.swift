public import Imaging

extension VolumeGeometry {
  /// Whether two grids have the same voxels: equal counts, and each corner voxel within a thousandth of a voxel. The
  /// frame of reference is not compared, because masks often carry none.
  public func hasSameGrid(as other: VolumeGeometry) -> Bool {
    guard columns == other.columns, rows == other.rows, slices == other.slices else { return false }
    let tolerance = 1e-3 * min(spacing.x, spacing.y, spacing.z)
    let (right, bottom) = (Double(columns - 1), Double(rows - 1))
    for slice in Set([0, slices / 2, slices - 1]).sorted() {
      for (column, row) in [(0.0, 0.0), (right, 0.0), (0.0, bottom)] {
        let gap =
          position(column: column, row: row, slice: slice) - other.position(column: column, row: row, slice: slice)
        if gap.length > tolerance { return false }
      }
    }
    return true
  }
}

extension Volume {
  /// The values inside a region, in memory order. Cost is linear in the region's box.
  public func values(in region: Region) throws(MeasurementFailure) -> [Float] {
    guard !region.isEmpty else { throw .emptyRegion }
    guard geometry.hasSameGrid(as: region.geometry) else { throw .regionOnAnotherGrid }
    var values: [Float] = []
    values.reserveCapacity(region.count)
    let width = region.columns.count
    var box = 0
    for slice in region.slices {
      for row in region.rows {
        let start = geometry.offset(column: region.columns.lowerBound, row: row, slice: slice)
        for index in 0..<width where region.members[box + index] != 0 { values.append(voxels[start + index]) }
        box += width
      }
    }
    for value in values where !value.isFinite { throw .notFinite }
    return values
  }
}
