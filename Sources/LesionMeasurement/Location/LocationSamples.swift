import Imaging

/// A lesion's voxels as points in the patient, thick slices sampled in three layers, and the map's box around them.
struct LocationSamples {
  struct Point {
    var position: Vector3
    /// Cubic millimetres.
    var volume: Double
  }

  /// The points that the map covers.
  let points: [Point]
  /// Volume of all points.
  let total: Double
  let columns: Range<Int>
  let rows: Range<Int>
  let slices: Range<Int>

  /// Millimetres of surroundings that are looked at.
  static let margin = 45.0

  /// `nil` when the map covers no point.
  init?(_ region: Region, _ map: AnatomyMap) {
    let geometry = region.geometry
    let grid = map.geometry
    let finest = min(grid.spacing.x, grid.spacing.y, grid.spacing.z)
    let layers = geometry.spacing.z > 1.5 * finest && !Self.sharesSlices(geometry, grid) ? 3 : 1
    let volume = geometry.voxelVolume / Double(layers)
    var points: [Point] = []
    var total = 0.0
    var low = Vector3(repeating: .infinity)
    var high = Vector3(repeating: -.infinity)
    region.forEachVoxel { column, row, slice in
      let centre = geometry.position(column: Double(column), row: Double(row), slice: slice)
      for layer in 0..<layers {
        let shift = (Double(layer) + 0.5) / Double(layers) - 0.5
        let position = centre + geometry.sliceDirection * (shift * geometry.spacing.z)
        total += volume
        let index = grid.index(ofPosition: position)
        guard index.x > -0.5, index.y > -0.5, index.z > -0.5, index.x < Double(grid.columns) - 0.5,
          index.y < Double(grid.rows) - 0.5, index.z < Double(grid.slices) - 0.5
        else { continue }
        points.append(Point(position: position, volume: volume))
        low.replace(with: index, where: index .< low)
        high.replace(with: index, where: index .> high)
      }
    }
    guard !points.isEmpty else { return nil }
    self.points = points
    self.total = total
    func range(_ low: Double, _ high: Double, _ spacing: Double, _ count: Int) -> Range<Int> {
      let reach = Int((Self.margin / spacing).rounded(.up))
      return max(0, Int(low.rounded()) - reach)..<min(count, Int(high.rounded()) + reach + 1)
    }
    columns = range(low.x, high.x, grid.spacing.x, grid.columns)
    rows = range(low.y, high.y, grid.spacing.y, grid.rows)
    slices = range(low.z, high.z, grid.spacing.z, grid.slices)
  }

  /// Whether the map has the lesion's own slices: then a voxel is one sample.
  private static func sharesSlices(_ a: VolumeGeometry, _ b: VolumeGeometry) -> Bool {
    abs(a.sliceDirection.dot(b.sliceDirection)) > 0.999 && abs(a.spacing.z - b.spacing.z) < 0.01 * a.spacing.z
  }
}
