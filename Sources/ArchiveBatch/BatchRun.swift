internal import Findings
internal import Foundation
internal import StudyPipeline

/// One run over an archive: index, studies, tables, manifest.
public struct BatchRun {
  /// What a run came to.
  public struct Summary: Sendable, Equatable {
    public var studies = 0
    public var done = 0
    public var doneWithRefusals = 0
    public var refused = 0
    public var failed = 0
    public var lesions = 0
    /// Taken over from an earlier run.
    public var resumed = 0
    /// The run took one shard, which may hold no study of an archive that has some.
    public var isShard = false

    /// `0` done, `2` something was refused or failed, `65` nothing to work on.
    public var exitCode: Int32 {
      studies == 0 && !isShard ? 65 : doneWithRefusals + refused + failed > 0 ? 2 : 0
    }
  }

  let options: BatchOptions
  let engine: BatchEngine
  let progress: any ProgressReport
  let stop: StopSignal?
  let layout: OutputLayout
  private let began = Date()

  public init(options: BatchOptions, engine: BatchEngine, progress: any ProgressReport, stop: StopSignal? = nil) {
    self.options = options
    self.engine = engine
    self.progress = progress
    self.stop = stop
    layout = OutputLayout(root: URL(fileURLWithPath: options.output).standardizedFileURL.path)
  }

  /// Runs, or goes on where an earlier run stopped. Throws `BatchFailure`.
  public func run() throws -> Summary {
    if case .folder(let folder) = options.source {
      try Self.check(archive: FileSystem.realPath(folder), output: FileSystem.realPath(options.output))
    }
    try layout.prepare()
    let lock = try OutputLock(path: layout.lock)
    defer { withExtendedLifetime(lock) {} }
    try layout.clear()
    defer { layout.clearAfterRun(keepingErrors: options.verbose) }
    switch options.source {
    case .folder(let folder): return try runFolder(URL(fileURLWithPath: folder).standardizedFileURL.path)
    case .dicomweb(let query): return try runDICOMweb(query)
    }
  }

  /// Results inside the archive would become its files.
  static func check(archive: String, output: String) throws {
    if archive == output {
      throw BatchFailure(.usage, "the output folder is the archive itself; choose a folder outside it")
    }
    if output.hasPrefix(archive.hasSuffix("/") ? archive : archive + "/") {
      throw BatchFailure(.usage, "the output folder lies inside the archive; choose a folder outside it")
    }
  }

  private func runFolder(_ root: String) throws -> Summary {
    var record = RunRecord()
    let pool = makePool()
    defer { pool.stopAll() }
    // A new output has headers to read for certain: the workers start while the index is made.
    if FileStatus(path: layout.index) == nil { try pool.startAll() }
    let index = try makeIndex(root, pool, &record)
    if options.indexOnly {
      try index.close()
      return Summary(studies: record.archive.studies, done: record.archive.studies)
    }
    defer { try? index.close() }
    return try analyze(&record, pool: pool) { context in
      let plan = try IndexedFeed.plan(index, context)
      let feed = IndexedFeed(root: root, index: index, keys: context.keys, plan: plan)
      return (feed, waiting: plan.waiting.count, kept: plan.kept)
    }
  }

  /// Facts gathered along the way for the manifest.
  struct RunRecord {
    var archive = Manifest.Archive()
    var peakResidentBytes = 0
  }

  private func makeIndex(_ root: String, _ pool: WorkerPool, _ record: inout RunRecord) throws -> ArchiveIndex {
    let clock = ContinuousClock.now
    if let file = options.indexFile, FileStatus(path: layout.index) == nil {
      try ArchiveIndex.copy(from: file, to: layout.index)
    }
    let index = try ArchiveIndex(path: layout.index)
    let walk = try ArchiveWalk(root: root, excluding: [layout.root], index: index, progress: progress)
    try pool.run(walk)
    if let signal = stop?.signal {
      try walk.suspend()
      throw BatchFailure(.signal(signal), "stopped by signal \(signal); the next run goes on from here")
    }
    try walk.end()
    record.archive = try Self.archive(index, walk)
    record.archive.indexSeconds = Self.seconds(since: clock)
    record.peakResidentBytes = pool.peakResidentBytes
    progress.indexed(
      files: record.archive.files, studies: record.archive.studies, seconds: record.archive.indexSeconds)
    guard record.archive.studies > 0 else {
      throw BatchFailure(.noUsableInput, "no DICOM study in \(record.archive.files) files")
    }
    return index
  }

  private static func archive(_ index: ArchiveIndex, _ walk: ArchiveWalk) throws -> Manifest.Archive {
    let totals = try index.totals()
    var archive = Manifest.Archive()
    archive.files = totals.files
    archive.dicomFiles = totals.dicomFiles
    archive.maskFiles = totals.maskFiles
    archive.otherFiles = totals.otherFiles
    archive.dicomBytes = totals.bytes
    archive.studies = totals.studies
    archive.unreachableFiles = walk.unreachable
    archive.headersRead = walk.headersRead
    archive.strayFiles = try index.strayFiles().map { Manifest.Stray(reason: $0.reason, count: $0.count) }
    return archive
  }

  /// Runs the studies that a feed gives and writes the tables; shared by folders and servers.
  ///
  /// - Parameter pool: workers that are there already; `nil` to start them.
  func analyze(
    _ record: inout RunRecord, pool known: WorkerPool? = nil,
    feed makeFeed: (StudySource.Context) throws -> (any StudyFeed, waiting: Int, kept: Int)
  ) throws -> Summary {
    let ledger = try Ledger(path: layout.ledger)
    let run = try ledger.beginRun(started: Self.text(began))
    let context = StudySource.Context(
      options: options, engineVersion: engine.version,
      configurationDigest: try ConfigurationDigest.of(options.analysis), keys: try identityKeys(), layout: layout,
      ledger: ledger, run: run)
    let (feed, waiting, kept) = try makeFeed(context)
    progress.starting(studies: waiting, alreadyDone: kept)
    let source = StudySource(context: context, feed: feed, total: waiting, progress: progress)
    let pool = known ?? makePool(extra: feed.extraWorkers)
    defer { pool.stopAll() }
    do {
      try pool.run(source)
    } catch {
      try? source.settle()
      throw error
    }
    try source.settle()
    if let signal = stop?.signal {
      pool.stopAll()
      try ledger.close()
      progress.finished()
      throw BatchFailure(.signal(signal), "stopped by signal \(signal); the next run goes on from here")
    }
    source.tick(running: 0)
    progress.finished()
    record.peakResidentBytes = max(record.peakResidentBytes, pool.peakResidentBytes)
    let summary = try finish(ledger, run, resumed: kept + source.kept, record)
    try ledger.close()
    return summary
  }

  private func finish(_ ledger: Ledger, _ run: Int64, resumed: Int, _ record: RunRecord) throws -> Summary {
    try ResultTables.write(ledger, run: run, lesionsHeader: engine.lesionsHeader, into: layout.root)
    var manifest = Manifest(
      engine: .init(version: engine.version, configDigest: engine.configurationDigest),
      started: Self.text(began), finished: Self.text(Date()), seconds: Date().timeIntervalSince(began))
    manifest.options = shownOptions
    manifest.configuration = engine.configuration.map(JSONText.init)
    manifest.archive = record.archive
    manifest.shard = options.shard
    manifest.counts = try Manifest.Counts(ledger.counts(run: run), resumed: resumed)
    manifest.jobs = options.jobs
    manifest.timeoutSeconds = options.timeoutSeconds
    manifest.memoryLimitMb = options.memoryLimitMegabytes
    manifest.peakWorkerMemoryMb = record.peakResidentBytes >> 20
    manifest.peakMemoryMb = (record.peakResidentBytes + ProcessMemory.peakBytes) >> 20
    try manifest.write(to: layout.root + "/manifest.json", ledger: ledger, run: run)
    try ledger.finishRun(run, at: manifest.finished, lesionsHeader: engine.lesionsHeader)
    var summary = Summary(manifest.counts)
    summary.isShard = options.shard != nil
    return summary
  }

  /// The options without paths, which may name patients.
  private var shownOptions: AnalysisOptions {
    var shown = options.analysis
    guard !shown.includeIdentifiers else { return shown }
    shown.lesionFiles = []
    shown.muscle = nil
    shown.anatomy = nil
    shown.configurationFile = nil
    shown.pseudonymKeyFile = nil
    return shown
  }

  func identityKeys() throws -> IdentityKeys {
    guard let file = options.analysis.pseudonymKeyFile else { return IdentityKeys() }
    guard let data = FileManager.default.contents(atPath: file), !data.isEmpty else {
      throw BatchFailure(.usage, "the pseudonym key file cannot be read or is empty")
    }
    return IdentityKeys(pseudonymKey: [UInt8](data))
  }

  private func makePool(extra: Int = 0) -> WorkerPool {
    let arguments = options.memoryLimitMegabytes.map { ["--memory-limit", String($0)] } ?? []
    return WorkerPool(
      settings: WorkerPoolSettings(
        jobs: max(1, options.jobs) + extra, executable: engine.workerExecutable,
        arguments: engine.workerArguments + arguments, timeoutSeconds: options.timeoutSeconds,
        memoryLimitMegabytes: options.memoryLimitMegabytes, errorFolder: options.verbose ? nil : layout.errors),
      wakeDescriptor: stop?.wakeDescriptor ?? -1, shouldStop: { [stop] in stop?.signal != nil })
  }

  static func text(_ date: Date) -> String { ISO8601DateFormatter().string(from: date) }

  static func seconds(since clock: ContinuousClock.Instant) -> Double {
    Double((ContinuousClock.now - clock) / .milliseconds(1)) / 1000
  }
}

extension Manifest.Counts {
  init(_ counts: (outcomes: [Ledger.Outcome: Int], absent: Int, lesions: Int), resumed: Int) {
    done = counts.outcomes[.done, default: 0]
    doneWithRefusals = counts.outcomes[.doneWithRefusals, default: 0]
    refused = counts.outcomes[.refused, default: 0]
    failed = counts.outcomes[.failed, default: 0]
    lesions = counts.lesions
    notInArchive = counts.absent
    self.resumed = resumed
  }
}

extension BatchRun.Summary {
  init(_ counts: Manifest.Counts) {
    done = counts.done
    doneWithRefusals = counts.doneWithRefusals
    refused = counts.refused
    failed = counts.failed
    lesions = counts.lesions
    resumed = counts.resumed
    studies = done + doneWithRefusals + refused + failed
  }
}
