/// Weighted least squares with a few unknowns, by the normal equations.
public struct LeastSquares: Sendable {
  private var normal: [[Double]]
  private var right: [Double]

  public init(unknowns: Int) {
    normal = [[Double]](repeating: [Double](repeating: 0, count: unknowns), count: unknowns)
    right = [Double](repeating: 0, count: unknowns)
  }

  /// Adds the equation sum(row[i] x[i]) = value.
  public mutating func add(_ row: [Double], _ value: Double, weight: Double = 1) {
    for i in row.indices {
      right[i] += weight * row[i] * value
      for j in row.indices { normal[i][j] += weight * row[i] * row[j] }
    }
  }

  /// Says that an unknown is about 0, with this variance in units of an equation's own.
  public mutating func addPrior(unknown: Int, variance: Double) { normal[unknown][unknown] += 1 / variance }

  /// The unknowns and their covariance in units of an equation's variance; `nil` where the equations do not determine
  /// them.
  public func solve() -> (unknowns: [Double], covariance: [[Double]])? {
    guard let inverse else { return nil }
    return (inverse.map { row in zip(row, right).reduce(0) { $0 + $1.0 * $1.1 } }, inverse)
  }

  /// Inverse of the normal matrix by Gauss-Jordan with pivoting; `nil` when singular.
  private var inverse: [[Double]]? {
    let n = normal.count
    var a = normal
    var b = (0..<n).map { row in (0..<n).map { $0 == row ? 1.0 : 0.0 } }
    for column in 0..<n {
      guard let pivot = (column..<n).max(by: { abs(a[$0][column]) < abs(a[$1][column]) }),
        abs(a[pivot][column]) > 1e-9
      else { return nil }
      a.swapAt(column, pivot)
      b.swapAt(column, pivot)
      let scale = a[column][column]
      for j in 0..<n {
        a[column][j] /= scale
        b[column][j] /= scale
      }
      for row in 0..<n where row != column {
        let factor = a[row][column]
        guard factor != 0 else { continue }
        for j in 0..<n {
          a[row][j] -= factor * a[column][j]
          b[row][j] -= factor * b[column][j]
        }
      }
    }
    return b
  }
}
