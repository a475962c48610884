internal import CDICOM

/// Compressed bytes of one frame to stored values.
enum FrameDecoder {
  static func decode(
    _ packed: [UInt8], compression: TransferSyntax.Compression, index: FrameIndex, into bytes: inout [UInt8]
  ) throws(DICOMError) {
    let format = index.format
    // What one byte can stand for at most: RLE 64; JPEG codecs of flat images some thousands.
    guard format.frameBytes / 65_536 <= packed.count else {
      throw DICOMError(.malformed, "a frame of \(packed.count) bytes cannot hold \(format.frameBytes) bytes of pixels")
    }
    switch compression {
    case .none: throw DICOMError(.malformed, "encapsulated pixel data in a syntax that has none")
    case .runLength: try RunLength.decode(packed, format: format, into: &bytes)
    case .jpegLS:
      try CodestreamHeader.jpeg(packed).check(format)
      try unsafe callCodec(format, into: &bytes) { header, output, capacity, message, room in
        unsafe packed.withUnsafeBufferPointer { input in
          unsafe cdicom_decode_jpegls(
            index.transferSyntax.uid, header, input.baseAddress, input.count, output, capacity, message, room)
        }
      }
    case .jpeg, .jpegLossless:
      try CodestreamHeader.jpeg(packed).check(format)
      try unsafe callCodec(format, into: &bytes) { header, output, capacity, message, room in
        unsafe packed.withUnsafeBufferPointer { input in
          unsafe cdicom_decode_jpeg(
            index.transferSyntax.uid, header, input.baseAddress, input.count, output, capacity, message, room)
        }
      }
    case .jpeg2000, .highThroughputJPEG2000:
      try CodestreamHeader.jpeg2000(packed).check(format)
      try unsafe callCodec(format, into: &bytes) { header, output, capacity, message, room in
        unsafe packed.withUnsafeBufferPointer { input in
          unsafe cdicom_decode_jpeg2000(header, input.baseAddress, input.count, output, capacity, message, room)
        }
      }
    }
  }

  private typealias Call = (
    UnsafePointer<cdicom_frame_format>, UnsafeMutablePointer<UInt8>?, Int, UnsafeMutablePointer<CChar>?, Int
  ) -> Int32

  private static func callCodec(
    _ format: PixelFormat, into bytes: inout [UInt8], _ call: Call
  ) throws(DICOMError) {
    var header = cdicom_frame_format(
      rows: UInt16(format.rows), columns: UInt16(format.columns), bits_allocated: UInt16(format.bitsAllocated),
      bits_stored: UInt16(format.bitsStored), high_bit: UInt16(format.highBit), is_signed: format.isSigned ? 1 : 0)
    if bytes.count != format.frameBytes { bytes = [UInt8](repeating: 0, count: format.frameBytes) }
    var message = [CChar](repeating: 0, count: 256)
    let status = unsafe bytes.withUnsafeMutableBufferPointer { output in
      unsafe message.withUnsafeMutableBufferPointer { text in
        unsafe call(&header, output.baseAddress, output.count, text.baseAddress, text.count)
      }
    }
    guard status == 0 else {
      throw DICOMError(
        .decodingFailed, "a compressed frame cannot be decoded: \(String(shimMessage: message))")
    }
  }
}

/// What a codestream says about itself, read before a codec is trusted with it.
struct CodestreamHeader {
  var columns: Int
  var rows: Int
  var components: Int
  var tiles = 1

  func check(_ format: PixelFormat) throws(DICOMError) {
    guard columns == format.columns, rows == format.rows else {
      throw DICOMError(
        .malformed,
        "the codestream has \(columns) x \(rows) pixels, the header says \(format.columns) x \(format.rows)")
    }
    guard components == 1 else { throw DICOMError(.unsupported, "a codestream of \(components) components") }
    guard tiles <= 16_384, tiles <= columns * rows else {
      throw DICOMError(.limitExceeded, "a codestream of \(tiles) tiles")
    }
  }

  /// The frame header (SOF) of a JPEG or JPEG-LS stream.
  static func jpeg(_ bytes: [UInt8]) throws(DICOMError) -> CodestreamHeader {
    var position = 0
    while position + 4 <= bytes.count {
      guard bytes[position] == 0xFF else {
        position += 1
        continue
      }
      let marker = bytes[position + 1]
      switch marker {
      case 0xFF: position += 1
      case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF, 0xF7:
        guard position + 10 <= bytes.count else { throw DICOMError(.truncated, "the JPEG stream ends in its header") }
        return CodestreamHeader(
          columns: Int(bytes[position + 7]) << 8 | Int(bytes[position + 8]),
          rows: Int(bytes[position + 5]) << 8 | Int(bytes[position + 6]), components: Int(bytes[position + 9]))
      case 0x01, 0xD0...0xD9: position += 2
      default: position += 2 + max(2, Int(bytes[position + 2]) << 8 | Int(bytes[position + 3]))
      }
    }
    throw DICOMError(.malformed, "the JPEG stream has no frame header")
  }

  /// The SIZ segment of a JPEG 2000 codestream, raw or inside JP2 boxes.
  static func jpeg2000(_ bytes: [UInt8]) throws(DICOMError) -> CodestreamHeader {
    let last = bytes.count - 42
    var start = 0
    while start <= min(last, 4096) {
      if bytes[start] == 0xFF, bytes[start + 1] == 0x4F, bytes[start + 2] == 0xFF, bytes[start + 3] == 0x51 { break }
      start += 1
    }
    guard last >= 0, start <= min(last, 4096) else {
      throw DICOMError(.malformed, "the JPEG 2000 stream has no size segment")
    }
    let long = { (offset: Int) -> Int in
      bytes[start + offset..<start + offset + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    let (width, height, left, top) = (long(8), long(12), long(16), long(20))
    let (tileWidth, tileHeight) = (long(24), long(28))
    guard width > left, height > top, tileWidth > 0, tileHeight > 0 else {
      throw DICOMError(.malformed, "the JPEG 2000 stream has an impossible size")
    }
    let across = (width - 1) / tileWidth + 1
    let down = (height - 1) / tileHeight + 1
    return CodestreamHeader(
      columns: width - left, rows: height - top,
      components: Int(bytes[start + 40]) << 8 | Int(bytes[start + 41]), tiles: across * down)
  }
}
