import CohortStatistics
import Foundation
import Testing

@Suite struct CohortFilesMechanicsTests {
  private static let shared = CohortTables(PaperCohort.cohort())
  private var tables: CohortTables { Self.shared }

  private func file(_ name: String) throws -> Data {
    try #require(try tables.files().first { $0.name == name }?.data)
  }

  @Test func `tables_json has the contract's fields and nulls`() throws {
    let root = try #require(JSONSerialization.jsonObject(with: file("tables.json")) as? [String: Any])
    let table1 = try #require(root["table1"] as? [[String: Any]])
    let first = try #require(table1.first)
    #expect(first["feature"] as? String == "margin" && first["level"] as? String == "well_defined")
    #expect(first["group"] as? String == "stomach" && first["count"] as? Int == 27 && first["total"] as? Int == 47)
    #expect(first["p_value_reason"] is NSNull)
    #expect((first["ci95_clustered"] as? [Double])?.count == 2)
    #expect(first["percent_of_all"] is Double)
    #expect((root["table3"] as? [String: Any])?["continuity_corrected"] as? Bool == false)
    #expect(((root["table3"] as? [String: Any])?["counts"] as? [String: [String: Int]])?["osteolytic"]?["high"] == 37)
    let size = try #require(root["size"] as? [String: Any])
    #expect((size["groups"] as? [[String: Any]])?.first?["not_measured_whole_vertebra"] as? Int == 7)
    #expect((size["kruskal_wallis"] as? [String: Any])?["p_value"] is Double)
    #expect((size["pairwise"] as? [[String: Any]])?.first?["p_value_bonferroni"] is Double)
    #expect((root["levels"] as? [[String: Any]])?.count == 30)
    #expect((root["lesions_per_patient"] as? [[String: Any]])?.count == 6)
    #expect(root["patients"] as? Int == 30 && root["lesions"] as? Int == 169)
    let excluded = try #require(root["excluded"] as? [[String: Any]])
    #expect(excluded.contains { $0["reason"] as? String == "enhancement: not applicable" && $0["count"] as? Int == 31 })
  }

  @Test func `tables_json reads back and repeats to the byte`() throws {
    let data = try file("tables.json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    #expect(try decoder.decode(CohortTables.self, from: data) == tables)
    #expect(try CohortTables(PaperCohort.cohort()).jsonData() == data)
  }

  @Test func `the CSV tables have one row a fact`() throws {
    let table1 = try CommaSeparatedValues(file("table1.csv"))
    #expect(table1.rows.count == 1 + tables.table1.count)
    #expect(try NamedColumns(table1).column("p_value_clustered") != nil)
    #expect(try CommaSeparatedValues(file("table2.csv")).rows.last?.fields == ["all", "33", "43", "44", "49", "169"])
    let rows = try CommaSeparatedValues(file("table3.csv")).rows
    #expect(rows[1].fields.prefix(4) == ["osteoblastic", "5", "28", "33"])
  }

  @Test func `the Markdown prints the paper's Table 1`() throws {
    let text = String(decoding: try file("tables.md"), as: UTF8.self)
    #expect(
      text.contains(
        "| Well-defined | 27/47 (57.4%) | 10/20 (50.0%) | 6/17 (35.3%) | 44/56 (78.6%) | 24/29 (82.8%) | 111/169 (65.7%) |"
      ))
    #expect(text.contains("| P, t-test against 0.5 (paper) | NA | NA | NA | < 0.001 | NA | < 0.001 |"))
    #expect(text.contains("chi-square 37.96"))
  }

  @Test func `the page shows every table, stands alone, and escapes what users typed`() throws {
    var cohort = PaperCohort.cohort()
    cohort.groups[4] = "<script>x</script>"
    let tables = CohortTables(cohort)
    let page = String(
      decoding: try #require(try tables.files().first { $0.name == "cohort.html" }?.data), as: UTF8.self)
    #expect(!page.contains("<script"))
    #expect(!page.contains("http-equiv") && !page.contains("src="))
    for part in ["Table 1", "Table 2", "Table 3", "Fig. 1", "Fig. 2", "Fig. 3", "Which test is which", "37.96"] {
      #expect(page.contains(part))
    }
    #expect(page.components(separatedBy: "<svg").count == 5)
    #expect(!page.contains("{{"))
  }

  @Test func `ten groups of the user's own make tables of ten columns`() throws {
    var cohort = PaperCohort.cohort()
    cohort.groups = (0..<10).map { "group \($0)" }
    for index in cohort.patients.indices { cohort.patients[index].group = index % 10 }
    let tables = CohortTables(cohort)
    #expect(tables.size.pairwise.count == 45)
    #expect(tables.table2.count == 11)
    #expect(try tables.files().count == 9)
  }
}
