internal import Imaging
internal import Kernels

/// Thermal noise of a magnitude series, seen in muscle and in the air around the patient.
///
/// In muscle, half the squared difference of two voxels a lag h apart has the mean gamma(h) = sigma^2 (1 - rho(h)).
/// It is taken robustly, from the median of |difference| (fat septa and borders are outliers), in the plane of the
/// slices. gamma at three pixels is the variance free of the correlation that interpolation brings; what gamma lacks
/// at shorter lags is that correlation, and the sum of the covariances over all lags, C, is what counts for a mean:
/// var(mean of N voxels) = C / N.
///
/// The median is taken over at most some 5,000 pairs a lag, evenly spread: it is then known to 1.3 %.
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
  ///
  /// - Parameter tiles: of whole slices of the series, in which air is looked for; `nil` for the volume's own.
  init?(volume: Volume, pairs: MusclePairs, muscleMean: Double, tiles: [TileMoments]?) {
    guard let variogram = Variogram(volume: volume, pairs: pairs) else { return nil }
    let far = variogram.value(3)
    guard far > 0 else { return nil }
    covarianceSum = max(far, variogram.covarianceSum)
    // At low signal the two-sided noise is squeezed (Koay and Basser, J Magn Reson 2006).
    let near = Rice.sigma(mean: muscleMean, variance: max(variogram.value(1), 0.04 * far))
    let tiles = tiles ?? Self.tiles(of: volume)
    if let air = Self.airSigma(tiles, below: 0.75 * muscleMean), air > 0.7 * near {
      sigma = air
      source = .air
    } else {
      sigma = near
      source = .muscle
    }
  }

  private static func tiles(of volume: Volume) -> [TileMoments] {
    let (columns, rows) = (volume.geometry.columns, volume.geometry.rows)
    return (0..<volume.geometry.slices).map { slice in
      TileMoments(columns: columns, rows: rows) { row, values in
        let start = volume.geometry.offset(column: 0, row: row, slice: slice)
        for column in 0..<columns { values[column] = volume.voxels[start + column] }
      }
    }
  }

  private static func airSigma(_ tiles: [TileMoments], below limit: Double) -> Double? {
    var sigmas: [Double] = []
    for slice in tiles {
      for tile in slice.tiles { if let sigma = sigma(of: tile, limit) { sigmas.append(sigma) } }
    }
    guard sigmas.count >= 4 else { return nil }
    sigmas.sort()
    let quiet = sigmas[sigmas.count / 10]
    // A tile of pure noise is sure to 3 %; dark tissue near the noise passes the test of shape, but lies higher.
    let alike = sigmas.filter { $0 <= 1.12 * quiet }
    return alike[alike.count / 2]
  }

  /// Sigma of a tile that looks like a Rayleigh distribution; `nil` for others.
  private static func sigma(of tile: TileMoments.Tile, _ limit: Double) -> Double? {
    let count = Double(TileMoments.side * TileMoments.side)
    let mean = tile.sum / count
    let variance = tile.squares / count - mean * mean
    guard mean < limit, variance > 0, Double(tile.nonPositive) < 0.05 * count else { return nil }
    let ratio = mean / variance.squareRoot()
    return ratio > 1.65 && ratio < 2.2 ? (tile.squares / count / 2).squareRoot() : nil
  }
}

/// Pairs of muscle voxels in the slice plane, by lag.
struct MusclePairs: Sendable {
  static let lags = [(1, 0), (0, 1), (1, 1), (1, -1), (2, 0), (0, 2), (3, 0), (0, 3)]
  /// Pairs a lag that are looked at, about.
  private static let wanted = 5000
  /// For each lag the places in a volume of the first voxels, and how many places on the second one lies.
  let byLag: [(places: [Int], jump: Int)]

  init(_ regions: [Region]) {
    let step = max(1, regions.reduce(0) { $0 + $1.count } / Self.wanted)
    var samples: [(region: Int, column: Int, row: Int, slice: Int)] = []
    var number = 0
    for index in regions.indices {
      regions[index].forEachVoxel { column, row, slice in
        number += 1
        if number % step == 0 { samples.append((index, column, row, slice)) }
      }
    }
    byLag = Self.lags.map { dx, dy in
      let places = samples.compactMap { sample -> Int? in
        let region = regions[sample.region]
        return region.contains(column: sample.column + dx, row: sample.row + dy, slice: sample.slice)
          ? region.geometry.offset(column: sample.column, row: sample.row, slice: sample.slice) : nil
      }
      return (places, dy * (regions.first?.geometry.columns ?? 0) + dx)
    }
  }
}

/// Robust half squared differences in the slice plane, by lag.
private struct Variogram {
  private static let lags = MusclePairs.lags
  private let values: [Double]

  init?(volume: Volume, pairs: MusclePairs) {
    var gammas: [Double] = []
    for (places, jump) in pairs.byLag {
      guard places.count >= 32 else { return nil }
      let median = OrderStatistics.median(
        of: places.map { abs(volume.voxels[$0] - volume.voxels[$0 + jump]) })
      guard let median else { return nil }
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
