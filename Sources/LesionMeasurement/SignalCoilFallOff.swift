internal import Foundation

/// How a surface coil's sensitivity falls off with depth, read from tissues that should have one signal each.
///
/// The spine coil lies flat under the supine patient, so that sensitivity depends on the distance from the table, the
/// posterior coordinate y. The signal of one tissue (paraspinal muscle; the marrow of one vertebra) at different y
/// shows the slope: log S = a(tissue) + b y + c y^2, fitted by least squares over the medians of 4 mm bins, near the
/// lesion's level, with a weak prior against curvature. What is wanted is only the difference between two depths, so
/// the tissues' own brightness drops out. Compare Wallner and Edelman's signal normalization of surface-coil images.
public struct CoilFallOff: Sendable {
  /// One voxel of a tissue.
  public struct Sample: Sendable {
    /// Which tissue: voxels of one group share their true signal.
    public var group: Int
    /// Posterior coordinate (LPS y), millimetres.
    public var y: Double
    /// Superior coordinate (LPS z), millimetres.
    public var z: Double
    public var value: Float

    public init(group: Int, y: Double, z: Double, value: Float) {
      self.group = group
      self.y = y
      self.z = z
      self.value = value
    }
  }

  private let slope: Double
  private let curvature: Double
  /// Covariance of slope and curvature: (bb, bc, cc).
  private let covariance: (Double, Double, Double)
  private let range: ClosedRange<Double>
  private let origin: Double
  private static let unit = 50.0

  /// - Parameter z: level of the lesion; samples within the parameters' window of it are used.
  /// - Returns: `nil` where the tissues do not reach over enough depth to show a slope.
  public init?(_ samples: [Sample], near z: Double, parameters: SignalParameters) {
    var bins: [[Int]: [Float]] = [:]
    for sample in samples where abs(sample.z - z) <= parameters.coilWindow && sample.value > 0 {
      bins[[sample.group, Int((sample.y / parameters.coilBin).rounded(.down))], default: []].append(sample.value)
    }
    let kept = bins.filter { $0.value.count >= parameters.coilMinimumBinVoxels }
    var perGroup: [Int: Int] = [:]
    for key in kept.keys { perGroup[key[0], default: 0] += 1 }
    let groups = perGroup.filter { $0.value >= 3 }.keys.sorted()
    let keys = kept.keys.filter { groups.contains($0[0]) }.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }
    guard let first = keys.first, keys.count >= groups.count + 3 else { return nil }
    let place = { (key: [Int]) in (Double(key[1]) + 0.5) * parameters.coilBin }
    let depths = keys.map(place)
    let origin = depths.reduce(0, +) / Double(depths.count)
    _ = first
    let count = groups.count + 2
    var normal = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    var right = [Double](repeating: 0, count: count)
    var rows: [(row: [Double], value: Double)] = []
    for (key, depth) in zip(keys, depths) {
      guard var values = kept[key], let group = groups.firstIndex(of: key[0]) else { continue }
      values.sort()
      var row = [Double](repeating: 0, count: count)
      row[group] = 1
      let scaled = (depth - origin) / Self.unit
      row[count - 2] = scaled
      row[count - 1] = scaled * scaled
      rows.append((row, log(Double(values[values.count / 2]))))
    }
    for (row, value) in rows {
      for i in 0..<count {
        right[i] += row[i] * value
        for j in 0..<count { normal[i][j] += row[i] * row[j] }
      }
    }
    let tissueSpread = 0.03
    normal[count - 1][count - 1] += pow(tissueSpread / parameters.coilCurvaturePrior, 2)
    guard let inverse = Self.inverse(normal) else { return nil }
    let solution = inverse.map { row in zip(row, right).reduce(0) { $0 + $1.0 * $1.1 } }
    let residual = rows.reduce(0) { sum, entry in
      let error = entry.value - zip(entry.row, solution).reduce(0) { $0 + $1.0 * $1.1 }
      return sum + error * error
    }
    let variance = max(1e-4, residual / Double(max(1, rows.count - count)))
    slope = solution[count - 2]
    curvature = solution[count - 1]
    covariance = (
      variance * inverse[count - 2][count - 2], variance * inverse[count - 2][count - 1],
      variance * inverse[count - 1][count - 1]
    )
    range = (depths.min() ?? 0)...(depths.max() ?? 0)
    self.origin = origin
  }

  /// Sensitivity at `target` over that at `source` (posterior coordinates), and its relative standard error; `nil`
  /// where the target lies more than 25 mm beyond the tissues that were seen.
  public func factor(from source: Double, to target: Double) -> (factor: Double, relativeError: Double)? {
    guard target >= range.lowerBound - 25, target <= range.upperBound + 25 else { return nil }
    let (a, b) = ((source - origin) / Self.unit, (target - origin) / Self.unit)
    let (linear, square) = (b - a, b * b - a * a)
    let exponent = slope * linear + curvature * square
    let error =
      linear * linear * covariance.0 + 2 * linear * square * covariance.1 + square * square * covariance.2
    return (exp(exponent), max(0, error).squareRoot())
  }

  /// Inverse of a small symmetric positive matrix by Gauss-Jordan with pivoting; `nil` when singular.
  private static func inverse(_ matrix: [[Double]]) -> [[Double]]? {
    let n = matrix.count
    var a = matrix
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
