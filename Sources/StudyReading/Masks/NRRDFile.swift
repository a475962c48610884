import CZlib
import Foundation

/// Reads the bytes of an NRRD file: the header from one file, the data from the same or a detached one.
struct NRRDFile {
  let header: NRRDHeader
  let voxels: RawVoxels

  init(path: String, limits: MaskLimits) throws(MaskError) {
    let url = URL(fileURLWithPath: path)
    let name = url.lastPathComponent
    let bytes = try FileContents.bytes(path, maximum: limits.maximumBytes, name: name)
    let end = try Self.headerEnd(bytes, limits: limits, name: name)
    header = try NRRDHeader(text: String(decoding: bytes[0..<end.text], as: UTF8.self), file: name)
    var count = header.type.bytes
    for size in header.sizes {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard !overflow, product <= limits.maximumBytes else {
        throw MaskError(file: name, reason: "the header claims more voxels than the limit allows")
      }
      count = product
    }
    var data = bytes[min(end.data, bytes.count)...]
    if let detached = header.dataFile {
      guard !detached.hasPrefix("LIST"), !detached.contains("%") else {
        throw MaskError(file: name, reason: "NRRD data spread over several files is not read")
      }
      let place = URL(fileURLWithPath: detached, relativeTo: url.deletingLastPathComponent())
      data = try FileContents.bytes(place.path, maximum: limits.maximumBytes, name: place.lastPathComponent)[...]
    }
    data = try Self.skipped(data, header: header, count: count, name: name)
    let decoded = try Self.decoded(data, header: header, count: count, name: name)
    voxels = RawVoxels(bytes: decoded, type: header.type, isBigEndian: header.isBigEndian && header.encoding != .ascii)
  }

  /// Where the header's text ends and where the data begin (after the first empty line).
  private static func headerEnd(
    _ bytes: [UInt8], limits: MaskLimits, name: String
  ) throws(MaskError) -> (text: Int, data: Int) {
    guard bytes.starts(with: Array("NRRD000".utf8)) else { throw MaskError(file: name, reason: "not an NRRD file") }
    let limit = min(bytes.count, limits.maximumTextBytes)
    var lineStart = 0
    for index in 0..<limit where bytes[index] == 10 {
      let length = index - lineStart
      if length == 0 || (length == 1 && bytes[lineStart] == 13) { return (lineStart, index + 1) }
      lineStart = index + 1
    }
    // A detached header may end without an empty line.
    guard bytes.count <= limits.maximumTextBytes else {
      throw MaskError(file: name, reason: "the NRRD header never ends")
    }
    return (bytes.count, bytes.count)
  }

  private static func skipped(
    _ data: ArraySlice<UInt8>, header: NRRDHeader, count: Int, name: String
  ) throws(MaskError) -> ArraySlice<UInt8> {
    var data = data
    for _ in 0..<max(0, header.lineSkip) {
      guard let newline = data.firstIndex(of: 10) else {
        throw MaskError(file: name, reason: "the NRRD data ends within the lines to be skipped")
      }
      data = data[(newline + 1)...]
    }
    if header.byteSkip == -1, header.encoding == .raw { return data.suffix(count) }
    return data.dropFirst(max(0, header.byteSkip))
  }

  private static func decoded(
    _ data: ArraySlice<UInt8>, header: NRRDHeader, count: Int, name: String
  ) throws(MaskError) -> [UInt8] {
    switch header.encoding {
    case .raw:
      guard data.count >= count else {
        throw MaskError(file: name, reason: "the file is too short for the voxels that its header claims")
      }
      return Array(data.prefix(count))
    case .gzip:
      guard count <= data.count * 1040 + 1024 else {
        throw MaskError(file: name, reason: "the file is too short for the voxels that its header claims")
      }
      guard let bytes = Gzip.inflate(data, count: count) else {
        throw MaskError(file: name, reason: "the compressed voxels are damaged or too few")
      }
      return bytes
    case .ascii: return try numbers(data, header: header, count: count, name: name)
    }
  }

  /// Decimal numbers in text, laid down in the type's little-endian bytes.
  private static func numbers(
    _ data: ArraySlice<UInt8>, header: NRRDHeader, count: Int, name: String
  ) throws(MaskError) -> [UInt8] {
    // The shortest number takes two characters, its separator included.
    guard count / header.type.bytes <= data.count else {
      throw MaskError(file: name, reason: "the file is too short for the voxels that its header claims")
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    for word in data.split(whereSeparator: { $0 <= 32 || $0 == 44 }) {
      guard bytes.count < count else { break }
      guard let value = Double(String(decoding: word, as: UTF8.self)), value.isFinite else {
        throw MaskError(file: name, reason: "the voxels are not numbers")
      }
      append(value, header.type, to: &bytes)
    }
    guard bytes.count == count else {
      throw MaskError(file: name, reason: "the file is too short for the voxels that its header claims")
    }
    return bytes
  }

  private static func append(_ value: Double, _ type: RawVoxels.NumberType, to bytes: inout [UInt8]) {
    var pattern: UInt64
    switch type {
    case .float32: pattern = UInt64(Float(value).bitPattern)
    case .float64: pattern = value.bitPattern
    default: pattern = UInt64(bitPattern: Int64(min(max(value.rounded(), -9e18), 9e18)))
    }
    for _ in 0..<type.bytes {
      bytes.append(UInt8(truncatingIfNeeded: pattern))
      pattern >>= 8
    }
  }
}

/// Whole files, bounded.
enum FileContents {
  /// Bytes of a regular file; refuses what is absent and what is no file.
  static func size(_ path: String, name: String) throws(MaskError) -> Int {
    let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: resolved) else {
      throw MaskError(file: name, reason: "no such file")
    }
    guard attributes[.type] as? FileAttributeType == .typeRegular, let size = attributes[.size] as? Int else {
      throw MaskError(file: name, reason: "not a regular file")
    }
    return size
  }

  static func bytes(_ path: String, maximum: Int, name: String) throws(MaskError) -> [UInt8] {
    guard try size(path, name: name) <= maximum else {
      throw MaskError(file: name, reason: "the file is larger than the limit allows")
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw MaskError(file: name, reason: "cannot be read")
    }
    return [UInt8](data)
  }
}

/// Inflates zlib or gzip data of a known length.
enum Gzip {
  /// Exactly `count` bytes, or `nil` where the data is damaged or shorter.
  static func inflate(_ data: ArraySlice<UInt8>, count: Int) -> [UInt8]? {
    var result = [UInt8](repeating: 0, count: count)
    var stream = unsafe z_stream()
    // 15 bits of window, 32: zlib or gzip by the header.
    guard unsafe inflateInit2_(&stream, 47, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      return nil
    }
    defer { unsafe inflateEnd(&stream) }
    let complete = unsafe data.withUnsafeBufferPointer { input in
      unsafe result.withUnsafeMutableBufferPointer { output in
        unsafe stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        unsafe stream.avail_in = UInt32(min(input.count, Int(UInt32.max)))
        unsafe stream.next_out = output.baseAddress
        unsafe stream.avail_out = UInt32(output.count)
        let status = unsafe CZlib.inflate(&stream, Z_SYNC_FLUSH)
        return unsafe (status == Z_OK || status == Z_STREAM_END) && stream.avail_out == 0
      }
    }
    return complete ? result : nil
  }
}
