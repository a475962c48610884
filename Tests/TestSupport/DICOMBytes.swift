public import Foundation

/// Writes small DICOM files for tests, byte by byte, so that they share no code with the reader under test.
public struct DICOMBytes {
  public enum Encoding: String, Sendable, CaseIterable {
    case implicitLittle = "1.2.840.10008.1.2"
    case explicitLittle = "1.2.840.10008.1.2.1"
    case explicitBig = "1.2.840.10008.1.2.2"
  }

  public let encoding: Encoding
  private var elements: [(tag: UInt32, letters: String, value: [UInt8])] = []

  public init(_ encoding: Encoding = .explicitLittle) { self.encoding = encoding }

  // MARK: Values

  /// Replaces an element by text, padded to an even length.
  public mutating func set(_ tag: UInt32, _ letters: String, _ text: String) {
    var value = Array(text.utf8)
    if value.count % 2 == 1 { value.append(letters == "UI" ? 0 : 0x20) }
    set(tag, letters, bytes: value)
  }

  public mutating func set(_ tag: UInt32, _ letters: String, words: [UInt16]) {
    set(
      tag, letters, bytes: words.flatMap { order([UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)]) })
  }

  public mutating func set(_ tag: UInt32, _ letters: String, doubles: [Double]) {
    set(
      tag, letters,
      bytes: doubles.flatMap { value in
        order((0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt64($0))) })
      })
  }

  /// A sequence with items and lengths written out.
  public mutating func set(_ tag: UInt32, items: [DICOMBytes]) {
    let value = items.flatMap { item in
      let body = item.body()
      return short(0xFFFE) + short(0xE000) + long(UInt32(body.count)) + body
    }
    set(tag, "SQ", bytes: value)
  }

  public mutating func set(_ tag: UInt32, _ letters: String, bytes: [UInt8]) {
    elements.removeAll { $0.tag == tag }
    elements.append((tag, letters, bytes))
  }

  public mutating func remove(_ tag: UInt32) { elements.removeAll { $0.tag == tag } }

  // MARK: Bytes

  private func order(_ little: [UInt8]) -> [UInt8] { encoding == .explicitBig ? little.reversed() : little }
  private func short(_ value: UInt16) -> [UInt8] {
    order([UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)])
  }
  private func long(_ value: UInt32) -> [UInt8] {
    order((0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) })
  }

  /// The elements in ascending order.
  public func body() -> [UInt8] {
    elements.sorted { $0.tag < $1.tag }.flatMap { element in
      var bytes = short(UInt16(element.tag >> 16)) + short(UInt16(truncatingIfNeeded: element.tag))
      if encoding == .implicitLittle {
        bytes += long(UInt32(element.value.count))
      } else if ["OB", "OW", "SQ", "UN", "UT", "OF", "OD", "OL"].contains(element.letters) {
        bytes += Array(element.letters.utf8) + [0, 0] + long(UInt32(element.value.count))
      } else {
        bytes += Array(element.letters.utf8) + short(UInt16(element.value.count))
      }
      return bytes + element.value
    }
  }

  /// A whole file: preamble, file meta information, data set.
  public func file(transferSyntax: String? = nil) -> [UInt8] {
    var meta = DICOMBytes(.explicitLittle)
    meta.set(0x0002_0010, "UI", transferSyntax ?? encoding.rawValue)
    return [UInt8](repeating: 0, count: 128) + Array("DICM".utf8) + meta.body() + body()
  }

  public func write(_ url: URL, transferSyntax: String? = nil) throws {
    try Data(file(transferSyntax: transferSyntax)).write(to: url)
  }

  // MARK: Objects

  /// A classic MR image of 16-bit unsigned values.
  public static func magneticResonance(
    _ encoding: Encoding = .explicitLittle, uid: String, series: String = "1.2.3.1", study: String = "1.2.3",
    frameOfReference: String = "1.2.3.9", number: Int = 1, columns: Int, rows: Int, spacing: [Double] = [1, 1],
    thickness: Double = 4, position: [Double], orientation: [Double] = [1, 0, 0, 0, 1, 0], pixels: [UInt16]
  ) -> DICOMBytes {
    var image = DICOMBytes(encoding)
    image.set(0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\M")
    image.set(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.4")
    image.set(0x0008_0018, "UI", uid)
    image.set(0x0008_0060, "CS", "MR")
    image.set(0x0010_0020, "LO", "PATIENT")
    image.set(0x0018_0050, "DS", "\(thickness)")
    image.set(0x0018_0081, "DS", "10")
    image.set(0x0020_000D, "UI", study)
    image.set(0x0020_000E, "UI", series)
    image.set(0x0020_0013, "IS", "\(number)")
    image.set(0x0020_0032, "DS", decimal(position))
    image.set(0x0020_0037, "DS", decimal(orientation))
    image.set(0x0020_0052, "UI", frameOfReference)
    image.set(0x0028_0002, "US", words: [1])
    image.set(0x0028_0004, "CS", "MONOCHROME2")
    image.set(0x0028_0010, "US", words: [UInt16(rows)])
    image.set(0x0028_0011, "US", words: [UInt16(columns)])
    image.set(0x0028_0030, "DS", decimal([spacing[1], spacing[0]]))
    image.set(0x0028_0100, "US", words: [16])
    image.set(0x0028_0101, "US", words: [16])
    image.set(0x0028_0102, "US", words: [15])
    image.set(0x0028_0103, "US", words: [0])
    image.set(0x7FE0_0010, "OW", words: pixels)
    return image
  }

  /// Decimal strings of at most 16 characters.
  public static func decimal(_ values: [Double]) -> String {
    values.map { value in
      for digits in stride(from: 14, through: 3, by: -1) {
        let text = String(format: "%.\(digits)g", value)
        if text.utf8.count <= 16 { return text }
      }
      return "0"
    }.joined(separator: "\\")
  }
}

/// A folder that is removed when the value goes away.
public final class TemporaryFolder: Sendable {
  public let url: URL

  public init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent(
      "spinemet-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  public var path: String { url.path }

  public func file(_ name: String) -> URL { url.appendingPathComponent(name) }
}
