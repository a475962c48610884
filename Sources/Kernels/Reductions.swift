/// Sums and extremes of contiguous values.
///
/// Goals, in this order: correct, reproducible, fast. Sums run in eight lanes over blocks of 1,024 values in `Float`
/// and from block to block in `Double`, so that their order, and with it every bit of the result, depends on nothing
/// but the values. Each kernel has a scalar twin (`...Scalar`) that is obviously right.
public enum Reductions {
  private static let block = 1024

  /// Smallest and largest value; `nil` for no values. Values must not be NaN.
  public static func extremes(_ values: [Float]) -> (minimum: Float, maximum: Float)? {
    guard let first = values.first else { return nil }
    var low = SIMD8<Float>(repeating: first)
    var high = low
    var minimum = first
    var maximum = first
    unsafe values.withUnsafeBytes { bytes in
      let whole = values.count & ~7
      var index = 0
      while index < whole {
        let lane = unsafe bytes.loadUnaligned(fromByteOffset: index &* 4, as: SIMD8<Float>.self)
        low.replace(with: lane, where: lane .< low)
        high.replace(with: lane, where: lane .> high)
        index &+= 8
      }
    }
    for index in (values.count & ~7)..<values.count {
      minimum = min(minimum, values[index])
      maximum = max(maximum, values[index])
    }
    for lane in 0..<8 {
      minimum = min(minimum, low[lane])
      maximum = max(maximum, high[lane])
    }
    return (minimum, maximum)
  }

  /// The scalar twin of `extremes`.
  public static func extremesScalar(_ values: [Float]) -> (minimum: Float, maximum: Float)? {
    guard let first = values.first else { return nil }
    return values.reduce((first, first)) { (min($0.0, $1), max($0.1, $1)) }
  }

  /// Sum of (x - pivot)^k for k = 1 to 4.
  public struct PowerSums: Sendable, Equatable {
    public var first = 0.0
    public var second = 0.0
    public var third = 0.0
    public var fourth = 0.0
  }

  /// Sums of the first four powers of the distances from `pivot`. With a pivot near the mean the relative error stays
  /// near 1e-6, whatever the offset of the values.
  public static func powerSums(_ values: [Float], pivot: Float) -> PowerSums {
    var sums = PowerSums()
    unsafe values.withUnsafeBytes { bytes in
      let whole = values.count & ~7
      let centre = SIMD8<Float>(repeating: pivot)
      var start = 0
      while start < whole {
        let end = min(start + block, whole)
        var first = SIMD8<Float>()
        var second = SIMD8<Float>()
        var third = SIMD8<Float>()
        var fourth = SIMD8<Float>()
        var index = start
        while index < end {
          let distance = unsafe bytes.loadUnaligned(fromByteOffset: index &* 4, as: SIMD8<Float>.self) - centre
          let square = distance * distance
          first += distance
          second += square
          third += square * distance
          fourth += square * square
          index &+= 8
        }
        for lane in 0..<8 {
          sums.first += Double(first[lane])
          sums.second += Double(second[lane])
          sums.third += Double(third[lane])
          sums.fourth += Double(fourth[lane])
        }
        start = end
      }
    }
    for index in (values.count & ~7)..<values.count { add(values[index], pivot: pivot, to: &sums) }
    return sums
  }

  /// The scalar twin of `powerSums`.
  public static func powerSumsScalar(_ values: [Float], pivot: Float) -> PowerSums {
    var sums = PowerSums()
    for value in values { add(value, pivot: pivot, to: &sums) }
    return sums
  }

  private static func add(_ value: Float, pivot: Float, to sums: inout PowerSums) {
    let distance = Double(value) - Double(pivot)
    sums.first += distance
    sums.second += distance * distance
    sums.third += distance * distance * distance
    sums.fourth += distance * distance * distance * distance
  }

  /// Mean of the values; `nil` for no values. Two passes, so a large offset costs no digits.
  public static func mean(_ values: [Float]) -> Double? {
    guard let first = values.first else { return nil }
    let count = Double(values.count)
    let rough = Float(Double(first) + powerSums(values, pivot: first).first / count)
    return Double(rough) + powerSums(values, pivot: rough).first / count
  }
}
