/// Why a study could not be analysed, in the classes that exit codes are made of.
public struct StudyFailure: Error, Sendable, Equatable, Codable, CustomStringConvertible {
  public enum Kind: String, Sendable, Codable {
    /// No readable MR series, an unreadable mask, a mask that fits no series: exit code 65.
    case noUsableInput
    /// An option contradicts the study, such as a role for a series that is not there: exit code 64.
    case usage
    /// The output cannot be written: exit code 73.
    case cannotWrite
    /// More memory than `--memory-limit` allows: refused before decoding.
    case memoryLimit
    /// A defect of the engine: exit code 70.
    case internalError
  }

  public var kind: Kind
  public var message: String

  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  public var description: String { message }
}
