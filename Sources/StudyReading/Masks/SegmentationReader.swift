import DICOM
import Foundation
import Imaging

/// DICOM Segmentation objects: binary (bit-packed across frames), fractional, overlapping, label map, sparse.
enum SegmentationReader {
  static func read(_ file: DICOMFile, limits: MaskLimits) throws(MaskError) -> MaskFile {
    let name = URL(fileURLWithPath: file.path).lastPathComponent
    let segments = SegmentDescription.all(in: file.dataset)
    let frames = try SegmentationFrames(file, limits: limits, name: name)
    let stack = try SegmentationStack(file.dataset, frames: frames.count, name: name)
    var warnings = stack.warnings + frames.warnings
    var assemblies: [Int: RegionAssembly] = [:]
    for frame in 0..<frames.count {
      for piece in try frames.pieces(frame, segment: stack.segments[frame], slice: stack.slices[frame]) {
        assemblies[piece.segment, default: RegionAssembly()].pieces.append(piece.piece)
      }
    }
    let references = References(file.dataset)
    var masks: [LabelledMask] = []
    for number in Set(assemblies.keys).union(segments.map(\.number)).sorted() {
      let description = segments.first { $0.number == number }
      if description?.isBackground ?? (number == 0) { continue }
      let region = (assemblies[number] ?? RegionAssembly()).region(on: stack.geometry)
      if region.isEmpty {
        warnings.append("segment \(number) is empty")
        continue
      }
      masks.append(
        LabelledMask(
          kind: .dicomSegmentation, label: number, name: description?.label,
          reference: description.flatMap(\.reference), shape: .voxels(region),
          frameOfReferenceUID: stack.geometry.frameOfReferenceUID, referencedSeriesUIDs: references.series,
          referencedInstanceUIDs: references.instances))
    }
    return MaskFile(path: file.path, kind: .dicomSegmentation, masks: masks, warnings: warnings)
  }

  /// The images that a segmentation names.
  private struct References {
    var series: [String] = []
    var instances: [String] = []

    init(_ dataset: Dataset) {
      var series = Set<String>()
      var instances = Set<String>()
      func add(_ items: [Dataset]) {
        for item in items {
          if let uid = item.string(.seriesInstanceUID) { series.insert(uid) }
          for instance in item.items(.referencedInstanceSequence) {
            if let uid = instance.string(.referencedSOPInstanceUID) { instances.insert(uid) }
          }
        }
      }
      add(dataset.items(.referencedSeriesSequence))
      for study in dataset.items(.studiesContainingOtherReferencedInstancesSequence) {
        add(study.items(.referencedSeriesSequence))
      }
      self.series = series.sorted()
      self.instances = instances.sorted()
    }
  }
}

/// A segment's number, name and coded type.
struct SegmentDescription {
  let number: Int
  let label: String?
  private let codes: [String]
  private let meanings: [String]

  static func all(in dataset: Dataset) -> [SegmentDescription] {
    dataset.items(.segmentSequence).compactMap { item in
      guard let number = item.int(.segmentNumber) else { return nil }
      let coded =
        [Tag.segmentedPropertyTypeCodeSequence, .segmentedPropertyCategoryCodeSequence, .anatomicRegionSequence]
        .compactMap { item.item($0) }
      return SegmentDescription(
        number: number, label: item.string(.segmentLabel), codes: coded.compactMap { $0.string(.codeValue) },
        meanings: coded.compactMap { $0.string(.codeMeaning) })
    }
  }

  /// `nil` for a lesion. The anatomic region of a lesion names a vertebra, so only the type and category decide.
  var reference: ReferenceKind? {
    if codes.prefix(2).contains(where: SegmentNaming.lesionCodes.contains) { return nil }
    if let named = SegmentNaming.reference([label] + meanings.prefix(2).map { Optional($0) }) { return named }
    let known = SegmentNaming.reference([label]) == nil && SegmentNaming.saysLesion([label])
    return known ? nil : codes.first.flatMap { SegmentNaming.referenceCodes[$0] }
  }

  var isBackground: Bool {
    guard number == 0 else { return false }
    return ([label].compactMap { $0 } + meanings).contains { $0.lowercased() == "background" } || label == nil
  }
}
