internal import Findings

/// Studies from a DICOMweb server: fetched ahead of the analysis, as far as the cache allows.
final class DICOMwebFeed: StudyFeed {
  /// Studies that are fetched at a time. Two hide the server's latency; more would only press on it.
  static let fetchers = 2
  /// Studies in a row that an unreachable server may cost. Each was tried five times, so that a server which was started
  /// anew had time to come back; with a server that is gone, the rest of an archive would only take days to refuse.
  static let unreachableLimit = 4

  private struct Fetch {
    var study: PreparedStudy
    var folder: String
  }

  private let query: DICOMwebQuery
  private let index: ArchiveIndex
  private let context: StudySource.Context
  private var page: [ArchiveIndex.StudyEntry] = []
  private var lastUID = ""
  private var listEnded = false
  private var fetching: [Int64: Fetch] = [:]
  private var lastNumber: Int64 = 0
  private var ready: [StudyFeedItem] = []
  /// Bytes on the disk of each study that waits or is worked on, by study key.
  private var cached: [String: Int64] = [:]
  private var largest: Int64 = 0
  private var unreachable = 0

  init(query: DICOMwebQuery, index: ArchiveIndex, context: StudySource.Context) {
    self.query = query
    self.index = index
    self.context = context
  }

  var isExhausted: Bool { listEnded && page.isEmpty && fetching.isEmpty && ready.isEmpty }

  var extraWorkers: Int { Self.fetchers }

  func next(mayAnalyze: Bool) throws -> StudyFeedItem? {
    if mayAnalyze, !ready.isEmpty { return ready.removeFirst() }
    guard mayFetch, let uid = try nextUID() else { return nil }
    let key = context.keys.studyKey(studyInstanceUID: uid)
    let before = try context.ledger.record(forKey: key)
    let isCurrent = try before.map { try context.isCurrent(key: key, fingerprint: $0.fingerprint) } ?? false
    lastNumber += 1
    let folder = "\(context.layout.cache)/\(key)"
    FileSystem.remove(folder)
    let study = PreparedStudy(
      studyKey: key, studyInstanceUID: uid, fingerprint: "", files: [], maskFiles: [], known: [])
    fetching[lastNumber] = Fetch(study: study, folder: folder)
    return .fetch(
      number: lastNumber,
      RetrieveTask(
        server: query.server, studyInstanceUID: uid, knownFingerprint: isCurrent ? before?.fingerprint : nil,
        folder: folder))
  }

  /// Room for one more study as large as the largest so far beside those that are there and on their way.
  private var mayFetch: Bool {
    guard fetching.count < Self.fetchers else { return false }
    let coming = Int64(fetching.count + 1) * largest
    return cached.isEmpty && fetching.isEmpty
      || cached.values.reduce(0, +) + coming <= Int64(query.cacheLimitMegabytes) << 20
  }

  private func nextUID() throws -> String? {
    while true {
      while !page.isEmpty {
        let uid = page.removeFirst().studyInstanceUID
        if context.options.shard?.holds(studyInstanceUID: uid) != false { return uid }
      }
      if listEnded { return nil }
      page = try index.studies(after: lastUID, limit: 256)
      if let last = page.last { lastUID = last.studyInstanceUID } else { listEnded = true }
    }
  }

  func fetched(_ number: Int64, _ outcome: TaskOutcome) throws {
    guard var fetch = fetching.removeValue(forKey: number) else { return }
    switch outcome {
    case .died(let death):
      FileSystem.remove(fetch.folder)
      ready.append(.refused(fetch.study, reason: "while it was fetched, \(death.reason)"))
    case .reply(.retrieved(let result)):
      unreachable = result.isUnreachable ? unreachable + 1 : 0
      if let failure = result.failure {
        FileSystem.remove(fetch.folder)
        if result.cannotWrite { throw BatchFailure(.cannotWrite, failure) }
        guard unreachable < Self.unreachableLimit else {
          throw BatchFailure(
            .noUsableInput, "\(failure), for \(unreachable) studies in a row; the next run goes on from here")
        }
        ready.append(.refused(fetch.study, reason: "not fetched: \(failure)"))
      } else if result.isUnchanged {
        ready.append(.kept(fetch.study))
      } else {
        fetch.study.files = result.files
        fetch.study.fingerprint = result.fingerprint
        cached[fetch.study.studyKey] = result.bytes
        largest = max(largest, result.bytes)
        ready.append(.study(fetch.study))
      }
    case .reply: throw BatchFailure(.internalError, "a worker answered something that it was not asked")
    }
  }

  func changeReason(_ study: PreparedStudy) -> String? { nil }

  func release(_ study: PreparedStudy) {
    cached.removeValue(forKey: study.studyKey)
    FileSystem.remove("\(context.layout.cache)/\(study.studyKey)")
  }
}
