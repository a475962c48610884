/// Why an exchange with a DICOMweb server failed. Messages hold no query and no header, which may name patients.
package struct DICOMwebFailure: Error, Equatable {
  package enum Kind: Equatable {
    /// A server that is busy, or an answer that came broken: worth another try.
    case transient(retryAfterSeconds: Double?)
    /// No answer at all: worth another try, and a sign that other studies will fare no better.
    case unreachable
    /// Another try would end the same way.
    case permanent
    /// The address or the query is none.
    case wrongUse
    /// The cache cannot be written.
    case cannotWrite
  }

  package var kind: Kind
  package var message: String

  package init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
}
