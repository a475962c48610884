import Findings
import Foundation
import TestSupport
import Testing

/// Documents against the published schema, judged by Python's jsonschema where it is installed.
@Suite struct FeatureSchemaOracleTests {
  static let python = ProgramRun.python(that: "import jsonschema")

  private func isValid(_ document: Data) throws -> Bool {
    let folder = try ProgramRun.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let (schema, file) = (folder.appendingPathComponent("s.json"), folder.appendingPathComponent("d.json"))
    try Data(FeatureSchema.json.utf8).write(to: schema)
    try document.write(to: file)
    let script = """
      import json, sys, jsonschema
      s = json.load(open(sys.argv[1])); d = json.load(open(sys.argv[2]))
      jsonschema.Draft202012Validator.check_schema(s)
      sys.exit(1 if list(jsonschema.Draft202012Validator(s).iter_errors(d)) else 0)
      """
    return try ProgramRun(try #require(Self.python), ["-c", script, schema.path, file.path]).code == 0
  }

  @Test(.enabled(if: FeatureSchemaOracleTests.python != nil, "python3 with jsonschema is absent (SPINEMET_PYTHON)"))
  func `documents with and without values validate`() throws {
    let full = FeatureDocumentSamples.document([FeatureDocumentSamples.wormy(), FeatureDocumentSamples.empty(id: 2)])
    #expect(try isValid(full.jsonData()))
    #expect(try isValid(FeatureDocumentSamples.document([]).jsonData()))
  }

  @Test(.enabled(if: FeatureSchemaOracleTests.python != nil, "python3 with jsonschema is absent (SPINEMET_PYTHON)"))
  func `a field that the schema does not know and a wrong class are refused`() throws {
    let good = String(decoding: try FeatureDocumentSamples.document([]).jsonData(), as: UTF8.self)
    let extra = good.replacingOccurrences(of: "\"schema_version\"", with: "\"surprise\" : 1, \"schema_version\"")
    #expect(extra != good)
    #expect(try !isValid(Data(extra.utf8)))
    let wormy = String(
      decoding: try FeatureDocumentSamples.document([FeatureDocumentSamples.wormy()]).jsonData(), as: UTF8.self)
    let wrong = wormy.replacingOccurrences(of: "\"worms_in_a_bag\",", with: "\"snakes_in_a_bag\",")
    #expect(wrong != wormy)
    #expect(try !isValid(Data(wrong.utf8)))
  }
}

@Suite struct LesionTableMechanicsTests {
  @Test func `a document survives its JSON`() throws {
    let document = FeatureDocumentSamples.document([
      FeatureDocumentSamples.wormy(), FeatureDocumentSamples.empty(id: 2),
    ])
    let bytes = try document.jsonData()
    #expect(try FeatureDocument(jsonData: bytes) == document)
    #expect(try FeatureDocument(jsonData: bytes).jsonData() == bytes)
  }

  @Test func `columns begin with the keys and name each leaf of the lesion once`() {
    let columns = LesionTable.columns
    #expect(columns.prefix(4) == ["patient_key", "study_instance_uid", "lesion_id", "source.kind"])
    #expect(Set(columns).count == columns.count)
    for name in [
      "size.volume_mm3", "signal.t1.ratio_to_muscle", "signal_axial.t1_post.class", "enhancement.scores.homogeneous",
      "pattern_evidence.hcc.log10_likelihood_ratio", "warnings",
    ] { #expect(columns.contains(name), "\(name)") }
    #expect(!columns.contains { $0.contains("reasons") })
  }

  @Test func `every leaf that the encoder writes has a column`() throws {
    let object =
      try JSONSerialization.jsonObject(
        with: FeatureDocumentSamples.document([FeatureDocumentSamples.wormy()]).jsonData())
      as? [String: Any]
    let lesion = try #require((object?["lesions"] as? [[String: Any]])?.first)
    func leaves(_ value: Any, _ path: String) -> [String] {
      guard let object = value as? [String: Any] else { return [path] }
      return object.keys.sorted().filter { $0 != "reasons" }.flatMap {
        leaves(object[$0] as Any, path.isEmpty ? $0 : "\(path).\($0)")
      }
    }
    let written = leaves(lesion, "").filter { !$0.hasPrefix("pattern_evidence") }
    // An absent object of scores is one null for all of its columns.
    let unknown = written.filter { path in
      !LesionTable.columns.contains { $0 == path || $0.hasPrefix(path + ".") }
    }
    #expect(unknown == [])
  }

  @Test func `cells hold the JSON's digits, quotes are doubled, null is empty`() throws {
    let text = try LesionTable.csv([
      FeatureDocumentSamples.document([FeatureDocumentSamples.wormy(), FeatureDocumentSamples.empty(id: 2)])
    ])
    let lines = text.components(separatedBy: "\r\n")
    #expect(lines.count == 4 && lines[3].isEmpty)
    let header = lines[0].components(separatedBy: ",")
    #expect(header == LesionTable.columns)
    #expect(lines[1].contains(",45.25,"))
    #expect(lines[1].contains(",1 2 3;4 5 6.5,"))
    #expect(lines[1].contains("\"30 bright lines, \"\"long\"\";bag even\""))
    let empty = lines[2].components(separatedBy: ",")
    #expect(empty.count == header.count)
    #expect(empty[try #require(header.firstIndex(of: "size.volume_mm3"))].isEmpty)
  }
}
