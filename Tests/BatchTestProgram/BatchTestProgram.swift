internal import ArchiveBatch
internal import Findings
internal import Foundation
internal import StudyPipeline

/// A batch with a made-up analysis, as coordinator and as worker, so that the machinery of `ArchiveBatch` can be tested
/// without pixels: `batch ARCHIVE OUT [option value]...` and `worker`.
///
/// The analysis hashes the study's files and writes as many lesion rows as the hash says.
@main
struct BatchTestProgram {
  static let header = "patient_key,study_instance_uid,lesion_id,size\r\n"

  static func main() {
    let arguments = CommandLine.arguments
    switch arguments.dropFirst().first {
    case "worker":
      let limit = arguments.firstIndex(of: "--memory-limit").flatMap { Int(arguments[$0 + 1]) }
      WorkerLoop.run(services: services, memoryLimitMegabytes: limit)
    case "batch": exit(batch(Array(arguments.dropFirst(2))))
    case "merge":
      exit(code { try Merge(outputs: Array(arguments[3...]), into: arguments[2], progress: QuietProgress()).run() })
    default: exit(64)
    }
  }

  private static func batch(_ arguments: [String]) -> Int32 {
    var options = BatchOptions(source: .folder(arguments[0]), output: arguments[1])
    var rest = arguments[2...]
    while let name = rest.popFirst(), let value = rest.popFirst() {
      switch name {
      case "--jobs": options.jobs = Int(value)!
      case "--shard": options.shard = Shard(value)
      case "--timeout": options.timeoutSeconds = Double(value)
      case "--memory-limit": options.memoryLimitMegabytes = Int(value)
      case "--retry-failed": options.retryFailed = value == "yes"
      case "--index-only": options.indexOnly = value == "yes"
      case "--index": options.indexFile = value
      case "--lesions": options.analysis.lesionFiles.append(value)
      case "--hook":
        let parts = value.split(separator: "@")
        options.testHooks.append((TestHook(rawValue: String(parts[0]))!, String(parts[1])))
      default: return 64
      }
    }
    let engine = BatchEngine(
      version: ProcessInfo.processInfo.environment["FAKE_VERSION"] ?? "1", lesionsHeader: header,
      workerExecutable: "/proc/self/exe", workerArguments: ["worker"])
    let stop = StopSignal()
    return code { try BatchRun(options: options, engine: engine, progress: QuietProgress(), stop: stop).run() }
  }

  private static func code(_ body: () throws -> BatchRun.Summary) -> Int32 {
    do { return try body().exitCode } catch let failure as BatchFailure {
      FileHandle.standardError.write(Data((failure.message + "\n").utf8))
      return failure.exitCode
    } catch {
      FileHandle.standardError.write(Data("\(error)\n".utf8))
      return 70
    }
  }

  /// A header that kills its reader when the file is named so.
  private static let services = WorkerServices(
    readHeader: { path in
      if path.hasSuffix("killer.dcm") { abort() }
      return FileHeader.read(path: path)
    },
    analyze: { task, stage in
      stage("read")
      var bytes: [UInt8] = []
      for file in task.files + task.options.lesionFiles {
        guard let data = FileManager.default.contents(atPath: file) else {
          throw StudyFailure(.noUsableInput, "a file is missing")
        }
        bytes += data
      }
      stage("measure")
      if let name = ProcessInfo.processInfo.environment["FAKE_TOUCH"],
        let file = task.files.first(where: { $0.contains(name) })
      {
        try? (Data(bytes) + Data([0])).write(to: URL(fileURLWithPath: file))
      }
      if bytes.count % 7 == 3 { throw StudyFailure(.noUsableInput, "seven does not divide it") }
      let digest = Digest.sha256(bytes)
      let text =
        "{\"study\": \"\(task.studyInstanceUID)\", \"files\": \(task.files.count), \"digest\": \"\(digest)\"}\n"
      do {
        try Data(text.utf8).write(to: URL(fileURLWithPath: task.output + "/features.json"))
      } catch { throw StudyFailure(.cannotWrite, "cannot write features.json") }
      var result = StudyResult()
      result.studyInstanceUID = task.studyInstanceUID
      result.patientKey = String(digest.prefix(4))
      result.inputDigest = digest
      result.lesionCount = Int(digest.prefix(1), radix: 16)! % 4
      for lesion in 0..<result.lesionCount {
        result.lesionRows += "\(result.patientKey),\(task.studyInstanceUID),\(lesion + 1),\(bytes.count)\r\n"
      }
      return result
    })
}
