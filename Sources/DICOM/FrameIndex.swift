/// Where each frame of an image stands in its file.
public struct FrameIndex: Sendable {
  enum Layout: Sendable {
    /// Frames one after the other from this offset.
    case native(offset: Int)
    /// Fragments of each frame.
    case encapsulated([[Range<Int>]])
  }

  public let path: String
  public let format: PixelFormat
  public let compression: TransferSyntax.Compression
  let transferSyntax: TransferSyntax
  let fileSize: Int
  let layout: Layout
  let isDeflated: Bool
  /// The inflated data set of a deflated file of several frames (a single frame is inflated when it is read).
  let inflated: [UInt8]
  let swapsBytes: Bool
  let limits: ReadingLimits

  /// Finds the frames of an image: fragments are walked through, nothing is decoded.
  ///
  /// - Throws: `unsupported` for colour, one-bit or unknown encodings, `malformed` or `truncated` where fragments
  ///   cannot be told apart.
  public init(_ instance: Instance, limits: ReadingLimits = ReadingLimits()) throws(DICOMError) {
    guard let format = instance.pixels, let location = instance.pixelData else {
      throw DICOMError(.missingAttribute, "the object has no pixels", path: instance.path)
    }
    guard let compression = instance.transferSyntax.compression else {
      throw DICOMError(
        .unsupported, "transfer syntax \(instance.transferSyntax.uid.prefix(64)) is not read", path: instance.path)
    }
    guard format.samplesPerPixel == 1, format.photometricInterpretation.hasPrefix("MONOCHROME") else {
      throw DICOMError(.unsupported, "a colour image, which has no signal intensities", path: instance.path)
    }
    guard format.bitsAllocated >= 8 else {
      throw DICOMError(
        .unsupported, "\(format.bitsAllocated) bit allocated to a pixel of an image", path: instance.path)
    }
    path = instance.path
    self.format = format
    self.compression = compression
    transferSyntax = instance.transferSyntax
    fileSize = instance.fileSize
    isDeflated = instance.transferSyntax.isDeflated
    self.limits = limits
    inflated =
      isDeflated && format.numberOfFrames > 1
      ? try DICOMFile.inflatedDataset(path: instance.path, limits: limits) : []
    swapsBytes = !location.isLittleEndian && (format.bitsAllocated > 8 || location.isWordData)
    if location.length != nil {
      layout = .native(offset: location.offset)
    } else {
      guard compression != .none, !isDeflated else {
        throw DICOMError(.malformed, "encapsulated pixel data in a syntax that has none", path: instance.path)
      }
      guard [8, 16].contains(format.bitsAllocated) || (compression == .runLength && format.bitsAllocated == 32) else {
        throw DICOMError(
          .unsupported, "compressed pixels of \(format.bitsAllocated) bits are not read", path: instance.path)
      }
      do throws(DICOMError) {
        let file = try FileBytes(path: path)
        layout = .encapsulated(
          try Self.frames(file, from: location.offset, count: format.numberOfFrames, limits: limits))
      } catch {
        var located = error
        located.path = instance.path
        throw located
      }
    }
  }

  /// The compressed frames of a segmentation, whose pixel attributes `Instance` does not read.
  init(
    segmentation file: DICOMFile, location: PixelDataLocation, format: PixelFormat, limits: ReadingLimits
  ) throws(DICOMError) {
    path = file.path
    self.format = format
    compression = file.transferSyntax.compression ?? .none
    transferSyntax = file.transferSyntax
    fileSize = file.size
    isDeflated = false
    self.limits = limits
    inflated = []
    swapsBytes = false
    let source = try FileBytes(path: file.path)
    layout = .encapsulated(
      try Self.frames(source, from: location.offset, count: format.numberOfFrames, limits: limits))
  }

  /// The bytes of one frame's fragments (counted from 1), as they stand in the file.
  func packed(frame number: Int, from file: borrowing FileBytes) throws(DICOMError) -> [UInt8] {
    guard case .encapsulated(let frames) = layout, number >= 1, number <= frames.count else { return [] }
    var bytes: [UInt8] = []
    for fragment in frames[number - 1] { bytes += try file.read(at: fragment.lowerBound, count: fragment.count) }
    return bytes
  }

  // MARK: Fragments

  private static func frames(
    _ file: borrowing FileBytes, from start: Int, count: Int, limits: ReadingLimits
  ) throws(DICOMError) -> [[Range<Int>]] {
    var items = try fragments(file, from: start, limits: limits)
    guard !items.isEmpty else { throw DICOMError(.truncated, "no fragment of pixel data") }
    let table = try offsets(file, items.removeFirst())
    guard !items.isEmpty else { throw DICOMError(.truncated, "no fragment of pixel data") }
    if count == 1 { return [items] }
    if items.count == count { return items.map { [$0] } }
    if let grouped = group(items, by: table, count: count) { return grouped }
    return try groupByMarkers(file, items, count: count)
  }

  /// Value ranges of the items, the offset table first. A missing delimiter at the end of the file is forgiven.
  private static func fragments(
    _ file: borrowing FileBytes, from start: Int, limits: ReadingLimits
  ) throws(DICOMError) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var position = start
    var header: [UInt8] = []
    while position + 8 <= file.size {
      try file.read(at: position, count: 8, into: &header)
      guard header.count == 8 else { break }
      let tag = UInt32(header[0]) << 16 | UInt32(header[1]) << 24 | UInt32(header[2]) | UInt32(header[3]) << 8
      let length = header.littleEndian32(at: 4)
      if tag == DatasetParser.sequenceEnd { break }
      guard tag == DatasetParser.item else {
        throw DICOMError(.malformed, "something else stands where a fragment was expected")
      }
      guard length <= file.size - position - 8 else {
        throw DICOMError(.truncated, "a fragment claims \(length) bytes, \(file.size - position - 8) are left")
      }
      ranges.append(position + 8..<position + 8 + length)
      if ranges.count > limits.items { throw DICOMError(.limitExceeded, "more than \(limits.items) fragments") }
      position += 8 + length
    }
    return ranges
  }

  private static func offsets(_ file: borrowing FileBytes, _ range: Range<Int>) throws(DICOMError) -> [Int] {
    let bytes = try file.read(at: range.lowerBound, count: min(range.count, 4 << 20))
    return stride(from: 0, to: bytes.count - bytes.count % 4, by: 4).map { bytes.littleEndian32(at: $0) }
  }

  /// By the Basic Offset Table; `nil` when it is absent or does not fit the fragments.
  private static func group(_ items: [Range<Int>], by table: [Int], count: Int) -> [[Range<Int>]]? {
    guard table.count == count, table.first == 0 else { return nil }
    let base = items[0].lowerBound - 8
    var frames: [[Range<Int>]] = []
    var next = 0
    for item in items {
      if next < count, item.lowerBound - 8 - base == table[next] {
        frames.append([])
        next += 1
      }
      guard !frames.isEmpty else { return nil }
      frames[frames.count - 1].append(item)
    }
    return next == count ? frames : nil
  }

  /// By fragments that begin with a start-of-image or start-of-codestream marker.
  private static func groupByMarkers(
    _ file: borrowing FileBytes, _ items: [Range<Int>], count: Int
  ) throws(DICOMError) -> [[Range<Int>]] {
    var frames: [[Range<Int>]] = []
    for item in items {
      let first = try file.read(at: item.lowerBound, count: min(4, item.count))
      if first.starts(with: [0xFF, 0xD8, 0xFF]) || first.starts(with: [0xFF, 0x4F, 0xFF, 0x51]) || frames.isEmpty {
        frames.append([])
      }
      frames[frames.count - 1].append(item)
    }
    guard frames.count == count else {
      throw DICOMError(.malformed, "\(items.count) fragments cannot be told apart into \(count) frames")
    }
    return frames
  }
}
