import Findings

extension SizeTables {
  /// - Parameters:
  ///   - columns: one column a group, then the total.
  init(columns: [CohortColumn], parameters: CohortParameters) {
    groups = columns.map(Self.summary)
    let compared = columns.dropLast().map { (group: $0.group, patients: $0.values(\.diameterMm)) }
    kruskalWallis = Self.kruskalWallis(compared.map(\.patients), parameters)
    for first in compared.indices {
      for second in compared.indices where second > first {
        pairwise.append(Self.pair(compared[first], compared[second], parameters))
      }
    }
    comparisons = pairwise.count { $0.pValue != nil }
    let clusteredComparisons = pairwise.count { $0.pValueClustered != nil }
    for index in pairwise.indices {
      pairwise[index].pValueBonferroni =
        pairwise[index].pValue.map { Multiplicity.bonferroni($0, tests: comparisons) }
      pairwise[index].pValueClusteredBonferroni =
        pairwise[index].pValueClustered.map { Multiplicity.bonferroni($0, tests: clusteredComparisons) }
    }
  }

  private static func summary(_ column: CohortColumn) -> Group {
    var group = Group(
      group: column.group, meanMm: nil, sdMm: nil, medianMm: nil, minimumMm: nil, maximumMm: nil, ci95Clustered: nil)
    group.lesions = column.lesions.count
    for lesion in column.lesions {
      switch lesion.sizeStatus {
      // A status without its diameter is no measurement.
      case .measured where lesion.diameterMm != nil: group.measured += 1
      case .notMeasuredWholeVertebra: group.notMeasuredWholeVertebra += 1
      case .notMeasuredPosteriorInfiltration: group.notMeasuredPosteriorInfiltration += 1
      case .measured, .notMeasurable: group.notMeasurable += 1
      }
    }
    let patients = column.values(\.diameterMm)
    let summary = Summary(patients.flatMap { $0 })
    group.meanMm = summary.mean
    group.sdMm = summary.standardDeviation
    group.medianMm = summary.median
    group.minimumMm = summary.minimum
    group.maximumMm = summary.maximum
    let interval = ClusteredMean.interval(patients)
    group.ci95Clustered = interval.value?.array
    var reasons: [String: String] = [:]
    if group.measured == 0 {
      for field in ["mean_mm", "sd_mm", "median_mm", "minimum_mm", "maximum_mm"] {
        reasons[field] = "no measured lesion"
      }
    } else if group.measured == 1 {
      reasons["sd_mm"] = "one measured lesion"
    }
    if let reason = interval.reason { reasons["ci95_clustered"] = reason }
    group.reasons = reasons.isEmpty ? nil : reasons
    return group
  }

  private static func kruskalWallis(_ groups: [[[Double]]], _ parameters: CohortParameters) -> KruskalWallis {
    var result = KruskalWallis()
    let test = KruskalWallisTest.run(groups.map { $0.flatMap { $0 } })
    result.statistic = test.value?.statistic
    result.degreesOfFreedom = test.value?.degreesOfFreedom
    result.pValue = test.value?.pValue
    result.pValueExact = test.value?.exactPValue
    result.pValueReason = test.reason
    let clustered = PatientPermutation.run(groups, parameters: parameters)
    result.pValueClustered = clustered.value?.pValue
    result.clusteredArrangements = clustered.value?.arrangements
    result.pValueClusteredReason = clustered.reason
    return result
  }

  private static func pair(
    _ first: (group: String, patients: [[Double]]), _ second: (group: String, patients: [[Double]]),
    _ parameters: CohortParameters
  ) -> Pair {
    let test = MannWhitneyTest.run(
      first.patients.flatMap { $0 }, second.patients.flatMap { $0 }, exactLimit: parameters.exactMannWhitneyLesions)
    let clustered = PatientPermutation.run([first.patients, second.patients], parameters: parameters)
    return Pair(
      groups: [first.group, second.group], statistic: test.value?.statistic, pValue: test.value?.pValue,
      pValueReason: test.reason, pValueBonferroni: nil, method: test.value?.method.rawValue,
      pValueClustered: clustered.value?.pValue, pValueClusteredBonferroni: nil, pValueClusteredReason: clustered.reason)
  }
}

/// Mean, standard deviation (n - 1), median and range.
struct Summary: Sendable, Equatable {
  var mean: Double?
  var standardDeviation: Double?
  var median: Double?
  var minimum: Double?
  var maximum: Double?

  init(_ values: [Double]) {
    guard !values.isEmpty else { return }
    let sorted = values.sorted()
    let n = Double(sorted.count)
    // The mean in two passes: the second takes out the rounding of the first.
    let first = sorted.reduce(0, +) / n
    let mean = first + sorted.reduce(0) { $0 + ($1 - first) } / n
    self.mean = mean
    let middle = sorted.count / 2
    median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    minimum = sorted.first
    maximum = sorted.last
    guard sorted.count > 1 else { return }
    standardDeviation = (sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)).squareRoot()
  }
}
