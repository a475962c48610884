internal import DICOM
internal import Findings
internal import Foundation
internal import Imaging
internal import StudyReading

/// Fills the parts of the document that come from headers alone.
struct StudyRecords {
  let contents: StudyContents
  let set: StudySeriesSet
  let shifts: SeriesShifts?
  let keys: IdentityKeys
  let includeIdentifiers: Bool

  func study(inputDigest: String) -> StudyRecord {
    let first = contents.study.representative
    var record = StudyRecord(
      studyInstanceUid: keys.uid(contents.study.instanceUID),
      patientKey: keys.patientKey(issuer: first.patient.issuerOfID ?? "", patientID: first.patient.id ?? ""),
      inputDigest: inputDigest)
    var reasons: [String: String] = [:]
    record.magneticFieldStrengthT = mostFrequent(
      set.entries.compactMap { $0.series.representative.equipment.magneticFieldStrength })
    if record.magneticFieldStrengthT == nil { reasons["magnetic_field_strength_t"] = "no header says it" }
    record.manufacturer = Manufacturer.name(first.equipment.manufacturer)
    if record.manufacturer == nil { reasons["manufacturer"] = "no header says it" }
    if (first.patient.id ?? "").isEmpty {
      reasons["patient_key"] = "the PatientID is empty: studies of such patients share a key"
    }
    record.reasons = reasons.isEmpty ? nil : reasons
    return record
  }

  func series() -> [SeriesRecord] { set.entries.indices.map(record) }

  private func record(_ index: Int) -> SeriesRecord {
    let entry = set.entries[index]
    let (series, understanding) = (entry.series, entry.understanding)
    var record = SeriesRecord(
      seriesInstanceUid: keys.uid(series.seriesInstanceUID), modality: series.modality, role: understanding.role,
      plane: understanding.plane, weighting: understanding.weighting, contrast: understanding.contrast,
      slices: series.geometry.slices)
    var reasons: [String: String] = [:]
    record.obliquityDeg = understanding.obliquityDegrees
    record.fatSuppressed = understanding.fatSuppressed
    if record.fatSuppressed == nil { reasons["fat_suppressed"] = "no witness says it" }
    record.wholeSpine = understanding.wholeSpine
    record.repetitionTimeMs = series.acquisition.repetitionTime
    if record.repetitionTimeMs == nil { reasons["repetition_time_ms"] = "the header does not say it" }
    record.echoTimeMs = series.acquisition.echoTime
    if record.echoTimeMs == nil { reasons["echo_time_ms"] = "the header does not say it" }
    let spacing = series.geometry.spacing
    record.spacingMm = [spacing.x, spacing.y, spacing.z]
    record.transferSyntax = series.representative.transferSyntax.uid
    record.shift = shift(index)
    if record.shift == nil { reasons["shift"] = shifts?.reason(index) ?? "pixels were not read" }
    record.evidence = understanding.evidence
    record.warnings = series.warnings + series.scale.notes + understanding.warnings
    record.reasons = reasons.isEmpty ? nil : reasons
    return record
  }

  private func shift(_ index: Int) -> SeriesRecord.Shift? {
    guard let shifts, let reference = shifts.reference, case .success(let found)? = shifts.found[index] else {
      return nil
    }
    return SeriesRecord.Shift(
      referenceSeriesInstanceUid: keys.uid(set.entries[reference].uid),
      lpsMm: [found.shift.x, found.shift.y, found.shift.z], inPlaneMm: [found.inPlane.x, found.inPlane.y],
      standardErrorMm: [found.standardError.x, found.standardError.y], corrected: shifts.corrected.contains(index))
  }

  private func mostFrequent(_ values: [Double]) -> Double? {
    var counts: [Double: Int] = [:]
    for value in values where value > 0 { counts[value, default: 0] += 1 }
    return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }
}

/// A maker's name as one of the known spellings; a free text that is none of them may hold anything and is not shown.
enum Manufacturer {
  static let known = [
    "Philips", "Siemens", "GE", "Canon", "Toshiba", "Hitachi", "Fujifilm", "United Imaging", "Esaote", "Hyperfine",
  ]

  static func name(_ text: String?) -> String? {
    guard let text = text?.lowercased(), !text.isEmpty else { return nil }
    let words = Set(text.split { !$0.isLetter }.map(String.init))
    if let found = known.first(where: { text.contains($0.lowercased()) && $0 != "GE" }) { return found }
    if words.contains("ge") || text.contains("general electric") { return "GE" }
    return "other"
  }
}
