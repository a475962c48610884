/// Why an exchange with a DICOMweb server failed. Messages hold no query and no header, which may name patients.
package struct DICOMwebFailure: Error, Equatable {
  package enum Kind: Equatable {
    /// The network, or a server that is busy: worth another try.
    case transient(retryAfterSeconds: Double?)
    /// Another try would end the same way.
    case permanent
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
