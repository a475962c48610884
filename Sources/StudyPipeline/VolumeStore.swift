internal import DICOM
internal import Imaging
internal import Kernels
internal import StudyReading

/// Decoded volumes of a study, each series once, and only the voxels that somebody needs.
struct VolumeStore {
  /// A box of a series' voxels, decoded.
  struct Slab: Sendable {
    var volume: Volume
    /// The volume's place in the series.
    var box: VoxelBox
    var frameDigests: [String]
    /// Moments of the tiles of some whole slices, for the noise in air.
    var tiles: [TileMoments]

    /// Index in the series of the slab's first slice.
    var firstSlice: Int { box.slices.lowerBound }

    /// A region of the series' grid on the slab's.
    func region(_ carried: CarriedRegion) -> Region { region(carried.region) }

    func region(_ region: Region) -> Region { region.cropped(to: box, grid: volume.geometry) }
  }

  private struct Want {
    var box: VoxelBox
    var tiled: Set<Int>
  }

  private(set) var slabs: [Int: Slab] = [:]
  /// Why a series could not be decoded, by the series' index, ascending.
  var failures: [(index: Int, error: DICOMError)] {
    errors.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
  private var errors: [Int: DICOMError] = [:]
  private var wanted: [Int: Want] = [:]

  func failure(_ index: Int) -> String? { errors[index]?.message }

  /// Says that these voxels of a series will be needed; widens what was said before.
  ///
  /// - Parameter tiled: slices of the box that are looked at whole for the noise in air.
  mutating func want(_ index: Int, _ box: VoxelBox, tiled: [Int] = []) {
    guard !box.isEmpty else { return }
    let old = wanted[index]
    wanted[index] = Want(box: old?.box.union(box) ?? box, tiled: (old?.tiled ?? []).union(tiled))
  }

  /// Bytes that decoding what is wanted will hold.
  var expectedBytes: Int { wanted.reduce(0) { $0 + $1.value.box.count * MemoryLayout<Float>.stride } }

  /// Moves a decoded series' voxels in the patient, by millimetres (LPS).
  mutating func move(_ index: Int, by step: Vector3) {
    guard let slab = slabs[index] else { return }
    slabs[index]?.volume = Volume(geometry: slab.volume.geometry.moved(by: step), voxels: slab.volume.voxels)
  }

  /// Decodes what is wanted.
  mutating func load(_ set: StudySeriesSet, threads: Int) {
    for index in wanted.keys.sorted() {
      guard let want = wanted[index] else { continue }
      do throws(DICOMError) {
        let loaded = try set.entries[index].series.loadVolume(
          box: want.box, tiled: want.tiled.sorted(), threads: threads)
        slabs[index] = Slab(
          volume: loaded.volume, box: want.box, frameDigests: loaded.frameDigests, tiles: loaded.tiles)
      } catch {
        errors[index] = error
      }
    }
  }
}
