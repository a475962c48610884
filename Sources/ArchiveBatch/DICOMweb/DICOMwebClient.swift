internal import Findings
internal import Foundation
internal import Reporting

/// QIDO-RS and WADO-RS (DICOM PS3.18) as far as a batch needs them.
final class DICOMwebClient {
  struct Series: Equatable {
    var seriesInstanceUID: String
    var modality: String
  }

  /// Objects that an analysis reads; reports, presentation states and secondary captures stay on the server.
  static let modalities: Set<String> = ["MR", "CT", "SEG", "RTSTRUCT"]
  private static let pageLength = 200
  private static let studyTag = "0020000D"
  private static let seriesTag = "0020000E"
  private static let instanceTag = "00080018"
  private static let modalityTag = "00080060"

  /// A page of a query, of 200 entries, comes in far less; a whole series may take as long as its study may.
  private static let queryLimitSeconds = 300.0
  private static let retrievalLimitSeconds = 24.0 * 3600
  /// A page that is larger than this comes from a server that ignores `limit`.
  private static let queryLimitBytes = 512 << 20

  private let http: HTTPClient

  init(server: String, shouldStop: @escaping () -> Bool = { false }) throws {
    http = try HTTPClient(server: server, shouldStop: shouldStop)
  }

  /// Calls `body` with page after page of Study Instance UIDs.
  func forEachStudyPage(parameters: [String], _ body: ([String]) throws -> Void) throws {
    try pages("studies", parameters: parameters, key: Self.studyTag) { page in
      try body(page.compactMap { Self.text($0, Self.studyTag) }.filter(Self.isUID))
    }
  }

  func series(study: String) throws -> [Series] {
    var series: [Series] = []
    try pages("studies/\(study)/series", parameters: [], key: Self.seriesTag) { page in
      for item in page {
        guard let uid = Self.text(item, Self.seriesTag), Self.isUID(uid) else { continue }
        series.append(Series(seriesInstanceUID: uid, modality: Self.text(item, Self.modalityTag) ?? ""))
      }
    }
    return series.filter { Self.modalities.contains($0.modality) }.sorted {
      $0.seriesInstanceUID < $1.seriesInstanceUID
    }
  }

  /// SHA-256 over the sorted SOP Instance UIDs of these series: an instance never changes under its UID (PS3.3 C.12.1.1).
  func fingerprint(study: String, series: [Series]) throws -> String {
    var instances: [String] = []
    for item in series {
      let path = "studies/\(study)/series/\(item.seriesInstanceUID)/instances"
      try pages(path, parameters: [], key: Self.instanceTag) { page in
        instances += page.compactMap { Self.text($0, Self.instanceTag) }
      }
    }
    return "sop:" + Digest.sha256(Array(instances.sorted().joined(separator: "\n").utf8))
  }

  /// Fetches one series into `folder` as `<prefix>-<n>.dcm`, each part streamed to its file; returns the files.
  func retrieve(study: String, series: String, into folder: String, prefix: String) throws -> (
    files: [String], bytes: Int64
  ) {
    let sink = PartFiles(folder: folder, prefix: prefix)
    _ = try http.get(
      "studies/\(study)/series/\(series)",
      accept: "multipart/related; type=\"application/dicom\"; transfer-syntax=*",
      limitSeconds: Self.retrievalLimitSeconds, start: sink.start, body: sink.take, end: sink.end)
    return (sink.files, sink.bytes)
  }

  /// Follows `limit` and `offset` until a page brings nothing new, which ends with servers that ignore either.
  private func pages(
    _ path: String, parameters: [String], key: String, _ body: ([[String: Any]]) throws -> Void
  ) throws {
    var offset = 0
    var previous: Set<String> = []
    while true {
      let page = try objects(path, parameters + ["limit=\(Self.pageLength)", "offset=\(offset)"])
      let keys = Set(page.compactMap { Self.text($0, key) })
      if page.isEmpty || keys.isSubset(of: previous) { return }
      try body(page.filter { item in Self.text(item, key).map { !previous.contains($0) } ?? false })
      if page.count != Self.pageLength { return }
      previous = keys
      offset += page.count
    }
  }

  private func objects(_ path: String, _ query: [String]) throws -> [[String: Any]] {
    var data = Data()
    var list: [[String: Any]] = []
    let head = try http.get(
      path, query: query, accept: "application/dicom+json", limitSeconds: Self.queryLimitSeconds,
      start: { _ in data = Data() },
      body: {
        guard data.count + $0.count <= Self.queryLimitBytes else {
          throw DICOMwebFailure(
            .permanent, "answers a query with more than \(Self.queryLimitBytes >> 20) MB; narrow it")
        }
        data.append($0)
      },
      end: {
        guard !data.isEmpty else { return }
        guard let objects = try? JSONSerialization.jsonObject(with: data) as? [[String: Any]] else {
          throw DICOMwebFailure(.permanent, "answers a query with something that is no DICOM JSON")
        }
        list = objects
      })
    return head.status == 204 ? [] : list
  }

  private static func text(_ item: [String: Any], _ tag: String) -> String? {
    guard let element = item[tag] as? [String: Any], let values = element["Value"] as? [Any] else { return nil }
    return values.first as? String
  }

  /// UIDs come into paths: nothing but digits and dots is believed.
  private static func isUID(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 64 && text.utf8.allSatisfy { $0 == 0x2E || (0x30...0x39).contains($0) }
  }
}

/// Writes the parts of a multipart answer to files.
private final class PartFiles {
  private let folder: String
  private let prefix: String
  private var parser: MultipartRelatedParser?
  private var handle: FileHandle?
  private(set) var files: [String] = []
  private(set) var bytes: Int64 = 0

  init(folder: String, prefix: String) {
    self.folder = folder
    self.prefix = prefix
  }

  func start(_ head: HTTPClient.Head) throws {
    try? handle?.close()
    for file in files { FileSystem.remove(file) }
    (handle, files, bytes) = (nil, [], 0)
    guard let boundary = MultipartRelatedParser.boundary(contentType: head.contentType) else {
      throw DICOMwebFailure(.permanent, "answers a retrieval with something that is not multipart")
    }
    parser = MultipartRelatedParser(boundary: boundary)
  }

  func take(_ data: Data) throws {
    for event in try parser?.append(data) ?? [] {
      switch event {
      case .partBegins:
        let path = "\(folder)/\(prefix)-\(files.count + 1).dcm"
        guard let handle = AtomicFile.create(path) else {
          throw DICOMwebFailure(.cannotWrite, "cannot write to the cache: \(FileSystem.lastError)")
        }
        files.append(path)
        self.handle = handle
      case .bytes(let bytes):
        self.bytes += Int64(bytes.count)
        do { try handle?.write(contentsOf: Data(bytes)) } catch {
          throw DICOMwebFailure(.cannotWrite, "cannot write to the cache: \(FileSystem.reason(of: error))")
        }
      case .partEnds:
        try? handle?.close()
        handle = nil
      }
    }
  }

  func end() throws {
    guard parser?.isComplete == true else {
      throw DICOMwebFailure(.transient(retryAfterSeconds: nil), "broke its answer off")
    }
  }
}
