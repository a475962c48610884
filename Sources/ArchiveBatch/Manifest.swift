internal import Foundation
internal import StudyPipeline

/// manifest.json: what a run was and what became of it. The one output that holds times and hosts.
struct Manifest: Encodable {
  struct Engine: Encodable {
    var name = "spinemet"
    var version: String
    var configDigest: String
  }
  struct Archive: Encodable {
    var files = 0
    var dicomFiles = 0
    var maskFiles = 0
    var otherFiles = 0
    var unreachableFiles = 0
    var dicomBytes: Int64 = 0
    var studies = 0
    var headersRead = 0
    var indexSeconds = 0.0
    var strayFiles: [Stray] = []
  }
  struct Stray: Encodable {
    var reason: String
    var count: Int
  }
  struct Counts: Encodable {
    var done = 0
    var doneWithRefusals = 0
    var refused = 0
    var failed = 0
    var lesions = 0
    /// Of the above, taken over from an earlier run.
    var resumed = 0
    /// Results in the output of studies that the archive no longer holds; in no table.
    var notInArchive = 0
  }

  let schemaVersion = "1.0"
  var engine: Engine
  /// The effective options and thresholds.
  var options: AnalysisOptions?
  var configuration: JSONText?
  var archive: Archive?
  var shard: Shard?
  var mergedOutputs: Int?
  var counts = Counts()
  var jobs: Int?
  var timeoutSeconds: Double?
  var memoryLimitMb: Int?
  var peakWorkerMemoryMb: Int?
  var peakMemoryMb: Int?
  var host = ProcessInfo.processInfo.hostName
  var started: String
  var finished: String
  var seconds: Double
  let disclaimer = "Research use only; not a medical device."

  /// One entry of `refusals`.
  struct Refusal: Encodable {
    var studyKey: String
    var studyInstanceUid: String
    var outcome: String
    var subject: String
    var name: String?
    var reason: String
    var signal: Int?
    var lastStage: String?
  }

  /// Writes the manifest with every refusal of the run, streamed, as its last member.
  func write(to path: String, ledger: Ledger, run: Int64) throws {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    var file = try StreamedFile(path: path)
    var head = String(decoding: try encoder.encode(self), as: UTF8.self)
    while let last = head.last, last == "}" || last.isWhitespace {
      head.removeLast()
      if last == "}" { break }
    }
    while head.last?.isWhitespace == true { head.removeLast() }
    try file.write(head + ",\n  \"refusals\" : [")
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var isFirst = true
    try ledger.forEach(run: run) { record in
      for refusal in Self.refusals(of: record) {
        try file.write((isFirst ? "\n    " : ",\n    ") + String(decoding: encoder.encode(refusal), as: UTF8.self))
        isFirst = false
      }
    }
    try file.write("\n  ]\n}\n")
    try file.finish()
  }

  private static func refusals(of record: Ledger.Record) -> [Refusal] {
    var all: [Refusal] = []
    if let reason = record.reason {
      all.append(
        Refusal(
          studyKey: record.studyKey, studyInstanceUid: record.studyInstanceUID, outcome: record.outcome.rawValue,
          subject: "study", reason: reason, signal: record.signal, lastStage: record.lastStage))
    }
    return all
      + record.refusals.map {
        Refusal(
          studyKey: record.studyKey, studyInstanceUid: record.studyInstanceUID, outcome: record.outcome.rawValue,
          subject: $0.subject, name: $0.name, reason: $0.reason)
      }
  }
}

/// JSON that is already text, embedded as it is.
struct JSONText: Encodable {
  var data: Data

  func encode(to encoder: any Encoder) throws {
    try JSONDecoder().decode(JSONValue.self, from: data).encode(to: encoder)
  }
}

/// A JSON value of any shape, for embedding.
private enum JSONValue: Codable {
  case null, bool(Bool), number(Double), integer(Int), text(String), array([JSONValue]), object([String: JSONValue])

  init(from decoder: any Decoder) throws {
    // `JSONDecoder` keeps 0 and 1 apart from false and true.
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .array(let value): try container.encode(value)
    case .object(let value): try container.encode(value)
    }
  }
}
