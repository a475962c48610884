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
    var message = [CChar](repeating: 0, count: 256)
    var opened: OpaquePointer?
    let status = unsafe cdicom_file_open(path, &opened, &message, message.count)
    guard let handle = unsafe opened else {
      throw DICOMError(
        status == CDICOM_ENVIRONMENT.rawValue ? .environment : .malformed,
        "DCMTK cannot read it: \(String(shimMessage: message))", path: path)
    }
    unsafe self.handle = handle
  }

  deinit { unsafe cdicom_file_close(handle) }

  /// The value at the end of a path (tags, an item's number between two); `nil` where nothing stands there or it has
  /// no text.
  func value(_ path: [UInt32]) -> Value? {
    var letters: [CChar] = [0, 0, 0]
    var (items, written) = (0, 0)
    var text = [UInt8](repeating: 0, count: 256)
    var status = unsafe cdicom_file_attribute(
      handle, path, path.count, &letters, &items, &text, text.count, &written)
    if status == CDICOM_NEEDS_ROOM.rawValue {
      text = [UInt8](repeating: 0, count: written)
      status = unsafe cdicom_file_attribute(
        handle, path, path.count, &letters, &items, &text, text.count, &written)
    }
    guard status == CDICOM_OK.rawValue else { return nil }
    let code = letters.prefix(2).map { UInt16(UInt8(bitPattern: $0)) }
    let representation = ValueRepresentation(code: code[0] | code[1] << 8)
    return representation == .SQ ? .items(items) : .text(representation, Array(text[..<written]))
  }
}
