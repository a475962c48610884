internal import LesionMeasurement

extension EnhancementRecord {
  /// The record of one reading; `not_applicable` without a measurement.
  init(_ measured: EnhancementMeasurement?, rules: EnhancementRules, series: String?, reason: String) {
    guard let measured else {
      self.init(class: .notApplicable)
      reasons = Dictionary(uniqueKeysWithValues: Self.fields.map { ($0, reason) })
      return
    }
    let verdict = rules.verdict(measured)
    self.init(class: verdict.pattern)
    degree = verdict.degree
    scores = verdict.scores
    scleroticCenter = verdict.scleroticCentre
    evidence = verdict.evidence
    seriesInstanceUid = series
    relativeEnhancement = measured.relative?.ratio
    relativeEnhancementCi95 = measured.relative.map { [$0.ci95.lowerBound, $0.ci95.upperBound] }
    rimToCoreRatio = measured.rim?.ratio
    rimThicknessMm = measured.rim?.thicknessMm
    rimAngularCompleteness = measured.rim?.angularCompleteness
    coefficientOfVariation = measured.texture?.coefficientOfVariation
    if let ridges = measured.ridges {
      ridgeAreaFraction = ridges.areaFraction
      ridgeLengthDensityMmPerMm2 = ridges.lengthDensity
      ridgeBranches = ridges.branches
      ridgeContrast = ridges.lines > 0 ? ridges.contrast : nil
      ridgeTortuosity = ridges.lines > 0 ? ridges.tortuosity : nil
    }
    addReasons(measured, verdict)
  }

  /// Fields of features.json that may be null.
  static let fields = [
    "degree", "relative_enhancement", "relative_enhancement_ci95", "rim_to_core_ratio", "rim_thickness_mm",
    "rim_angular_completeness", "sclerotic_center", "ridge_area_fraction", "ridge_length_density_mm_per_mm2",
    "ridge_contrast", "ridge_tortuosity", "ridge_branches", "coefficient_of_variation", "scores",
    "series_instance_uid",
  ]

  private mutating func addReasons(_ measured: EnhancementMeasurement, _ verdict: EnhancementRules.Verdict) {
    var why: [String: String] = [:]
    let small = measured.limits.last ?? "the lesion is too small for it"
    if degree == nil { why["degree"] = verdict.reason ?? small }
    if relativeEnhancement == nil {
      for name in ["relative_enhancement", "relative_enhancement_ci95"] {
        why[name] = "no usable signal ratio before contrast"
      }
    }
    if measured.rim == nil {
      let reason = measured.texture == nil ? small : "no shell is brighter than the core"
      for name in ["rim_to_core_ratio", "rim_thickness_mm", "rim_angular_completeness"] { why[name] = reason }
    }
    if scleroticCenter == nil { why["sclerotic_center"] = "needs the core's signal on T1 and on T2 before contrast" }
    if measured.ridges == nil {
      for name in ["ridge_area_fraction", "ridge_length_density_mm_per_mm2", "ridge_branches"] { why[name] = small }
    }
    if ridgeContrast == nil {
      let reason = measured.ridges == nil ? small : "no bright lines"
      for name in ["ridge_contrast", "ridge_tortuosity"] { why[name] = reason }
    }
    if coefficientOfVariation == nil { why["coefficient_of_variation"] = small }
    if scores == nil { why["scores"] = verdict.reason ?? small }
    if let reason = verdict.reason { why["class"] = reason }
    if seriesInstanceUid == nil { why["series_instance_uid"] = "the caller named no series" }
    reasons = why.isEmpty ? nil : why
  }
}
