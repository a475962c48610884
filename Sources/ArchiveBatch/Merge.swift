internal import Findings
internal import Foundation

/// Joins the outputs of shards into one: study folders, tables, manifest.
///
/// Files are linked where the file system allows it, else copied; shards are only read. The order in which shards are
/// named changes nothing.
public struct Merge {
  let outputs: [String]
  let layout: OutputLayout
  let progress: any ProgressReport

  public init(outputs: [String], into output: String, progress: any ProgressReport) {
    self.outputs = outputs.map { URL(fileURLWithPath: $0).standardizedFileURL.path }.sorted()
    layout = OutputLayout(root: URL(fileURLWithPath: output).standardizedFileURL.path)
    self.progress = progress
  }

  private struct Part {
    let layout: OutputLayout
    let ledger: Ledger
    let run: Int64
    let lesionsHeader: String
  }

  /// Throws `BatchFailure`: `.usage` when an input is the output, `.noUsableInput` when an input is no finished batch
  /// output, two inputs differ in configuration or engine, or hold different results for one study.
  public func run() throws -> BatchRun.Summary {
    let began = Date()
    guard !outputs.contains(layout.root) else { throw BatchFailure(.usage, "the output is one of the inputs") }
    let parts = try outputs.map(Self.open)
    guard let header = parts.first?.lesionsHeader else { throw BatchFailure(.usage, "nothing to merge") }
    guard parts.allSatisfy({ $0.lesionsHeader == header }) else {
      throw BatchFailure(.noUsableInput, "the shards' tables have different columns")
    }
    try layout.prepare()
    let lock = try OutputLock(path: layout.lock)
    defer { withExtendedLifetime(lock) {} }
    try layout.clear()
    defer { layout.clearAfterRun(keepingErrors: false) }
    let ledger = try Ledger(path: layout.ledger)
    let run = try ledger.beginRun(started: BatchRun.text(began))
    var recipe: [String]?
    for part in parts {
      try part.ledger.forEach(run: part.run) { record in
        let own = [record.configurationDigest, record.engineVersion]
        guard recipe == nil || recipe == own else {
          throw BatchFailure(.noUsableInput, "the shards were made with different configurations or engine versions")
        }
        recipe = own
        try take(record, from: part, into: ledger, run)
      }
    }
    let summary = try finish(ledger, run, header, recipe ?? ["", ""], began)
    try ledger.close()
    for part in parts { part.ledger.closeReadOnly() }
    return summary
  }

  private static func open(_ output: String) throws -> Part {
    let layout = OutputLayout(root: output)
    let name = URL(fileURLWithPath: output).lastPathComponent
    guard FileStatus(path: layout.ledger)?.kind == .file else {
      throw BatchFailure(.noUsableInput, "\(name) is not the output of a batch")
    }
    guard OutputLock.isFree(layout.lock) else {
      throw BatchFailure(.noUsableInput, "\(name) is being written by another run")
    }
    let ledger = try Ledger(path: layout.ledger, readOnly: true)
    let run = try ledger.lastRun()
    guard let header = try ledger.lesionsHeader(ofFinishedRun: run) else {
      throw BatchFailure(.noUsableInput, "the run in \(name) did not finish; run it again, then merge")
    }
    return Part(layout: layout, ledger: ledger, run: run, lesionsHeader: header)
  }

  private func take(_ record: Ledger.Record, from part: Part, into ledger: Ledger, _ run: Int64) throws {
    if let present = try ledger.record(forKey: record.studyKey, run: run) {
      if !record.outcome.hasResult { return }
      if present.outcome.hasResult {
        guard present.featuresDigest == record.featuresDigest else {
          throw BatchFailure(.noUsableInput, "two shards hold different results for study \(record.studyKey)")
        }
        return
      }
    }
    if record.outcome.hasResult {
      let before = try ledger.record(forKey: record.studyKey)
      let isThere =
        before?.featuresDigest == record.featuresDigest
        && FileStatus(path: layout.features(record.studyKey))?.kind == .file
      if !isThere {
        let pending = try layout.makePending(record.studyKey)
        try Self.copyTree(part.layout.study(record.studyKey), to: pending)
        try layout.publish(record.studyKey)
      }
    } else {
      try layout.withdraw(record.studyKey)
    }
    try ledger.save(record, run: run)
  }

  private static func copyTree(_ source: String, to destination: String) throws {
    guard let names = FileSystem.names(in: source) else {
      throw BatchFailure(.noUsableInput, "a shard's ledger names a study whose folder is missing")
    }
    for name in names {
      let (from, to) = ("\(source)/\(name)", "\(destination)/\(name)")
      if FileStatus(path: from, followingLinks: false)?.kind == .folder {
        try FileSystem.makeFolder(to)
        try copyTree(from, to: to)
      } else {
        try FileSystem.linkOrCopy(from, to: to)
      }
    }
    try FileSystem.sync(destination)
  }

  private func finish(
    _ ledger: Ledger, _ run: Int64, _ header: String, _ recipe: [String], _ began: Date
  ) throws -> BatchRun.Summary {
    try ResultTables.write(ledger, run: run, lesionsHeader: header, into: layout.root)
    var manifest = Manifest(
      engine: .init(version: recipe[1], configDigest: recipe[0]), started: BatchRun.text(began),
      finished: BatchRun.text(Date()), seconds: Date().timeIntervalSince(began))
    manifest.mergedOutputs = outputs.count
    manifest.counts = try Manifest.Counts(ledger.counts(run: run), resumed: 0)
    try manifest.write(to: layout.root + "/manifest.json", ledger: ledger, run: run)
    try ledger.finishRun(run, at: manifest.finished, lesionsHeader: header)
    return BatchRun.Summary(manifest.counts)
  }
}
