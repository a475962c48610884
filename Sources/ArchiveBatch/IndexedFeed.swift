internal import Findings

/// The studies of an indexed archive that need work.
final class IndexedFeed: StudyFeed {
  /// Studies to do and results that stay, after comparing the index with the ledger.
  struct Plan {
    var waiting: [Int64] = []
    var kept = 0
  }

  private let root: String
  private let index: ArchiveIndex
  private let keys: IdentityKeys
  private let waiting: [Int64]
  private var position = 0

  init(root: String, index: ArchiveIndex, keys: IdentityKeys, plan: Plan) {
    self.root = root
    self.index = index
    self.keys = keys
    waiting = plan.waiting
  }

  var isExhausted: Bool { position == waiting.count }
  var extraWorkers: Int { 0 }

  func next(mayAnalyze: Bool) throws -> StudyFeedItem? {
    guard mayAnalyze, position < waiting.count else { return nil }
    let entry = try index.study(waiting[position])
    position += 1
    let files = try index.files(of: entry.identifier)
    let study = PreparedStudy(
      studyKey: keys.studyKey(studyInstanceUID: entry.studyInstanceUID), studyInstanceUID: entry.studyInstanceUID,
      fingerprint: entry.fingerprint, files: files.dicom.map { "\(root)/\($0.path)" },
      maskFiles: files.masks.map { "\(root)/\($0.path)" }, known: (files.dicom + files.masks).map(\.known))
    if let reason = changeReason(study) { return .refused(study, reason: reason) }
    return .study(study)
  }

  func fetched(_ number: Int64, _ outcome: TaskOutcome) {}

  func release(_ study: PreparedStudy) {}

  func changeReason(_ study: PreparedStudy) -> String? {
    var missing = 0
    var changed = 0
    for (path, known) in zip(study.files + study.maskFiles, study.known) {
      guard let status = FileStatus(path: path) else {
        missing += 1
        continue
      }
      if ArchiveIndex.KnownFile(size: status.size, modified: status.modified) != known { changed += 1 }
    }
    let count = study.known.count
    if missing > 0 { return "\(missing) of \(count) files vanished during the run; run again" }
    return changed > 0 ? "\(changed) of \(count) files changed during the run; run again" : nil
  }

  /// Compares every study of the index with the ledger. A result stays when the fingerprint of its files, the
  /// configuration, and the engine's version are the same and its features.json is there.
  static func plan(_ index: ArchiveIndex, _ context: StudySource.Context) throws -> Plan {
    var plan = Plan()
    var last = ""
    while true {
      let page = try index.studies(after: last, limit: 512)
      guard let end = page.last else { return plan }
      last = end.studyInstanceUID
      var kept: [String] = []
      for entry in page where context.options.shard?.holds(studyInstanceUID: entry.studyInstanceUID) != false {
        let key = context.keys.studyKey(studyInstanceUID: entry.studyInstanceUID)
        if try context.isCurrent(key: key, fingerprint: entry.fingerprint) {
          kept.append(key)
        } else {
          plan.waiting.append(entry.identifier)
        }
      }
      try context.ledger.keep(kept, run: context.run)
      plan.kept += kept.count
    }
  }
}

extension StudySource.Context {
  /// Whether what the ledger has of a study still stands.
  func isCurrent(key: String, fingerprint: String) throws -> Bool {
    guard let record = try ledger.record(forKey: key), record.fingerprint == fingerprint,
      record.configurationDigest == configurationDigest, record.engineVersion == engineVersion
    else { return false }
    switch record.outcome {
    case .done, .doneWithRefusals: return FileStatus(path: layout.features(key))?.kind == .file
    case .failed: return !options.retryFailed
    case .refused:
      guard let needed = record.neededMegabytes else { return !options.retryFailed }
      return options.memoryLimitMegabytes.map { $0 < needed } ?? false
    }
  }
}
