import Findings

extension CohortTables {
  /// Counts and tests; the cohort may have any number of groups, and groups without lesions.
  public init(_ cohort: Cohort, parameters: CohortParameters = CohortParameters()) {
    var byGroup = [[CohortLesion]](repeating: [], count: cohort.groups.count)
    for lesion in cohort.lesions { byGroup[cohort.patients[Int(lesion.patient)].group].append(lesion) }
    let groupColumns = zip(cohort.groups, byGroup).map { CohortColumn(group: $0, lesions: $1) }
    let total = CohortColumn(group: PrimariesTable.totalGroup, lesions: cohort.lesions)
    let columns = groupColumns + [total]

    engines = cohort.engines
    groupBy = cohort.groupColumn
    groups = cohort.groups
    self.parameters = parameters
    table1 = CohortFeature.all.flatMap { feature in columns.flatMap { feature.rows($0) } }
    table2 = columns.map(MatrixRow.init)
    table3 = MatrixSignalTable(total)
    size = SizeTables(columns: columns, parameters: parameters)
    levels = columns.flatMap(LevelRow.rows)
    lesionsPerPatient = columns.map(LesionsPerPatientRow.init)
    patients = Set(cohort.patients.filter { $0.lesions > 0 }.map(\.key)).count
    studies = cohort.studies
    lesions = cohort.lesions.count
    notes = cohort.notes
    excluded = cohort.exclusions.map { ExclusionRow(reason: $0.reason, count: $0.count, unit: $0.unit) }
    excluded += Self.missing(table1, levels, size, table2)
    correctForMultiplicity()
    methods = MethodRow.all
  }

  /// Lesions that a table cannot count, by table and reason.
  private static func missing(
    _ table1: [FindingRow], _ levels: [LevelRow], _ size: SizeTables, _ table2: [MatrixRow]
  ) -> [ExclusionRow] {
    let total = PrimariesTable.totalGroup
    var result: [ExclusionRow] = []
    for feature in CohortFeature.all {
      for level in feature.missing + (feature.isTwoLevel ? [] : ["indeterminate"]) {
        let row = table1.first { $0.feature == feature.name && $0.level == level && $0.group == total }
        guard let row, row.count > 0 else { continue }
        result.append(
          ExclusionRow(reason: "\(feature.name): \(level.replacing("_", with: " "))", count: row.count, unit: "lesions")
        )
      }
    }
    func add(_ reason: String, _ count: Int?) {
      if let count, count > 0 { result.append(ExclusionRow(reason: reason, count: count, unit: "lesions")) }
    }
    let all = size.groups.last
    add("size: whole vertebra, not measured", all?.notMeasuredWholeVertebra)
    add("size: posterior elements without a mass, not measured", all?.notMeasuredPosteriorInfiltration)
    add("size: not measurable", all?.notMeasurable)
    add("matrix: no CT, or undecided on it", table2.last?.indeterminate)
    add("level: unknown", levels.last { $0.group == total && $0.region == "unknown" }?.count)
    return result
  }

  private mutating func correctForMultiplicity() {
    let tested = table1.indices.filter { table1[$0].pValue != nil }
    let adjusted = Multiplicity.holm(tested.map { table1[$0].pValue! })
    for (index, value) in zip(tested, adjusted) { table1[index].pValueHolm = value }
    multiplicity.table1Tests = tested.count
    multiplicity.table1BelowSignificance = tested.count { table1[$0].pValue! < parameters.significance }
    multiplicity.table1BelowSignificanceHolm = tested.count { table1[$0].pValueHolm! < parameters.significance }
    multiplicity.table1ExpectedByChance = parameters.significance * Double(tested.count)
    multiplicity.text =
      "Table 1 holds \(tested.count) tests at \(parameters.significance); the paper did not correct them for their number, "
      + "and the total column repeats the groups' lesions. p_value_holm does (Holm). The \(size.comparisons) pairwise "
      + "tests of size are corrected by Bonferroni, as in the paper."
  }
}

extension MethodRow {
  static let all = [
    MethodRow(
      fields: ["table1.p_value"], kind: "paper",
      text: "One-sample two-sided t-test of the 0/1 column against 0.5, every lesion independent; NA where a column is "
        + "constant."),
    MethodRow(
      fields: ["table1.p_value_clustered"], kind: "patients",
      text: "The same question with the patient as the independent unit: linearised (sandwich) variance of the "
        + "proportion, Student's t with patients - 1 degrees of freedom."),
    MethodRow(
      fields: ["table1.ci95_exact"], kind: "other",
      text: "Exact binomial interval (Clopper-Pearson), every lesion independent."),
    MethodRow(
      fields: ["table1.ci95_clustered"], kind: "patients",
      text: "Korn-Graubard interval: Clopper-Pearson with the effective number of lesions that the spread between "
        + "patients leaves."),
    MethodRow(
      fields: ["table3.chi_square", "table3.p_value"], kind: "paper",
      text: "Pearson's chi-square of the 2x2 table without continuity correction (with it beside), every lesion "
        + "independent; only lesions whose matrix was read on CT."),
    MethodRow(
      fields: ["table3.p_value_fisher"], kind: "other", text: "Fisher's exact test, every lesion independent."),
    MethodRow(
      fields: ["table3.p_value_clustered", "table3.ci95_clustered"], kind: "patients",
      text: "Difference of the two shares with linearised variance over patients, Student's t."),
    MethodRow(
      fields: ["size.kruskal_wallis.p_value", "size.pairwise.p_value", "size.pairwise.p_value_bonferroni"],
      kind: "paper",
      text: "Kruskal-Wallis with tie correction, then Mann-Whitney (exact for small groups, ties as mid-ranks) with "
        + "Bonferroni, every lesion independent."),
    MethodRow(
      fields: ["size.kruskal_wallis.p_value_clustered", "size.pairwise.p_value_clustered"], kind: "patients",
      text:
        "The same statistic, its distribution from dealing the groups anew to the patients, each keeping its lesions."
    ),
    MethodRow(
      fields: ["size.groups.ci95_clustered"], kind: "patients",
      text: "Interval of the mean with linearised variance over patients, Student's t."),
  ]
}
