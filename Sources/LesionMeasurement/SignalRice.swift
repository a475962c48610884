internal import Foundation

/// The Rice distribution of magnitude signals: amplitude A, noise sigma in each channel.
enum Rice {
  /// Mean of the magnitude: sigma sqrt(pi/2) L(-A^2 / (2 sigma^2)), L the Laguerre function of order 1/2.
  static func mean(amplitude: Double, sigma: Double) -> Double {
    guard sigma > 0 else { return amplitude }
    let x = amplitude * amplitude / (4 * sigma * sigma)
    let (i0, i1) = scaledBessel(x)
    return sigma * (Double.pi / 2).squareRoot() * ((1 + 2 * x) * i0 + 2 * x * i1)
  }

  /// The amplitude whose magnitude has this mean, by bisection; `nil` at or below the mean of pure noise.
  static func amplitude(mean: Double, sigma: Double) -> Double? {
    guard sigma > 0 else { return mean }
    guard mean > self.mean(amplitude: 0, sigma: sigma) else { return nil }
    var low = 0.0
    var high = mean
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if self.mean(amplitude: middle, sigma: sigma) < mean { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// Sigma from the mean and the variance of a magnitude: variance over Koay's correction factor, by fixed point.
  static func sigma(mean: Double, variance: Double) -> Double {
    var sigma = variance.squareRoot()
    for _ in 0..<30 {
      let amplitude = max(0, mean * mean + variance - 2 * sigma * sigma).squareRoot()
      let expected = self.mean(amplitude: amplitude, sigma: sigma)
      let factor = max(2 + (amplitude / sigma) * (amplitude / sigma) - (expected / sigma) * (expected / sigma), 0.429)
      let next = (variance / factor).squareRoot()
      if abs(next - sigma) < 1e-9 * sigma { return next }
      sigma = next
    }
    return sigma
  }

  /// exp(-x) I0(x) and exp(-x) I1(x) for x >= 0: the power series to x = 12, the asymptotic one beyond; 1e-9 or better.
  static func scaledBessel(_ x: Double) -> (Double, Double) {
    if x <= 12 {
      var term = 1.0
      var i0 = 1.0
      var i1 = x / 2
      var other = x / 2
      let quarter = x * x / 4
      for k in 1...60 {
        term *= quarter / Double(k * k)
        other *= quarter / Double(k * (k + 1))
        i0 += term
        i1 += other
        if term < 1e-17 * i0 { break }
      }
      let scale = exp(-x)
      return (i0 * scale, i1 * scale)
    }
    return (asymptotic(x, order: 0), asymptotic(x, order: 1))
  }

  private static func asymptotic(_ x: Double, order: Int) -> Double {
    let mu = Double(4 * order * order)
    var term = 1.0
    var sum = 1.0
    for k in 1...20 {
      let odd = Double(2 * k - 1)
      let next = -term * (mu - odd * odd) / (Double(k) * 8 * x)
      if abs(next) > abs(term) { break }
      term = next
      sum += term
    }
    return sum / (2 * Double.pi * x).squareRoot()
  }
}
