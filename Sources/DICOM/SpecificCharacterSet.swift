internal import CDICOM

/// Specific Character Set (0008,0005): how the text of a data set turns into UTF-8.
struct SpecificCharacterSet: Sendable, Hashable {
  private let definedTerms: [String]

  /// The default repertoire, in which bytes above 127 have no meaning (they are taken for Latin-1 or UTF-8).
  static let ascii = SpecificCharacterSet(definedTerms: [])

  init(definedTerms: [String]) {
    self.definedTerms = definedTerms.contains { !$0.isEmpty } ? definedTerms : []
  }

  /// UTF-8 text. Bytes that the set does not know become U+FFFD or, where nothing is declared, Latin-1 letters.
  func decode(_ bytes: ArraySlice<UInt8>) -> String {
    if bytes.allSatisfy({ $0 < 0x80 && $0 != 0x1B }) { return String(decoding: bytes, as: UTF8.self) }
    if definedTerms == ["ISO_IR 192"] { return String(decoding: bytes, as: UTF8.self) }
    if definedTerms == ["ISO_IR 100"] || definedTerms.isEmpty { return Self.utf8OrLatin1(bytes) }
    return converted(bytes) ?? Self.utf8OrLatin1(bytes)
  }

  private func converted(_ bytes: ArraySlice<UInt8>) -> String? {
    // One byte of any set becomes at most four of UTF-8.
    var output = [UInt8](repeating: 0, count: bytes.count * 4 + 16)
    var written = 0
    let capacity = output.count
    let terms = definedTerms.joined(separator: "\\")
    let status = unsafe bytes.withUnsafeBufferPointer { input in
      unsafe output.withUnsafeMutableBufferPointer { target in
        unsafe cdicom_text_to_utf8(terms, input.baseAddress, input.count, target.baseAddress, capacity, &written)
      }
    }
    guard status == 0, written <= capacity else { return nil }
    return String(decoding: output[..<written], as: UTF8.self)
  }

  private static func utf8OrLatin1(_ bytes: ArraySlice<UInt8>) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
  }
}
