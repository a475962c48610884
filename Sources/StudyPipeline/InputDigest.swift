internal import DICOM
internal import Findings
internal import StudyReading

/// SHA-256 over the sorted (SOP Instance UID, size, content hash) of the files used, masks included; independent of
/// paths and order. An image's content is its decoded pixels, a mask's its file.
enum InputDigest {
  static func digest(_ set: StudySeriesSet, store: VolumeStore, maskFiles: [String]) -> String {
    var lines: [String] = []
    for (index, slab) in store.slabs {
      let series = set.entries[index].series
      for (offset, digest) in slab.frameDigests.enumerated() {
        let slice = series.slices[slab.firstSlice + offset]
        let size = series.instances[slice.instance].fileSize
        lines.append("\(slice.sopInstanceUID) \(slice.frameNumber ?? 0) \(size) \(digest)")
      }
    }
    for path in Set(maskFiles) {
      let uid = (try? Instance.read(path: path))?.sopInstanceUID ?? ""
      lines.append("\(uid) mask \(FileDigest.xxh3(path: path) ?? "")")
    }
    return "sha256:" + Digest.sha256(Array(lines.sorted().joined(separator: "\n").utf8))
  }
}
