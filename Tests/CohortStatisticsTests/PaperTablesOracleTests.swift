import CohortStatistics
import Foundation
import Testing

/// The truth is the paper: An C et al., JKSMRM 2013;17:8-18, Tables 1 to 3 as printed.
@Suite struct PaperTablesOracleTests {
  private static let shared = CohortTables(PaperCohort.cohort())
  private var tables: CohortTables { Self.shared }

  private func row(_ feature: String, _ level: String, _ group: String) throws -> FindingRow {
    try #require(tables.table1.first { $0.feature == feature && $0.level == level && $0.group == group })
  }

  /// A printed P-value: a bound, a rounded number, or NA.
  enum Printed {
    case below(Double)
    case rounded(Double, digits: Int)
    case notApplicable

    func matches(_ value: Double?) -> Bool {
      switch (self, value) {
      case (.below(let bound), let value?): value < bound
      case (.rounded(let number, let digits), let value?):
        (value * pow(10, Double(digits))).rounded() == (number * pow(10, Double(digits))).rounded()
      case (.notApplicable, nil): true
      default: false
      }
    }
  }

  private static let groups = ["stomach", "colorectal", "hcc", "lung", "breast", "all"]
  private static let printed: [(feature: String, level: String, values: [Printed])] = [
    (
      "margin", "well_defined",
      [
        .rounded(0.31, digits: 2), .rounded(1, digits: 0), .rounded(0.24, digits: 2), .below(0.001), .below(0.001),
        .below(0.001),
      ]
    ),
    (
      "t1_signal", "hyperintense",
      [.notApplicable, .notApplicable, .notApplicable, .below(0.001), .notApplicable, .below(0.001)]
    ),
    (
      "t2_signal", "hyperintense",
      [
        .below(0.001), .below(0.001), .rounded(0.004, digits: 3), .rounded(0.061, digits: 3),
        .rounded(0.362, digits: 3),
        .rounded(0.144, digits: 3),
      ]
    ),
    (
      "location", "vertebral_body",
      [
        .below(0.001), .rounded(0.02, digits: 2), .rounded(0.24, digits: 2), .below(0.001), .below(0.001),
        .below(0.001),
      ]
    ),
    (
      "extent", "intraosseous",
      [
        .below(0.001), .rounded(0.67, digits: 2), .rounded(0.09, digits: 2), .rounded(0.02, digits: 2), .below(0.001),
        .below(0.001),
      ]
    ),
  ]

  @Test func `25 of the 26 printed P-values follow from the counts, and lung intraosseous does not`() throws {
    var matching = 0
    var misses: [String] = []
    for line in Self.printed {
      for (group, printed) in zip(Self.groups, line.values) {
        let row = try row(line.feature, line.level, group)
        #expect((row.pValue == nil) == (row.pValueReason != nil))
        if case .notApplicable = printed {
          #expect(row.pValue == nil, "the paper prints NA for \(line.feature) \(group)")
        } else if printed.matches(row.pValue) {
          matching += 1
        } else {
          misses.append("\(line.feature) \(group)")
        }
      }
    }
    #expect(matching == 25)
    #expect(misses == ["extent lung"])
    // 43 of 56 printed with P = 0.02; the counts give 1.8e-5.
    #expect(try (row("extent", "intraosseous", "lung").pValue! - 1.7527581502292255e-05).magnitude < 1e-13)
  }

  @Test(arguments: [
    ("margin", "well_defined", "stomach", 57.4), ("margin", "ill_defined", "stomach", 42.6),
    ("margin", "well_defined", "colorectal", 50.0), ("margin", "well_defined", "hcc", 35.3),
    ("margin", "ill_defined", "hcc", 64.7), ("margin", "well_defined", "lung", 78.6),
    ("margin", "well_defined", "breast", 82.8), ("margin", "ill_defined", "breast", 17.2),
    ("margin", "well_defined", "all", 65.7), ("margin", "ill_defined", "all", 34.3),
    ("t1_signal", "hyperintense", "lung", 28.6), ("t1_signal", "iso_to_hypointense", "lung", 71.4),
    ("t1_signal", "hyperintense", "all", 9.5), ("t1_signal", "hyperintense", "stomach", 0.0),
    ("t2_signal", "hyperintense", "stomach", 23.4), ("t2_signal", "hyperintense", "colorectal", 85.0),
    ("t2_signal", "hyperintense", "hcc", 82.4), ("t2_signal", "hyperintense", "lung", 62.5),
    ("t2_signal", "hyperintense", "breast", 58.6), ("t2_signal", "hyperintense", "all", 55.6),
    ("t2_signal", "iso_to_hypointense", "all", 44.4), ("location", "vertebral_body", "stomach", 91.5),
    ("location", "posterior_elements", "hcc", 64.7), ("location", "vertebral_body", "lung", 82.1),
    ("location", "vertebral_body", "breast", 89.7), ("location", "vertebral_body", "all", 80.5),
    ("extent", "intraosseous", "stomach", 97.9), ("extent", "extraosseous", "colorectal", 55.0),
    ("extent", "extraosseous", "hcc", 70.6), ("extent", "intraosseous", "lung", 76.8),
    ("extent", "intraosseous", "breast", 93.1), ("extent", "extraosseous", "all", 23.1),
    ("enhancement", "homogeneous", "stomach", 19.1), ("enhancement", "heterogeneous", "stomach", 4.3),
    ("enhancement", "non_enhancing", "stomach", 17.0), ("enhancement", "rim_enhancing", "stomach", 59.6),
    ("enhancement", "heterogeneous", "colorectal", 85.0), ("enhancement", "homogeneous", "hcc", 41.2),
    ("enhancement", "worms_in_a_bag", "hcc", 35.3), ("enhancement", "homogeneous", "lung", 40.9),
    ("enhancement", "heterogeneous", "lung", 59.1), ("enhancement", "homogeneous", "breast", 60.0),
  ])
  func `per cents are the printed ones`(_ feature: String, _ level: String, _ group: String, _ printed: Double) throws {
    let percent = try #require(row(feature, level, group).percent)
    #expect((percent * 10).rounded() / 10 == printed)
  }

  @Test(arguments: [
    ("homogeneous", 24.3), ("heterogeneous", 31.4), ("non_enhancing", 5.9), ("rim_enhancing", 16.6),
    ("worms_in_a_bag", 3.6), ("not_applicable", 18.3),
  ])
  func `the total column of enhancement is printed over all lesions`(_ level: String, _ printed: Double) throws {
    let row = try row("enhancement", level, "all")
    #expect(row.total == 138 && row.lesions == 169)
    #expect((row.percentOfAll! * 10).rounded() / 10 == printed)
  }

  @Test func `breast posterior is 10_3 per cent, which the paper prints as 9_3`() throws {
    let row = try row("location", "posterior_elements", "breast")
    #expect(row.count == 3 && row.total == 29)
    #expect((row.percent! * 10).rounded() / 10 == 10.3)
  }

  @Test func `Table 2's rows are the paper's and its columns add to more than it prints`() throws {
    let all = CohortTables(PaperCohort.cohort(asTable3Printed: false)).table2
    let stomach = MatrixRow(
      group: "stomach", osteoblastic: 21, osteolytic: 6, mixed: 20, indeterminate: 0, total: 47)
    #expect(all[0] == stomach)
    #expect(all[3] == MatrixRow(group: "lung", osteoblastic: 4, osteolytic: 24, mixed: 8, indeterminate: 20, total: 56))
    // Printed: 33, 43, 44, 44 of 169, which add to 164.
    let total = MatrixRow(group: "all", osteoblastic: 34, osteolytic: 47, mixed: 44, indeterminate: 44, total: 169)
    #expect(all[5] == total)
  }

  @Test func `Table 3 and its chi-square are the paper's`() throws {
    let table = tables.table3
    #expect(table.counts.osteoblastic.high == 5 && table.counts.osteoblastic.low == 28)
    #expect(table.counts.osteolytic.high == 37 && table.counts.osteolytic.low == 6)
    #expect((try #require(table.chiSquare) * 100).rounded() == 3796)
    #expect(try #require(table.pValue) < 0.001)
    #expect(!table.continuityCorrected)
    #expect((try #require(table.withContinuityCorrection.chiSquare) * 100).rounded() == 3514)
    #expect(try #require(table.smallestExpectedCount) > 5)
    #expect(table.pValueClustered != nil)
  }

  @Test func `sizes, levels and lesions per patient are the paper's`() throws {
    let all = try #require(tables.size.groups.last)
    #expect(all.measured == 119 && all.notMeasuredWholeVertebra == 42 && all.notMeasuredPosteriorInfiltration == 8)
    #expect((try #require(all.meanMm) / 10 * 10).rounded() == 14, "a mean of 1.4 cm")
    for (group, mean) in zip(Self.groups, [11.2, 20.2, 34.3, 10.5, 10.8]) {
      let measured = try #require(tables.size.groups.first { $0.group == group }?.meanMm)
      #expect((measured - mean).magnitude < 1e-9)
    }
    #expect(tables.size.pairwise.count == 10 && tables.size.comparisons == 10)
    let lumbar = try #require(tables.levels.first { $0.group == "all" && $0.region == "lumbar" })
    #expect(lumbar.count == 83 && lumbar.total == 169)
    #expect((try #require(lumbar.percent) * 10).rounded() / 10 == 49.1)
    #expect(tables.patients == 30 && tables.lesions == 169)
    let stomach = try #require(tables.lesionsPerPatient.first { $0.group == "stomach" })
    #expect(stomach.patients == 3 && stomach.lesions == 47)
    #expect((try #require(stomach.mean) * 10).rounded() / 10 == 15.7)
  }

  @Test func `the clustered interval is wider where the patients differ`() throws {
    let row = try row("margin", "well_defined", "stomach")
    let exact = try #require(row.ci95Exact)
    let clustered = try #require(row.ci95Clustered)
    #expect(clustered[0] < exact[0] && clustered[1] > exact[1])
  }
}
