import CDICOM
import Foundation

/// A failure of writing a study.
public enum PhantomError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The data dictionary of DCMTK is absent.
  case noDictionary
  case attributeNotWritable(tag: String)
  case fileNotWritable(path: String, code: Int)
  case unknownCase(String)
  case unknownLevel(String)
  case badSpecification(String)

  public var description: String {
    switch self {
    case .noDictionary: "DCMTK's data dictionary is not installed, so no DICOM file can be written"
    case .attributeNotWritable(let tag): "attribute \(tag) cannot hold its value"
    case .fileNotWritable(let path, let code): "\(path) cannot be written (code \(code))"
    case .unknownCase(let name): "there is no case named \(name); --list names them"
    case .unknownLevel(let name): "\(name) is no vertebral level of this spine"
    case .badSpecification(let why): "the specification cannot be used: \(why)"
    }
  }
}

/// One DICOM file under construction; the only owner of the C handle.
@safe struct DICOMFileWriter: ~Copyable {
  private let handle: OpaquePointer

  init() throws(PhantomError) {
    guard let handle = unsafe cdicom_writer_open() else { throw .noDictionary }
    unsafe self.handle = handle
  }

  deinit { unsafe cdicom_writer_close(handle) }

  func put(_ group: UInt16, _ element: UInt16, _ value: String) throws(PhantomError) {
    try check(unsafe cdicom_writer_put(handle, group, element, value), group, element)
  }

  func put(_ group: UInt16, _ element: UInt16, _ values: [Double], digits: Int = 6) throws(PhantomError) {
    try put(group, element, values.map { Self.decimal($0, digits: digits) }.joined(separator: "\\"))
  }

  func putTag(_ group: UInt16, _ element: UInt16, value: (UInt16, UInt16)) throws(PhantomError) {
    try check(unsafe cdicom_writer_put_tag(handle, group, element, value.0, value.1), group, element)
  }

  /// Appends an item to a sequence and fills it.
  func item(
    _ group: UInt16, _ element: UInt16, _ body: (borrowing DICOMFileWriter) throws(PhantomError) -> Void
  ) throws(PhantomError) {
    try check(unsafe cdicom_writer_begin_item(handle, group, element), group, element)
    try body(self)
    try check(unsafe cdicom_writer_end_item(handle), group, element)
  }

  func putPixels(_ pixels: [UInt16]) throws(PhantomError) {
    try check(unsafe cdicom_writer_put_pixels16(handle, pixels, pixels.count), 0x7FE0, 0x0010)
  }

  func putPixels(_ bytes: [UInt8]) throws(PhantomError) {
    try check(unsafe cdicom_writer_put_pixels8(handle, bytes, bytes.count), 0x7FE0, 0x0010)
  }

  func save(_ path: String, _ syntax: PhantomStudySpecification.TransferSyntax) throws(PhantomError) {
    let code = unsafe cdicom_writer_save(handle, path, syntax.code)
    if code != 0 { throw .fileNotWritable(path: path, code: Int(code)) }
  }

  private func check(_ code: Int32, _ group: UInt16, _ element: UInt16) throws(PhantomError) {
    if code != 0 { throw .attributeNotWritable(tag: Self.name(group, element)) }
  }

  private static func name(_ group: UInt16, _ element: UInt16) -> String {
    func hex(_ value: UInt16) -> String {
      let text = String(value, radix: 16, uppercase: true)
      return String(repeating: "0", count: 4 - text.count) + text
    }
    return "(\(hex(group)),\(hex(element)))"
  }

  /// A decimal string of at most 16 characters, without a needless fraction.
  static func decimal(_ value: Double, digits: Int = 6) -> String {
    let scale = pow(10, Double(digits))
    let rounded = (value * scale).rounded() / scale
    if rounded == rounded.rounded(), abs(rounded) < 1e9 { return String(Int(rounded)) }
    var text = String(rounded)
    if text.contains("e") || text.utf8.count > 16 {
      // A small number such as 0.00001 comes with an exponent; print digits instead.
      let whole = Int(rounded.rounded(.towardZero))
      let part = Int((abs(rounded - Double(whole)) * scale).rounded())
      let padded = String(part)
      text =
        (rounded < 0 && whole == 0 ? "-" : "") + "\(whole)."
        + String(repeating: "0", count: max(0, digits - padded.count)) + padded
    }
    return text
  }
}

extension PhantomStudySpecification.TransferSyntax {
  fileprivate var code: Int32 {
    switch self {
    case .explicitLittleEndian: Int32(CDICOM_WRITE_EXPLICIT_LITTLE)
    case .implicitLittleEndian: Int32(CDICOM_WRITE_IMPLICIT_LITTLE)
    case .deflated: Int32(CDICOM_WRITE_DEFLATED)
    case .rle: Int32(CDICOM_WRITE_RLE)
    case .jpegLossless: Int32(CDICOM_WRITE_JPEG_LOSSLESS)
    case .jpegLS: Int32(CDICOM_WRITE_JPEG_LS_LOSSLESS)
    }
  }
}

/// UIDs under 2.25 (a UUID as a number), made from the study's seed and a name, so that they stay the same.
struct UIDFactory: Sendable {
  let seed: UInt64
  let salt: String

  func uid(_ name: String) -> String {
    var high: UInt64 = 0xCBF2_9CE4_8422_2325 ^ seed
    var low: UInt64 = CounterRandom.mix(seed)
    for byte in (salt + "/" + name).utf8 {
      high = (high ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
      low = CounterRandom.mix(low &+ UInt64(byte) &+ high)
    }
    high = CounterRandom.mix(high)
    // The version and variant bits of a random UUID.
    high = (high & ~0xF000) | 0x4000
    low = (low & ~(0xC << 60)) | (0x8 << 60)
    return "2.25." + String(UInt128(high) << 64 | UInt128(low))
  }
}
