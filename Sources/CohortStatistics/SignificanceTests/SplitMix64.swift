/// Steele, Lea and Flood's SplitMix64: the same draws from the same seed on every machine.
struct SplitMix64 {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number from 0 to `bound - 1`; the bias of the multiplication, bound / 2^64, is without weight here.
  mutating func next(below bound: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(bound)).high) }

  mutating func shuffle(_ values: inout [Int]) {
    guard values.count > 1 else { return }
    for last in stride(from: values.count - 1, through: 1, by: -1) { values.swapAt(last, next(below: last + 1)) }
  }
}
