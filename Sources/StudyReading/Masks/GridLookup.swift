import Imaging

/// Finds the voxel of a source grid whose cell holds a point: the nearest slice, then the nearest column and row in
/// that slice's own frame, so that uneven and sheared stacks are read exactly.
///
/// A cell reaches half way to its neighbours; between slices further apart than 1.5 times the stack's spacing (a gap
/// where slices are missing) and beyond the first and last slice it reaches only three quarters and half a spacing.
/// A point half way between two voxels belongs to the one with the larger index.
struct GridLookup {
  let geometry: VolumeGeometry
  /// Along the normal, from the first slice's origin.
  private let depths: [Double]
  private let lower: [Double]
  private let upper: [Double]
  /// Offsets of each slice's origin along the rows and the columns.
  private let across: [Double]
  private let down: [Double]

  /// Keeps ties from falling to either side by rounding, in voxels.
  private static let tie = 1e-6

  init(_ geometry: VolumeGeometry) {
    self.geometry = geometry
    let origin = geometry.sliceOrigins[0]
    let depths = geometry.sliceOrigins.map { ($0 - origin).dot(geometry.sliceDirection) }
    let half = geometry.spacing.z / 2
    var lower: [Double] = []
    var upper: [Double] = []
    for slice in depths.indices {
      let below = slice > 0 ? min((depths[slice] - depths[slice - 1]) / 2, half * 1.5) : half
      let above = slice + 1 < depths.count ? min((depths[slice + 1] - depths[slice]) / 2, half * 1.5) : half
      lower.append(depths[slice] - below - Self.tie * geometry.spacing.z)
      upper.append(depths[slice] + above - Self.tie * geometry.spacing.z)
    }
    self.depths = depths
    self.lower = lower
    self.upper = upper
    across = geometry.sliceOrigins.map { $0.dot(geometry.rowDirection) }
    down = geometry.sliceOrigins.map { $0.dot(geometry.columnDirection) }
  }

  /// Depth of a point along the normal, from the first slice.
  @inline(__always) func depth(_ point: Vector3) -> Double {
    (point - geometry.sliceOrigins[0]).dot(geometry.sliceDirection)
  }

  /// The slice whose cell holds a depth; -1 where none does. `hint` is where the search begins.
  @inline(__always) func slice(depth: Double, hint: Int) -> Int {
    var slice = hint
    while slice + 1 < depths.count, depth >= upper[slice], depth >= lower[slice + 1] { slice += 1 }
    while slice > 0, depth < lower[slice], depth < upper[slice - 1] { slice -= 1 }
    return depth >= lower[slice] && depth < upper[slice] ? slice : -1
  }

  /// Column in a slice of a point with this product with the row direction; may lie outside the grid.
  @inline(__always) func column(_ along: Double, slice: Int) -> Int {
    Self.round((along - across[slice]) / geometry.spacing.x)
  }

  /// Row in a slice of a point with this product with the column direction; may lie outside the grid.
  @inline(__always) func row(_ along: Double, slice: Int) -> Int {
    Self.round((along - down[slice]) / geometry.spacing.y)
  }

  @inline(__always) private static func round(_ value: Double) -> Int {
    let shifted = value + (0.5 + tie)
    guard shifted > -1e9, shifted < 1e9 else { return -1 }
    return Int(shifted.rounded(.down))
  }

  /// The voxel whose cell holds a point, or `nil` outside the stack.
  func voxel(at point: Vector3) -> (column: Int, row: Int, slice: Int)? {
    let slice = self.slice(depth: depth(point), hint: 0)
    guard slice >= 0 else { return nil }
    let column = self.column(point.dot(geometry.rowDirection), slice: slice)
    let row = self.row(point.dot(geometry.columnDirection), slice: slice)
    guard column >= 0, column < geometry.columns, row >= 0, row < geometry.rows else { return nil }
    return (column, row, slice)
  }

  /// Millimetres from a point to the stack's bounding cells; 0 inside.
  func distance(to point: Vector3) -> Double {
    let depth = self.depth(point)
    let away = Swift.max(lower[0] - depth, depth - upper[depths.count - 1], 0)
    let nearest = Swift.min(
      Swift.max(slice(depth: Swift.min(Swift.max(depth, depths[0]), depths[depths.count - 1]), hint: 0), 0),
      depths.count - 1)
    let x = (point.dot(geometry.rowDirection) - across[nearest]) / geometry.spacing.x
    let y = (point.dot(geometry.columnDirection) - down[nearest]) / geometry.spacing.y
    let acrossAway = Swift.max(-0.5 - x, x - (Double(geometry.columns) - 0.5), 0) * geometry.spacing.x
    let downAway = Swift.max(-0.5 - y, y - (Double(geometry.rows) - 0.5), 0) * geometry.spacing.y
    return Vector3(acrossAway, downAway, away).length
  }
}
