/// Reads the frames of one image as stored values: native little endian bytes, whatever the transfer syntax.
///
/// One reader serves one thread; make several for parallel work (`FrameIndex` is shared).
public struct FrameReader: ~Copyable {
  private let file: FileBytes
  private let index: FrameIndex
  /// The inflated data set of a deflated file, else empty.
  private let inflated: [UInt8]
  private var packed: [UInt8] = []

  /// Opens the file of an image. `index` saves finding the frames again.
  public init(_ index: FrameIndex) throws(DICOMError) {
    let opened = try FileBytes(path: index.path)
    guard opened.size == index.fileSize else {
      throw DICOMError(.cannotRead, "the file changed after it was listed", path: index.path)
    }
    let content =
      index.isDeflated && index.inflated.isEmpty
      ? try DICOMFile.inflatedDataset(path: index.path, limits: index.limits) : index.inflated
    self.init(index: index, file: opened, inflated: content)
  }

  private init(index: FrameIndex, file: consuming FileBytes, inflated: [UInt8]) {
    self.index = index
    self.file = file
    self.inflated = inflated
  }

  /// Replaces `bytes` by `format.frameBytes` bytes of one frame (counted from 1), decoded, in little endian order.
  public mutating func read(frame number: Int, into bytes: inout [UInt8]) throws(DICOMError) {
    do throws(DICOMError) {
      try readChecked(frame: number, into: &bytes)
    } catch {
      var located = error
      located.path = index.path
      throw located
    }
  }

  private mutating func readChecked(frame number: Int, into bytes: inout [UInt8]) throws(DICOMError) {
    guard number >= 1, number <= index.format.numberOfFrames else {
      throw DICOMError(.missingAttribute, "the image has no frame \(number)")
    }
    switch index.layout {
    case .native(let offset):
      let size = index.format.frameBytes
      try readBytes(at: offset + (number - 1) * size, count: size, into: &bytes)
      guard bytes.count == size else { throw DICOMError(.truncated, "the file ends inside frame \(number)") }
      if index.swapsBytes { Self.swap(&bytes, width: max(2, index.format.bitsAllocated / 8)) }
    case .encapsulated(let frames):
      try readFragments(frames[number - 1])
      try FrameDecoder.decode(packed, compression: index.compression, index: index, into: &bytes)
    }
  }

  private mutating func readFragments(_ fragments: [Range<Int>]) throws(DICOMError) {
    if fragments.count == 1 {
      try file.read(at: fragments[0].lowerBound, count: fragments[0].count, into: &packed)
      return
    }
    packed.removeAll(keepingCapacity: true)
    for fragment in fragments { packed += try file.read(at: fragment.lowerBound, count: fragment.count) }
  }

  private func readBytes(at offset: Int, count: Int, into bytes: inout [UInt8]) throws(DICOMError) {
    guard index.isDeflated else { return try file.read(at: offset, count: count, into: &bytes) }
    bytes = Array(inflated[min(offset, inflated.count)..<min(offset + count, inflated.count)])
  }

  private static func swap(_ bytes: inout [UInt8], width: Int) {
    var start = 0
    while start + width <= bytes.count {
      for step in 0..<width / 2 { bytes.swapAt(start + step, start + width - 1 - step) }
      start += width
    }
  }
}

extension DICOMFile {
  /// The inflated data set of a file in a deflated transfer syntax.
  static func inflatedDataset(path: String, limits: ReadingLimits) throws(DICOMError) -> [UInt8] {
    let meta = try open(path: path, limits: limits)
    guard let start = meta.deflatedOffset else {
      throw DICOMError(.cannotRead, "the file changed after it was listed", path: path)
    }
    return try inflated(from: start, file: FileBytes(path: path), limits: limits)
  }
}
