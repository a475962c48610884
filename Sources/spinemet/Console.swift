import ArgumentParser
import CohortStatistics
import Foundation
import Logging
import Reporting
import StudyPipeline

/// The one printer: data to standard output, talk to standard error, as text or as JSON lines.
struct Console {
  private let logger: Logger

  init(_ arguments: AnalysisArguments) {
    self.init(quiet: arguments.quiet, verbose: arguments.verbose, isJSON: arguments.logFormat == .json)
  }

  init(quiet: Bool, verbose: Bool = false, isJSON: Bool = false) {
    var logger = Logger(label: "spinemet") { _ in StandardErrorLog(isJSON: isJSON) }
    logger.logLevel = quiet ? .error : verbose ? .debug : .info
    self.logger = logger
  }

  func say(_ text: String) { logger.info("\(text)") }
  func warn(_ text: String) { logger.warning("\(text)") }
  func complain(_ text: String) { logger.error("\(text)") }

  /// Runs a command's work and leaves with its exit code; each failure becomes one clear line.
  func exiting(_ work: () throws -> ExitCode) throws {
    let code: ExitCode
    do {
      code = try work()
    } catch let failure as StudyFailure {
      complain(failure.message)
      code = ExitCode(failure.kind)
    } catch let failure as CohortError {
      complain(failure.description)
      code = .noUsableInput
    } catch let failure as AtomicFile.Failure {
      complain(failure.description)
      code = .cannotWrite
    } catch let failure as DICOMReport.Failure {
      complain(failure.description)
      code = .cannotWrite
    } catch let code as ExitCode {
      throw code
    } catch {
      complain("internal error: \(error)")
      code = .internalError
    }
    if code != .success { throw code }
  }

  /// Writes whole files into a folder, each under a temporary name first.
  static func write(_ files: [(name: String, data: Data)], to path: String) throws(AtomicFile.Failure) {
    let folder = URL(fileURLWithPath: path, isDirectory: true)
    try AtomicFile.makeFolder(folder)
    for file in files { try AtomicFile.write(file.data, to: folder.appendingPathComponent(file.name)) }
  }

  static func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

  static func emit(_ text: String) { emit(Data((text + "\n").utf8)) }

  static func emit(_ data: Data) { try? FileHandle.standardOutput.write(contentsOf: data) }
}

/// Log lines on standard error. Text for people, or one JSON object a line.
struct StandardErrorLog: LogHandler {
  let isJSON: Bool
  var logLevel: Logger.Level = .info
  var metadata: Logger.Metadata = [:]

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    if isJSON {
      let object = ["level": event.level.rawValue, "message": event.message.description]
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      if let data = try? encoder.encode(object) { Console.say(String(decoding: data, as: UTF8.self)) }
    } else {
      let prefix = event.level >= .error ? "error: " : event.level == .warning ? "warning: " : ""
      Console.say(prefix + event.message.description)
    }
  }
}
