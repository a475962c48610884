/// Convex hulls of half-level outlines, from the ends of the rows and columns of a mask.
///
/// Every vertex of the outline lies half a pixel beyond an inside pixel along its row or its column, and only the first
/// and last of a row or column can be a corner of the hull. Points are kept in doubled pixel units, as the smallest
/// and largest column of each half row, which is already the order that the hull needs: no sorting, linear cost.
public struct PlaneHull: Sendable {
  private var low: [Int32]
  private var high: [Int32]

  public init(rows: Int) {
    low = [Int32](repeating: .max, count: 2 * rows + 1)
    high = [Int32](repeating: .min, count: 2 * rows + 1)
  }

  /// Adds a point in doubled pixel units; `doubledRow` from -1 to 2 rows - 1.
  @inline(__always)
  public mutating func add(doubledColumn: Int32, doubledRow: Int) {
    let place = doubledRow &+ 1
    if doubledColumn < low[place] { low[place] = doubledColumn }
    if doubledColumn > high[place] { high[place] = doubledColumn }
  }

  /// Adds the outline of a mask in a plane: `label` picks one value of `pixels`.
  public mutating func addOutline(pixels: [Int32], label: Int32, columns: Int, rows: Int) {
    var seen = [Bool](repeating: false, count: columns)
    var last = [Int32](repeating: -1, count: columns)
    for row in 0..<rows {
      let base = row * columns
      var first = -1
      var end = -1
      for column in 0..<columns where pixels[base + column] == label {
        if first < 0 { first = column }
        end = column
        last[column] = Int32(row)
        if !seen[column] {
          seen[column] = true
          add(doubledColumn: Int32(2 * column), doubledRow: 2 * row - 1)
        }
      }
      guard first >= 0 else { continue }
      add(doubledColumn: Int32(2 * first - 1), doubledRow: 2 * row)
      add(doubledColumn: Int32(2 * end + 1), doubledRow: 2 * row)
    }
    for column in 0..<columns where last[column] >= 0 {
      add(doubledColumn: Int32(2 * column), doubledRow: 2 * Int(last[column]) + 1)
    }
  }

  /// Corners of the hull as (column, row) in pixel units, clockwise with rows upward (which is counter-clockwise as
  /// (row, column)); empty without points.
  public var corners: [SIMD2<Double>] {
    var points: [SIMD2<Double>] = []
    for place in low.indices where low[place] <= high[place] {
      let row = Double(place - 1) / 2
      points.append(SIMD2(row, Double(low[place]) / 2))
      if high[place] > low[place] { points.append(SIMD2(row, Double(high[place]) / 2)) }
    }
    return ConvexHull.hull(ofSorted: points).map { SIMD2($0.y, $0.x) }
  }

  /// The ends of the longest distance as (column, row) in pixel units, and that distance in millimetres; `nil`
  /// without points.
  public func farthestPair(
    spacing: SIMD2<Double>
  ) -> (first: SIMD2<Double>, second: SIMD2<Double>, distance: Double)? {
    let scaled = corners.map { SIMD2($0.y * spacing.y, $0.x * spacing.x) }
    guard let (a, b) = ConvexHull.farthestPair(ofHull: scaled) else { return nil }
    let back = { (point: SIMD2<Double>) in SIMD2(point.y / spacing.x, point.x / spacing.y) }
    return (back(a), back(b), ConvexHull.squaredLength(b - a).squareRoot())
  }
}
