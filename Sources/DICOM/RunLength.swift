/// RLE of PS3.5 annex G: byte planes, the most significant first, each packed like TIFF's PackBits.
enum RunLength {
  static func decode(_ packed: [UInt8], format: PixelFormat, into bytes: inout [UInt8]) throws(DICOMError) {
    let planes = format.bitsAllocated / 8
    let count = format.rows * format.columns
    guard packed.count >= 64 else { throw DICOMError(.truncated, "an RLE frame without its header") }
    let long = { (index: Int) in packed.littleEndian32(at: 4 * index) }
    guard long(0) == planes else {
      throw DICOMError(.malformed, "an RLE frame of \(long(0)) segments where \(planes) belong")
    }
    if bytes.count != count * planes { bytes = [UInt8](repeating: 0, count: count * planes) }
    for plane in 0..<planes {
      let start = long(1 + plane)
      let end = plane + 1 < planes ? long(2 + plane) : packed.count
      guard start >= 64, start <= end, end <= packed.count else {
        throw DICOMError(.malformed, "an RLE segment lies outside its frame")
      }
      // The first segment is the high byte, which stands last in little endian order.
      try unpack(packed, start..<end, count: count, into: &bytes, first: planes - 1 - plane, step: planes)
    }
  }

  private static func unpack(
    _ packed: [UInt8], _ range: Range<Int>, count: Int, into bytes: inout [UInt8], first: Int, step: Int
  ) throws(DICOMError) {
    var position = range.lowerBound
    var done = 0
    while done < count, position < range.upperBound {
      let code = Int(Int8(bitPattern: packed[position]))
      position += 1
      if code >= 0 {
        let run = min(code + 1, count - done)
        guard position + run <= range.upperBound else { break }
        for offset in 0..<run { bytes[first + (done + offset) * step] = packed[position + offset] }
        done += run
        position += code + 1
      } else if code > -128 {
        guard position < range.upperBound else { break }
        let run = min(1 - code, count - done)
        let value = packed[position]
        for offset in 0..<run { bytes[first + (done + offset) * step] = value }
        done += run
        position += 1
      }
    }
    guard done == count else {
      throw DICOMError(.truncated, "an RLE segment ends after \(done) of \(count) bytes")
    }
  }
}
