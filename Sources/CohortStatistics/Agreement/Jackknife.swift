import Distributions

/// The 95 % interval of any statistic of lesions that come in patients: leave out one patient at a time.
///
/// v = (k - 1) / k * sum (s_i - mean s)^2 over the k statistics without patient i; Student's t with k - 1 degrees of
/// freedom around the statistic of all.
package enum Jackknife {
  package static func interval(patients: Int, _ statistic: (_ leftOut: Int?) -> Double?) -> Estimate<Interval> {
    guard patients > 1 else { return .unavailable("one patient: the spread between patients is unknown") }
    guard let all = statistic(nil) else { return .unavailable("the statistic does not exist") }
    var parts: [Double] = []
    for patient in 0..<patients {
      guard let part = statistic(patient) else {
        return .unavailable("without one of the patients the statistic does not exist")
      }
      parts.append(part)
    }
    let k = Double(patients)
    let mean = parts.reduce(0, +) / k
    let variance = (k - 1) / k * parts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    guard let quantile = Distribution.studentQuantile(0.975, degrees: k - 1) else {
      return .unavailable("the distribution has no value here")
    }
    let half = quantile * variance.squareRoot()
    return .value(Interval(all - half, all + half))
  }
}
