import DICOM
import Foundation
import Imaging

/// RT Structure Sets: each region of interest with its closed contours, or its points.
enum StructureSetReader {
  static func read(_ file: DICOMFile, limits: MaskLimits) throws(MaskError) -> MaskFile {
    let name = URL(fileURLWithPath: file.path).lastPathComponent
    let dataset = file.dataset
    let types = interpretedTypes(dataset)
    let series = referencedSeries(dataset)
    let frame =
      dataset.items(.referencedFrameOfReferenceSequence).compactMap { $0.string(.frameOfReferenceUID) }.first
      ?? dataset.string(.frameOfReferenceUID)
    var rois: [Int: Dataset] = [:]
    for item in dataset.items(.structureSetROISequence) {
      if let number = item.int(.roiNumber), rois[number] == nil { rois[number] = item }
    }
    var reader = ContourReader(limits: limits, name: name)
    var masks: [LabelledMask] = []
    for item in dataset.items(.roiContourSequence) {
      guard let number = item.int(.referencedROINumber) else { continue }
      let roi = rois[number]
      let label = roi?.string(.roiName)
      let found = try reader.read(item)
      var mask = LabelledMask(
        kind: .rtStructureSet, label: number, name: label,
        reference: reference(name: label, type: types[number]), shape: .points([]),
        frameOfReferenceUID: roi?.string(.referencedFrameOfReferenceUID) ?? frame, referencedSeriesUIDs: series,
        referencedInstanceUIDs: Set(found.contours.compactMap(\.instanceUID)).sorted())
      if !found.contours.isEmpty {
        mask.shape = .contours(found.contours)
      } else if !found.points.isEmpty {
        mask.shape = .points(found.points)
      } else {
        reader.warnings.append("region of interest \(number) has no closed contour")
        continue
      }
      masks.append(mask)
    }
    masks.sort { $0.label < $1.label }
    return MaskFile(path: file.path, kind: .rtStructureSet, masks: masks, warnings: reader.warnings)
  }

  /// Treatment volumes, organs and the skin are no lesions unless their name says so.
  static func reference(name: String?, type: String?) -> ReferenceKind? {
    if type == "GTV" || SegmentNaming.saysLesion([name]) { return nil }
    if let named = SegmentNaming.reference([name]) { return named }
    return otherTypes.contains(type ?? "") ? .other : nil
  }

  /// RT ROI Interpreted Type (3006,00A4) of what is no tumour.
  private static let otherTypes: Set<String> = [
    "EXTERNAL", "PTV", "CTV", "ORGAN", "AVOIDANCE", "TREATED_VOLUME", "IRRAD_VOLUME", "BOLUS", "BRACHY_CHANNEL",
    "BRACHY_ACCESSORY", "BRACHY_SRC_APP", "BRACHY_CHNL_SHLD", "SUPPORT", "FIXATION", "DOSE_REGION", "CONTRAST_AGENT",
    "CAVITY", "MARKER", "REGISTRATION", "ISOCENTER", "CONTROL", "DOSE_MEASUREMENT",
  ]

  private static func interpretedTypes(_ dataset: Dataset) -> [Int: String] {
    var types: [Int: String] = [:]
    for item in dataset.items(.rtROIObservationsSequence) {
      if let number = item.int(.referencedROINumber), let type = item.string(.rtROIInterpretedType) {
        types[number] = type.uppercased()
      }
    }
    return types
  }

  private static func referencedSeries(_ dataset: Dataset) -> [String] {
    var uids = Set<String>()
    for frame in dataset.items(.referencedFrameOfReferenceSequence) {
      for study in frame.items(.rtReferencedStudySequence) {
        for series in study.items(.rtReferencedSeriesSequence) {
          if let uid = series.string(.seriesInstanceUID) { uids.insert(uid) }
        }
      }
    }
    return uids.sorted()
  }
}

/// Contours of a structure set, counted against the limits.
private struct ContourReader {
  let limits: MaskLimits
  let name: String
  var warnings: [String] = []
  private var contourCount = 0
  private var pointCount = 0

  init(limits: MaskLimits, name: String) {
    self.limits = limits
    self.name = name
  }

  mutating func read(_ item: Dataset) throws(MaskError) -> (contours: [PlanarContour], points: [Vector3]) {
    var contours: [PlanarContour] = []
    var points: [Vector3] = []
    var open = 0
    var damaged = 0
    for contour in item.items(.contourSequence) {
      contourCount += 1
      guard contourCount <= limits.maximumContours else {
        throw MaskError(file: name, reason: "more than \(limits.maximumContours) contours")
      }
      let numbers = contour.doubles(.contourData)
      pointCount += numbers.count / 3
      guard pointCount <= limits.maximumContourPoints else {
        throw MaskError(file: name, reason: "more than \(limits.maximumContourPoints) contour points")
      }
      let corners = stride(from: 0, to: numbers.count - 2, by: 3).map {
        Vector3(numbers[$0], numbers[$0 + 1], numbers[$0 + 2])
      }
      if let claimed = contour.int(.numberOfContourPoints), claimed != corners.count || numbers.count % 3 != 0 {
        damaged += 1
        if corners.count < claimed { continue }
      }
      switch contour.string(.contourGeometricType) ?? "CLOSED_PLANAR" {
      case "CLOSED_PLANAR", "CLOSEDPLANAR_XOR":
        let image = contour.item(.contourImageSequence)?.string(.referencedSOPInstanceUID)
        contours.append(PlanarContour(points: corners, instanceUID: image))
      case "POINT": points += corners
      default: open += 1
      }
    }
    if open > 0 { warnings.append("\(open) contours that are not closed were left out") }
    if damaged > 0 { warnings.append("\(damaged) contours hold other numbers of points than they claim") }
    return (contours, points)
  }
}
