public import Findings

/// One lesion in words for tables and pages: a value with its interval, or the reason why there is none.
public enum LesionText {
  /// `14.2 (13.6 to 14.8) mm`, or the status and its reason.
  public static func diameter(_ size: SizeRecord) -> String {
    guard let value = size.maximumSagittalDiameterMm else {
      let status = words(size.status.rawValue)
      return size.reasons?["maximum_sagittal_diameter_mm"].map { "\(status): \($0)" } ?? status
    }
    return interval(value, size.maximumSagittalDiameterCi95Mm, digits: 1, unit: " mm")
  }

  /// `0.71 (0.66 to 0.76), iso to hypointense`, or the reason.
  public static func signal(_ record: SignalRecord) -> String {
    guard let ratio = record.ratioToMuscle else { return record.reasons?["ratio_to_muscle"] ?? "-" }
    let text = interval(ratio, record.ratioCi95, digits: 2, unit: "")
    return record.class.map { "\(text), \(words($0.rawValue))" } ?? text
  }

  static func words(_ rawValue: String) -> String { rawValue.replacing("_", with: " ") }

  static func interval(_ value: Double, _ ci: [Double]?, digits: Int, unit: String) -> String {
    let text = HTMLReport.number(value, digits: digits)
    guard let ci, ci.count == 2 else { return text + unit }
    return "\(text) (\(HTMLReport.number(ci[0], digits: digits)) to \(HTMLReport.number(ci[1], digits: digits)))\(unit)"
  }

  static func values(_ lesion: LesionRecord) -> [String: Any] {
    let evidence = lesion.margin.evidence + lesion.enhancement.evidence + (lesion.source.evidence ?? [])
    return [
      "id": lesion.lesionId,
      "level": level(lesion.location),
      "part": words(lesion.location.part.rawValue),
      "source": "\(words(lesion.source.kind.rawValue)), confidence \(HTMLReport.number(lesion.source.confidence))",
      "diameter": diameter(lesion.size),
      "t1": signal(lesion.signal.t1),
      "t2": signal(lesion.signal.t2),
      "margin": words(lesion.margin.class.rawValue),
      "extent": words(lesion.extent.class.rawValue),
      "enhancement": words(lesion.enhancement.class.rawValue),
      "groups": groups(lesion).map { ["rows": $0.map { ["name": $0.0, "value": $0.1] }] },
      "has_evidence": !evidence.isEmpty,
      "evidence": evidence,
      "has_lesion_warnings": !lesion.warnings.isEmpty,
      "lesion_warnings": lesion.warnings,
    ]
  }

  static func level(_ location: LocationRecord) -> String {
    guard let level = location.level else { return "level unknown" }
    return location.levelsInvolved.count > 1 ? location.levelsInvolved.joined(separator: ", ") : level
  }

  private static func groups(_ lesion: LesionRecord) -> [[(String, String)]] {
    let size = lesion.size
    let enhancement = lesion.enhancement
    let number = { (value: Double?, unit: String) in value.map { HTMLReport.number($0) + unit } ?? "-" }
    let evidence = lesion.patternEvidence.compactMap { entry in
      entry.log10LikelihoodRatio.map { "\(entry.primary.rawValue) \(HTMLReport.number($0))" }
    }
    return [
      [
        ("Sagittal diameter", diameter(size)), ("Perpendicular", number(size.perpendicularDiameterMm, " mm")),
        ("3-D diameter", number(size.maximum3dDiameterMm, " mm")), ("Volume", number(size.volumeMm3, " mm³")),
        ("Edge width", number(lesion.margin.edgeWidthMm, " mm")),
        ("Distinct outline", number(lesion.margin.distinctFraction.map { $0 * 100 }, " %")),
        ("Outside bone", number(lesion.extent.extraosseousFraction.map { $0 * 100 }, " %")),
        ("Mass formation", words(lesion.extent.massFormation.rawValue)),
      ],
      [
        ("T1", signal(lesion.signal.t1)), ("T2", signal(lesion.signal.t2)),
        ("T1 post", signal(lesion.signal.t1Post)), ("Enhancement", words(enhancement.class.rawValue)),
        ("Relative", number(enhancement.relativeEnhancement, "")),
        ("Rim to core", number(enhancement.rimToCoreRatio, "")),
        ("Ridge area", number(enhancement.ridgeAreaFraction.map { $0 * 100 }, " %")),
        ("Matrix", "\(words(lesion.matrix.class.rawValue)) (\(words(lesion.matrix.basis.rawValue)))"),
        ("Evidence (log10 LR)", evidence.isEmpty ? "-" : evidence.joined(separator: ", ")),
      ],
    ]
  }
}
