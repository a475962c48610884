internal import DICOM
internal import Imaging
internal import StudyReading

/// Decoded volumes of a study, each series once, and only the slices that somebody needs.
struct VolumeStore {
  /// A run of slices of a series, decoded.
  struct Slab: Sendable {
    var volume: Volume
    /// Index in the series of the slab's first slice.
    var firstSlice: Int
    var frameDigests: [String]
  }

  private(set) var slabs: [Int: Slab] = [:]
  /// Why a series could not be decoded.
  private(set) var failures: [Int: String] = [:]
  private var wanted: [Int: Range<Int>] = [:]

  /// Says that these slices of a series will be needed; widens what was said before.
  mutating func want(_ index: Int, slices: Range<Int>, of count: Int) {
    let clipped = slices.clamped(to: 0..<count)
    guard !clipped.isEmpty else { return }
    let old = wanted[index] ?? clipped
    wanted[index] = min(old.lowerBound, clipped.lowerBound)..<max(old.upperBound, clipped.upperBound)
  }

  /// Bytes that decoding what is wanted will hold.
  func expectedBytes(_ set: StudySeriesSet) -> Int {
    wanted.reduce(0) { sum, want in
      let geometry = set.entries[want.key].geometry
      return sum + geometry.columns * geometry.rows * want.value.count * MemoryLayout<Float>.stride
    }
  }

  /// Decodes what is wanted and not yet there.
  mutating func load(_ set: StudySeriesSet, threads: Int) {
    for index in wanted.keys.sorted() {
      guard let range = wanted[index], failures[index] == nil else { continue }
      if let slab = slabs[index], slab.firstSlice <= range.lowerBound,
        slab.firstSlice + slab.volume.geometry.slices >= range.upperBound
      {
        continue
      }
      do throws(DICOMError) {
        let loaded = try set.entries[index].series.loadVolume(slices: range, threads: threads)
        slabs[index] = Slab(volume: loaded.volume, firstSlice: range.lowerBound, frameDigests: loaded.frameDigests)
      } catch {
        failures[index] = error.message
      }
    }
  }
}
