/// The half-level outlines of a mask in a plane.
///
/// A vertex lies half-way between the centres of each pair of neighbours (4-neighbours) of which one is inside and one
/// outside, so that a row of n pixels is n pixels long; what lies beyond the grid is outside. Vertices are joined
/// through the squares of four pixel centres; where two inside pixels touch only at a corner they are joined
/// (8-connectivity). This is the outline that PyRadiomics' marching cubes mesh draws in the slice.
public enum MarchingSquares {
  /// Closed outlines in pixel units (column, row), pixel centres at whole numbers, the inside on the left-hand side
  /// when the column axis points right and the row axis up: outer outlines have a positive area, holes a negative one.
  /// They come in the order of their first vertex in memory order; cost is linear in the pixels.
  public static func outlines(mask: [UInt8], columns: Int, rows: Int) -> [[SIMD2<Double>]] {
    precondition(mask.count == columns * rows, "a mask needs one value for each pixel")
    var tracer = OutlineTracer(mask: mask, columns: columns, rows: rows)
    return tracer.trace()
  }
}

/// Walks along the borders between inside and outside pixels.
///
/// A border is an inside pixel and one of its four sides beyond which lies the outside; the vertex lies on that side's
/// middle. Sides are 0: column + 1, 1: row + 1, 2: column - 1, 3: row - 1 (counter-clockwise with rows upward).
private struct OutlineTracer {
  let mask: [UInt8]
  let columns: Int
  let rows: Int
  private var visited: [UInt8]

  init(mask: [UInt8], columns: Int, rows: Int) {
    self.mask = mask
    self.columns = columns
    self.rows = rows
    visited = [UInt8](repeating: 0, count: mask.count)
  }

  private static let steps = [(1, 0), (0, 1), (-1, 0), (0, -1)]

  private func isInside(_ column: Int, _ row: Int) -> Bool {
    column >= 0 && column < columns && row >= 0 && row < rows && mask[row * columns + column] != 0
  }

  mutating func trace() -> [[SIMD2<Double>]] {
    var outlines: [[SIMD2<Double>]] = []
    for row in 0..<rows {
      for column in 0..<columns where mask[row * columns + column] != 0 {
        for side in 0..<4 where visited[row * columns + column] & (1 << UInt8(side)) == 0 {
          let (dx, dy) = Self.steps[side]
          if !isInside(column + dx, row + dy) { outlines.append(walk(column, row, side)) }
        }
      }
    }
    return outlines
  }

  private mutating func walk(_ startColumn: Int, _ startRow: Int, _ startSide: Int) -> [SIMD2<Double>] {
    var outline: [SIMD2<Double>] = []
    var (column, row, side) = (startColumn, startRow, startSide)
    repeat {
      visited[row * columns + column] |= 1 << UInt8(side)
      let (dx, dy) = Self.steps[side]
      outline.append(SIMD2(Double(column) + Double(dx) / 2, Double(row) + Double(dy) / 2))
      // Ahead lies the square between this side and the next one; turn by what its two further pixels hold.
      let (ax, ay) = Self.steps[(side + 1) & 3]
      if isInside(column + dx + ax, row + dy + ay) {
        // Diagonal pixel inside: the border goes on at its side that faces back (a right turn).
        (column, row, side) = (column + dx + ax, row + dy + ay, (side + 3) & 3)
      } else if isInside(column + ax, row + ay) {
        (column, row) = (column + ax, row + ay)
      } else {
        side = (side + 1) & 3
      }
    } while !(column == startColumn && row == startRow && side == startSide)
    return outline
  }
}
