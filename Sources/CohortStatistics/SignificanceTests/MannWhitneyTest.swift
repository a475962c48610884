import Distributions

/// Mann and Whitney's test of two groups, two-sided, ties sharing mean ranks.
///
/// The exact P is P(|W - E W| >= |w - E W|) over all ways to deal the pooled, tied ranks to groups of these sizes: without
/// ties the textbook table, with ties the conditional distribution. Beyond `exactLimit` values the normal approximation
/// with tie and continuity correction stands in. It does not exist for an empty group, nor when all values are equal.
package struct MannWhitneyTest: Sendable, Equatable {
  package enum Method: String, Sendable { case exact, normal }

  /// U of the first group: pairs in which its value is larger, ties counting one half.
  package var statistic: Double
  package var pValue: Double
  package var method: Method

  package static func run(_ first: [Double], _ second: [Double], exactLimit: Int = 60) -> Estimate<MannWhitneyTest> {
    guard !first.isEmpty, !second.isEmpty else { return .unavailable("a group has no measured lesion") }
    let ranks = Ranks(first + second)
    guard ranks.tieCorrection > 0 else { return .unavailable("all measured lesions are equal") }
    let doubledSum = ranks.doubled[..<first.count].reduce(0, +)
    let n = Double(first.count)
    let statistic = Double(doubledSum) / 2 - n * (n + 1) / 2
    if ranks.count <= exactLimit {
      let pValue = exactPValue(ranks.doubled, size: first.count, sum: doubledSum)
      return .value(MannWhitneyTest(statistic: statistic, pValue: pValue, method: .exact))
    }
    guard let pValue = normalPValue(statistic, first.count, second.count, ranks) else {
      return .unavailable("the distribution has no value here")
    }
    return .value(MannWhitneyTest(statistic: statistic, pValue: pValue, method: .normal))
  }

  private static func normalPValue(_ statistic: Double, _ first: Int, _ second: Int, _ ranks: Ranks) -> Double? {
    let n = Double(ranks.count)
    let pairs = Double(first) * Double(second)
    let deviation = (pairs / 12 * (n + 1 - ranks.tieTerm / (n * (n - 1)))).squareRoot()
    let z = max(0, (statistic - pairs / 2).magnitude - 0.5) / deviation
    return Distribution.normalUpper(z).map { min(1, 2 * $0) }
  }

  /// Counts the subsets of each size and rank sum, one rank after the other.
  private static func exactPValue(_ doubled: [Int], size: Int, sum: Int) -> Double {
    let total = doubled.reduce(0, +)
    // The smaller group's subsets are fewer; its rank sum is the total less the other's.
    let smaller = min(size, doubled.count - size)
    let observed = smaller == size ? sum : total - sum
    let width = total + 1
    var ways = [Double](repeating: 0, count: (smaller + 1) * width)
    ways[0] = 1
    var reach = 0
    for (taken, rank) in doubled.enumerated() {
      reach += rank
      for members in stride(from: min(smaller, taken + 1), through: 1, by: -1) {
        let row = members * width
        let below = row - width - rank
        for target in stride(from: reach, through: rank, by: -1) { ways[row + target] += ways[below + target] }
      }
    }
    // |sum - expected| in units that stay whole: expected = smaller * total / count.
    let distance = (observed * doubled.count - smaller * total).magnitude
    var all = 0.0
    var asExtreme = 0.0
    for (target, count) in ways[(smaller * width)...].enumerated() where count > 0 {
      all += count
      if (target * doubled.count - smaller * total).magnitude >= distance { asExtreme += count }
    }
    return min(1, asExtreme / all)
  }
}
