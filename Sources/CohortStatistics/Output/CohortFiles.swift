public import Foundation

extension CohortTables {
  /// The files of `cohort -o`, by name: tables.json, tables.md, the CSV tables and the page.
  public func files() throws -> [(name: String, data: Data)] {
    [
      ("tables.json", try jsonData()), ("tables.md", Data(markdown().utf8)), ("table1.csv", Data(table1CSV().utf8)),
      ("table2.csv", Data(table2CSV().utf8)), ("table3.csv", Data(table3CSV().utf8)),
      ("size.csv", Data(sizeCSV().utf8)),
      ("size_pairs.csv", Data(sizePairsCSV().utf8)), ("levels.csv", Data(levelsCSV().utf8)),
      ("cohort.html", Data(try CohortPage(self).html().utf8)),
    ]
  }

  /// tables.json: sorted keys, two-space indent, a final newline; `null` where a value does not exist.
  public func jsonData() throws -> Data { try TablesJSON.data(self) }
}

/// JSON as all outputs of this room have it.
enum TablesJSON {
  static func data(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(value) + Data("\n".utf8)
  }
}
