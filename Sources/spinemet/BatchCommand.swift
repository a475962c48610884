import ArchiveBatch
import ArgumentParser
import Findings
import Foundation
import StudyPipeline

/// `spinemet batch ARCHIVE_DIR -o OUT_DIR`: every study under a folder tree, or on a DICOMweb server.
struct BatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "batch", abstract: "Measure every study of an archive, resumably.",
    discussion: """
      Writes OUT_DIR/<study key>/features.json, lesions.csv, patients.csv and manifest.json. A run that was interrupted \
      goes on where it stopped. Mask options name a file beside each study or one file for all.
      """)

  @Argument(help: "Folder tree with studies in any layout.")
  var archiveDir: String?

  @Option(name: .shortAndLong, help: "Output folder, outside the archive.")
  var output: String

  @Option(help: "Worker processes, one study at a time each.")
  var jobs = max(1, ProcessInfo.processInfo.activeProcessorCount)

  @Flag(help: "Go on where an earlier run stopped (this is the default).")
  var resume = false

  @Flag(help: "Also retry studies that failed or were refused before.")
  var retryFailed = false

  @Option(help: ArgumentHelp("Only the I-th of N parts of the archive; join the parts with merge.", valueName: "I/N"))
  var shard: String?

  @Option(help: ArgumentHelp("Time for one study.", valueName: "SECONDS"))
  var timeout = 900.0

  @Option(help: ArgumentHelp("Memory for one study.", valueName: "MB"))
  var memoryLimit = 4096

  @Flag(help: "A report and overlays per study.")
  var reports = false

  @Option(help: ArgumentHelp("An index of the archive made before.", valueName: "FILE"))
  var index: String?

  @Flag(help: "Stop after indexing the archive.")
  var indexOnly = false

  @Option(help: ArgumentHelp("Take the studies from this server; see the guide for credentials.", valueName: "URL"))
  var dicomweb: String?

  @Option(help: ArgumentHelp("A QIDO-RS parameter (repeatable).", valueName: "KEY=VALUE"))
  var dicomwebQuery: [String] = []

  @Option(help: ArgumentHelp("Room for fetched studies.", valueName: "MB"))
  var cacheLimit = 4096

  @Option(
    help: ArgumentHelp(
      "Tests only: FAULT@UID_ENDING makes the worker of such a study crash, abort, hang, or hoard memory.",
      visibility: .hidden))
  var testHook: [String] = []

  @OptionGroup(title: "Analysis") var arguments: AnalysisArguments

  func validate() throws {
    if (archiveDir == nil) == (dicomweb == nil) {
      throw ValidationError("name an archive folder or a --dicomweb server")
    }
    guard jobs >= 1, memoryLimit >= 1, cacheLimit >= 1, timeout > 0 else {
      throw ValidationError("--jobs, --memory-limit, --cache-limit and --timeout want numbers above 0")
    }
    if let shard, Shard(shard) == nil { throw ValidationError("--shard wants I/N with I from 1 to N; got '\(shard)'") }
    if arguments.study != nil { throw ValidationError("--study is for analyze; a batch takes every study") }
    _ = try hooks()
  }

  private func hooks() throws -> [(hook: TestHook, studyUIDEnding: String)] {
    try testHook.map { text in
      let parts = text.split(separator: "@")
      guard parts.count == 2, let hook = TestHook(rawValue: String(parts[0])) else {
        throw ValidationError("--test-hook wants FAULT@UID_ENDING")
      }
      return (hook, String(parts[1]))
    }
  }

  func run() throws {
    let console = Console(arguments)
    let options = try batchOptions()
    try console.exiting {
      let configuration = try EngineConfiguration.load(options: options.analysis)
      if arguments.verbose { console.say(String(decoding: configuration.jsonData(), as: UTF8.self)) }
      let engine = BatchEngine(
        version: StudyAnalyzer.engineVersion, lesionsHeader: LesionTable.header, workerExecutable: "/proc/self/exe",
        workerArguments: ["worker"], configuration: configuration.jsonData(),
        configurationDigest: configuration.digest)
      let progress: any ProgressReport =
        arguments.quiet ? QuietProgress() : LineProgress(json: arguments.logFormat == .json)
      let run = BatchRun(options: options, engine: engine, progress: progress, stop: StopSignal())
      do {
        let summary = try run.run()
        console.say(indexOnly ? "\(summary.studies) studies indexed" : summary.text)
        return ExitCode(summary.exitCode)
      } catch let failure as BatchFailure {
        console.complain(failure.message)
        return ExitCode(failure.exitCode)
      }
    }
  }

  private func batchOptions() throws -> BatchOptions {
    let source: BatchOptions.Source =
      dicomweb.map {
        .dicomweb(DICOMwebQuery(server: $0, parameters: dicomwebQuery, cacheLimitMegabytes: cacheLimit))
      } ?? .folder(archiveDir ?? "")
    var options = BatchOptions(source: source, output: output)
    options.analysis = try arguments.options()
    options.analysis.writeReport = reports
    options.jobs = jobs
    options.retryFailed = retryFailed
    options.shard = shard.flatMap { Shard($0) }
    options.timeoutSeconds = timeout
    options.memoryLimitMegabytes = memoryLimit
    options.indexFile = index
    options.indexOnly = indexOnly
    options.verbose = arguments.verbose
    options.testHooks = try hooks()
    return options
  }
}

extension BatchRun.Summary {
  /// One line for people.
  var text: String {
    "\(studies) studies: \(done + doneWithRefusals) measured, \(refused) refused, \(failed) failed; \(lesions) lesions"
  }
}
