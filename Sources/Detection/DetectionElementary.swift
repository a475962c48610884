internal import Foundation

// The C library's functions that this folder uses.
func exponential(_ x: Double) -> Double { Foundation.exp(x) }
func naturalLogarithm(_ x: Double) -> Double { Foundation.log(x) }

/// The middle value (the lower of two) of unsorted numbers; `nil` for none.
func lowerMedian(_ values: [Double]) -> Double? {
  guard !values.isEmpty else { return nil }
  return values.sorted()[(values.count - 1) / 2]
}
