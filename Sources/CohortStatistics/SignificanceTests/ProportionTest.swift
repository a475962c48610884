import Distributions

/// The paper's test of a two-level feature: a one-sample two-sided Student t-test of the 0/1 column against 0.5.
///
/// t = (p - 0.5) / sqrt(s^2 / n) with s^2 = n p (1 - p) / (n - 1) and n - 1 degrees of freedom. It takes every lesion
/// for independent, and p for normal; it is printed because the paper printed it. It does not exist for fewer than two
/// lesions nor for a constant column (the paper's "NA").
package struct ProportionTest: Sendable, Equatable {
  package var statistic: Double
  package var degreesOfFreedom: Double
  package var pValue: Double

  package static func run(count: Int, total: Int) -> Estimate<ProportionTest> {
    guard total > 0 else { return .unavailable("no evaluable lesion") }
    guard total > 1 else { return .unavailable("one lesion: no spread to test against") }
    guard count > 0, count < total else { return .unavailable("all lesions are alike: the column has no variance") }
    let n = Double(total)
    let p = Double(count) / n
    let statistic = (p - 0.5) / (p * (1 - p) / (n - 1)).squareRoot()
    guard let pValue = Distribution.studentTwoSided(statistic, degrees: n - 1) else {
      return .unavailable("the distribution has no value here")
    }
    return .value(ProportionTest(statistic: statistic, degreesOfFreedom: n - 1, pValue: pValue))
  }
}

/// Clopper and Pearson's interval of a proportion: 95 % at least, for independent lesions.
package enum ExactBinomial {
  package static func interval(count: Double, total: Double, confidence: Double = 0.95) -> Estimate<Interval> {
    guard total > 0 else { return .unavailable("no evaluable lesion") }
    let tail = (1 - confidence) / 2
    let lower = count <= 0 ? 0 : Distribution.betaQuantile(tail, alpha: count, beta: total - count + 1)
    let upper = count >= total ? 1 : Distribution.betaQuantile(1 - tail, alpha: count + 1, beta: total - count)
    guard let lower, let upper else { return .unavailable("the distribution has no value here") }
    return .value(Interval(lower, upper))
  }

  package static func interval(count: Int, total: Int) -> Estimate<Interval> {
    interval(count: Double(count), total: Double(total))
  }
}
