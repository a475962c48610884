/// Why a batch could not run or go on, in the classes that exit codes are made of. Messages hold no patient data.
public struct BatchFailure: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Kind: Sendable, Equatable {
    /// An option that makes no sense: exit code 64.
    case usage
    /// Nothing to work on: exit code 65.
    case noUsableInput
    /// The output, its ledger or its index cannot be written, or another run holds it: exit code 73.
    case cannotWrite
    /// A defect of the engine: exit code 70.
    case internalError
    /// A signal stopped the run after a clean stop: exit code 128 + n.
    case signal(Int32)
  }

  public let kind: Kind
  public let message: String

  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  public var description: String { message }

  /// The exit code of the contract.
  public var exitCode: Int32 {
    switch kind {
    case .usage: 64
    case .noUsableInput: 65
    case .cannotWrite: 73
    case .internalError: 70
    case .signal(let number): 128 + number
    }
  }
}
