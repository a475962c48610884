public import Imaging

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

  /// The signal at a continuous index of the grid, cubic (Catmull-Rom) between pixels of the nearest slice; `nil` outside the stack
  /// or more than three quarters of a slice away from it. (Cubic, because linear interpolation would blur the edge by
  /// itself.)
  func signal(atIndex whole: Vector3) -> Double? {
    let index = whole - corner
    let (columns, rows) = (volume.geometry.columns, volume.geometry.rows)
    let slice = index.z.rounded()
    guard abs(index.z - slice) <= 0.75, slice >= 0, slice < Double(volume.geometry.slices), index.x >= 0, index.y >= 0,
      index.x <= Double(columns - 1), index.y <= Double(rows - 1)
    else { return nil }
    let (column, row) = (Int(index.x), Int(index.y))
    let x = Self.weights(index.x - Double(column))
    let y = Self.weights(index.y - Double(row))
    let plane = Int(slice) * rows
    // Beyond the border the outermost pixel is repeated.
    let isInner = column >= 1 && column + 2 < columns
    var sum = 0.0
    for j in 0..<4 {
      let line = (plane + min(max(row + j - 1, 0), rows - 1)) * columns
      let values: SIMD4<Float>
      if isInner {
        let start = line + column - 1
        values = SIMD4(
          volume.voxels[start], volume.voxels[start + 1], volume.voxels[start + 2], volume.voxels[start + 3])
      } else {
        values = SIMD4(
          volume.voxels[line + max(column - 1, 0)], volume.voxels[line + column],
          volume.voxels[line + min(column + 1, columns - 1)], volume.voxels[line + min(column + 2, columns - 1)])
      }
      let products = SIMD4<Double>(values) * x
      sum += y[j] * ((products.x + products.y) + (products.z + products.w))
    }
    return sum.isFinite ? sum : nil
  }

  private static func weights(_ t: Double) -> SIMD4<Double> {
    let (t2, t3) = (t * t, t * t * t)
    return SIMD4(-t + 2 * t2 - t3, 2 - 5 * t2 + 3 * t3, t + 4 * t2 - 3 * t3, -t2 + t3) / 2
  }
}
