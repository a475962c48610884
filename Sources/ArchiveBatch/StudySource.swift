internal import Findings
internal import Foundation
internal import StudyPipeline

/// Hands the studies that need work to the pool, and puts their results into place and into the ledger.
final class StudySource: WorkSource {
  /// What all studies of a run share.
  struct Context {
    let options: BatchOptions
    let engineVersion: String
    let configurationDigest: String
    let keys: IdentityKeys
    let layout: OutputLayout
    let ledger: Ledger
    let run: Int64
  }

  private let context: Context
  private let feed: any StudyFeed
  private let writer: ResultWriter
  private let progress: any ProgressReport
  private let total: Int
  private var running: [Int64: Running] = [:]
  private var lastNumber: Int64 = 0
  private var counts: [Ledger.Outcome: Int] = [:]
  /// Studies whose earlier result turned out to stand while the run went on.
  private(set) var kept = 0

  private struct Running {
    let study: PreparedStudy
    let began: ContinuousClock.Instant
  }

  init(context: Context, feed: any StudyFeed, total: Int, progress: any ProgressReport) {
    self.context = context
    self.feed = feed
    writer = ResultWriter(
      layout: context.layout, ledger: context.ledger, run: context.run, underWay: 4 * max(1, context.options.jobs))
    self.total = total
    self.progress = progress
  }

  var isExhausted: Bool { feed.isExhausted && running.isEmpty }

  func nextTask() throws -> PooledTask? {
    while let item = try feed.next(mayAnalyze: running.count < context.options.jobs) {
      switch item {
      case .fetch(let number, let task): return PooledTask(number: -number, task: .retrieve(task))
      case .refused(let study, let reason): try save(study, .refused, reason: reason, retryNextTime: true)
      case .kept(let study):
        try context.ledger.keep([study.studyKey], run: context.run)
        kept += 1
      case .study(let study):
        if let task = try start(study) { return task }
      }
    }
    return nil
  }

  private func start(_ study: PreparedStudy) throws -> PooledTask? {
    let options: AnalysisOptions
    do {
      options = try StudyOptions.resolve(context.options.analysis, masks: study.maskFiles)
    } catch {
      try save(study, .refused, reason: error.message)
      return nil
    }
    var task = StudyTask(
      studyKey: study.studyKey, studyInstanceUID: study.studyInstanceUID,
      files: study.files + (options.lesionFiles.isEmpty ? study.maskFiles.filter(Self.isLesions) : []),
      options: options, output: try context.layout.makePending(study.studyKey))
    task.maskFiles = study.maskFiles
    task.options.memoryLimitMegabytes = context.options.memoryLimitMegabytes
    task.testHook = context.options.testHooks.first { study.studyInstanceUID.hasSuffix($0.studyUIDEnding) }?.hook
    lastNumber += 1
    running[lastNumber] = Running(study: study, began: .now)
    return PooledTask(number: lastNumber, task: .study(task))
  }

  private static func isLesions(_ path: String) -> Bool {
    MaskFileName.isLesions(String(path[(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)...]))
  }

  func finish(_ task: PooledTask, _ outcome: TaskOutcome) throws {
    if task.number < 0 { return try feed.fetched(-task.number, outcome) }
    guard let running = running.removeValue(forKey: task.number) else { return }
    defer { feed.release(running.study) }
    let seconds = Double((ContinuousClock.now - running.began) / .milliseconds(1)) / 1000
    switch outcome {
    case .died(let death):
      try save(
        running.study, .failed, seconds: seconds, reason: death.reason, signal: death.signal.map(Int.init),
        lastStage: death.lastStage)
    case .reply(.study(let result)): try take(result, of: running.study, seconds: seconds)
    case .reply: throw BatchFailure(.internalError, "a worker answered something that it was not asked")
    }
  }

  private func take(_ result: StudyResult, of study: PreparedStudy, seconds: Double) throws {
    if let failure = result.failure {
      if failure.kind == .cannotWrite { throw BatchFailure(.cannotWrite, failure.message) }
      let outcome: Ledger.Outcome = failure.kind == .internalError ? .failed : .refused
      return try save(study, outcome, result: result, seconds: seconds, reason: failure.message)
    }
    if let reason = feed.changeReason(study) {
      return try save(study, .refused, seconds: seconds, reason: reason, retryNextTime: true)
    }
    try save(study, result.refusals.isEmpty ? .done : .doneWithRefusals, result: result, seconds: seconds)
  }

  private func save(
    _ study: PreparedStudy, _ outcome: Ledger.Outcome, result: StudyResult = StudyResult(), seconds: Double = 0,
    reason: String? = nil, signal: Int? = nil, lastStage: String? = nil, retryNextTime: Bool = false
  ) throws {
    try writer.save(
      Ledger.Record(
        studyKey: study.studyKey, studyInstanceUID: context.keys.uid(study.studyInstanceUID),
        patientKey: result.patientKey, outcome: outcome, fingerprint: retryNextTime ? "" : study.fingerprint,
        inputDigest: result.inputDigest, configurationDigest: context.configurationDigest,
        engineVersion: context.engineVersion, featuresDigest: "", lesionCount: result.lesionCount,
        lesionRows: result.lesionRows, refusals: result.refusals, reason: reason, signal: signal,
        lastStage: lastStage, neededMegabytes: result.neededMegabytes, seconds: seconds,
        peakMemoryMegabytes: result.peakMemoryMegabytes))
    counts[outcome, default: 0] += 1
    if let reason { progress.problem(studyKey: study.studyKey, reason: reason) }
  }

  /// Waits until every result is in its place.
  func settle() throws { try writer.settle() }

  func tick(running: Int) {
    progress.running(
      done: kept + counts[.done, default: 0] + counts[.doneWithRefusals, default: 0],
      refused: counts[.refused, default: 0],
      failed: counts[.failed, default: 0], total: total)
  }
}

/// A study whose files are at hand.
struct PreparedStudy {
  var studyKey: String
  var studyInstanceUID: String
  var fingerprint: String
  /// DICOM files, sorted.
  var files: [String]
  /// Mask files beside it, sorted.
  var maskFiles: [String]
  /// What the files looked like when they were indexed, in the order of `files + maskFiles`.
  var known: [ArchiveIndex.KnownFile]
}

/// Where studies come from: an indexed folder or a DICOMweb server.
protocol StudyFeed: AnyObject {
  /// The next item; only something to fetch where nothing may be analysed at the moment.
  func next(mayAnalyze: Bool) throws -> StudyFeedItem?
  var isExhausted: Bool { get }
  /// Workers beside the jobs, for fetching.
  var extraWorkers: Int { get }
  func fetched(_ number: Int64, _ outcome: TaskOutcome) throws
  /// Why a result must not count: a file is no longer what it was.
  func changeReason(_ study: PreparedStudy) -> String?
  /// The study's files are no longer needed.
  func release(_ study: PreparedStudy)
}

enum StudyFeedItem {
  case study(PreparedStudy)
  case refused(PreparedStudy, reason: String)
  case fetch(number: Int64, RetrieveTask)
  /// Its earlier result still stands.
  case kept(PreparedStudy)
}
