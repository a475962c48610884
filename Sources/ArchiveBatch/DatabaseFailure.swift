internal import GRDB

/// SQLite's errors in the words and classes of the batch.
enum DatabaseFailure {
  static func translate<Value>(_ what: String, _ body: () throws -> Value) throws -> Value {
    do { return try body() } catch let error as DatabaseError { throw failure(what, error) }
  }

  static func failure(_ what: String, _ error: any Error) -> BatchFailure {
    guard let error = error as? DatabaseError else {
      return BatchFailure(.internalError, "\(what): \(type(of: error))")
    }
    let reason =
      switch error.resultCode {
      case .SQLITE_FULL: "no space left on device"
      case .SQLITE_READONLY: "read-only"
      case .SQLITE_CANTOPEN: "it cannot be opened"
      case .SQLITE_BUSY, .SQLITE_LOCKED: "another process holds it"
      case .SQLITE_CORRUPT, .SQLITE_NOTADB: "it is damaged"
      case .SQLITE_IOERR: "input/output error (often a full disk)"
      default: "SQLite error \(error.extendedResultCode.rawValue)"
      }
    return BatchFailure(.cannotWrite, "\(what) of the output: \(reason)")
  }
}
