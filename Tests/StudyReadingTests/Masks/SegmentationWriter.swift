import Foundation
import Imaging

/// Writes binary DICOM segmentations with sparse frames, bit-packed across frames.
enum SegmentationWriter {
  /// One segment for each index, each with one frame that holds the one voxel.
  static func file(_ grid: FileGrid, indices: [[Int]]) -> [UInt8] {
    let (row, column) = (grid.axes[0] / grid.axes[0].length, grid.axes[1] / grid.axes[1].length)
    var w = DICOMObjectWriter()
    w.text(0x0008_0060, "CS", "SEG")
    w.text(0x0020_000D, "UI", "1.2.3")
    w.text(0x0020_000E, "UI", "1.2.3.77")
    w.text(0x0020_0052, "UI", "1.2.3.9")
    w.short(0x0028_0002, 1)
    w.text(0x0028_0008, "IS", "\(indices.count)")
    w.short(0x0028_0010, grid.size[1])
    w.short(0x0028_0011, grid.size[0])
    w.short(0x0028_0100, 1)
    w.short(0x0028_0101, 1)
    w.short(0x0028_0102, 0)
    w.short(0x0028_0103, 0)
    w.text(0x0062_0001, "CS", "BINARY")
    w.sequence(
      0x0062_0002,
      indices.indices.map { index in
        var segment = DICOMObjectWriter()
        segment.short(0x0062_0004, index + 1)
        segment.text(0x0062_0005, "LO", "lesion \(index + 1)")
        return segment
      })
    var measures = DICOMObjectWriter()
    measures.numbers(0x0018_0050, [grid.axes[2].length])
    measures.numbers(0x0018_0088, [grid.axes[2].length])
    measures.numbers(0x0028_0030, [grid.axes[1].length, grid.axes[0].length])
    var orientation = DICOMObjectWriter()
    orientation.numbers(0x0020_0037, [row.x, row.y, row.z, column.x, column.y, column.z])
    var shared = DICOMObjectWriter()
    shared.sequence(0x0028_9110, [measures])
    shared.sequence(0x0020_9116, [orientation])
    w.sequence(0x5200_9229, [shared])
    w.sequence(
      0x5200_9230,
      indices.enumerated().map { number, index in
        let place = grid.position([0, 0, index[2]])
        var position = DICOMObjectWriter()
        position.numbers(0x0020_0032, [place.x, place.y, place.z])
        var identification = DICOMObjectWriter()
        identification.short(0x0062_000B, number + 1)
        var frame = DICOMObjectWriter()
        frame.sequence(0x0020_9113, [position])
        frame.sequence(0x0062_000A, [identification])
        return frame
      })
    let perFrame = grid.size[0] * grid.size[1]
    var bits = [UInt8](repeating: 0, count: (perFrame * indices.count + 7) / 8)
    for (number, index) in indices.enumerated() {
      let bit = number * perFrame + index[1] * grid.size[0] + index[0]
      bits[bit / 8] |= 1 << UInt8(bit % 8)
    }
    w.pixels(bits, "OB")
    return w.file(sopClass: "1.2.840.10008.5.1.4.1.1.66.4", sopInstance: "1.2.3.77.1")
  }

  /// A structure set with one square of 0.8 pixels around the centre of each voxel.
  static func structureSet(_ grid: FileGrid, indices: [[Int]]) -> [UInt8] {
    var w = DICOMObjectWriter()
    w.text(0x0008_0060, "CS", "RTSTRUCT")
    w.text(0x0020_000D, "UI", "1.2.3")
    w.text(0x0020_000E, "UI", "1.2.3.78")
    w.sequence(
      0x3006_0020,
      indices.indices.map { index in
        var roi = DICOMObjectWriter()
        roi.text(0x3006_0022, "IS", "\(index + 1)")
        roi.text(0x3006_0024, "UI", "1.2.3.9")
        roi.text(0x3006_0026, "LO", "GTV \(index + 1)")
        return roi
      })
    w.sequence(
      0x3006_0039,
      indices.enumerated().map { number, index in
        let centre = grid.position(index)
        let corners: [(Double, Double)] = [(-0.4, -0.4), (0.4, -0.4), (0.4, 0.4), (-0.4, 0.4)]
        let points = corners.map { centre + grid.axes[0] * $0.0 + grid.axes[1] * $0.1 }
        var contour = DICOMObjectWriter()
        contour.text(0x3006_0042, "CS", "CLOSED_PLANAR")
        contour.text(0x3006_0046, "IS", "4")
        contour.numbers(0x3006_0050, points.flatMap { [$0.x, $0.y, $0.z] })
        var item = DICOMObjectWriter()
        item.text(0x3006_0084, "IS", "\(number + 1)")
        item.sequence(0x3006_0040, [contour])
        return item
      })
    return w.file(sopClass: "1.2.840.10008.5.1.4.1.1.481.3", sopInstance: "1.2.3.78.1")
  }
}
