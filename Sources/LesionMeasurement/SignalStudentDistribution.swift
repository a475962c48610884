internal import Foundation

/// Student's t distribution, by the incomplete beta function's continued fraction (NIST DLMF 8.17.22).
enum StudentDistribution {
  /// P(T > t).
  static func upperTail(_ t: Double, degreesOfFreedom: Double) -> Double {
    let x = degreesOfFreedom / (degreesOfFreedom + t * t)
    let tail = incompleteBeta(x, degreesOfFreedom / 2, 0.5) / 2
    return t >= 0 ? tail : 1 - tail
  }

  /// The t with P(T <= t) = probability, for 0.5 <= probability < 1, by bisection.
  static func quantile(_ probability: Double, degreesOfFreedom: Double) -> Double {
    var low = 0.0
    var high = 1.0
    while upperTail(high, degreesOfFreedom: degreesOfFreedom) > 1 - probability, high < 1e9 { high *= 2 }
    for _ in 0..<100 {
      let middle = (low + high) / 2
      if upperTail(middle, degreesOfFreedom: degreesOfFreedom) > 1 - probability { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// The regularized incomplete beta function I_x(a, b).
  private static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    if x <= 0 { return 0 }
    if x >= 1 { return 1 }
    // The fraction converges fast below the mean; beyond it the complement is taken.
    if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, b, a) }
    let front = exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log1p(-x)) / a
    var c = 1.0
    var d = 1 / max(1 - (a + b) * x / (a + 1), 1e-300)
    var fraction = d
    for m in 1...10_000 {
      let k = Double(m)
      let even = k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k))
      d = 1 / (1 + even * d)
      c = 1 + even / c
      fraction *= d * c
      let odd = -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1))
      d = 1 / (1 + odd * d)
      c = 1 + odd / c
      let step = d * c
      fraction *= step
      if abs(step - 1) < 1e-15 { break }
    }
    return front * fraction
  }

  /// log Gamma(x) for x > 0 by Stirling's series after shifting x above 12; no global sign as in C's lgamma.
  private static func logGamma(_ x: Double) -> Double {
    var shifted = x
    var product = 0.0
    while shifted < 12 {
      product += log(shifted)
      shifted += 1
    }
    let inverse = 1 / (shifted * shifted)
    let series = (1.0 / 12 - inverse * (1.0 / 360 - inverse * (1.0 / 1260 - inverse / 1680))) / shifted
    return (shifted - 0.5) * log(shifted) - shifted + log(2 * Double.pi) / 2 + series - product
  }
}
