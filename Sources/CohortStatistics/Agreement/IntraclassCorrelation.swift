import Distributions

/// ICC(2,1) of Shrout and Fleiss (Psychol Bull 1979;86:420): absolute agreement of single readings, lesions and readers
/// both random; McGraw and Wong's ICC(A,1) with their interval (Psychol Methods 1996;1:30).
///
/// ICC = (MSR - MSE) / (MSR + (k - 1) MSE + k (MSC - MSE) / n) from the mean squares between lesions, between readers and
/// of the rest, n lesions by k readers. Fewer than two lesions, or all readings equal, have none.
package struct IntraclassCorrelation: Sendable, Equatable {
  package var value: Double
  package var interval: Estimate<Interval>

  /// - Parameter readings: for each lesion, the value of each reader.
  package static func run(_ readings: [[Double]]) -> Estimate<IntraclassCorrelation> {
    guard readings.count > 1 else { return .unavailable("fewer than two lesions measured by both readings") }
    guard readings.contains(where: { $0 != readings[0] }) || Set(readings[0]).count > 1 else {
      return .unavailable("all readings are equal")
    }
    // Exact agreement is decided by the values: rounding leaves mean squares of 1e-30 that would pass for disagreement.
    if readings.allSatisfy({ Set($0).count == 1 }) {
      return .value(IntraclassCorrelation(value: 1, interval: .unavailable("the readings agree on every lesion")))
    }
    let squares = MeanSquares(readings)
    let n = Double(readings.count)
    let k = Double(readings[0].count)
    let (rows, columns, rest) = (squares.rows, squares.columns, squares.rest)
    let denominator = rows + (k - 1) * rest + k * (columns - rest) / n
    guard denominator > 1e-14 * max(rows, max(columns, rest)) else {
      return .unavailable("neither lesions nor readers differ in their means")
    }
    let icc = (rows - rest) / denominator
    let interval =
      Self.interval(icc, squares, n, k).map(Estimate.value) ?? .unavailable("its degrees of freedom do not exist")
    return .value(IntraclassCorrelation(value: icc, interval: interval))
  }

  private static func interval(_ icc: Double, _ squares: MeanSquares, _ n: Double, _ k: Double) -> Interval? {
    let (rows, columns, rest) = (squares.rows, squares.columns, squares.rest)
    // Satterthwaite's degrees of freedom of the denominator.
    let a = k * icc / (n * (1 - icc))
    let b = 1 + k * icc * (n - 1) / (n * (1 - icc))
    let numerator = (a * columns + b * rest) * (a * columns + b * rest)
    let split = a * columns * a * columns / (k - 1) + b * rest * b * rest / ((n - 1) * (k - 1))
    guard split > 0 else { return nil }
    let degrees = numerator / split
    guard
      degrees > 0, let upperF = Distribution.fisherQuantile(0.975, numerator: n - 1, denominator: degrees),
      let lowerF = Distribution.fisherQuantile(0.975, numerator: degrees, denominator: n - 1)
    else { return nil }
    let common = k * columns + (k * n - k - n) * rest
    let lower = n * (rows - upperF * rest) / (upperF * common + n * rows)
    let upper = n * (lowerF * rows - rest) / (common + n * lowerF * rows)
    guard lower.isFinite, upper.isFinite else { return nil }
    return Interval(max(-1, lower), min(1, upper))
  }

  private struct MeanSquares {
    var rows: Double
    var columns: Double
    var rest: Double

    init(_ readings: [[Double]]) {
      let n = Double(readings.count)
      let k = Double(readings[0].count)
      let grand = readings.reduce(0) { $0 + $1.reduce(0, +) } / (n * k)
      let rowMeans = readings.map { $0.reduce(0, +) / k }
      let columnMeans = readings[0].indices.map { column in readings.reduce(0) { $0 + $1[column] } / n }
      rows = k * rowMeans.reduce(0) { $0 + ($1 - grand) * ($1 - grand) } / (n - 1)
      columns = n * columnMeans.reduce(0) { $0 + ($1 - grand) * ($1 - grand) } / (k - 1)
      var rest = 0.0
      for (row, values) in readings.enumerated() {
        for (column, value) in values.enumerated() {
          let residual = value - rowMeans[row] - columnMeans[column] + grand
          rest += residual * residual
        }
      }
      self.rest = rest / ((n - 1) * (k - 1))
    }
  }
}
