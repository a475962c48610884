internal import Foundation
public import StudyPipeline

/// What the coordinator asks of a worker process; one JSON line each.
public enum WorkerTask: Codable, Sendable {
  /// Read the headers of these files.
  case headers([String])
  /// Analyse one study.
  case study(StudyTask)
  /// Fetch one study from a DICOMweb server into a folder.
  case retrieve(RetrieveTask)
}

/// One study to analyse.
public struct StudyTask: Codable, Sendable {
  public var studyKey: String
  public var studyInstanceUID: String
  /// DICOM instances and lesion files, sorted.
  public var files: [String]
  /// Other mask files beside the study, which options may name.
  public var maskFiles: [String] = []
  public var options: AnalysisOptions
  /// An empty folder for the result files; the coordinator moves it into place.
  public var output: String
  /// Fails on purpose; see `TestHook`.
  public var testHook: TestHook?

  public init(studyKey: String, studyInstanceUID: String, files: [String], options: AnalysisOptions, output: String) {
    self.studyKey = studyKey
    self.studyInstanceUID = studyInstanceUID
    self.files = files
    self.options = options
    self.output = output
  }
}

/// One study to fetch.
public struct RetrieveTask: Codable, Sendable {
  public var server: String
  public var studyInstanceUID: String
  /// With these instances nothing needs to be fetched, because their result still stands.
  public var knownFingerprint: String?
  public var folder: String
}

/// What a worker answers; one JSON line each. `stage` may come any number of times, then one of the others.
public enum WorkerReply: Codable, Sendable {
  case stage(String)
  case headers([FileHeader])
  case study(StudyResult)
  case retrieved(RetrievedStudy)
}

/// What the index keeps of one file.
public struct FileHeader: Codable, Sendable, Equatable {
  public enum Kind: Codable, Sendable, Equatable {
    case dicom(studyInstanceUID: String, sopInstanceUID: String)
    /// Not DICOM, or DICOM that belongs to no study, such as a DICOMDIR.
    case other
    case unreadable(reason: String)
  }

  public var path: String
  public var kind: Kind

  public init(path: String, kind: Kind) {
    self.path = path
    self.kind = kind
  }

  // One string a file, because an index exchanges millions of them, and without the path, which the asker knows: a
  // letter for the kind, then the two UIDs with a control character between them, or the reason. Any text decodes.
  private static let separator: UInt8 = 0x1F

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch kind {
    case .dicom(let study, let sop): try container.encode("d\(study)\u{1F}\(sop)")
    case .other: try container.encode("o")
    case .unreadable(let reason): try container.encode("u\(reason)")
    }
  }

  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    path = ""
    let rest = text.dropFirst()
    switch text.first {
    case "d":
      let end = rest.utf8.firstIndex(of: Self.separator) ?? rest.endIndex
      let sop = end < rest.endIndex ? rest[rest.utf8.index(after: end)...] : ""
      kind = .dicom(studyInstanceUID: String(rest[..<end]), sopInstanceUID: String(sop))
    case "o": kind = .other
    default: kind = .unreadable(reason: String(rest))
    }
  }
}

/// What became of one study in a worker.
public struct StudyResult: Codable, Sendable, Equatable {
  public struct Refusal: Codable, Sendable, Equatable {
    public var subject: String
    public var name: String
    public var reason: String

    public init(subject: String, name: String, reason: String) {
      self.subject = subject
      self.name = name
      self.reason = reason
    }
  }

  /// `nil` when features.json was written; else why the study was refused.
  public var failure: StudyFailure?
  /// The UID and keys as the outputs show them.
  public var studyInstanceUID = ""
  public var patientKey = ""
  public var inputDigest = ""
  public var lesionCount = 0
  /// The study's rows of lesions.csv, each with its line end.
  public var lesionRows = ""
  public var refusals: [Refusal] = []
  /// The memory that the study was expected to need, where it was refused for that.
  public var neededMegabytes: Int?
  public var stageSeconds: [String: Double] = [:]
  public var peakMemoryMegabytes = 0

  public init() {}
}

/// What a retrieval brought.
public struct RetrievedStudy: Codable, Sendable, Equatable {
  public var files: [String] = []
  public var bytes: Int64 = 0
  public var fingerprint = ""
  /// The instances are those of the known fingerprint; nothing was fetched.
  public var isUnchanged = false
  public var cannotWrite = false
  /// The server gave no answer at all.
  public var isUnreachable = false
  /// Why the study could not be fetched.
  public var failure: String?

  public init(failure: String? = nil) { self.failure = failure }
}

/// Faults on purpose, so that the isolation of workers can be shown. Honoured in worker processes only.
public enum TestHook: String, Codable, Sendable, CaseIterable {
  case crash, hang, memory, slow, abort
}

enum JSONLine {
  static func encode(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.withoutEscapingSlashes]
    return try encoder.encode(value) + Data([0x0a])
  }
}

/// Cuts a stream of bytes into lines.
struct LineSplitter {
  private var rest = Data()

  mutating func append(_ data: Data) -> [Data] {
    rest.append(data)
    var lines: [Data] = []
    var start = rest.startIndex
    while let end = rest[start...].firstIndex(of: 0x0a) {
      lines.append(Data(rest[start..<end]))
      start = end + 1
    }
    if start != rest.startIndex { rest = Data(rest[start...]) }
    return lines
  }
}
