import ArchiveBatch
import ArgumentParser

/// A worker process of `batch`: tasks on standard input, answers on descriptor 3. Not for people.
struct WorkerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker", abstract: "Serve a batch (started by batch itself).", shouldDisplay: false)

  @Option(help: "Megabytes.") var memoryLimit: Int?

  func run() throws { WorkerLoop.run(services: .pipeline, memoryLimitMegabytes: memoryLimit) }
}
