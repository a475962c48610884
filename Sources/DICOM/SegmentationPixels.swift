/// All pixels of a segmentation, decoded to little endian bytes: one bit a pixel (packed across frames), 8 or 16 bits.
///
/// Segmentations are kept apart from images (`FrameIndex`, `FrameReader`), which have no one-bit pixels and are read a
/// frame at a time: a mask's frames are small, and those of one-bit masks need not begin at a byte.
public struct SegmentationPixels: Sendable {
  public let bytes: [UInt8]
  /// Bits from the beginning of one frame to that of the next; frames of compressed one-bit data begin at a byte.
  public let bitsPerFrame: Int

  /// - Parameters:
  ///   - bitsAllocated: 1, 8 or 16.
  ///   - maximumBytes: of the decoded pixels.
  public init(
    _ file: DICOMFile, rows: Int, columns: Int, frames: Int, bitsAllocated: Int, maximumBytes: Int,
    limits: ReadingLimits = ReadingLimits()
  ) throws(DICOMError) {
    guard let location = file.pixelData else {
      throw DICOMError(.missingAttribute, "the object has no pixels", path: file.path)
    }
    let (bits, overflow) = (rows * columns * bitsAllocated).multipliedReportingOverflow(by: frames)
    guard !overflow, bits / 8 <= maximumBytes else {
      throw DICOMError(.limitExceeded, "the header claims more pixels than the limit allows", path: file.path)
    }
    let needed = (bits + 7) / 8
    guard location.length == nil else {
      var found = try Self.native(file, location, needed: needed, limits: limits)
      if !location.isLittleEndian, location.isWordData || bitsAllocated == 16 { Self.swapPairs(&found) }
      bytes = found
      bitsPerFrame = rows * columns * bitsAllocated
      return
    }
    let frameBytes = (rows * columns * bitsAllocated + 7) / 8
    guard frameBytes <= limits.frameBytes, frameBytes * frames <= maximumBytes else {
      throw DICOMError(.limitExceeded, "the header claims more pixels than the limit allows", path: file.path)
    }
    let format = PixelFormat(
      rows: rows, columns: columns, samplesPerPixel: 1, photometricInterpretation: "MONOCHROME2",
      bitsAllocated: bitsAllocated, bitsStored: bitsAllocated, highBit: bitsAllocated - 1, isSigned: false,
      numberOfFrames: frames, kind: .integer)
    bytes = try Self.encapsulated(file, location, format: format, frameBytes: frameBytes, limits: limits)
    bitsPerFrame = frameBytes * 8
  }

  private static func native(
    _ file: DICOMFile, _ location: PixelDataLocation, needed: Int, limits: ReadingLimits
  ) throws(DICOMError) -> [UInt8] {
    guard min(location.length ?? 0, location.available) >= needed else {
      throw DICOMError(.truncated, "the file is too short for the frames that its header claims", path: file.path)
    }
    // A byte more where word pairs may have to be swapped.
    let even = min(needed + needed % 2, location.available)
    let content: [UInt8]
    if file.transferSyntax.isDeflated {
      let all = try DICOMFile.inflatedDataset(path: file.path, limits: limits)
      content = Array(all[min(location.offset, all.count)..<min(location.offset + even, all.count)])
    } else {
      content = try FileBytes(path: file.path).read(at: location.offset, count: even)
    }
    guard content.count >= needed else {
      throw DICOMError(.truncated, "the file changed while it was read", path: file.path)
    }
    return content
  }

  private static func swapPairs(_ bytes: inout [UInt8]) {
    var place = 0
    while place + 1 < bytes.count {
      bytes.swapAt(place, place + 1)
      place += 2
    }
  }

  /// Codecs give bytes; Deflated Image Frame Compression and Encapsulated Uncompressed hold packed bits as they are.
  private static func encapsulated(
    _ file: DICOMFile, _ location: PixelDataLocation, format: PixelFormat, frameBytes: Int, limits: ReadingLimits
  ) throws(DICOMError) -> [UInt8] {
    let uid = file.transferSyntax.uid
    let isDeflated = uid == "1.2.840.10008.1.2.8.1"
    let isPlain = uid == "1.2.840.10008.1.2.1.98"
    let index = try FrameIndex(segmentation: file, location: location, format: format, limits: limits)
    if !isDeflated, !isPlain {
      guard format.bitsAllocated > 1, index.compression != .none else {
        throw DICOMError(.unsupported, "a mask in transfer syntax \(uid.prefix(64)) is not read", path: file.path)
      }
      return try decoded(index, frameBytes: frameBytes)
    }
    let source = try FileBytes(path: file.path)
    var result: [UInt8] = []
    for number in 1...format.numberOfFrames {
      let packed = try index.packed(frame: number, from: source)
      let frame = isDeflated ? try Inflater.inflate(packed, limit: frameBytes + 2) : packed
      guard frame.count >= frameBytes else {
        throw DICOMError(.truncated, "frame \(number) is shorter than its header claims", path: file.path)
      }
      result += frame.prefix(frameBytes)
    }
    return result
  }

  private static func decoded(_ index: FrameIndex, frameBytes: Int) throws(DICOMError) -> [UInt8] {
    var reader = try FrameReader(index)
    var result: [UInt8] = []
    var frame: [UInt8] = []
    for number in 1...index.format.numberOfFrames {
      try reader.read(frame: number, into: &frame)
      result += frame.prefix(frameBytes)
    }
    return result
  }
}
