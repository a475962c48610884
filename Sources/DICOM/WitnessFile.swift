internal import CDICOM

/// A file as DCMTK reads it: the second witness of `HeaderComparison`.
///
/// Owns DCMTK's handle. Open only what `DICOMFile` has accepted, whose lengths have been checked against the file.
@safe struct WitnessFile: ~Copyable {
  enum Value: Equatable {
    case items(Int)
    /// Values joined by backslashes, as they stand in the file or, of binary numbers, in decimals.
    case text(ValueRepresentation, [UInt8])
  }

  private let handle: OpaquePointer

  init(path: String) throws(DICOMError) {
    var status: Int32 = 0
    var message = [CChar](repeating: 0, count: 256)
    guard let handle = unsafe cdicom_file_open(path, &status, &message, message.count) else {
      let reason = String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      var error = DICOMError(status == 4 ? .environment : .malformed, "DCMTK cannot read it: \(reason)")
      error.path = path
      throw error
    }
    unsafe self.handle = handle
  }

  deinit { unsafe cdicom_file_close(handle) }

  /// The value at the end of a path (tags, an item's number between two); `nil` where nothing stands there or it has
  /// no text.
  func value(_ path: [UInt32]) -> Value? {
    var representation: (CChar, CChar, CChar) = (0, 0, 0)
    var (items, written) = (0, 0)
    var text = [UInt8](repeating: 0, count: 256)
    while true {
      let status = unsafe withUnsafeMutablePointer(to: &representation) { letters in
        unsafe letters.withMemoryRebound(to: CChar.self, capacity: 3) { letters in
          unsafe cdicom_file_attribute(handle, path, path.count, letters, &items, &text, text.count, &written)
        }
      }
      if status == 1, written > text.count {
        text = [UInt8](repeating: 0, count: written)
        continue
      }
      guard status == 0 else { return nil }
      let letters = (UInt8(bitPattern: representation.0), UInt8(bitPattern: representation.1))
      let code = ValueRepresentation(code: UInt16(letters.0) | UInt16(letters.1) << 8)
      return code == .SQ ? .items(items) : .text(code, Array(text[..<written]))
    }
  }
}
