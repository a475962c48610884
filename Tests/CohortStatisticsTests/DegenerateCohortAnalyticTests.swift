import CohortStatistics
import Findings
import Testing

/// Cohorts too small or too uniform for a test: no value, and a reason in its place.
@Suite struct DegenerateCohortAnalyticTests {
  private func cohort(_ groups: [(String, [[Double]])]) -> Cohort {
    var cohort = Cohort()
    cohort.groups = groups.map(\.0)
    for (group, (_, patients)) in groups.enumerated() {
      for (index, sizes) in patients.enumerated() {
        cohort.patients.append(.init(key: "\(group).\(index)", group: group, studies: 1, lesions: sizes.count))
        for (number, size) in sizes.enumerated() {
          var lesion = TestLesion.record(number + 1)
          lesion.margin.class = size > 10 ? .wellDefined : .illDefined
          lesion.size.status = .measured
          lesion.size.maximumSagittalDiameterMm = size
          cohort.lesions.append(CohortLesion(patient: Int32(cohort.patients.count - 1), lesion: lesion))
        }
      }
    }
    return cohort
  }

  private func margin(_ tables: CohortTables, _ group: String) -> FindingRow {
    tables.table1.first { $0.feature == "margin" && $0.level == "well_defined" && $0.group == group }!
  }

  @Test func `one patient has the paper's test but no clustered one`() {
    let tables = CohortTables(cohort([("lung", [[12, 8, 30, 14]])]))
    let row = margin(tables, "lung")
    #expect(row.pValue != nil)
    #expect(row.pValueClustered == nil && row.pValueClusteredReason!.contains("one patient"))
    #expect(row.ci95Clustered == nil && row.ci95ClusteredReason!.contains("one patient"))
    #expect(tables.size.kruskalWallis.pValueReason == "only one group has measured lesions")
    #expect(tables.size.pairwise.isEmpty)
  }

  @Test func `one lesion has no test at all`() {
    let tables = CohortTables(cohort([("lung", [[12]])]))
    let row = margin(tables, "lung")
    #expect(row.count == 1 && row.percent == 100)
    #expect(row.pValue == nil && row.pValueReason == "one lesion: no spread to test against")
    let size = tables.size.groups[0]
    #expect(size.meanMm == 12 && size.sdMm == nil && size.reasons?["sd_mm"] == "one measured lesion")
  }

  @Test func `lesions that are all alike give NA, as the paper prints`() {
    let tables = CohortTables(cohort([("lung", [[12, 12], [12]]), ("breast", [[12, 12]])]))
    #expect(margin(tables, "lung").pValueReason == "all lesions are alike: the column has no variance")
    #expect(tables.size.kruskalWallis.pValueReason == "all measured lesions are equal")
    #expect(tables.size.pairwise[0].pValueReason == "all measured lesions are equal")
    #expect(tables.size.pairwise[0].pValueBonferroni == nil && tables.size.comparisons == 0)
  }

  @Test func `an empty group keeps its column`() {
    let tables = CohortTables(cohort([("lung", [[12, 8], [9]]), ("thyroid", [])]))
    let row = margin(tables, "thyroid")
    #expect(row.count == 0 && row.total == 0 && row.percent == nil && row.percentOfAll == nil)
    #expect(row.pValueReason == "no evaluable lesion")
    #expect(tables.size.pairwise[0].pValueReason == "a group has no measured lesion")
    #expect(tables.lesionsPerPatient[1].mean == nil)
  }

  @Test func `a cohort without any lesion has tables of zeros`() {
    let tables = CohortTables(cohort([("lung", [[]]), ("breast", [[]])]))
    #expect(tables.lesions == 0 && tables.patients == 0)
    #expect(tables.table3.pValueReason == "no lesion with both findings")
    #expect(tables.size.kruskalWallis.pValueReason == "no measured lesion")
    #expect(tables.table1.allSatisfy { $0.pValue == nil && $0.pValueReason != nil })
  }

  @Test func `missing values are counted, not dropped`() throws {
    var cohort = cohort([("lung", [[12, 8, 30]])])
    cohort.lesions[1].margin = .indeterminate
    cohort.lesions[2].t2 = .hyperintense
    let tables = CohortTables(cohort)
    let row = margin(tables, "lung")
    #expect(row.count == 2 && row.total == 2 && row.lesions == 3)
    #expect(row.percent == 100 && (row.percentOfAll! - 200.0 / 3).magnitude < 1e-12)
    let excluded = Dictionary(uniqueKeysWithValues: tables.excluded.map { ($0.reason, $0.count) })
    #expect(excluded["margin: indeterminate"] == 1)
    #expect(excluded["t1_signal: not measured"] == 3)
    #expect(excluded["t2_signal: not measured"] == 2)
    #expect(excluded["enhancement: not applicable"] == 3)
    #expect(excluded["level: unknown"] == 3)
  }

  @Test func `a matrix read from T2 is never tested against T2`() {
    var cohort = cohort([("lung", [[12, 8], [30, 9]])])
    for index in cohort.lesions.indices {
      cohort.lesions[index].matrix = index < 2 ? .osteoblastic : .osteolytic
      cohort.lesions[index].matrixBasis = .t2Signal
      cohort.lesions[index].t2 = index < 2 ? .isoToHypointense : .hyperintense
    }
    let tables = CohortTables(cohort)
    #expect(tables.table2[0].indeterminate == 4)
    #expect(tables.table3.chiSquare == nil && tables.table3.pValueReason == "no lesion with both findings")
  }

  @Test func `one matrix only, or one signal only, has no chi-square`() {
    #expect(FourfoldTable([[3, 2], [0, 0]]).chiSquare(continuityCorrected: false).reason?.contains("occur") == true)
    #expect(FourfoldTable([[3, 0], [2, 0]]).fisherExact().reason == "all lesions have the same signal")
  }

  @Test func `the order of the files leaves no trace`() {
    let first = CohortTables(PaperCohort.cohort())
    var shuffled = PaperCohort.cohort()
    shuffled.lesions.reverse()
    #expect(CohortTables(shuffled).table1 == first.table1)
    #expect(CohortTables(shuffled).table3 == first.table3)
  }
}
