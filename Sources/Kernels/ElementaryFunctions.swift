internal import Foundation

/// exp x, in `Double`. (The C library's functions stand in one file, so that the others need no Foundation.)
func exponential(_ x: Double) -> Double { Foundation.exp(x) }

/// The angle of the point (x, y) in (-pi, pi].
func arcTangent(y: Double, x: Double) -> Double { Foundation.atan2(y, x) }
