internal import Distributions
public import Imaging

/// A lesion's signal relative to muscle on one series.
///
/// ratio = mean over the lesion's voxels / mean over the muscle's voxels. Its 95 % interval is Fieller's for a ratio of
/// two independent means: all r with (L - r M)^2 <= t^2 (var L + r^2 var M). var L is noise alone, with its
/// correlation (the lesion's own texture is part of what is measured); var M is the spread between blocks of muscle,
/// at least the noise, the coil's error, and a floor. t has the Welch-Satterthwaite degrees of freedom. Below an SNR of 10
/// both means are freed of the Rician floor. The probability of hyperintensity belongs to the same test, so that the
/// class is `indeterminate` exactly when the interval straddles 1 + b.
public struct SignalMeasurement: Sendable, Equatable {
  public enum SignalClass: String, Sendable, Codable {
    case hyperintense
    case isoToHypointense = "iso_to_hypointense"
    case indeterminate
  }

  /// `nil` with a reason where muscle lies in the noise or is no longer positive.
  public private(set) var ratio: Double?
  public private(set) var ratioInterval95: ClosedRange<Double>?
  public let lesion: IntensitySummary
  public let muscleMean: Double
  public let muscleStandardDeviation: Double
  public private(set) var signalClass: SignalClass?
  public private(set) var probabilityHyperintense: Double?
  /// Whether the means in the ratio were freed of the Rician floor (then the ratio is not lesion.mean / muscleMean).
  public private(set) var isNoiseCorrected = false
  /// Why a value is missing, by its name in features.json.
  public private(set) var reasons: [String: String] = [:]
  public private(set) var warnings: [String] = []

  /// - Throws: where the lesion has no voxel or lies on another grid.
  public init(volume: Volume, lesion region: Region, muscle: MuscleReference) throws(MeasurementFailure) {
    lesion = try IntensitySummary(of: volume, in: region)
    muscleMean = muscle.mean
    muscleStandardDeviation = muscle.standardDeviation
    if muscle.mean <= 0 {
      refuse("the muscle's mean is not positive")
    } else if let snr = muscle.signalToNoise, snr < muscle.parameters.minimumSignalToNoise {
      refuse("the muscle's signal-to-noise ratio is below \(muscle.parameters.minimumSignalToNoise)")
    } else {
      compare(muscle)
    }
  }

  private mutating func compare(_ muscle: MuscleReference) {
    let count = Double(lesion.count)
    var means = RatioOfMeans(
      numerator: lesion.mean, numeratorVariance: lesion.variance / count, denominator: muscle.mean,
      denominatorVariance: muscle.varianceOfMean.variance,
      denominatorDegreesOfFreedom: muscle.varianceOfMean.degreesOfFreedom)
    if let noise = muscle.noise {
      means.numeratorVariance = noise.covarianceSum / max(1, count)
      let lowest = min(lesion.mean, muscle.mean) / noise.sigma
      if lowest < muscle.parameters.correctedSignalToNoise {
        guard means.removeNoiseFloor(sigma: noise.sigma) else {
          return refuseInNoise(means, muscle.parameters)
        }
        isNoiseCorrected = true
        warnings.append("low signal-to-noise ratio: the Rician floor was removed from both means")
      }
    } else {
      warnings.append("the muscle is too small to show the noise: the interval stands on the lesion's own spread")
    }
    conclude(means, muscle.parameters)
  }

  private mutating func conclude(_ means: RatioOfMeans, _ parameters: SignalParameters) {
    ratio = means.ratio
    ratioInterval95 = means.interval95
    if ratioInterval95 == nil { reasons["ratio_ci95"] = "the muscle's mean is not surely above zero" }
    let limit = 1 + parameters.hyperintenseBand
    let probability = means.probability(above: limit)
    probabilityHyperintense = probability
    signalClass = Self.signalClass(probability)
  }

  private static func signalClass(_ probability: Double) -> SignalClass {
    if probability > 0.975 { return .hyperintense }
    return probability < 0.025 ? .isoToHypointense : .indeterminate
  }

  private mutating func refuse(_ reason: String) {
    for name in ["ratio_to_muscle", "ratio_ci95", "class", "probability_hyperintense"] { reasons[name] = reason }
  }

  /// The lesion does not rise above pure noise, while muscle does: no ratio, but the measured ratio is an upper bound.
  private mutating func refuseInNoise(_ means: RatioOfMeans, _ parameters: SignalParameters) {
    let reason = "the lesion's mean does not rise above the noise floor"
    reasons["ratio_to_muscle"] = reason
    reasons["ratio_ci95"] = reason
    let probability = means.probability(above: 1 + parameters.hyperintenseBand)
    probabilityHyperintense = probability
    signalClass = Self.signalClass(probability)
  }
}

/// Two independent means with their variances, and what follows for their ratio.
struct RatioOfMeans {
  var numerator: Double
  var numeratorVariance: Double
  var denominator: Double
  var denominatorVariance: Double
  var denominatorDegreesOfFreedom: Double

  var ratio: Double { numerator / denominator }

  /// Replaces both means by the amplitudes below the Rician floor, variances in proportion; `false` (and nothing
  /// changed) where one of them does not rise above pure noise.
  mutating func removeNoiseFloor(sigma: Double) -> Bool {
    guard let top = Rice.amplitude(mean: numerator, sigma: sigma),
      let bottom = Rice.amplitude(mean: denominator, sigma: sigma), top > 0, bottom > 0
    else { return false }
    let step = 1e-3 * sigma
    let slope = { (amplitude: Double) in
      step / (Rice.mean(amplitude: amplitude + step, sigma: sigma) - Rice.mean(amplitude: amplitude, sigma: sigma))
    }
    let (a, b) = (slope(top), slope(bottom))
    numeratorVariance *= a * a
    denominatorVariance *= b * b
    numerator = top
    denominator = bottom
    return true
  }

  /// Welch-Satterthwaite, the numerator's noise being known.
  private func degreesOfFreedom(at ratio: Double) -> Double {
    let part = ratio * ratio * denominatorVariance
    guard part > 0 else { return 1e6 }
    let whole = part + numeratorVariance
    return min(1e6, max(1, whole * whole * denominatorDegreesOfFreedom / (part * part)))
  }

  /// Fieller's interval; `nil` where it has no bounds because the denominator may be zero.
  var interval95: ClosedRange<Double>? {
    guard let t = Distribution.studentQuantile(0.975, degrees: degreesOfFreedom(at: ratio)) else { return nil }
    let a = denominator * denominator - t * t * denominatorVariance
    guard a > 0 else { return nil }
    let b = numerator * denominator
    let c = numerator * numerator - t * t * numeratorVariance
    let root = max(0, b * b - a * c).squareRoot()
    return ((b - root) / a)...((b + root) / a)
  }

  /// Probability that the ratio lies above a limit.
  func probability(above limit: Double) -> Double {
    let spread = (numeratorVariance + limit * limit * denominatorVariance).squareRoot()
    let distance = limit * denominator - numerator
    guard spread > 0 else { return distance < 0 ? 1 : 0 }
    return Distribution.studentUpper(distance / spread, degrees: degreesOfFreedom(at: ratio)) ?? (distance < 0 ? 1 : 0)
  }
}
