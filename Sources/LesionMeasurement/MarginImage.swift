public import Imaging
internal import Kernels

/// A series on which the edge may be seen.
public struct MarginImage: Sendable {
  public let volume: Volume
  /// Standard deviation of the noise (`NoiseEstimate.sigma`); where `nil` the fits' own residuals stand for it.
  public let noiseSigma: Double?
  /// The grid that positions are looked up in, and the index there of the volume's first voxel.
  let grid: VolumeGeometry
  private let corner: Vector3

  public init(volume: Volume, noiseSigma: Double?) {
    self.init(volume: volume, box: VoxelBox(volume.geometry), of: volume.geometry, noiseSigma: noiseSigma)
  }

  /// A volume that is a box of a larger grid. Positions are looked up in that grid, so that every bit of the result is
  /// that of the whole volume.
  public init(volume: Volume, box: VoxelBox, of grid: VolumeGeometry, noiseSigma: Double?) {
    self.volume = volume
    self.noiseSigma = noiseSigma
    self.grid = grid
    corner = Vector3(Double(box.columns.lowerBound), Double(box.rows.lowerBound), Double(box.slices.lowerBound))
  }

  /// The signal at a continuous index of the grid, cubic (Catmull-Rom) between pixels of the nearest slice; `nil`
  /// outside the stack or more than three quarters of a slice away from it. (Cubic, because linear interpolation would
  /// blur the edge by itself.)
  func signal(atIndex whole: Vector3) -> Double? {
    let index = whole - corner
    let (columns, rows) = (volume.geometry.columns, volume.geometry.rows)
    let slice = index.z.rounded()
    guard abs(index.z - slice) <= 0.75, slice >= 0, slice < Double(volume.geometry.slices), index.x >= 0, index.y >= 0,
      index.x <= Double(columns - 1), index.y <= Double(rows - 1)
    else { return nil }
    let sum = CubicSampling.value(
      volume.voxels, columns: columns, rows: rows, image: Int(slice), x: index.x, y: index.y)
    return sum.isFinite ? sum : nil
  }
}
