public import Imaging
public import LesionMeasurement

/// From measurements to the records of features.json, with a reason beside each value that does not exist.
///
/// Where a measurement is `nil` the caller says why in `reason`: no such series, no muscle, the mask misses the series.
public struct LesionFindings: Sendable {
  public let configuration: FindingsConfiguration

  public init(_ configuration: FindingsConfiguration = FindingsConfiguration()) { self.configuration = configuration }

  /// - Parameter levelConfidence: how sure the anatomy is of its level count, 0 to 1; `nil` without levels.
  public func location(
    centroid: Vector3, _ measured: LocationMeasurement?, levelConfidence: Double?, reason: String
  ) -> LocationRecord {
    var record = LocationRecord(centroidLpsMm: [centroid.x, centroid.y, centroid.z])
    var reasons: [String: String] = [:]
    guard let measured else {
      for name in [
        "level", "region", "level_confidence", "whole_vertebra", "replaced_body_fraction", "replaced_core_fraction",
        "posterior_elements_invaded", "collapse_percent",
      ] { reasons[name] = reason }
      record.reasons = reasons.merging(["part": reason]) { first, _ in first }
      return record
    }
    switch measured.part {
    case .vertebralBody: record.part = .vertebralBody
    case .posteriorElements: record.part = .posteriorElements
    case nil: reasons["part"] = "no bone of the anatomy lies near the lesion"
    }
    record.levelsInvolved = measured.levels.map(\.name)
    if let level = measured.level {
      record.level = level.name
      record.region = level.region.rawValue
      record.levelConfidence = levelConfidence
      if levelConfidence == nil { reasons["level_confidence"] = "the anatomy does not say how sure its count is" }
    } else {
      for name in ["level", "region", "level_confidence"] { reasons[name] = "the anatomy has no level near the lesion" }
    }
    record.wholeVertebra = measured.replacedBodyShare == nil ? nil : measured.isWholeVertebra
    record.replacedBodyFraction = measured.replacedBodyShare
    record.replacedCoreFraction = measured.replacedCoreShare
    if record.wholeVertebra == nil {
      for name in ["whole_vertebra", "replaced_body_fraction", "replaced_core_fraction"] {
        reasons[name] = "the anatomy has no vertebral body near the lesion"
      }
    } else if record.replacedCoreFraction == nil {
      reasons["replaced_core_fraction"] = "the vertebral body is too thin to have a core on this grid"
    }
    record.posteriorElementsInvaded = measured.posteriorInvaded
    record.collapsePercent = measured.collapsePercent
    if record.collapsePercent == nil {
      reasons["collapse_percent"] =
        (measured.replacedBodyShare ?? 0) > 0
        ? "no neighbouring body to compare heights with" : "the lesion lies in no vertebral body"
    }
    record.reasons = reasons.isEmpty ? nil : reasons
    return record
  }

  public func extent(_ measured: LocationMeasurement?, hasCanal: Bool, reason: String) -> ExtentRecord {
    var record = ExtentRecord()
    guard let measured else {
      record.reasons = Dictionary(
        uniqueKeysWithValues: [
          "class", "mass_formation", "extraosseous_fraction", "epidural_fraction", "paraspinal_fraction",
          "canal_narrowing_percent", "canal_narrowing_mm",
        ].map { ($0, reason) })
      return record
    }
    var reasons: [String: String] = [:]
    record.class = measured.isExtraosseous.map { $0 ? .extraosseous : .intraosseous } ?? .indeterminate
    switch measured.mass {
    case .none: record.massFormation = .none
    case .expansile: record.massFormation = .expansile
    case .subligamentous: record.massFormation = .subligamentous
    case .infiltrative: record.massFormation = .infiltrative
    case .indeterminate: record.massFormation = .indeterminate
    }
    record.epiduralFraction = measured.epiduralFraction
    if measured.hasContour {
      record.extraosseousFraction = measured.extraosseousFraction
      record.paraspinalFraction = measured.paraspinalFraction
    } else {
      let why = "the anatomy has only an envelope of the posterior elements, no contour"
      for name in ["extraosseous_fraction", "paraspinal_fraction"] { reasons[name] = why }
      let thickness = measured.thicknessMm.rounded1
      if measured.isExtraosseous == nil {
        for name in ["class", "mass_formation"] {
          reasons[name] = "\(why); \(thickness) mm thick, the lesion may lie in bone or beyond it"
        }
      } else {
        reasons["class"] = "from the lesion's thickness, \(thickness) mm: \(why)"
      }
    }
    record.canalNarrowingPercent = measured.canalNarrowingPercent
    record.canalNarrowingMm = measured.canalNarrowingMm
    if measured.canalNarrowingPercent == nil {
      let why = "no spinal canal beside the lesion in the anatomy"
      for name in ["canal_narrowing_percent", "canal_narrowing_mm"] { reasons[name] = why }
    }
    record.reasons = reasons.isEmpty ? nil : reasons
    return record
  }

  /// The paper's rule: no size where a whole vertebra is involved, or where posterior elements are invaded without a
  /// mass.
  public func sizeStatus(_ location: LocationMeasurement?) -> (status: SizeRecord.Status, reason: String?) {
    switch location?.borderless {
    case .wholeVertebra: (.notMeasuredWholeVertebra, "a whole vertebral body is involved (the paper's rule)")
    case .posteriorInfiltration:
      (.notMeasuredPosteriorInfiltration, "posterior elements are invaded without a mass (the paper's rule)")
    case nil: (.measured, nil)
    }
  }

  /// `measured` is `nil` without a post-contrast series: `not_applicable`.
  public func enhancement(
    _ measured: EnhancementMeasurement?, seriesInstanceUID: String?, reason: String
  ) -> EnhancementRecord {
    EnhancementRecord(measured, rules: configuration.enhancementRules, series: seriesInstanceUID, reason: reason)
  }

  /// From CT where there is one, else from T2.
  public func matrix(ct: MatrixMeasurement?, t2: MatrixMeasurement?, reason: String) -> MatrixRecord {
    var record = MatrixRecord()
    let parameters = configuration.matrix
    guard let measured = ct ?? t2 else {
      record.reasons = ["class": reason, "basis": reason]
      return record
    }
    record.basis = measured.basis == .ct ? .ct : .t2Signal
    let decided = measured.blasticShare + measured.lyticShare
    guard decided >= parameters.minimumDecidedShare else {
      record.reasons = ["class": "the lesion's density is neither sclerotic nor lytic"]
      return record
    }
    let pure = measured.basis == .ct ? parameters.pureShare : parameters.pureSignalShare
    let lytic = measured.lyticShare / decided
    record.class = lytic >= pure ? .osteolytic : lytic <= 1 - pure ? .osteoblastic : .mixed
    return record
  }
}
