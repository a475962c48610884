import Distributions

/// A 2x2 table of counts and Pearson's chi-square on it.
package struct FourfoldTable: Sendable, Equatable {
  /// Rows are the groups compared, columns the outcome: [[a, b], [c, d]].
  package var counts: [[Int]]

  package init(_ counts: [[Int]]) { self.counts = counts }

  package struct ChiSquare: Sendable, Equatable {
    package var statistic: Double
    package var pValue: Double
  }

  private var rows: [Int] { counts.map { $0.reduce(0, +) } }
  private var columns: [Int] { [counts[0][0] + counts[1][0], counts[0][1] + counts[1][1]] }
  private var total: Int { rows[0] + rows[1] }

  private var emptyMargin: String? {
    if total == 0 { return "no lesion with both findings" }
    if rows.contains(0) { return "one of the two characteristics does not occur" }
    if columns.contains(0) { return "all lesions have the same signal" }
    return nil
  }

  /// sum (|O - E| - c)^2 / E with one degree of freedom; c = min(0.5, |O - E|) with Yates' continuity correction, else 0.
  package func chiSquare(continuityCorrected: Bool) -> Estimate<ChiSquare> {
    if let emptyMargin { return .unavailable(emptyMargin) }
    var statistic = 0.0
    for (row, rowTotal) in rows.enumerated() {
      for (column, columnTotal) in columns.enumerated() {
        let expected = Double(rowTotal) * Double(columnTotal) / Double(total)
        var distance = (Double(counts[row][column]) - expected).magnitude
        if continuityCorrected { distance -= min(0.5, distance) }
        statistic += distance * distance / expected
      }
    }
    return Estimate(Distribution.chiSquaredUpper(statistic, degrees: 1)).map {
      ChiSquare(statistic: statistic, pValue: $0)
    }
  }

  /// The smallest expected count; below 5 the chi-square approximation is not to be trusted.
  package var smallestExpected: Double? {
    guard total > 0 else { return nil }
    return Double(rows.min()!) * Double(columns.min()!) / Double(total)
  }

  /// Fisher's exact test, two-sided: the sum of the tables that are no more probable than this one.
  package func fisherExact() -> Estimate<Double> {
    if let emptyMargin { return .unavailable(emptyMargin) }
    let lowest = max(0, rows[0] - columns[1])
    let highest = min(rows[0], columns[0])
    // Hypergeometric weights by their ratios, relative to the table at hand: no factorial is needed.
    let observed = counts[0][0]
    var weights = [Int: Double]()
    weights[observed] = 1
    for a in stride(from: observed, to: highest, by: 1) { weights[a + 1] = weights[a]! * ratio(a) }
    for a in stride(from: observed, to: lowest, by: -1) { weights[a - 1] = weights[a]! / ratio(a - 1) }
    let all = (lowest...highest).map { weights[$0]! }
    let sum = all.reduce(0, +)
    guard sum.isFinite else { return .value(0) }
    return .value(min(1, all.filter { $0 <= 1 + 1e-7 }.reduce(0, +) / sum))
  }

  /// P(a + 1) / P(a).
  private func ratio(_ a: Int) -> Double {
    let b = rows[0] - a
    let c = columns[0] - a
    let d = total - rows[0] - c
    return Double(b) * Double(c) / (Double(a + 1) * Double(d + 1))
  }
}

/// The difference of two proportions of lesions that come in patients, a patient giving lesions to either or both.
///
/// Linearised as `ClusteredProportion`: z_i = (x_1i - p_1 n_1i) / n_1 - (x_2i - p_2 n_2i) / n_2, variance
/// k / (k - 1) sum z_i^2, Student's t with k - 1 degrees of freedom.
package struct ClusteredDifference: Sendable, Equatable {
  package var difference: Double
  package var interval: Interval
  package var pValue: Double

  package typealias Patient = (first: ClusteredProportion.Patient, second: ClusteredProportion.Patient)

  package static func run(_ patients: [Patient]) -> Estimate<ClusteredDifference> {
    let patients = patients.filter { $0.first.total + $0.second.total > 0 }
    let n1 = Double(patients.reduce(0) { $0 + $1.first.total })
    let n2 = Double(patients.reduce(0) { $0 + $1.second.total })
    guard n1 > 0, n2 > 0 else { return .unavailable("one of the two characteristics does not occur") }
    guard patients.count > 1 else { return .unavailable("one patient: the spread between patients is unknown") }
    let p1 = Double(patients.reduce(0) { $0 + $1.first.count }) / n1
    let p2 = Double(patients.reduce(0) { $0 + $1.second.count }) / n2
    let k = Double(patients.count)
    let sum = patients.reduce(0.0) { sum, patient in
      let z =
        (Double(patient.first.count) - p1 * Double(patient.first.total)) / n1
        - (Double(patient.second.count) - p2 * Double(patient.second.total)) / n2
      return sum + z * z
    }
    let deviation = (k / (k - 1) * sum).squareRoot()
    guard deviation > 1e-10 else { return .unavailable("no spread between patients") }
    let difference = p1 - p2
    guard
      let pValue = Distribution.studentTwoSided(difference / deviation, degrees: k - 1),
      let quantile = Distribution.studentQuantile(0.975, degrees: k - 1)
    else { return .unavailable("the distribution has no value here") }
    let interval = Interval(max(-1, difference - quantile * deviation), min(1, difference + quantile * deviation))
    return .value(ClusteredDifference(difference: difference, interval: interval, pValue: pValue))
  }
}
