/// How patients and studies are named in outputs: hashes, or with a key pseudonyms that only its holder can repeat.
///
/// Without a key a hash can be reversed by trying PatientIDs; the documentation says so.
public struct IdentityKeys: Sendable {
  private let key: [UInt8]?

  /// - Parameter key: the bytes of `--pseudonym-key`'s file without trailing line breaks; `nil` for plain SHA-256.
  public init(pseudonymKey key: [UInt8]? = nil) {
    var trimmed = key
    while let last = trimmed?.last, last == 0x0A || last == 0x0D { trimmed?.removeLast() }
    self.key = trimmed
  }

  /// First 16 hexadecimal digits over issuer + NUL + PatientID, both trimmed of spaces.
  public func patientKey(issuer: String, patientID: String) -> String {
    short(Self.trimmed(issuer) + "\0" + Self.trimmed(patientID))
  }

  /// First 16 hexadecimal digits over the Study Instance UID.
  public func studyKey(studyInstanceUID: String) -> String { short(Self.trimmed(studyInstanceUID)) }

  /// The UID itself, or with a key one of the form 2.25.<integer> that replaces it consistently (PS3.5 B.2).
  public func uid(_ uid: String) -> String {
    guard let key else { return uid }
    let digest = Digest.hmacSHA256(key: key, Array(Self.trimmed(uid).utf8))
    return "2.25.\(Self.decimal(hexadecimal: digest.prefix(30)))"
  }

  private func short(_ text: String) -> String {
    let bytes = Array(text.utf8)
    return String((key.map { Digest.hmacSHA256(key: $0, bytes) } ?? Digest.sha256(bytes)).prefix(16))
  }

  private static func trimmed(_ text: String) -> String {
    var view = text[...]
    while let first = view.first, first == " " || first == "\0" { view.removeFirst() }
    while let last = view.last, last == " " || last == "\0" { view.removeLast() }
    return String(view)
  }

  /// 120 bits of hexadecimal as a decimal number (fits UInt128).
  private static func decimal(hexadecimal: Substring) -> String {
    String(UInt128(hexadecimal, radix: 16) ?? 0)
  }
}
