import Foundation

/// Random numbers by counter: each (seed, stream, index) names one value, so the order in which threads ask does not
/// matter and the same seed gives the same bytes.
///
/// The mixing is the finaliser of SplitMix64 (Steele, Lea & Flood, OOPSLA 2014), applied twice.
package struct CounterRandom: Sendable {
  private let key: UInt64

  package init(seed: UInt64, stream: UInt64) {
    key = Self.mix(Self.mix(seed &+ 0x9E37_79B9_7F4A_7C15) ^ (stream &* 0xD1B5_4A32_D192_ED03))
  }

  @inline(__always) static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  @inline(__always) func bits(_ index: UInt64) -> UInt64 {
    Self.mix(Self.mix(key &+ index &* 0x9E37_79B9_7F4A_7C15) ^ key)
  }

  /// Uniform in [0, 1).
  @inline(__always) package func uniform(_ index: UInt64) -> Double { Double(bits(index) >> 11) * 0x1p-53 }

  /// Two independent standard normal values (Box & Muller).
  @inline(__always) package func normalPair(_ index: UInt64) -> SIMD2<Double> {
    let radius = (-2 * log(1 - uniform(index &* 2))).squareRoot()
    let angle = 2 * Double.pi * uniform(index &* 2 &+ 1)
    return SIMD2(radius * cos(angle), radius * sin(angle))
  }
}

/// A sequence over a `CounterRandom`, for drawing the parameters of a study.
struct RandomSequence {
  private let source: CounterRandom
  private var next: UInt64 = 0

  init(seed: UInt64, stream: UInt64) { source = CounterRandom(seed: seed, stream: stream) }

  mutating func uniform(_ range: ClosedRange<Double> = 0...1) -> Double {
    next &+= 1
    return range.lowerBound + (range.upperBound - range.lowerBound) * source.uniform(next)
  }

  mutating func normal(mean: Double = 0, deviation: Double = 1) -> Double {
    next &+= 1
    return mean + deviation * source.normalPair(next &+ 0x4000_0000_0000).x
  }

  mutating func integer(_ range: ClosedRange<Int>) -> Int {
    min(range.upperBound, range.lowerBound + Int(uniform() * Double(range.count)))
  }

  mutating func chance(_ probability: Double) -> Bool { uniform() < probability }

  mutating func element<Element>(of elements: [Element]) -> Element { elements[integer(0...(elements.count - 1))] }
}
