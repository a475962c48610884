import Foundation
import Imaging

/// Writes small DICOM objects (explicit little endian) element by element for the tests of this room.
struct DICOMObjectWriter {
  private var elements: [(tag: UInt32, bytes: [UInt8])] = []

  mutating func text(_ tag: UInt32, _ representation: String, _ value: String) {
    var bytes = Array(value.utf8)
    if bytes.count % 2 == 1 { bytes.append(representation == "UI" ? 0 : 32) }
    put(tag, representation, bytes)
  }

  mutating func numbers(_ tag: UInt32, _ values: [Double]) {
    text(tag, "DS", values.map(Self.decimal).joined(separator: "\\"))
  }

  mutating func short(_ tag: UInt32, _ value: Int) {
    put(tag, "US", [UInt8(value & 255), UInt8(value >> 8)])
  }

  mutating func pixels(_ bytes: [UInt8], _ representation: String = "OW") {
    put(0x7FE0_0010, representation, bytes.count % 2 == 0 ? bytes : bytes + [0])
  }

  mutating func sequence(_ tag: UInt32, _ items: [DICOMObjectWriter]) {
    var content: [UInt8] = []
    for item in items {
      let body = item.body
      content += [0xFE, 0xFF, 0x00, 0xE0] + Self.long(body.count) + body
    }
    put(tag, "SQ", content)
  }

  private mutating func put(_ tag: UInt32, _ representation: String, _ value: [UInt8]) {
    var bytes: [UInt8] = [
      UInt8(tag >> 16 & 255), UInt8(tag >> 24), UInt8(tag & 255), UInt8(tag >> 8 & 255),
    ]
    bytes += Array(representation.utf8)
    if ["OB", "OW", "SQ", "UN", "UT"].contains(representation) {
      bytes += [0, 0] + Self.long(value.count)
    } else {
      bytes += [UInt8(value.count & 255), UInt8(value.count >> 8)]
    }
    elements.append((tag, bytes + value))
  }

  private var body: [UInt8] { elements.sorted { $0.tag < $1.tag }.flatMap(\.bytes) }

  /// The object with preamble and file meta information.
  func file(sopClass: String, sopInstance: String) -> [UInt8] {
    var meta = DICOMObjectWriter()
    meta.text(0x0002_0002, "UI", sopClass)
    meta.text(0x0002_0003, "UI", sopInstance)
    meta.text(0x0002_0010, "UI", "1.2.840.10008.1.2.1")
    let rest = meta.body
    var length = DICOMObjectWriter()
    length.put(0x0002_0000, "UL", Self.long(rest.count))
    var copy = self
    copy.text(0x0008_0016, "UI", sopClass)
    copy.text(0x0008_0018, "UI", sopInstance)
    return [UInt8](repeating: 0, count: 128) + Array("DICM".utf8) + length.body + rest + copy.body
  }

  private static func long(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> (8 * $0) & 255) } }

  /// At most 16 characters, as DS asks.
  static func decimal(_ value: Double) -> String {
    let plain = "\(value)"
    if plain.utf8.count <= 16 { return plain }
    for digits in stride(from: 14, through: 4, by: -1) {
      let text = String(format: "%.\(digits)g", value)
      if text.utf8.count <= 16 { return text }
    }
    return String(format: "%.4g", value)
  }
}

/// One MR series of a test study.
struct TestSeries {
  var number = 1
  var description: String?
  var protocolName: String?
  var plane = Plane.sagittal
  var repetition: Double?
  var echo: Double?
  var inversion: Double?
  var flip: Double?
  var scanning = "SE"
  var options: String?
  var imageType = "ORIGINAL\\PRIMARY\\M"
  var agent: String?
  var time: String?
  var modality = "MR"
  var slices = 5
  var spacing = 4.0
  var size = 8
  /// Degrees by which the stack is turned about the row direction.
  var tilt = 0.0
  /// Stored value at a point of the patient; ones where absent.
  var paint: (@Sendable (Vector3) -> Int)?

  var uid: String { "1.2.3.4.\(number)" }

  func write(into folder: ScratchFolder) throws {
    var (row, column): (Vector3, Vector3) =
      switch plane {
      case .axial: ([1, 0, 0], [0, 1, 0])
      case .coronal: ([1, 0, 0], [0, 0, -1])
      default: ([0, 1, 0], [0, 0, -1])
      }
    let normal = row.cross(column)
    let angle = tilt * Double.pi / 180
    column = column * cos(angle) + normal * sin(angle)
    let turned = row.cross(column)
    row = row.normalized!
    for slice in 0..<slices {
      var w = DICOMObjectWriter()
      let place = turned * (Double(slice) * spacing) - row * 100 - column * 100
      w.text(0x0008_0008, "CS", imageType)
      w.text(0x0008_0060, "CS", modality)
      if let time { w.text(0x0008_0032, "TM", time) }
      w.text(0x0008_0022, "DA", "20260102")
      if let description { w.text(0x0008_103E, "LO", description) }
      if let protocolName { w.text(0x0018_1030, "LO", protocolName) }
      w.text(0x0010_0020, "LO", "P1")
      if !scanning.isEmpty { w.text(0x0018_0020, "CS", scanning) }
      if let options { w.text(0x0018_0022, "CS", options) }
      if let agent { w.text(0x0018_0010, "LO", agent) }
      if let repetition { w.numbers(0x0018_0080, [repetition]) }
      if let echo { w.numbers(0x0018_0081, [echo]) }
      if let inversion { w.numbers(0x0018_0082, [inversion]) }
      if let flip { w.numbers(0x0018_1314, [flip]) }
      w.numbers(0x0018_0050, [spacing])
      w.text(0x0020_000D, "UI", "1.2.3")
      w.text(0x0020_000E, "UI", uid)
      w.text(0x0020_0052, "UI", "1.2.3.9")
      w.text(0x0020_0011, "IS", "\(number)")
      w.text(0x0020_0013, "IS", "\(slice + 1)")
      w.numbers(0x0020_0032, [place.x, place.y, place.z])
      w.numbers(0x0020_0037, [row.x, row.y, row.z, column.x, column.y, column.z])
      w.numbers(0x0028_0030, [size > 8 ? 1 : 25, size > 8 ? 1 : 25])
      w.short(0x0028_0002, 1)
      w.text(0x0028_0004, "CS", "MONOCHROME2")
      w.short(0x0028_0010, size)
      w.short(0x0028_0011, size)
      w.short(0x0028_0100, 16)
      w.short(0x0028_0101, 12)
      w.short(0x0028_0102, 11)
      w.short(0x0028_0103, 0)
      w.pixels(pixels(from: place, row, column))
      let instance = "\(uid).\(slice + 1)"
      _ = try folder.write(
        w.file(
          sopClass: modality == "CT" ? "1.2.840.10008.5.1.4.1.1.2" : "1.2.840.10008.5.1.4.1.1.4", sopInstance: instance),
        as: "\(number)-\(slice).dcm")
    }
  }

  private func pixels(from place: Vector3, _ row: Vector3, _ column: Vector3) -> [UInt8] {
    guard let paint else { return [UInt8](repeating: 1, count: size * size * 2) }
    return (0..<size * size).flatMap { pixel -> [UInt8] in
      let value = paint(place + row * Double(pixel % size) + column * Double(pixel / size))
      return [UInt8(value & 255), UInt8(value >> 8)]
    }
  }
}
