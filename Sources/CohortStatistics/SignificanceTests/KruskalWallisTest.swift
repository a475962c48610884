import Distributions

/// Kruskal and Wallis' test that groups come from one distribution, corrected for ties.
///
/// H = [12 / (N (N + 1)) * sum R_g^2 / n_g - 3 (N + 1)] / [1 - sum(t^3 - t) / (N^3 - N)], against chi-square with one
/// degree less than groups that hold values. It does not exist for fewer than two such groups, nor when all are equal.
package struct KruskalWallisTest: Sendable, Equatable {
  package var statistic: Double
  package var degreesOfFreedom: Int
  package var pValue: Double
  /// Over all ways to deal the values to the groups; `nil` where these are too many to walk.
  package var exactPValue: Double?

  package static func run(_ groups: [[Double]], exactArrangements: Double = 200_000) -> Estimate<KruskalWallisTest> {
    let groups = groups.filter { !$0.isEmpty }
    guard !groups.isEmpty else { return .unavailable("no measured lesion") }
    guard groups.count > 1 else { return .unavailable("only one group has measured lesions") }
    let ranks = Ranks(groups.flatMap { $0 })
    guard ranks.tieCorrection > 0 else { return .unavailable("all measured lesions are equal") }
    let sizes = groups.map(\.count)
    var labels: [Int] = []
    for (index, size) in sizes.enumerated() { labels.append(contentsOf: Array(repeating: index, count: size)) }
    let statistic = RankStatistic(ranks: ranks, sizes: sizes).value(labels)
    let degrees = groups.count - 1
    guard let pValue = Distribution.chiSquaredUpper(statistic, degrees: Double(degrees)) else {
      return .unavailable("the distribution has no value here")
    }
    let exact =
      Arrangements.count(sizes) <= exactArrangements ? exactPValue(statistic, ranks: ranks, labels: labels) : nil
    return .value(
      KruskalWallisTest(statistic: statistic, degreesOfFreedom: degrees, pValue: pValue, exactPValue: exact))
  }

  private static func exactPValue(_ observed: Double, ranks: Ranks, labels: [Int]) -> Double {
    let sizes = labels.reduce(into: [Int](repeating: 0, count: labels.last! + 1)) { $0[$1] += 1 }
    let statistic = RankStatistic(ranks: ranks, sizes: sizes)
    var asExtreme = 0
    var all = 0
    Arrangements.forEach(labels) { arrangement in
      all += 1
      if statistic.value(arrangement) >= observed - 1e-9 { asExtreme += 1 }
    }
    return Double(asExtreme) / Double(all)
  }
}

/// H of Kruskal and Wallis for a given dealing of ranks to groups of given sizes.
struct RankStatistic {
  let ranks: Ranks
  let sizes: [Int]

  func value(_ labels: [Int]) -> Double {
    var sums = [Int](repeating: 0, count: sizes.count)
    for (rank, label) in zip(ranks.doubled, labels) { sums[label] += rank }
    return Self.value(doubledSums: sums, sizes: sizes, ranks: ranks)
  }

  static func value(doubledSums: [Int], sizes: [Int], ranks: Ranks) -> Double {
    let n = Double(ranks.count)
    var between = 0.0
    for (sum, size) in zip(doubledSums, sizes) where size > 0 {
      let sum = Double(sum) / 2
      between += sum * sum / Double(size)
    }
    return (12 / (n * (n + 1)) * between - 3 * (n + 1)) / ranks.tieCorrection
  }
}
