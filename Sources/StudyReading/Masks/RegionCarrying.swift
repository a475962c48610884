public import Imaging

/// A region as it lies on another grid.
public struct CarriedRegion: Sendable {
  /// The voxels of the target grid whose centres lie in the region.
  public let region: Region
  /// Share of the source region's volume that lies inside the target grid, 0 to 1.
  public let coveredFraction: Double
  /// Where nothing is covered: millimetres from the region to the target grid.
  public let missDistance: Double?
  /// Whether source and target voxels coincide, so that nothing was resampled.
  public let isExact: Bool

  public init(region: Region, coveredFraction: Double, missDistance: Double?, isExact: Bool) {
    self.region = region
    self.coveredFraction = coveredFraction
    self.missDistance = missDistance
    self.isExact = isExact
  }
}

/// Carries regions between grids by physical position.
///
/// For each voxel centre of the target the source voxel that holds it is looked up (nearest neighbour), within the
/// region's bounding box only: a coarse region on a fine grid has no holes, and cost grows with the region, not with
/// the volumes. A region thinner than the target's voxels may hold none of their centres; it is then empty, with a
/// covered fraction above 0.
public enum RegionCarrying {
  /// - Throws: `MaskError` when both grids name a frame of reference and the two differ.
  public static func carry(_ region: Region, to target: VolumeGeometry) throws(MaskError) -> CarriedRegion {
    try checkFrames(region.geometry.frameOfReferenceUID, target.frameOfReferenceUID)
    guard !region.isEmpty else {
      return CarriedRegion(region: Region(emptyOn: target), coveredFraction: 0, missDistance: nil, isExact: true)
    }
    if GridMatch.isSame(region.geometry, target) {
      return CarriedRegion(
        region: Region(
          geometry: target, columns: region.columns, rows: region.rows, slices: region.slices, members: region.members),
        coveredFraction: 1, missDistance: nil, isExact: true)
    }
    let lookup = GridLookup(target)
    let (covered, miss) = coverage(of: region, by: lookup)
    guard covered > 0 else {
      return CarriedRegion(region: Region(emptyOn: target), coveredFraction: 0, missDistance: miss, isExact: false)
    }
    let carried = sample(region, on: target)
    return CarriedRegion(
      region: carried, coveredFraction: Double(covered) / Double(region.count), missDistance: nil,
      isExact: GridMatch.sharesLattice(region.geometry, target))
  }

  static func checkFrames(_ source: String?, _ target: String?) throws(MaskError) {
    if let source, let target, !source.isEmpty, !target.isEmpty, source != target {
      throw MaskError(file: "", reason: "the mask and the series have different frames of reference")
    }
  }

  /// Number of members whose centres lie in the target's cells, and the distance of the nearest where there are none.
  private static func coverage(of region: Region, by target: GridLookup) -> (Int, Double?) {
    let source = region.geometry
    var covered = 0
    var nearest = Double.infinity
    var slice = 0
    region.forEachVoxel { column, row, sourceSlice in
      let point = source.position(column: Double(column), row: Double(row), slice: sourceSlice)
      let found = target.slice(depth: target.depth(point), hint: slice)
      if found >= 0 {
        slice = found
        let column = target.column(point.dot(target.geometry.rowDirection), slice: found)
        let row = target.row(point.dot(target.geometry.columnDirection), slice: found)
        if column >= 0, column < target.geometry.columns, row >= 0, row < target.geometry.rows { covered += 1 }
      }
      if covered == 0 { nearest = min(nearest, target.distance(to: point)) }
    }
    return (covered, covered == 0 ? nearest : nil)
  }

  /// Target voxels whose centres lie in cells of the region.
  private static func sample(_ region: Region, on target: VolumeGeometry) -> Region {
    guard let box = targetBox(of: region, on: target) else { return Region(emptyOn: target) }
    var members = [UInt8](repeating: 0, count: box.columns.count * box.rows.count * box.slices.count)
    var sampler = RegionRowSampler(
      region, step: target.rowDirection * target.spacing.x, columns: box.columns.count)
    var offset = 0
    for slice in box.slices {
      for row in box.rows {
        let start = target.position(column: Double(box.columns.lowerBound), row: Double(row), slice: slice)
        sampler.mark(start: start, &members, at: offset)
        offset += box.columns.count
      }
    }
    return Region(geometry: target, columns: box.columns, rows: box.rows, slices: box.slices, members: members)
  }

  /// Target indices that can fall in the region's cells: the corners of every slice of its box, with room for the
  /// shear between slices.
  private static func targetBox(
    of region: Region, on target: VolumeGeometry
  ) -> (columns: Range<Int>, rows: Range<Int>, slices: Range<Int>)? {
    let source = region.geometry
    var bounds = IndexBounds()
    for slice in region.slices {
      for side in [-0.75, 0.75] {
        for row in [Double(region.rows.lowerBound) - 0.5, Double(region.rows.upperBound) - 0.5] {
          for column in [Double(region.columns.lowerBound) - 0.5, Double(region.columns.upperBound) - 0.5] {
            let corner =
              source.position(column: column, row: row, slice: slice)
              + source.sliceDirection * (side * source.spacing.z)
            bounds.add(target.index(ofPosition: corner))
          }
        }
      }
    }
    let shear = GridMatch.shear(target)
    guard let columns = bounds.range(\.x, pad: shear / target.spacing.x, slack: 1, count: target.columns),
      let rows = bounds.range(\.y, pad: shear / target.spacing.y, slack: 1, count: target.rows),
      let slices = bounds.range(\.z, slack: 1, count: target.slices)
    else { return nil }
    return (columns, rows, slices)
  }
}
