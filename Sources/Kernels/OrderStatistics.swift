/// Percentiles and medians without a full sort, in linear time whatever the values.
///
/// The values are mapped to integers of the same order and the wanted ranks are found by radix: eleven bits at a time,
/// only the bin that holds the rank is looked at again. There is no pivot, so no input is slow.
public struct OrderStatistics: Sendable {
  private let keys: [UInt32]

  /// Values must not be NaN.
  public init(_ values: [Float]) {
    // Short lists are cheaper to sort once than to search several times.
    let keys = values.map(Self.key)
    isSorted = values.count <= 4096
    self.keys = isSorted ? keys.sorted() : keys
  }

  private let isSorted: Bool

  public var count: Int { keys.count }

  /// The value of a rank counted from 0. Traps outside the values.
  public func value(rank: Int) -> Float {
    precondition(rank >= 0 && rank < keys.count, "a rank must lie within the values")
    if isSorted { return Self.value(ofKey: keys[rank]) }
    return Self.value(ofKey: Self.select(keys, rank: rank, shift: 21))
  }

  /// The percentile at `fraction` in 0...1, interpolated linearly between the ranks around fraction * (n - 1) (the
  /// convention of NumPy and PyRadiomics); `nil` for no values.
  public func percentile(_ fraction: Double) -> Double? {
    guard !keys.isEmpty else { return nil }
    let place = min(max(fraction, 0), 1) * Double(keys.count - 1)
    let below = Int(place)
    let low = Double(value(rank: below))
    let rest = place - Double(below)
    guard rest > 0 else { return low }
    return low + (Double(value(rank: below + 1)) - low) * rest
  }

  /// The middle value, or the mean of the two middle ones; `nil` for no values.
  public var median: Double? { percentile(0.5) }

  /// One rank of values that are asked for no other. Traps outside the values.
  public static func value(of values: [Float], rank: Int) -> Float {
    precondition(rank >= 0 && rank < values.count, "a rank must lie within the values")
    return value(ofKey: select(values.map(key), rank: rank, shift: 21))
  }

  /// The middle value, or the mean of the two middle ones, of values that are asked for nothing else; `nil` for none.
  public static func median(of values: [Float]) -> Double? {
    guard !values.isEmpty else { return nil }
    let keys = values.map(key)
    let low = Double(value(ofKey: select(keys, rank: (keys.count - 1) / 2, shift: 21)))
    guard keys.count % 2 == 0 else { return low }
    return low + (Double(value(ofKey: select(keys, rank: keys.count / 2, shift: 21))) - low) * 0.5
  }

  private static func key(_ value: Float) -> UInt32 {
    let bits = value.bitPattern
    return bits >> 31 == 0 ? bits | 0x8000_0000 : ~bits
  }

  private static func value(ofKey key: UInt32) -> Float {
    Float(bitPattern: key >> 31 == 1 ? key & 0x7fff_ffff : ~key)
  }

  private static func select(_ keys: [UInt32], rank: Int, shift: Int) -> UInt32 {
    guard keys.count > 512, shift >= -10 else { return keys.sorted()[rank] }
    let usedShift = max(shift, 0)
    var histogram = [Int](repeating: 0, count: 2048)
    for key in keys { histogram[Int((key >> UInt32(usedShift)) & 2047)] += 1 }
    var below = 0
    var bin = 0
    while below + histogram[bin] <= rank {
      below += histogram[bin]
      bin += 1
    }
    var kept: [UInt32] = []
    kept.reserveCapacity(histogram[bin])
    for key in keys where Int((key >> UInt32(usedShift)) & 2047) == bin { kept.append(key) }
    if usedShift == 0 { return kept[0] }
    return select(kept, rank: rank - below, shift: usedShift - 11)
  }
}
