/// The smallest box of continuous indices (column, row, slice) that holds some points.
public struct IndexBounds: Sendable {
  public private(set) var low = Vector3(repeating: .infinity)
  public private(set) var high = Vector3(repeating: -.infinity)

  public init() {}

  public mutating func add(_ index: Vector3) {
    low = Vector3(min(low.x, index.x), min(low.y, index.y), min(low.z, index.z))
    high = Vector3(max(high.x, index.x), max(high.y, index.y), max(high.z, index.z))
  }

  /// The whole indices of one axis about the points, within 0..<count; `nil` where there are none.
  ///
  /// - Parameters:
  ///   - pad: room on both sides, in indices, before rounding outwards.
  ///   - slack: indices more on both sides.
  public func range(_ axis: KeyPath<Vector3, Double>, pad: Double = 0, slack: Int = 0, count: Int) -> Range<Int>? {
    let (low, high) = (low[keyPath: axis] - pad, high[keyPath: axis] + pad)
    guard low.isFinite, high.isFinite else { return nil }
    let begin = Int(max(0, min(low.rounded(.down) - Double(slack), 1e9)))
    let end = Int(min(Double(count), max(high.rounded(.up) + Double(slack) + 1, -1)))
    return begin < end ? begin..<end : nil
  }
}
