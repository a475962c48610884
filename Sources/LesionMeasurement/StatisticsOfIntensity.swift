public import Imaging
internal import Kernels

/// Count, mean, variance and median of a region's signal: those of `IntensityStatistics`, for half its cost.
public struct IntensitySummary: Sendable, Equatable {
  public let count: Int
  public let mean: Double
  /// Divisor N.
  public let variance: Double
  public let median: Double

  public var standardDeviation: Double { variance.squareRoot() }

  /// The summary of a region on exactly the volume's grid.
  public init(of volume: Volume, in region: Region) throws(MeasurementFailure) {
    let values = try volume.values(in: region)
    guard let moments = IntensityStatistics.moments(values), let median = OrderStatistics.median(of: values) else {
      throw .emptyRegion
    }
    count = values.count
    mean = moments.mean
    variance = moments.variance
    self.median = median
  }
}

/// First-order statistics of the signal in a region, as IBSI defines them (its identifiers stand beside them).
///
/// Moments are over the voxels themselves (population, divisor N), percentiles are interpolated linearly between
/// ranks. A flat region has no skewness, no kurtosis and no normalized spread where the divisor is zero: these are
/// `nil`. One voxel is a flat region.
public struct IntensityStatistics: Sendable, Equatable {
  public let count: Int
  /// Q4LE.
  public let mean: Double
  /// ECT3, divisor N.
  public let variance: Double
  /// Y12H.
  public let median: Double
  /// 1GSF.
  public let minimum: Double
  /// 84IY.
  public let maximum: Double
  /// QG58.
  public let percentile10: Double
  public let percentile25: Double
  public let percentile75: Double
  /// 8DWT.
  public let percentile90: Double
  /// KE2A; `nil` for a flat region.
  public let skewness: Double?
  /// IPH6, excess over the normal distribution's 3; `nil` for a flat region.
  public let kurtosis: Double?
  /// 4FUA: mean distance from the mean.
  public let meanAbsoluteDeviation: Double
  /// 1128: the same over the values from the 10th to the 90th percentile, about their own mean.
  public let robustMeanAbsoluteDeviation: Double
  /// N72L: mean distance from the median.
  public let medianAbsoluteDeviation: Double
  /// N8CA: sum of squares.
  public let energy: Double
  /// 5ZWQ.
  public let rootMeanSquare: Double

  /// Square root of `variance`: the population's standard deviation (SimpleITK prints the sample's).
  public var standardDeviation: Double { variance.squareRoot() }
  /// 2OJQ.
  public var range: Double { maximum - minimum }
  /// SALO.
  public var interquartileRange: Double { percentile75 - percentile25 }
  /// 7TET: standard deviation over mean; `nil` for a mean of zero.
  public var coefficientOfVariation: Double? { mean == 0 ? nil : standardDeviation / mean }
  /// 9S40; `nil` where the quartiles sum to zero.
  public var quartileCoefficientOfDispersion: Double? {
    let sum = percentile75 + percentile25
    return sum == 0 ? nil : interquartileRange / sum
  }

  /// The statistics of a region on exactly the volume's grid. Linear in the region's voxels.
  public init(of volume: Volume, in region: Region) throws(MeasurementFailure) {
    let values = try volume.values(in: region)
    guard let statistics = IntensityStatistics(values) else { throw .emptyRegion }
    self = statistics
  }

  /// The statistics of finite values; `nil` for none.
  public init?(_ values: [Float]) {
    guard let mean = Reductions.mean(values), let extremes = Reductions.extremes(values) else { return nil }
    let count = Double(values.count)
    let pivot = Float(mean)
    let shift = mean - Double(pivot)
    let sums = Reductions.powerSums(values, pivot: pivot)
    // Moments about the mean from those about its nearest Float.
    let second = max(0, sums.second / count - shift * shift)
    let third = sums.third / count - 3 * shift * sums.second / count + 2 * shift * shift * shift
    let fourth =
      sums.fourth / count - 4 * shift * sums.third / count + 6 * shift * shift * sums.second / count
      - 3 * shift * shift * shift * shift
    let order = OrderStatistics(values)
    guard let median = order.median, let p10 = order.percentile(0.1), let p25 = order.percentile(0.25),
      let p75 = order.percentile(0.75), let p90 = order.percentile(0.9)
    else { return nil }
    let isFlat = extremes.minimum == extremes.maximum
    self.count = values.count
    self.mean = isFlat ? Double(extremes.minimum) : mean
    variance = isFlat ? 0 : second
    minimum = Double(extremes.minimum)
    maximum = Double(extremes.maximum)
    self.median = median
    percentile10 = p10
    percentile25 = p25
    percentile75 = p75
    percentile90 = p90
    skewness = isFlat ? nil : third / (second * second.squareRoot())
    kurtosis = isFlat ? nil : fourth / (second * second) - 3
    meanAbsoluteDeviation = Self.meanDistance(values, from: self.mean)
    medianAbsoluteDeviation = Self.meanDistance(values, from: median)
    let core = values.filter { Double($0) >= p10 && Double($0) <= p90 }
    robustMeanAbsoluteDeviation = Reductions.mean(core).map { Self.meanDistance(core, from: $0) } ?? 0
    let meanSquare = variance + self.mean * self.mean
    energy = meanSquare * count
    rootMeanSquare = meanSquare.squareRoot()
  }

  /// Mean and variance alone (divisor N), as they stand in the whole; `nil` for no values.
  static func moments(_ values: [Float]) -> (mean: Double, variance: Double)? {
    guard let mean = Reductions.mean(values), let extremes = Reductions.extremes(values) else { return nil }
    if extremes.minimum == extremes.maximum { return (Double(extremes.minimum), 0) }
    let shift = mean - Double(Float(mean))
    let second = Reductions.powerSums(values, pivot: Float(mean)).second / Double(values.count) - shift * shift
    return (mean, max(0, second))
  }

  private static func meanDistance(_ values: [Float], from centre: Double) -> Double {
    var sum = 0.0
    for value in values { sum += abs(Double(value) - centre) }
    return sum / Double(values.count)
  }
}
