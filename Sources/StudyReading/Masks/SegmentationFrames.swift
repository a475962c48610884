package import DICOM
internal import Kernels

/// The pixels of a segmentation, frame by frame.
package struct SegmentationFrames {
  enum Coding { case bits, fraction(maximum: Int), labels(padding: Int?) }

  package let count: Int
  let rows: Int
  let columns: Int
  let coding: Coding
  let warnings: [String]
  private let bytesPerPixel: Int
  private let bytes: [UInt8]
  private let bitsPerFrame: Int
  private let name: String

  package init(_ file: DICOMFile, limits: MaskLimits, name: String) throws(MaskError) {
    let dataset = file.dataset
    guard let rows = dataset.int(.rows), let columns = dataset.int(.columns), (1...65_535).contains(rows),
      (1...65_535).contains(columns)
    else { throw MaskError(file: name, reason: "the segmentation has no rows or columns") }
    let count = dataset.int(.numberOfFrames) ?? 1
    guard count >= 1, count <= limits.maximumFrames else {
      throw MaskError(file: name, reason: "the segmentation's number of frames is impossible or above the limit")
    }
    let allocated = dataset.int(.bitsAllocated) ?? 1
    let type = dataset.string(.segmentationType) ?? (allocated == 1 ? "BINARY" : "LABELMAP")
    var warnings: [String] = []
    switch type {
    case "FRACTIONAL":
      let maximum = dataset.int(.maximumFractionalValue) ?? 255
      coding = .fraction(maximum: maximum)
      warnings.append("a fractional segmentation: pixels at half the maximum (\(maximum)) or above were taken")
    case "LABELMAP": coding = .labels(padding: dataset.int(Tag(0x0028, 0x0120, .US)))
    default: coding = allocated == 1 ? .bits : .fraction(maximum: 1)
    }
    guard [1, 8, 16].contains(allocated), allocated < 16 || type == "LABELMAP" else {
      throw MaskError(file: name, reason: "\(allocated) bits for a pixel of a segmentation")
    }
    let pixels: SegmentationPixels
    do throws(DICOMError) {
      pixels = try SegmentationPixels(
        file, rows: rows, columns: columns, frames: count, bitsAllocated: allocated, maximumBytes: limits.maximumBytes)
    } catch { throw MaskError(file: name, reason: error.message) }
    self.rows = rows
    self.columns = columns
    self.count = count
    self.warnings = warnings
    self.name = name
    bytesPerPixel = allocated / 8
    bytes = pixels.bytes
    bitsPerFrame = pixels.bitsPerFrame
  }

  /// The pixels of one frame, 0 or the stored value; for tests against other readers.
  package func values(_ frame: Int) -> [UInt16] {
    (0..<(rows * columns)).map { UInt16(value(start(of: frame) + $0)) }
  }

  @inline(__always) private func value(_ pixel: Int) -> Int {
    switch bytesPerPixel {
    case 0: Int(bytes[pixel >> 3] >> UInt8(pixel & 7)) & 1
    case 1: Int(bytes[pixel])
    default: Int(bytes[2 * pixel + 1]) << 8 | Int(bytes[2 * pixel])
    }
  }

  /// Place of a frame's first pixel, counted in pixels of the whole object.
  private func start(of frame: Int) -> Int { frame * bitsPerFrame / max(1, bytesPerPixel * 8) }

  /// The segments of one frame in the boxes that hold them.
  func pieces(
    _ frame: Int, segment: Int?, slice: Int
  ) throws(MaskError) -> [(segment: Int, piece: RegionAssembly.Piece)] {
    let start = start(of: frame)
    switch coding {
    case .labels(let padding):
      return labelPieces(start: start, padding: padding, slice: slice)
    case .bits, .fraction:
      guard let segment else { throw MaskError(file: name, reason: "a frame names no segment") }
      var box = FrameBox()
      forEachMember(start) { column, row in box.include(column, row) }
      guard !box.isEmpty else { return [] }
      var members = [UInt8](repeating: 0, count: box.columns.count * box.rows.count)
      forEachMember(start) { column, row in
        members[(row - box.rows.lowerBound) * box.columns.count + column - box.columns.lowerBound] = 1
      }
      return [(segment, RegionAssembly.Piece(slice: slice, columns: box.columns, rows: box.rows, members: members))]
    }
  }

  /// Columns and rows of a frame's members; empty bytes of a bit mask are passed eight pixels at a time.
  @inline(__always) private func forEachMember(_ start: Int, _ body: (Int, Int) -> Void) {
    let end = start + rows * columns
    if case .fraction(let maximum) = coding {
      for pixel in start..<end where 2 * value(pixel) >= max(maximum, 1) {
        body((pixel - start) % columns, (pixel - start) / columns)
      }
      return
    }
    var pixel = start
    // The row that holds the pixel, and where it ends; members come in order, so that no division is needed.
    var (row, rowEnd) = (0, start + columns)
    while pixel < end {
      let byte = bytes[pixel >> 3]
      let stop = min(end, (pixel | 7) + 1)
      if byte == 0 {
        let next = ZeroRun.end(in: bytes, from: pixel >> 3, below: min((end + 7) >> 3, bytes.count))
        pixel = max(pixel, next << 3)
        continue
      }
      while pixel < stop {
        if byte >> UInt8(pixel & 7) & 1 == 1 {
          while pixel >= rowEnd {
            row += 1
            rowEnd += columns
          }
          body(pixel - rowEnd + columns, row)
        }
        pixel += 1
      }
    }
  }

  private func labelPieces(start: Int, padding: Int?, slice: Int) -> [(segment: Int, piece: RegionAssembly.Piece)] {
    var boxes: [Int: FrameBox] = [:]
    var last = -1
    for pixel in 0..<(rows * columns) {
      let label = value(start + pixel)
      if label == padding || (label == 0 && padding == nil) { continue }
      if label == 0 { continue }
      last = label
      boxes[last, default: FrameBox()].include(pixel % columns, pixel / columns)
    }
    return boxes.keys.sorted().map { label in
      let box = boxes[label]!
      var members: [UInt8] = []
      members.reserveCapacity(box.columns.count * box.rows.count)
      for row in box.rows {
        for column in box.columns { members.append(value(start + row * columns + column) == label ? 1 : 0) }
      }
      return (label, RegionAssembly.Piece(slice: slice, columns: box.columns, rows: box.rows, members: members))
    }
  }

  private struct FrameBox {
    private var low = (Int.max, Int.max)
    private var high = (-1, -1)

    var isEmpty: Bool { high.0 < 0 }
    var columns: Range<Int> { low.0..<(high.0 + 1) }
    var rows: Range<Int> { low.1..<(high.1 + 1) }

    @inline(__always) mutating func include(_ column: Int, _ row: Int) {
      low = (min(low.0, column), min(low.1, row))
      high = (max(high.0, column), max(high.1, row))
    }
  }
}
