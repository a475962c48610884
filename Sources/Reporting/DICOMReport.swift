internal import CDICOM
internal import DICOM
internal import Findings
public import Foundation
internal import Imaging
public import StudyPipeline

/// Writes the lesions of a study as DICOM SEG and its measurements as DICOM SR (TID 1500). Owns the shim's handles.
///
/// UIDs are derived from the input and the configuration (2.25, PS3.5 B.2), so that the same input gives the same objects.
public enum DICOMReport {
  public struct Failure: Error, Sendable, CustomStringConvertible {
    public let description: String
  }

  /// Writes `lesions.seg.dcm` and `measurements.sr.dcm` into a folder. Throws `Failure` with DCMTK's reason.
  public static func write(_ study: AnalyzedStudy, source: AnalyzedStudy.DICOMSource, to folder: URL) throws(Failure) {
    let segmentation = folder.appendingPathComponent("lesions.seg.dcm")
    let report = folder.appendingPathComponent("measurements.sr.dcm")
    let segments = try writeSegmentation(study, source: source, to: segmentation)
    try writeReport(study, source: source, segments: segments, segmentation: segmentation, to: report)
  }

  // MARK: SEG

  private static func writeSegmentation(
    _ study: AnalyzedStudy, source: AnalyzedStudy.DICOMSource, to file: URL
  ) throws(Failure) -> [Int: UInt16] {
    let geometry = source.geometry
    let (row, column) = (geometry.rowDirection, geometry.columnDirection)
    let orientation = [row.x, row.y, row.z, column.x, column.y, column.z]
    var message = [CChar](repeating: 0, count: 512)
    guard
      let handle = unsafe cdicom_seg_new(
        source.referenceFile, UInt16(geometry.rows), UInt16(geometry.columns), orientation, geometry.spacing.y,
        geometry.spacing.x, source.sliceThickness, geometry.spacing.z, study.document.engine.version, &message,
        message.count)
    else { throw failure("SEG", message) }
    defer { unsafe cdicom_seg_free(handle) }
    var segments: [Int: UInt16] = [:]
    for (lesionID, region) in source.lesions where !region.isEmpty {
      var number: UInt16 = 0
      let status = unsafe cdicom_seg_add_segment(
        handle, "Lesion \(lesionID)", trackingID(lesionID), uid(study, "lesion \(lesionID)"), &number, &message,
        message.count)
      guard status == 0 else { throw failure("SEG", message) }
      segments[lesionID] = number
      for slice in region.slices {
        let mask = frame(region, slice: slice)
        guard mask.contains(1) else { continue }
        let origin = geometry.sliceOrigins[slice]
        let status = unsafe cdicom_seg_add_frame(
          handle, number, [origin.x, origin.y, origin.z], UInt32(slice + 1), source.sliceFiles[slice], mask, &message,
          message.count)
        guard status == 0 else { throw failure("SEG", message) }
      }
    }
    try replace(file) { path throws(Failure) in
      let status = unsafe cdicom_seg_write(
        handle, path, uid(study, "seg series"), uid(study, "seg"), source.date, source.time, &message, message.count)
      guard status == 0 else { throw failure("SEG", message) }
    }
    return segments
  }

  private static func frame(_ region: Region, slice: Int) -> [UInt8] {
    var mask = [UInt8](repeating: 0, count: region.geometry.rows * region.geometry.columns)
    for row in region.rows {
      for column in region.columns where region.contains(column: column, row: row, slice: slice) {
        mask[row * region.geometry.columns + column] = 1
      }
    }
    return mask
  }

  // MARK: SR

  private static func writeReport(
    _ study: AnalyzedStudy, source: AnalyzedStudy.DICOMSource, segments: [Int: UInt16], segmentation: URL, to file: URL
  ) throws(Failure) {
    var message = [CChar](repeating: 0, count: 512)
    guard
      let handle = unsafe cdicom_sr_new(
        source.referenceFile, segmentation.path, study.document.engine.version, uid(study, "device"), &message,
        message.count)
    else { throw failure("SR", message) }
    defer { unsafe cdicom_sr_free(handle) }
    for lesion in study.document.lesions {
      guard let segment = segments[lesion.lesionId] else { continue }
      let site = lesion.location.level.flatMap(ReportCodes.vertebra)
      let status = unsafe cdicom_sr_add_group(
        handle, trackingID(lesion.lesionId), uid(study, "lesion \(lesion.lesionId)"), segment, source.seriesInstanceUID,
        site?.value ?? "", site?.meaning ?? "", &message, message.count)
      guard status == 0 else { throw failure("SR", message) }
      for (code, value, unit) in measurements(lesion) {
        let status = unsafe cdicom_sr_add_measurement(
          handle, code.value, code.scheme, code.meaning, HTMLReport.number(value, digits: 4), unit.value, unit.meaning,
          &message, message.count)
        guard status == 0 else { throw failure("SR", message) }
      }
      for (name, value) in evaluations(lesion) {
        let status = unsafe cdicom_sr_add_evaluation(
          handle, name.value, name.scheme, name.meaning, value.value, value.scheme, value.meaning, &message,
          message.count)
        guard status == 0 else { throw failure("SR", message) }
      }
    }
    try replace(file) { path throws(Failure) in
      let status = unsafe cdicom_sr_write(
        handle, path, uid(study, "sr series"), uid(study, "sr"), source.date, source.time, &message, message.count)
      guard status == 0 else { throw failure("SR", message) }
    }
  }

  private static func measurements(_ lesion: LesionRecord) -> [(ReportCode, Double, ReportCode)] {
    let millimetre = ReportCode("mm", "UCUM", "millimeter")
    let ratio = ReportCode("{ratio}", "UCUM", "ratio")
    let all: [(ReportCode, Double?, ReportCode)] = [
      (ReportCodes.longAxis, lesion.size.maximumSagittalDiameterMm, millimetre),
      (ReportCodes.perpendicular, lesion.size.perpendicularDiameterMm, millimetre),
      (ReportCodes.maximum3DDiameter, lesion.size.maximum3dDiameterMm, millimetre),
      (ReportCodes.volume, lesion.size.volumeMm3, ReportCode("mm3", "UCUM", "cubic millimeter")),
      (ReportCodes.t1Ratio, lesion.signal.t1.ratioToMuscle, ratio),
      (ReportCodes.t2Ratio, lesion.signal.t2.ratioToMuscle, ratio),
      (ReportCodes.relativeEnhancement, lesion.enhancement.relativeEnhancement, ratio),
      (ReportCodes.edgeWidth, lesion.margin.edgeWidthMm, millimetre),
      (ReportCodes.extraosseousFraction, lesion.extent.extraosseousFraction, ratio),
    ]
    return all.compactMap { code, value, unit in value.map { (code, $0, unit) } }
  }

  private static func evaluations(_ lesion: LesionRecord) -> [(ReportCode, ReportCode)] {
    var all: [(ReportCode, ReportCode)] = [
      (ReportCodes.enhancementPattern, ReportCodes.enhancement(lesion.enhancement.class)),
      (ReportCodes.margin, ReportCodes.category(lesion.margin.class.rawValue)),
      (ReportCodes.part, ReportCodes.category(lesion.location.part.rawValue)),
      (ReportCodes.extent, ReportCodes.category(lesion.extent.class.rawValue)),
      (ReportCodes.matrix, ReportCodes.category(lesion.matrix.class.rawValue)),
    ]
    if let signal = lesion.signal.t1.class { all.append((ReportCodes.t1Signal, ReportCodes.signal(signal))) }
    if let signal = lesion.signal.t2.class { all.append((ReportCodes.t2Signal, ReportCodes.signal(signal))) }
    return all
  }

  // MARK: Helpers

  private static func trackingID(_ lesionID: Int) -> String { "spinemet lesion \(lesionID)" }

  /// A UID that depends on the input, the configuration and the name, and on nothing else.
  private static func uid(_ study: AnalyzedStudy, _ name: String) -> String {
    let document = study.document
    return IdentityKeys(pseudonymKey: Array(document.study.inputDigest.utf8))
      .uid(document.engine.configDigest + document.engine.version + name)
  }

  private static func failure(_ object: String, _ message: [CChar]) -> Failure {
    Failure(description: "writing the DICOM \(object) failed: \(String(shimMessage: message))")
  }

  private static func replace(_ file: URL, write: (String) throws(Failure) -> Void) throws(Failure) {
    let temporary = file.deletingLastPathComponent().appendingPathComponent(".\(file.lastPathComponent).tmp")
    try write(temporary.path)
    do {
      try? FileManager.default.removeItem(at: file)
      try FileManager.default.moveItem(at: temporary, to: file)
    } catch {
      throw Failure(description: "cannot write \(file.lastPathComponent): \(error.localizedDescription)")
    }
  }
}
