public import DICOM
public import Imaging
public import Kernels
internal import Synchronization

/// Intensities with what is needed to say where they came from.
public struct LoadedVolume: Sendable {
  public let volume: Volume
  /// XXH3 (128 bits, hexadecimal) of each slice's stored values, decoded, little endian; in slice order. Of the whole
  /// slice, whatever part of it the volume holds. Independent of transfer syntax, paths and scale.
  public let frameDigests: [String]
  /// Moments of the tiles of the whole slices that were asked for.
  public let tiles: [TileMoments]
}

extension ImageSeries {
  /// Decodes all slices into one volume: rescale of each slice applied, one `Float` a voxel, several threads.
  ///
  /// - Parameters:
  ///   - threads: at most so many; the result does not depend on it.
  ///   - memoryLimit: bytes; refused before anything is allocated when `expectedBytes` is larger.
  /// - Throws: the reason of the first frame that cannot be decoded.
  public func loadVolume(threads: Int? = nil, memoryLimit: Int? = nil) throws(DICOMError) -> LoadedVolume {
    try loadVolume(slices: 0..<slices.count, threads: threads, memoryLimit: memoryLimit)
  }

  /// The same for a run of slices.
  public func loadVolume(
    slices range: Range<Int>, threads: Int? = nil, memoryLimit: Int? = nil
  ) throws(DICOMError) -> LoadedVolume {
    try loadVolume(
      box: VoxelBox(columns: 0..<geometry.columns, rows: 0..<geometry.rows, slices: range), threads: threads,
      memoryLimit: memoryLimit)
  }

  /// The same for a box of voxels: only its slices are decoded, and only its columns and rows are kept.
  ///
  /// - Parameter tiled: slices of the box whose tiles are summed up, over their whole extent.
  public func loadVolume(
    box: VoxelBox, tiled: [Int] = [], threads: Int? = nil, memoryLimit: Int? = nil
  ) throws(DICOMError) -> LoadedVolume {
    guard box.isInside(geometry), !box.isEmpty, tiled.allSatisfy(box.slices.contains) else {
      throw DICOMError(.missingAttribute, "the series has \(slices.count) slices")
    }
    if let memoryLimit, expectedBytes > memoryLimit {
      throw DICOMError(.limitExceeded, "the volume needs \(expectedBytes) bytes, \(memoryLimit) are allowed")
    }
    let chosen = Array(slices[box.slices])
    let indices = try frameIndices(chosen)
    let digests = Mutex([String](repeating: "", count: chosen.count))
    let tiles = Mutex([Int: TileMoments]())
    let voxels = try VoxelSlab.fill(
      chunks: chosen.count, valuesPerChunk: box.columns.count * box.rows.count,
      threads: threads ?? ProcessorCount.available
    ) { (position: Int, scratch: inout [UInt8], output: inout MutableSpan<Float>) throws(DICOMError) in
      let slice = chosen[position]
      let index = indices[slice.instance]!
      var reader = try FrameReader(index)
      try reader.read(frame: slice.frame + 1, into: &scratch)
      let digest = FileDigest.xxh3(scratch)
      digests.withLock { $0[position] = digest }
      let factors = scale.factors(instances[slice.instance].frames[slice.frame].rescale)
      let pixels = FramePixels(
        bytes: scratch, conversion: PixelConversion(index.format), columns: geometry.columns, rows: geometry.rows,
        slope: Float(factors.slope), intercept: Float(factors.intercept))
      pixels.copy(columns: box.columns, rows: box.rows, into: &output)
      if tiled.contains(box.slices.lowerBound + position) {
        let moments = pixels.tiles
        tiles.withLock { $0[position] = moments }
      }
    }
    return LoadedVolume(
      volume: Volume(geometry: box == VoxelBox(geometry) ? geometry : geometry.subgrid(box), voxels: voxels),
      frameDigests: digests.withLock { $0 },
      tiles: tiles.withLock { found in found.keys.sorted().compactMap { found[$0] } })
  }

  /// Where the frames of each object stand, found once for each.
  private func frameIndices(_ chosen: [Slice]) throws(DICOMError) -> [Int: FrameIndex] {
    var indices: [Int: FrameIndex] = [:]
    for slice in chosen where indices[slice.instance] == nil {
      indices[slice.instance] = try FrameIndex(instances[slice.instance])
    }
    return indices
  }
}

/// One decoded frame and how its stored values become signals.
private struct FramePixels {
  let bytes: [UInt8]
  let conversion: PixelConversion
  let columns: Int
  let rows: Int
  let slope: Float
  let intercept: Float

  func copy(columns kept: Range<Int>, rows range: Range<Int>, into output: inout MutableSpan<Float>) {
    if kept.count == columns {
      conversion.convert(
        bytes, from: range.lowerBound * columns, slope: slope, intercept: intercept, into: &output, at: 0,
        count: range.count * columns)
      return
    }
    for (line, row) in range.enumerated() {
      conversion.convert(
        bytes, from: row * columns + kept.lowerBound, slope: slope, intercept: intercept, into: &output,
        at: line * kept.count, count: kept.count)
    }
  }

  var tiles: TileMoments {
    TileMoments(columns: columns, rows: rows) { row, values in
      var span = values.mutableSpan
      conversion.convert(
        bytes, from: row * columns, slope: slope, intercept: intercept, into: &span, at: 0, count: columns)
    }
  }
}

extension PixelConversion {
  init(_ format: PixelFormat) {
    let word: Word =
      switch (format.kind, format.bitsAllocated) {
      case (.float, _): .float32
      case (.double, _): .float64
      case (_, 8): .integer8
      case (_, 16): .integer16
      default: .integer32
      }
    let isFloat = word == .float32 || word == .float64
    self.init(
      word: word, bitsStored: isFloat ? (word == .float32 ? 32 : 64) : format.bitsStored,
      highBit: isFloat ? (word == .float32 ? 31 : 63) : format.highBit, isSigned: format.isSigned,
      isInverted: format.isInverted)
  }
}
