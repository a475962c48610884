internal import Foundation

/// A blurred step through the values of a profile: low + (high - low) Phi((t - centre) / sigma), Phi the normal
/// distribution's integral. Centre and sigma are searched on a grid and once more around its best point, the two levels
/// follow by least squares; nothing can diverge.
struct MarginEdgeFit {
  /// Millimetres from the outline, outward positive.
  var centre: Double
  /// Millimetres.
  var sigma: Double
  /// Level outside minus level inside, between the ends of the profile.
  var contrast: Double
  /// Root mean square of what the step leaves over.
  var residual: Double
  /// Share of the profile's variance that the step explains.
  var explained: Double

  /// `nil` for fewer than six values or a profile without any change.
  init?(places: [Double], values: [Double], centreReach: Double, pixel: Double) {
    guard places.count >= 6 else { return nil }
    var best: (sum: Double, centre: Double, sigma: Double)?
    let widths = (0..<12).map { 0.25 * pixel * pow(1.42, Double($0)) }
    for step in -8...8 {
      let centre = centreReach * Double(step) / 8
      for sigma in widths { Self.improve(&best, places, values, centre, sigma) }
    }
    guard let coarse = best else { return nil }
    for step in -4...4 {
      let centre = coarse.centre + centreReach / 8 * Double(step) / 4
      for factor in -4...4 {
        Self.improve(&best, places, values, centre, coarse.sigma * pow(1.42, Double(factor) / 4.5))
      }
    }
    guard let best else { return nil }
    centre = best.centre
    sigma = best.sigma
    let (low, high, sum) = Self.levels(places, values, centre, sigma)
    let ends = Self.normal((places[places.count - 1] - centre) / sigma) - Self.normal((places[0] - centre) / sigma)
    contrast = (high - low) * ends
    residual = (sum / Double(places.count)).squareRoot()
    let mean = values.reduce(0, +) / Double(values.count)
    let total = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    guard total > 0 else { return nil }
    explained = max(0, 1 - sum / total)
  }

  private static func improve(
    _ best: inout (sum: Double, centre: Double, sigma: Double)?, _ places: [Double], _ values: [Double],
    _ centre: Double, _ sigma: Double
  ) {
    let sum = levels(places, values, centre, sigma).sum
    if sum < best?.sum ?? .infinity { best = (sum, centre, sigma) }
  }

  private static func levels(
    _ places: [Double], _ values: [Double], _ centre: Double, _ sigma: Double
  ) -> (low: Double, high: Double, sum: Double) {
    var (s, ss, v, sv, vv) = (0.0, 0.0, 0.0, 0.0, 0.0)
    let inverse = 1 / sigma
    for index in places.indices {
      let step = normal((places[index] - centre) * inverse)
      let value = values[index]
      s += step
      ss += step * step
      v += value
      sv += step * value
      vv += value * value
    }
    let count = Double(places.count)
    let determinant = count * ss - s * s
    // Without a step inside the profile the best level is the mean.
    guard determinant > 1e-6 * count * count else { return (v / count, v / count, max(0, vv - v * v / count)) }
    let slope = (count * sv - s * v) / determinant
    let low = (v - slope * s) / count
    return (low, low + slope, max(0, vv - low * v - slope * sv))
  }

  private static let table: [Double] = (0...1024).map { 0.5 * erfc(-(Double($0) / 128 - 4) / 2.0.squareRoot()) }

  private static func normal(_ z: Double) -> Double {
    if z <= -4 { return 0 }
    if z >= 4 { return 1 }
    let place = (z + 4) * 128
    let index = Int(place)
    return table[index] + (table[min(index + 1, 1024)] - table[index]) * (place - Double(index))
  }
}
