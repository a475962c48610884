import DICOM
import Foundation
import Imaging
import StudyReading
import TestSupport
import Testing

/// Segmentations of highdicom (MIT) and dcmqi (BSD-3) in ../shared/data/seg_sr against highdicom 0.28.2 and pydicom,
/// read once and pinned here: `segread(file).pixel_array` (sum, FNV-1a over the values as 64-bit words), and from
/// `get_volume` each segment's voxel count and centroid (LPS).
@Suite(.enabled(if: SharedData.isPresent, "\(SharedData.skipMessage)"))
struct SegmentationOracleTests {
  private static let pixels: [(file: String, sum: Int, hash: UInt64)] = [
    ("dcmqi/data/segmentations/23x38x3/seg/label.seg", 322, 0xB2E6BA6ECDEBF2CB),
    ("dcmqi/data/segmentations/24x38x3/seg/label.seg", 315, 0xA8348BA49164DC98),
    ("dcmqi/data/segmentations/liver.dcm", 107098, 0x6A1410AC3C0D88F5),
    ("dcmqi/data/segmentations/partial_overlaps.dcm", 43639, 0x7C9B9B27C65B094C),
    ("dcmqi/data/segmentations/sparse-labelmap-noppv.dcm", 630, 0x4E37C570812B5065),
    ("dcmqi/data/segmentations/sparse-labelmap-ppv5.dcm", 630, 0x4E37C570812B5065),
    ("dcmqi/data/sr-example/seg.dcm", 795, 0x1657F76EF84A7DE0),
    ("highdicom/data/test_files/seg_image_cr_binary.dcm", 151, 0x792723510A6B9C66),
    ("highdicom/data/test_files/seg_image_ct_binary.dcm", 638, 0x1107A0B9B1BB893F),
    ("highdicom/data/test_files/seg_image_ct_binary_fractional.dcm", 162690, 0xF41EC62E2B75C50B),
    ("highdicom/data/test_files/seg_image_ct_binary_overlap.dcm", 80, 0x975A997BA97715B5),
    ("highdicom/data/test_files/seg_image_ct_binary_single_frame.dcm", 1832, 0x3C5669B54D733D87),
    ("highdicom/data/test_files/seg_image_ct_true_fractional.dcm", 83136, 0x2D9D85C0F6F3A8E5),
    ("highdicom/data/test_files/seg_image_sm_control.dcm", 523, 0x22AFD0C4783B3CCE),
    ("highdicom/data/test_files/seg_image_sm_control_labelmap.dcm", 6064, 0x9E025753B80C1025),
    ("highdicom/data/test_files/seg_image_sm_control_labelmap_palette_color.dcm", 6064, 0x9E025753B80C1025),
    ("highdicom/data/test_files/seg_image_sm_dots.dcm", 200, 0x67415764EFE378D5),
    ("highdicom/data/test_files/seg_image_sm_dots_tiled_full.dcm", 200, 0x6C1620F50CB05551),
    ("highdicom/data/test_files/seg_image_sm_numbers.dcm", 523, 0x22AFD0C4783B3CCE),
  ]

  private static let segments: [(file: String, segment: Int, voxels: Int, centroid: [Double])] = [
    ("dcmqi/data/segmentations/23x38x3/seg/label.seg", 1, 322, [55.6584, 12.0710, -175.2500]),
    ("dcmqi/data/segmentations/24x38x3/seg/label.seg", 1, 315, [55.8249, 11.8455, -175.2500]),
    ("dcmqi/data/segmentations/liver.dcm", 1, 107098, [-74.0571, -33.2620, -127.6995]),
    ("dcmqi/data/segmentations/partial_overlaps.dcm", 1, 9602, [-75.1194, -45.9222, -127.6900]),
    ("dcmqi/data/segmentations/partial_overlaps.dcm", 2, 11888, [-11.7116, -22.1172, -127.6900]),
    ("dcmqi/data/segmentations/partial_overlaps.dcm", 3, 10743, [-27.3963, -28.0944, -126.7227]),
    ("dcmqi/data/segmentations/partial_overlaps.dcm", 4, 6693, [28.5729, 60.8724, -128.6900]),
    ("dcmqi/data/segmentations/partial_overlaps.dcm", 5, 4713, [-99.4197, 69.8231, -128.6900]),
    ("dcmqi/data/segmentations/sparse-labelmap-noppv.dcm", 1, 630, [55.8249, 11.8455, -175.2500]),
    ("dcmqi/data/segmentations/sparse-labelmap-ppv5.dcm", 1, 630, [55.8249, 11.8455, -175.2500]),
    ("dcmqi/data/sr-example/seg.dcm", 1, 795, [-11.7295, -224.8788, -97.0215]),
    ("highdicom/data/test_files/seg_image_ct_binary.dcm", 1, 638, [-121.7129, -124.4172, 104.5208]),
    ("highdicom/data/test_files/seg_image_ct_binary_overlap.dcm", 1, 64, [-122.3145, -125.4145, 53.3325]),
    ("highdicom/data/test_files/seg_image_ct_binary_overlap.dcm", 2, 16, [-121.8262, -124.9262, 53.3325]),
    ("highdicom/data/test_files/seg_image_ct_binary_single_frame.dcm", 1, 1832, [-121.8804, -148.3219, -75.7000]),
    ("highdicom/data/test_files/seg_image_ct_binary_fractional.dcm", 1, 638, [-121.7129, -124.4172, 104.5208]),
    ("highdicom/data/test_files/seg_image_ct_true_fractional.dcm", 1, 638, [-121.7129, -124.4172, 104.5208]),
  ]

  @Test func `pixels of every segmentation equal highdicom's`() throws {
    for pinned in Self.pixels {
      let file = try DICOMFile.open(path: SharedData.url("seg_sr/" + pinned.file).path)
      let frames = try SegmentationFrames(file, limits: MaskLimits(), name: pinned.file)
      var sum = 0
      var hash: UInt64 = 0xCBF2_9CE4_8422_2325
      for frame in 0..<frames.count {
        for value in frames.values(frame) {
          sum += Int(value)
          hash = (hash ^ UInt64(value)) &* 0x100_0000_01B3
        }
      }
      #expect(sum == pinned.sum && hash == pinned.hash, "\(pinned.file)")
    }
  }

  @Test func `segments lie where highdicom puts them`() throws {
    for pinned in Self.segments {
      let file = try MaskReader.read(path: SharedData.url("seg_sr/" + pinned.file).path)
      let mask = try #require(file.masks.first { $0.label == pinned.segment }, "\(pinned.file) \(pinned.segment)")
      let region = try #require(mask.region)
      #expect(region.count == pinned.voxels, "\(pinned.file) \(pinned.segment)")
      let centroid = try #require(region.centroid)
      let expected = Vector3(pinned.centroid[0], pinned.centroid[1], pinned.centroid[2])
      // Printed with four decimals; highdicom fits one even spacing through positions of three decimals.
      #expect((centroid - expected).length < 0.002, "\(pinned.file): \(centroid)")
    }
  }

  @Test func `a segmentation of a slide or a plain film is refused for want of a place in a patient`() {
    for name in ["seg_image_sm_dots", "seg_image_sm_dots_tiled_full", "seg_image_cr_binary"] {
      #expect(throws: MaskError.self) {
        try MaskReader.read(path: SharedData.url("seg_sr/highdicom/data/test_files/\(name).dcm").path)
      }
    }
  }

  @Test func `types and names tell references from lesions`() throws {
    let read = { (name: String) in try MaskReader.read(path: SharedData.url("seg_sr/" + name).path) }
    let neoplasm = try read("dcmqi/data/sr-example/seg.dcm")
    #expect(neoplasm.lesions.map(\.label) == [1])
    #expect(neoplasm.masks[0].referencedSeriesUIDs.count == 1)
    let bone = try read("highdicom/data/test_files/seg_image_ct_binary_overlap.dcm")
    #expect(bone.masks.map(\.reference) == [.vertebra, .vertebra])
    let map = try read("dcmqi/data/segmentations/sparse-labelmap-ppv5.dcm")
    #expect(map.masks.map(\.label) == [1])
  }
}
