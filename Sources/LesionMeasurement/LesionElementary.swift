internal import Foundation

// The C library's functions that this folder uses.
func exponential(_ x: Double) -> Double { Foundation.exp(x) }
func sine(_ x: Double) -> Double { Foundation.sin(x) }
func cosine(_ x: Double) -> Double { Foundation.cos(x) }

/// The middle value (the lower of two) of unsorted numbers; `nil` for none.
func lowerMedian(_ values: [Double]) -> Double? {
  guard !values.isEmpty else { return nil }
  return values.sorted()[(values.count - 1) / 2]
}

func cubeRoot(_ x: Double) -> Double { Foundation.cbrt(x) }

/// 1 - erf(x).
func complementaryError(_ x: Double) -> Double { Foundation.erfc(x) }
