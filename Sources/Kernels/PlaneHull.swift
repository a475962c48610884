/// Convex hulls of half-level outlines, from the ends of the rows and columns of a mask.
///
/// Every vertex of the outline lies half-way between an inside and an outside pixel of a row or a column, and only the
/// first and the last of a row (or of a half row) can be a corner of the hull. Points are kept in doubled pixel units,
/// as the smallest and largest column of each half row, which already is the order that the hull needs: no sorting,
/// linear cost, eight pixels a step.
public struct PlaneHull: Sendable {
  private var low: [Int32]
  private var high: [Int32]

  public init(rows: Int) {
    low = [Int32](repeating: .max, count: 2 * rows + 1)
    high = [Int32](repeating: .min, count: 2 * rows + 1)
  }

  /// The outline of one slice of a mask of zeros and ones: `columns * rows` members from `offset` on.
  public init(outlineOf members: [UInt8], offset: Int, columns: Int, rows: Int) {
    self.init(rows: rows)
    let bytes = ByteRows(members)
    for row in 0...rows {
      let above = row > 0 ? offset + (row - 1) * columns : nil
      let here = row < rows ? offset + row * columns : nil
      // Steps from row to row: vertices on the columns.
      if let ends = bytes.differenceEnds(above, here, count: columns) { add(ends, offset: 0, doubledRow: 2 * row - 1) }
      if let ends = bytes.differenceEnds(here, nil, count: columns) { add(ends, offset: 1, doubledRow: 2 * row) }
    }
  }

  /// The vertices half-way between two slices of a mask of zeros and ones, each given by its offset; `nil` for beyond
  /// the stack.
  public init(stepsBetween lower: Int?, _ upper: Int?, of members: [UInt8], columns: Int, rows: Int) {
    self.init(rows: rows)
    let bytes = ByteRows(members)
    for row in 0..<rows {
      let (a, b) = (lower.map { $0 + row * columns }, upper.map { $0 + row * columns })
      if let ends = bytes.differenceEnds(a, b, count: columns) { add(ends, offset: 0, doubledRow: 2 * row) }
    }
  }

  private mutating func add(_ ends: (first: Int, last: Int), offset: Int, doubledRow: Int) {
    low[doubledRow + 1] = min(low[doubledRow + 1], Int32(2 * ends.first - offset))
    high[doubledRow + 1] = max(high[doubledRow + 1], Int32(2 * ends.last + offset))
  }

  /// Corners of the hull as (column, row) in pixel units, clockwise with rows upward (counter-clockwise as (row,
  /// column)); empty without points.
  public var corners: [SIMD2<Double>] { hullByRow.map { SIMD2($0.y, $0.x) } }

  private var hullByRow: [SIMD2<Double>] {
    var points: [SIMD2<Double>] = []
    points.reserveCapacity(2 * low.count)
    for place in low.indices where low[place] <= high[place] {
      let row = Double(place - 1) / 2
      points.append(SIMD2(row, Double(low[place]) / 2))
      if high[place] > low[place] { points.append(SIMD2(row, Double(high[place]) / 2)) }
    }
    return ConvexHull.hull(ofSorted: points)
  }

  /// The ends of the longest distance as (column, row) in pixel units, and that distance in millimetres, for spacings
  /// between columns (x) and rows (y); `nil` without points.
  public func farthestPair(
    spacing: SIMD2<Double>
  ) -> (first: SIMD2<Double>, second: SIMD2<Double>, distance: Double)? {
    let scaled = hullByRow.map { SIMD2($0.x * spacing.y, $0.y * spacing.x) }
    guard let (a, b) = ConvexHull.farthestPair(ofHull: scaled) else { return nil }
    let back = { (point: SIMD2<Double>) in SIMD2(point.y / spacing.x, point.x / spacing.y) }
    return (back(a), back(b), ConvexHull.squaredLength(b - a).squareRoot())
  }
}

/// Rows of zeros and ones, compared eight bytes at a time.
private struct ByteRows {
  private let members: [UInt8]

  init(_ members: [UInt8]) { self.members = members }

  /// The first and last place at which two rows differ; `nil` where they are alike. A row without offset is all zero.
  func differenceEnds(_ a: Int?, _ b: Int?, count: Int) -> (first: Int, last: Int)? {
    unsafe members.withUnsafeBytes { bytes in
      var first = 0
      while first &+ 8 <= count, unsafe Self.word(bytes, a, first) == Self.word(bytes, b, first) { first &+= 8 }
      while first < count, unsafe Self.byte(bytes, a, first) == Self.byte(bytes, b, first) { first &+= 1 }
      guard first < count else { return nil }
      var last = count
      while last >= 8, unsafe Self.word(bytes, a, last &- 8) == Self.word(bytes, b, last &- 8) { last &-= 8 }
      last &-= 1
      while unsafe Self.byte(bytes, a, last) == Self.byte(bytes, b, last) { last &-= 1 }
      return (first, last)
    }
  }

  @inline(__always)
  private static func word(_ bytes: UnsafeRawBufferPointer, _ row: Int?, _ place: Int) -> UInt64 {
    guard let row else { return 0 }
    return unsafe bytes.loadUnaligned(fromByteOffset: row &+ place, as: UInt64.self)
  }

  @inline(__always)
  private static func byte(_ bytes: UnsafeRawBufferPointer, _ row: Int?, _ place: Int) -> UInt8 {
    guard let row else { return 0 }
    return unsafe bytes[row &+ place]
  }
}
