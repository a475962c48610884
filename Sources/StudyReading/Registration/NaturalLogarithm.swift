import Foundation

/// Keeps `Foundation` out of the file that does the arithmetic.
enum NaturalLogarithm {
  static func of(_ value: Double) -> Double { log(value) }
}
