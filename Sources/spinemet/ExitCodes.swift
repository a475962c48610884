import ArgumentParser
import StudyPipeline

/// The exit codes of the contract.
extension ExitCode {
  static let finishedWithRefusals = ExitCode(2)
  static let usage = ExitCode(64)
  static let noUsableInput = ExitCode(65)
  static let internalError = ExitCode(70)
  static let cannotWrite = ExitCode(73)

  init(_ kind: StudyFailure.Kind) {
    switch kind {
    case .usage: self = .usage
    case .noUsableInput, .memoryLimit: self = .noUsableInput
    case .cannotWrite: self = .cannotWrite
    case .internalError: self = .internalError
    }
  }
}
