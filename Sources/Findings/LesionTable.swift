public import Foundation

/// lesions.csv: one row a lesion (RFC 4180, CRLF), columns in the schema's order.
///
/// A column is a leaf of the lesion's JSON, its names joined by `.`; cells hold the JSON's own digits and are empty
/// where the JSON has null or nothing. A list of numbers or words is one cell, its items joined by `;`, the three
/// numbers of a point by a space.
public enum LesionTable {
  /// `patient_key`, `study_instance_uid`, `lesion_id`, then the leaves.
  public static let columns: [String] =
    ["patient_key", "study_instance_uid"] + FeatureSchema.lesionLeaves

  /// The header and the rows of all documents, in the order given.
  public static func csv(_ documents: [FeatureDocument]) throws -> String {
    var text = header
    for document in documents { text += try rows(document) }
    return text
  }

  /// The header's line.
  public static var header: String { line(columns) }

  /// The lines of one document's lesions.
  public static func rows(_ document: FeatureDocument) throws -> String {
    rows(document, json: try document.jsonData())
  }

  /// The same where the document's JSON is at hand.
  public static func rows(_ document: FeatureDocument, json: Data) -> String {
    guard let tree = JSONTree([UInt8](json)), case .array(let lesions)? = tree["lesions"] else { return "" }
    let key = document.study.patientKey
    let study = document.study.studyInstanceUid
    return lesions.map { lesion in
      line([key, study] + paths.map { cell(lesion, path: $0) })
    }.joined()
  }

  private static let paths = FeatureSchema.lesionLeaves.map { $0.split(separator: ".").map(String.init) }

  private static func cell(_ lesion: JSONTree, path: [String]) -> String {
    var node: JSONTree? = lesion
    for name in path {
      if case .array(let items)? = node {
        node = items.first { item in
          if case .string(let primary)? = item["primary"] { return primary == name }
          return false
        }
      } else {
        node = node?[name]
      }
    }
    return node.map { text($0, separator: ";") } ?? ""
  }

  private static func text(_ node: JSONTree, separator: String) -> String {
    switch node {
    case .null: ""
    case .string(let value), .literal(let value): value
    case .array(let items): items.map { text($0, separator: " ") }.joined(separator: separator)
    case .object: ""
    }
  }

  private static func line(_ cells: [String]) -> String {
    cells.map { cell in
      let needsQuotes = cell.utf8.contains { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
      return needsQuotes
        ? "\"" + cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\"" : cell
    }.joined(separator: ",") + "\r\n"
  }
}
