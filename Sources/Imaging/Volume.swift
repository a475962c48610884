/// Signal intensities on a grid, one `Float` a voxel, rescale slope and intercept applied.
public struct Volume: Sendable {
  public let geometry: VolumeGeometry
  /// `geometry.count` values, the column running fastest, then the row, then the slice.
  public let voxels: [Float]

  /// Traps when `voxels` does not fill the grid: a caller that got here with another count has a bug, not bad data.
  public init(geometry: VolumeGeometry, voxels: [Float]) {
    precondition(voxels.count == geometry.count, "a volume needs one value for each voxel")
    self.geometry = geometry
    self.voxels = voxels
  }

  /// The value of one voxel (zero-based indices).
  @inlinable public subscript(column: Int, row: Int, slice: Int) -> Float {
    voxels[geometry.offset(column: column, row: row, slice: slice)]
  }
}
