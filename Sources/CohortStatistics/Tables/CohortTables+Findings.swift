import Findings

/// The lesions of one column of the tables, patient by patient.
struct CohortColumn: Sendable {
  let group: String
  let lesions: [CohortLesion]
  /// For each patient, the range of its lesions in `lesions`.
  let patients: [Range<Int>]

  init(group: String, lesions: [CohortLesion]) {
    self.group = group
    let sorted = lesions.indices.sorted { (lesions[$0].patient, $0) < (lesions[$1].patient, $1) }.map { lesions[$0] }
    self.lesions = sorted
    var patients: [Range<Int>] = []
    var start = 0
    for index in sorted.indices where index + 1 == sorted.count || sorted[index + 1].patient != sorted[index].patient {
      patients.append(start..<(index + 1))
      start = index + 1
    }
    self.patients = patients
  }

  /// For each patient, the values of its lesions that have one.
  func values(_ value: (CohortLesion) -> Double?) -> [[Double]] {
    patients.map { lesions[$0].compactMap(value) }
  }
}

extension CohortFeature {
  /// The rows of one column: the levels, then the reasons why a lesion is not evaluable.
  func rows(_ column: CohortColumn) -> [FindingRow] {
    let answers = column.lesions.map(answer)
    var counts = [Int](repeating: 0, count: levels.count)
    var missingCounts = [Int](repeating: 0, count: missing.count)
    for answer in answers {
      switch answer {
      case .level(let level): counts[level] += 1
      case .missing(let reason): missingCounts[reason] += 1
      }
    }
    let evaluable = counts.reduce(0, +)
    let patients = column.patients.count { range in
      answers[range].contains { if case .level = $0 { true } else { false } }
    }
    func row(_ level: String, _ count: Int) -> FindingRow {
      FindingRow(
        feature: name, level: level, group: column.group, count: count, total: evaluable, lesions: answers.count,
        patients: patients, percent: nil, percentOfAll: Share.percent(count, of: answers.count), ci95Exact: nil,
        ci95Clustered: nil, ci95ClusteredReason: nil, pValue: nil, pValueReason: nil, pValueHolm: nil,
        pValueClustered: nil, pValueClusteredReason: nil)
    }
    let levelRows = levels.indices.map { level in
      var result = row(levels[level], counts[level])
      result.percent = Share.percent(counts[level], of: evaluable)
      addIntervals(to: &result, level: level, answers: answers, column: column)
      addTests(to: &result, level: level, answers: answers, column: column)
      return result
    }
    let missingRows = missing.indices.map { reason in
      var result = row(missing[reason], missingCounts[reason])
      result.ci95ClusteredReason = "these lesions are not evaluable"
      result.pValueReason = "these lesions are not evaluable"
      result.pValueClusteredReason = "these lesions are not evaluable"
      return result
    }
    return levelRows + missingRows
  }

  private func clustered(_ level: Int, _ answers: [Answer], _ column: CohortColumn) -> ClusteredProportion {
    ClusteredProportion(
      column.patients.map { range in
        var patient = ClusteredProportion.Patient(count: 0, total: 0)
        for case .level(let answer) in answers[range] {
          patient.total += 1
          if answer == level { patient.count += 1 }
        }
        return patient
      })
  }

  private func addIntervals(to row: inout FindingRow, level: Int, answers: [Answer], column: CohortColumn) {
    row.ci95Exact = ExactBinomial.interval(count: row.count, total: row.total).value?.array
    let interval = clustered(level, answers, column).interval()
    row.ci95Clustered = interval.value?.array
    row.ci95ClusteredReason = interval.reason
  }

  private func addTests(to row: inout FindingRow, level: Int, answers: [Answer], column: CohortColumn) {
    guard isTwoLevel, level == 0 else {
      let reason =
        isTwoLevel ? "given on the first level" : "a feature of more than two levels is not tested against 0.5"
      row.pValueReason = reason
      row.pValueClusteredReason = reason
      return
    }
    let test = ProportionTest.run(count: row.count, total: row.total)
    row.pValue = test.value?.pValue
    row.pValueReason = test.reason
    let clusteredTest = clustered(level, answers, column).pValue()
    row.pValueClustered = clusteredTest.value
    row.pValueClusteredReason = clusteredTest.reason
  }
}

enum Share {
  static func percent(_ count: Int, of total: Int) -> Double? {
    total > 0 ? 100 * Double(count) / Double(total) : nil
  }
}
