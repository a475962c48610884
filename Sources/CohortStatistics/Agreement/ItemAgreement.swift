public import Findings

/// How two readings agree on an item with classes.
public struct CategoricalAgreement: Codable, Sendable, Equatable {
  public var name: String
  /// Matched lesions that both readings classify.
  public var lesions = 0
  /// Matched lesions that only one or neither classifies.
  public var missing = 0
  /// The classes that occur.
  public var classes: [String] = []
  /// Rows the first reading, columns the second, in the order of `classes`.
  public var counts: [[Int]] = []
  @Nullable public var agreementPercent: Double?
  @Nullable public var kappa: Double?
  @Nullable public var kappaCi95: [Double]?
  @Nullable public var kappaCi95Clustered: [Double]?
  @Nullable public var kappaReason: String?
  @Nullable public var kappaCi95ClusteredReason: String?
  /// `none`, `linear` or `quadratic`.
  public var weighting: String
  @Nullable public var weightedKappa: Double?
  @Nullable public var weightedKappaCi95: [Double]?
  @Nullable public var weightedKappaReason: String?

  init(_ item: CategoricalItem, pairs: [LesionPair], patients: PatientIndex) {
    name = item.name
    weighting = item.weighting.rawValue
    var answers: [(patient: Int, first: Int, second: Int)] = []
    for (pair, patient) in zip(pairs, patients.ofPair) {
      guard
        let first = pair.first.classes[item.name].flatMap({ item.classes.firstIndex(of: $0) }),
        let second = pair.second.classes[item.name].flatMap({ item.classes.firstIndex(of: $0) })
      else {
        missing += 1
        continue
      }
      answers.append((patient, first, second))
    }
    lesions = answers.count
    var all = [[Int]](repeating: [Int](repeating: 0, count: item.classes.count), count: item.classes.count)
    for answer in answers { all[answer.first][answer.second] += 1 }
    let occurring = item.classes.indices.filter { index in
      all[index].contains { $0 > 0 } || all.contains { $0[index] > 0 }
    }
    classes = occurring.map { item.classes[$0] }
    counts = occurring.map { row in occurring.map { all[row][$0] } }
    let same = answers.count { $0.first == $0.second }
    agreementPercent = Share.percent(same, of: lesions)
    let result = CohenKappa.run(all)
    kappa = result.value?.kappa
    kappaCi95 = result.value?.interval.array
    kappaReason = result.reason
    let byPatient = Dictionary(grouping: answers, by: \.patient).sorted { $0.key < $1.key }.map(\.value)
    let clustered = Jackknife.interval(patients: byPatient.count) { leftOut in
      var rest = all
      for answer in leftOut.map({ byPatient[$0] }) ?? [] { rest[answer.first][answer.second] -= 1 }
      return CohenKappa.run(rest).value?.kappa
    }
    kappaCi95Clustered = clustered.value.map { [max(-1, $0.lower), min(1, $0.upper)] }
    kappaCi95ClusteredReason = clustered.reason
    addWeighted(all, item)
  }

  private mutating func addWeighted(_ table: [[Int]], _ item: CategoricalItem) {
    guard item.weighting != .none else {
      weightedKappaReason = "the classes have no order"
      return
    }
    let weighted = CohenKappa.run(table, weighting: item.weighting)
    weightedKappa = weighted.value?.kappa
    weightedKappaCi95 = weighted.value?.interval.array
    weightedKappaReason = weighted.reason
  }
}

/// How two readings agree on a number; differences are second less first.
public struct NumericalAgreement: Codable, Sendable, Equatable {
  /// The same on ratios: second over first, for numbers whose errors grow with their size.
  public struct Ratio: Codable, Sendable, Equatable {
    /// Geometric mean of the ratios.
    public var mean: Double
    public var lowerLimit: Double
    public var upperLimit: Double
  }

  public var name: String
  public var unit: String
  public var lesions = 0
  /// Matched lesions that only one or neither measures.
  public var missing = 0
  @Nullable public var meanFirst: Double?
  @Nullable public var meanSecond: Double?
  /// ICC(2,1).
  @Nullable public var icc: Double?
  @Nullable public var iccCi95: [Double]?
  @Nullable public var iccReason: String?
  @Nullable public var iccCi95Reason: String?
  @Nullable public var bias: Double?
  @Nullable public var biasCi95: [Double]?
  @Nullable public var biasCi95Clustered: [Double]?
  @Nullable public var biasCi95ClusteredReason: String?
  @Nullable public var sdOfDifferences: Double?
  @Nullable public var lowerLimit: Double?
  @Nullable public var lowerLimitCi95: [Double]?
  @Nullable public var upperLimit: Double?
  @Nullable public var upperLimitCi95: [Double]?
  @Nullable public var blandAltmanReason: String?
  /// `nil` where a value is not positive, or Bland-Altman's limits do not exist.
  @Nullable public var ratio: Ratio?
  @Nullable public var ratioReason: String?

  init(_ item: NumericalItem, pairs: [LesionPair], patients: PatientIndex) {
    name = item.name
    unit = item.unit
    var clusters = [[Double]](repeating: [], count: patients.count)
    var readings: [[Double]] = []
    for (pair, patient) in zip(pairs, patients.ofPair) {
      guard let first = pair.first.numbers[item.name], let second = pair.second.numbers[item.name] else {
        missing += 1
        continue
      }
      readings.append([first, second])
      clusters[patient].append(second - first)
    }
    lesions = readings.count
    meanFirst = Summary(readings.map { $0[0] }).mean
    meanSecond = Summary(readings.map { $0[1] }).mean
    let correlation = IntraclassCorrelation.run(readings)
    icc = correlation.value?.value
    iccCi95 = correlation.value?.interval.value?.array
    iccReason = correlation.reason
    iccCi95Reason = correlation.reason ?? correlation.value.flatMap { $0.interval.reason }
    addLimits(readings, clusters)
  }

  private mutating func addLimits(_ readings: [[Double]], _ clusters: [[Double]]) {
    let limits = BlandAltman.run(readings.map { $0[1] - $0[0] })
    blandAltmanReason = limits.reason
    let clustered = ClusteredMean.interval(clusters)
    biasCi95ClusteredReason = clustered.reason
    guard let limits = limits.value else {
      ratioReason = limits.reason
      return
    }
    bias = limits.bias
    biasCi95 = limits.biasInterval.array
    biasCi95Clustered = clustered.value?.array
    sdOfDifferences = limits.standardDeviation
    lowerLimit = limits.lowerLimit
    lowerLimitCi95 = limits.lowerLimitInterval.array
    upperLimit = limits.upperLimit
    upperLimitCi95 = limits.upperLimitInterval.array
    guard readings.allSatisfy({ $0[0] > 0 && $0[1] > 0 }) else {
      ratioReason = "a value is not above zero"
      return
    }
    let logarithms = BlandAltman.run(readings.map { Logarithm.natural($0[1] / $0[0]) }).value
    ratio = logarithms.map {
      Ratio(
        mean: Logarithm.exponential($0.bias), lowerLimit: Logarithm.exponential($0.lowerLimit),
        upperLimit: Logarithm.exponential($0.upperLimit))
    }
  }
}
