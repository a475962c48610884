/// The JSON Schema (2020-12) of features.json, embedded in the program.
public enum FeatureSchema {
  /// The schema as text, as `spinemet schema features` prints it.
  public static var json: String { String(decoding: PackageResources.features_schema_json, as: UTF8.self) }

  /// The leaves of one lesion's object in the schema's order, names joined by `.`; `reasons` are no leaves, and the
  /// evidence is spread over the primaries.
  static let lesionLeaves: [String] = {
    guard let root = JSONTree(PackageResources.features_schema_json), let definitions = root["$defs"],
      let lesion = definitions["lesion"]
    else { return [] }
    return leaves(lesion, definitions, "")
  }()

  private static func leaves(_ schema: JSONTree, _ definitions: JSONTree, _ path: String) -> [String] {
    if case .string(let reference)? = schema["$ref"] {
      let name = reference.split(separator: "/").last.map(String.init) ?? ""
      return definitions[name].map { leaves($0, definitions, path) } ?? []
    }
    if case .array(let choices)? = schema["oneOf"], let first = choices.first {
      return leaves(first, definitions, path)
    }
    if path == "pattern_evidence" {
      return PatternEvidence.Primary.allCases.flatMap { primary in
        ["log10_likelihood_ratio", "ci95", "findings"].map { "\(path).\(primary.rawValue).\($0)" }
      }
    }
    guard case .object(let properties)? = schema["properties"] else { return [path] }
    return properties.filter { $0.key != "reasons" }.flatMap {
      leaves($0.value, definitions, path.isEmpty ? $0.key : "\(path).\($0.key)")
    }
  }
}
