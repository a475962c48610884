public import Imaging

/// A series on which the edge may be seen.
public struct MarginImage: Sendable {
  public let volume: Volume
  /// Standard deviation of the noise (`NoiseEstimate.sigma`); where `nil` the fits' own residuals stand for it.
  public let noiseSigma: Double?

  public init(volume: Volume, noiseSigma: Double?) {
    self.volume = volume
    self.noiseSigma = noiseSigma
  }

  /// The signal at a point, cubic (Catmull-Rom) between pixels of the nearest slice; `nil` outside the stack or more
  /// than three quarters of a slice away from it. (Cubic, because linear interpolation would blur the edge by itself.)
  func signal(at point: Vector3) -> Double? {
    let geometry = volume.geometry
    let index = geometry.index(ofPosition: point)
    let slice = index.z.rounded()
    guard abs(index.z - slice) <= 0.75, slice >= 0, slice < Double(geometry.slices), index.x >= 0, index.y >= 0,
      index.x <= Double(geometry.columns - 1), index.y <= Double(geometry.rows - 1)
    else { return nil }
    let (column, row) = (Int(index.x), Int(index.y))
    let x = Self.weights(index.x - Double(column))
    let y = Self.weights(index.y - Double(row))
    var sum = 0.0
    for j in 0..<4 {
      let line = min(max(row + j - 1, 0), geometry.rows - 1)
      var partial = 0.0
      for i in 0..<4 {
        let place = min(max(column + i - 1, 0), geometry.columns - 1)
        partial += x[i] * Double(volume[place, line, Int(slice)])
      }
      sum += y[j] * partial
    }
    return sum.isFinite ? sum : nil
  }

  private static func weights(_ t: Double) -> SIMD4<Double> {
    let (t2, t3) = (t * t, t * t * t)
    return SIMD4(-t + 2 * t2 - t3, 2 - 5 * t2 + 3 * t3, t + 4 * t2 - 3 * t3, -t2 + t3) / 2
  }
}
