import Foundation

/// SplitMix64: the painter's own random numbers, the same on every machine.
struct PatternRandom {
  private var state: UInt64

  init(_ seed: Int) { state = UInt64(bitPattern: Int64(seed)) &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678_9ABC_DEF1 }

  mutating func bits() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func uniform(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * Double(bits() >> 11) / 9_007_199_254_740_992
  }

  mutating func chance(_ probability: Double) -> Bool { uniform(0, 1) < probability }

  mutating func index(_ count: Int) -> Int { min(Int(uniform(0, Double(count))), count - 1) }

  mutating func normal() -> Double {
    let radius = (-2 * log(max(uniform(0, 1), 1e-300))).squareRoot()
    return radius * cos(uniform(0, 2 * .pi))
  }
}
