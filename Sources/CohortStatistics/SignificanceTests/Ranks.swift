/// Ranks of a pooled sample, ties sharing the mean of their ranks.
package struct Ranks: Sendable, Equatable {
  /// Twice the mid-rank of each value, in the order given: an integer, so that sums are exact.
  package let doubled: [Int]
  /// Sum of t^3 - t over the groups of t tied values.
  package let tieTerm: Double

  package init(_ values: [Double]) {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var doubled = [Int](repeating: 0, count: values.count)
    var tieTerm = 0.0
    var first = 0
    while first < order.count {
      var last = first
      while last + 1 < order.count, values[order[last + 1]] == values[order[first]] { last += 1 }
      for position in first...last { doubled[order[position]] = first + last + 2 }
      let tied = Double(last - first + 1)
      tieTerm += tied * tied * tied - tied
      first = last + 1
    }
    self.doubled = doubled
    self.tieTerm = tieTerm
  }

  package var count: Int { doubled.count }

  /// 1 - sum(t^3 - t) / (N^3 - N): the share of the rank variance that the ties leave; 0 when all are equal.
  package var tieCorrection: Double {
    let n = Double(count)
    return count < 2 ? 0 : 1 - tieTerm / (n * n * n - n)
  }
}
