import ArchiveBatch
import ArgumentParser

/// `spinemet merge OUT_DIR... -o OUT_DIR`: joins the outputs of shards.
struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge", abstract: "Join the outputs of shards into one.",
    discussion: "All inputs have to be finished runs of one engine version with one configuration.")

  @Argument(help: "Outputs of batch --shard.")
  var outputDirs: [String]

  @Option(name: .shortAndLong, help: "Output folder.")
  var output: String

  @Flag(help: "Say nothing but errors.")
  var quiet = false

  func run() throws {
    do {
      let summary = try Merge(outputs: outputDirs, into: output, progress: QuietProgress()).run()
      if !quiet { Console.say(summary.text) }
      if summary.exitCode != 0 { throw ExitCode(summary.exitCode) }
    } catch let failure as BatchFailure {
      Console.say("error: \(failure.message)")
      throw ExitCode(failure.exitCode)
    }
  }
}
