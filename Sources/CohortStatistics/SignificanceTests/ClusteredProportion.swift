import Distributions

/// A proportion of lesions whose lesions come in patients: the independent unit is the patient.
///
/// With x_i of n_i lesions in patient i of k, p = sum x / sum n is a ratio of patient totals; its variance is the
/// linearised one, v = k / (k - 1) * sum (x_i - p n_i)^2 / (sum n)^2, which is also the sandwich variance of a GEE with
/// independence working correlation. Tests use Student's t with k - 1 degrees of freedom.
///
/// The interval is Korn and Graubard's (Survey Methodology 1998;24:193): Clopper and Pearson's with the effective number
/// of lesions n* = p (1 - p) / v * (t(n - 1) / t(k - 1))^2, never more than n. It stays inside 0...1. Where the patients
/// show no spread to estimate v from (all lesions alike), the lesions of a patient are taken for one observation: n* = k.
package struct ClusteredProportion: Sendable, Equatable {
  package struct Patient: Sendable, Equatable {
    package var count: Int
    package var total: Int

    package init(count: Int, total: Int) {
      self.count = count
      self.total = total
    }
  }

  private let patients: [Patient]
  private let total: Int
  private let count: Int

  /// Patients without evaluable lesions are left out.
  package init(_ patients: [Patient]) {
    self.patients = patients.filter { $0.total > 0 }
    total = patients.reduce(0) { $0 + $1.total }
    count = patients.reduce(0) { $0 + $1.count }
  }

  package var proportion: Double? { total > 0 ? Double(count) / Double(total) : nil }

  /// The linearised variance of the proportion; `nil` below two patients.
  package var variance: Double? {
    guard patients.count > 1, let proportion else { return nil }
    let sum = patients.reduce(0.0) { sum, patient in
      let residual = Double(patient.count) - proportion * Double(patient.total)
      return sum + residual * residual
    }
    let k = Double(patients.count)
    return k / (k - 1) * sum / (Double(total) * Double(total))
  }

  /// The two-sided test of the proportion against 0.5 beside the paper's.
  package func pValue() -> Estimate<Double> {
    guard let proportion else { return .unavailable("no evaluable lesion") }
    guard let variance else { return .unavailable("one patient: the spread between patients is unknown") }
    guard count > 0, count < total else { return .unavailable("all lesions are alike: the column has no variance") }
    guard variance > Self.smallestVariance else {
      return .unavailable("every patient has the same proportion: no spread between patients")
    }
    let statistic = (proportion - 0.5) / variance.squareRoot()
    return Estimate(Distribution.studentTwoSided(statistic, degrees: Double(patients.count - 1)))
  }

  package func interval() -> Estimate<Interval> {
    guard let proportion else { return .unavailable("no evaluable lesion") }
    guard let variance else { return .unavailable("one patient: the spread between patients is unknown") }
    let effective = effectiveTotal(proportion, variance)
    return ExactBinomial.interval(count: proportion * effective, total: effective)
  }

  private func effectiveTotal(_ proportion: Double, _ variance: Double) -> Double {
    let n = Double(total)
    let k = Double(patients.count)
    guard count > 0, count < total else { return k }
    // Equal proportions in all patients: less spread than independent lesions would show; n is the cap.
    guard variance > Self.smallestVariance else { return n }
    guard
      let lesions = Distribution.studentQuantile(0.975, degrees: n - 1),
      let clusters = Distribution.studentQuantile(0.975, degrees: k - 1)
    else { return k }
    let ratio = lesions / clusters
    return min(n, proportion * (1 - proportion) / variance * ratio * ratio)
  }

  /// Below it a variance is rounding: residuals are multiples of 1/n.
  private static let smallestVariance = 1e-20
}

/// The mean of a length over lesions that come in patients; the variance is linearised as for `ClusteredProportion`.
package enum ClusteredMean {
  /// The mean's 95 % interval, by Student's t with patients - 1 degrees of freedom.
  package static func interval(_ patients: [[Double]]) -> Estimate<Interval> {
    let patients = patients.filter { !$0.isEmpty }
    guard !patients.isEmpty else { return .unavailable("no measured lesion") }
    guard patients.count > 1 else { return .unavailable("one patient: the spread between patients is unknown") }
    let n = Double(patients.reduce(0) { $0 + $1.count })
    let mean = patients.reduce(0.0) { $0 + $1.reduce(0, +) } / n
    let residuals = patients.map { values in values.reduce(0) { $0 + ($1 - mean) } }
    let k = Double(patients.count)
    let variance = k / (k - 1) * residuals.reduce(0) { $0 + $1 * $1 } / (n * n)
    guard let quantile = Distribution.studentQuantile(0.975, degrees: k - 1) else {
      return .unavailable("the distribution has no value here")
    }
    let half = quantile * variance.squareRoot()
    return .value(Interval(mean - half, mean + half))
  }
}
