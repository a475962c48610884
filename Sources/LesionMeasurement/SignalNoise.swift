public import Imaging
internal import Kernels

/// Thermal noise of a magnitude series, seen in muscle and in the air around the patient.
///
/// In muscle, half the squared difference of two voxels a lag h apart has the mean gamma(h) = sigma^2 (1 - rho(h)).
/// It is taken robustly, from the median of |difference| (fat septa and borders are outliers), in the plane of the
/// slices. gamma at three pixels is the variance free of the correlation that interpolation brings; what gamma lacks
/// at shorter lags is that correlation, and the sum of the covariances over all lags, C, is what counts for a mean:
/// var(mean of N voxels) = C / N.
///
/// In air, a tile of 16 x 16 pixels is taken for pure noise when mean / SD is near a Rayleigh distribution's 1.913; its
/// sigma is sqrt(mean of squares / 2). Air that a scanner has masked, or several coils' air (not Rayleigh), is unused.
public struct NoiseEstimate: Sendable, Equatable {
  public enum Source: String, Sendable { case air, muscle }

  /// Standard deviation of the noise in each of the two channels.
  public let sigma: Double
  public let source: Source
  /// C: the sum of the noise's covariances over all lags in the plane (texture of the muscle included, so that it errs
  /// to the large side); sigma^2 for white noise.
  public let covarianceSum: Double

  /// `nil` where muscle offers fewer than 32 pairs at one of the lags, or no noise at all can be seen.
  public init?(volume: Volume, muscle: [Region], muscleMean: Double) {
    guard let variogram = Variogram(volume: volume, regions: muscle) else { return nil }
    let far = variogram.value(3)
    guard far > 0 else { return nil }
    covarianceSum = max(far, variogram.covarianceSum)
    // At low signal the two-sided noise is squeezed (Koay and Basser, J Magn Reson 2006).
    let near = Rice.sigma(mean: muscleMean, variance: max(variogram.value(1), 0.04 * far))
    if let air = Self.airSigma(volume, below: 0.75 * muscleMean), air > 0.7 * near {
      sigma = air
      source = .air
    } else {
      sigma = near
      source = .muscle
    }
  }

  private static let tile = 16

  private static func airSigma(_ volume: Volume, below limit: Double) -> Double? {
    let geometry = volume.geometry
    var sigmas: [Double] = []
    for slice in 0..<geometry.slices {
      for row in stride(from: 0, through: geometry.rows - tile, by: tile) {
        for column in stride(from: 0, through: geometry.columns - tile, by: tile) {
          if let sigma = tileSigma(volume, column, row, slice, limit) { sigmas.append(sigma) }
        }
      }
    }
    guard sigmas.count >= 4 else { return nil }
    sigmas.sort()
    let quiet = sigmas[sigmas.count / 10]
    // A tile of pure noise is sure to 3 %; dark tissue near the noise passes the test of shape, but lies higher.
    let alike = sigmas.filter { $0 <= 1.12 * quiet }
    return alike[alike.count / 2]
  }

  /// Sigma of a tile that looks like a Rayleigh distribution; `nil` for others.
  private static func tileSigma(
    _ volume: Volume, _ column: Int, _ row: Int, _ slice: Int, _ limit: Double
  ) -> Double? {
    var sum = 0.0
    var squares = 0.0
    var zeros = 0
    for line in row..<(row + tile) {
      let start = volume.geometry.offset(column: column, row: line, slice: slice)
      for place in start..<(start + tile) {
        let value = Double(volume.voxels[place])
        sum += value
        squares += value * value
        if value <= 0 { zeros += 1 }
      }
    }
    let count = Double(tile * tile)
    let mean = sum / count
    let variance = squares / count - mean * mean
    guard mean < limit, variance > 0, Double(zeros) < 0.05 * count else { return nil }
    let ratio = mean / variance.squareRoot()
    return ratio > 1.65 && ratio < 2.2 ? (squares / count / 2).squareRoot() : nil
  }
}

/// Robust half squared differences in the slice plane, by lag.
private struct Variogram {
  private static let lags = [(1, 0), (0, 1), (1, 1), (1, -1), (2, 0), (0, 2), (3, 0), (0, 3)]
  private let values: [Double]

  init?(volume: Volume, regions: [Region]) {
    var gammas: [Double] = []
    for (dx, dy) in Self.lags {
      var differences: [Float] = []
      for region in regions {
        region.forEachVoxel { column, row, slice in
          guard region.contains(column: column + dx, row: row + dy, slice: slice) else { return }
          differences.append(abs(volume[column, row, slice] - volume[column + dx, row + dy, slice]))
        }
      }
      guard differences.count >= 32, let median = OrderStatistics(differences).median else { return nil }
      let deviation = median / 0.674_489_750_196_081_7
      gammas.append(deviation * deviation / 2)
    }
    values = gammas
  }

  /// The mean over the lags of 1, 2 or 3 pixels along the axes.
  func value(_ distance: Int) -> Double {
    let picked = zip(Self.lags, values).filter { max($0.0.0, $0.0.1) == distance && $0.0.0 * $0.0.1 == 0 }
    return picked.reduce(0) { $0 + $1.1 } / Double(picked.count)
  }

  /// gamma(far) times the sum of the correlations over the lags within two pixels, negative ones left out.
  var covarianceSum: Double {
    let far = value(3)
    let sum = zip(Self.lags, values).filter { max(abs($0.0.0), abs($0.0.1)) < 3 }.reduce(0) {
      $0 + 2 * max(0, far - $1.1)
    }
    return far + sum
  }
}
