internal import Foundation

/// exp x, in `Double`. (The C library's functions stand in one file, so that the others need no Foundation.)
func exponential(_ x: Double) -> Double { Foundation.exp(x) }
