import Distributions

/// Bland and Altman's limits of agreement (Lancet 1986;327:307) of differences, second reading less first.
///
/// Limits: mean +- 1.96 s. Their 95 % intervals are exact for normal differences (Carkeet, Optom Vis Sci 2015;92:e71):
/// mean + s t'(p; n - 1, 1.96 sqrt n) / sqrt n with the non-central t quantile t'. Fewer than two differences have none.
package struct BlandAltman: Sendable, Equatable {
  package var bias: Double
  package var biasInterval: Interval
  package var standardDeviation: Double
  package var lowerLimit: Double
  package var lowerLimitInterval: Interval
  package var upperLimit: Double
  package var upperLimitInterval: Interval

  package static func run(_ differences: [Double]) -> Estimate<BlandAltman> {
    guard differences.count > 1 else { return .unavailable("fewer than two lesions measured by both readings") }
    let summary = Summary(differences)
    guard let bias = summary.mean, let deviation = summary.standardDeviation else {
      return .unavailable("fewer than two lesions measured by both readings")
    }
    let n = Double(differences.count)
    let z = 1.959963984540054
    guard
      let t = Distribution.studentQuantile(0.975, degrees: n - 1),
      let inner = Distribution.noncentralStudentQuantile(0.025, degrees: n - 1, noncentrality: z * n.squareRoot()),
      let outer = Distribution.noncentralStudentQuantile(0.975, degrees: n - 1, noncentrality: z * n.squareRoot())
    else { return .unavailable("the distribution has no value here") }
    let (near, far) = (inner / n.squareRoot() * deviation, outer / n.squareRoot() * deviation)
    let half = t * deviation / n.squareRoot()
    return .value(
      BlandAltman(
        bias: bias, biasInterval: Interval(bias - half, bias + half), standardDeviation: deviation,
        lowerLimit: bias - z * deviation, lowerLimitInterval: Interval(bias - far, bias - near),
        upperLimit: bias + z * deviation, upperLimitInterval: Interval(bias + near, bias + far)))
  }
}
