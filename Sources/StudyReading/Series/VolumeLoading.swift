public import DICOM
public import Imaging
internal import Kernels
internal import Synchronization

/// Intensities with what is needed to say where they came from.
public struct LoadedVolume: Sendable {
  public let volume: Volume
  /// XXH3 (128 bits, hexadecimal) of each slice's stored values, decoded, little endian; in slice order. Independent
  /// of transfer syntax, paths and scale.
  public let frameDigests: [String]
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
    guard range.lowerBound >= 0, range.upperBound <= slices.count, !range.isEmpty else {
      throw DICOMError(.missingAttribute, "the series has \(slices.count) slices")
    }
    if let memoryLimit, expectedBytes > memoryLimit {
      throw DICOMError(.limitExceeded, "the volume needs \(expectedBytes) bytes, \(memoryLimit) are allowed")
    }
    let chosen = Array(slices[range])
    let indices = try frameIndices(chosen)
    let digests = Mutex([String](repeating: "", count: chosen.count))
    let perSlice = geometry.columns * geometry.rows
    let voxels = try VoxelSlab.fill(
      chunks: chosen.count, valuesPerChunk: perSlice, threads: threads ?? ProcessorCount.available
    ) { (position: Int, scratch: inout [UInt8], output: inout MutableSpan<Float>) throws(DICOMError) in
      let slice = chosen[position]
      let index = indices[slice.instance]!
      var reader = try FrameReader(index)
      try reader.read(frame: slice.frame + 1, into: &scratch)
      let digest = FileDigest.xxh3(scratch)
      digests.withLock { $0[position] = digest }
      let factors = scale.factors(instances[slice.instance].frames[slice.frame].rescale)
      PixelConversion(index.format).convert(
        scratch, slope: Float(factors.slope), intercept: Float(factors.intercept), into: &output)
    }
    return LoadedVolume(
      volume: Volume(geometry: try subgrid(range), voxels: voxels), frameDigests: digests.withLock { $0 })
  }

  /// Where the frames of each object stand, found once for each.
  private func frameIndices(_ chosen: [Slice]) throws(DICOMError) -> [Int: FrameIndex] {
    var indices: [Int: FrameIndex] = [:]
    for slice in chosen where indices[slice.instance] == nil {
      indices[slice.instance] = try FrameIndex(instances[slice.instance])
    }
    return indices
  }

  private func subgrid(_ range: Range<Int>) throws(DICOMError) -> VolumeGeometry {
    if range.count == slices.count { return geometry }
    do throws(VolumeGeometry.Failure) {
      return try VolumeGeometry(
        columns: geometry.columns, rows: geometry.rows, rowDirection: geometry.rowDirection,
        columnDirection: geometry.columnDirection, spacing: geometry.spacing,
        sliceOrigins: Array(geometry.sliceOrigins[range]), frameOfReferenceUID: geometry.frameOfReferenceUID)
    } catch {
      throw DICOMError(.malformed, "no grid can be built: \(error)")
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
