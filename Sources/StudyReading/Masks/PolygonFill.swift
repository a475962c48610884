/// Fills polygons on a grid of pixel centres: a pixel belongs where its centre is inside by the even-odd rule, taken
/// over all polygons together, so that a polygon within another one is a hole and a keyhole's two seams cancel.
///
/// Centres lie at whole numbers. An edge covers its lower end and not its upper one, and a span its left end and not
/// its right one, so that polygons that share an edge never share a pixel.
package enum PolygonFill {
  /// - Parameter polygons: corners in continuous pixel indices (x column, y row).
  /// - Returns: the box of columns and rows that was filled, clipped to the grid, and its members, rows outermost;
  ///   `nil` where no centre is inside.
  package static func fill(
    _ polygons: [[SIMD2<Double>]], columns: Int, rows: Int
  ) -> (columns: Range<Int>, rows: Range<Int>, members: [UInt8])? {
    var low = SIMD2<Double>(.infinity, .infinity)
    var high = -low
    for polygon in polygons {
      for point in polygon {
        low = SIMD2(min(low.x, point.x), min(low.y, point.y))
        high = SIMD2(max(high.x, point.x), max(high.y, point.y))
      }
    }
    guard let columnRange = clip(low.x, high.x, columns), let rowRange = clip(low.y, high.y, rows) else { return nil }
    var crossings = [[Double]](repeating: [], count: rowRange.count)
    for polygon in polygons where polygon.count >= 3 {
      var previous = polygon[polygon.count - 1]
      for point in polygon {
        cross(previous, point, rowRange, &crossings)
        previous = point
      }
    }
    var members = [UInt8](repeating: 0, count: columnRange.count * rowRange.count)
    var any = false
    for row in rowRange.indices {
      let line = row - rowRange.lowerBound
      crossings[line].sort()
      var index = 0
      while index + 1 < crossings[line].count {
        let first = max(ceilIndex(crossings[line][index]), columnRange.lowerBound)
        let end = min(ceilIndex(crossings[line][index + 1]), columnRange.upperBound)
        if first < end {
          any = true
          for column in first..<end { members[line * columnRange.count + column - columnRange.lowerBound] = 1 }
        }
        index += 2
      }
    }
    return any ? (columnRange, rowRange, members) : nil
  }

  /// Whether a point is inside by the even-odd rule over all polygons.
  package static func contains(_ point: SIMD2<Double>, _ polygons: [[SIMD2<Double>]]) -> Bool {
    var inside = false
    for polygon in polygons where polygon.count >= 3 {
      var previous = polygon[polygon.count - 1]
      for corner in polygon {
        if (previous.y <= point.y) != (corner.y <= point.y) {
          let x = previous.x + (point.y - previous.y) / (corner.y - previous.y) * (corner.x - previous.x)
          if x <= point.x { inside.toggle() }
        }
        previous = corner
      }
    }
    return inside
  }

  private static func cross(
    _ first: SIMD2<Double>, _ second: SIMD2<Double>, _ rows: Range<Int>, _ crossings: inout [[Double]]
  ) {
    let (low, high) = first.y <= second.y ? (first, second) : (second, first)
    guard low.y < high.y else { return }
    let begin = max(ceilIndex(low.y), rows.lowerBound)
    let end = min(ceilIndex(high.y), rows.upperBound)
    guard begin < end else { return }
    let slope = (high.x - low.x) / (high.y - low.y)
    for row in begin..<end { crossings[row - rows.lowerBound].append(low.x + (Double(row) - low.y) * slope) }
  }

  /// The first whole number not below `value`, kept within what an index can hold.
  private static func ceilIndex(_ value: Double) -> Int { Int(min(max(value.rounded(.up), -1e9), 1e9)) }

  private static func clip(_ low: Double, _ high: Double, _ count: Int) -> Range<Int>? {
    guard low.isFinite, high.isFinite else { return nil }
    let begin = max(0, ceilIndex(low))
    let end = min(count, ceilIndex(high) + 1)
    return begin < end ? begin..<end : nil
  }
}
