import Findings

extension MatrixRow {
  init(_ column: CohortColumn) {
    self.init(group: column.group)
    total = column.lesions.count
    for lesion in column.lesions {
      switch lesion.referenceMatrix {
      case .osteoblastic: osteoblastic += 1
      case .osteolytic: osteolytic += 1
      case .mixed: mixed += 1
      case .indeterminate: indeterminate += 1
      }
    }
  }
}

extension MatrixSignalTable {
  /// Osteolytic and osteoblastic lesions with a T2 signal; mixed ones stay out, as in the paper.
  init(_ column: CohortColumn) {
    for lesion in column.lesions {
      switch (lesion.referenceMatrix, lesion.t2) {
      case (.osteoblastic, .hyperintense): counts.osteoblastic.high += 1
      case (.osteoblastic, .isoToHypointense): counts.osteoblastic.low += 1
      case (.osteolytic, .hyperintense): counts.osteolytic.high += 1
      case (.osteolytic, .isoToHypointense): counts.osteolytic.low += 1
      default: break
      }
    }
    let table = FourfoldTable([
      [counts.osteoblastic.high, counts.osteoblastic.low], [counts.osteolytic.high, counts.osteolytic.low],
    ])
    let test = table.chiSquare(continuityCorrected: false)
    chiSquare = test.value?.statistic
    pValue = test.value?.pValue
    pValueReason = test.reason
    let corrected = table.chiSquare(continuityCorrected: true).value
    withContinuityCorrection = Corrected(chiSquare: corrected?.statistic, pValue: corrected?.pValue)
    smallestExpectedCount = table.smallestExpected
    pValueFisher = table.fisherExact().value
    addClustered(column)
  }

  private mutating func addClustered(_ column: CohortColumn) {
    let patients = column.patients.map { range -> ClusteredDifference.Patient in
      var lytic = ClusteredProportion.Patient(count: 0, total: 0)
      var blastic = lytic
      for lesion in column.lesions[range] {
        guard let t2 = lesion.t2, t2 != .indeterminate else { continue }
        let high = t2 == .hyperintense ? 1 : 0
        if lesion.referenceMatrix == .osteolytic {
          lytic.total += 1
          lytic.count += high
        } else if lesion.referenceMatrix == .osteoblastic {
          blastic.total += 1
          blastic.count += high
        }
      }
      return (lytic, blastic)
    }
    let test = ClusteredDifference.run(patients)
    differenceInShare = test.value?.difference
    ci95Clustered = test.value?.interval.array
    pValueClustered = test.value?.pValue
    pValueClusteredReason = test.reason
  }
}

extension LevelRow {
  static func rows(_ column: CohortColumn) -> [LevelRow] {
    let known = column.lesions.count { $0.region != nil }
    let rows = CohortLesion.SpineRegion.allCases.map { region in
      let count = column.lesions.count { $0.region == region }
      return LevelRow(
        region: region.rawValue, group: column.group, count: count, total: known,
        percent: Share.percent(count, of: known), percentOfAll: Share.percent(count, of: column.lesions.count))
    }
    let unknown = column.lesions.count - known
    return rows + [
      LevelRow(
        region: "unknown", group: column.group, count: unknown, total: known, percent: nil,
        percentOfAll: Share.percent(unknown, of: column.lesions.count))
    ]
  }
}

extension LesionsPerPatientRow {
  init(_ column: CohortColumn) {
    let counts = column.patients.map(\.count)
    let summary = Summary(counts.map(Double.init))
    self.init(
      group: column.group, patients: counts.count, lesions: column.lesions.count, mean: summary.mean,
      median: summary.median, minimum: counts.min(), maximum: counts.max())
  }
}
