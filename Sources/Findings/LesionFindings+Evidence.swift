internal import Foundation

extension LesionFindings {
  /// What one lesion's findings say for each of the paper's primaries: evidence, never a diagnosis.
  ///
  /// log10 of P(findings | primary) / P(findings | the other four), findings taken together as if independent and then
  /// tempered. Findings that are indeterminate, missing or not evaluable are left out; `nil` when none is left.
  public func evidence(_ lesion: LesionRecord) -> [PatternEvidence] {
    let model = EvidenceModel(parameters: configuration.evidence)
    return PatternEvidence.Primary.allCases.map { primary in
      var parts: [(words: String, ratio: EvidenceModel.LogRatio)] = []
      for (finding, level) in Self.levels(lesion) {
        if let ratio = model.logRatio(finding, level: level, for: primary) {
          parts.append((EvidenceTables.words(finding, level), ratio))
        }
      }
      if let diameter = lesion.size.maximumSagittalDiameterMm,
        let ratio = model.logRatio(diameterMm: diameter, for: primary)
      {
        parts.append((Self.words(diameterMm: diameter), ratio))
      }
      return summary(primary, parts, temper: configuration.evidence.dependenceTemper)
    }
  }

  /// The evidence of all lesions of one patient, each counting less the more there are (lesions of one patient look
  /// alike), and of their number.
  public func patient(_ lesions: [LesionRecord]) -> PatientRecord {
    var record = PatientRecord()
    record.lesionCount = lesions.count
    record.evidenceCaveats = Self.caveats
    let model = EvidenceModel(parameters: configuration.evidence)
    let worth = 1 / (1 + Double(max(0, lesions.count - 1)) * configuration.evidence.withinPatientCorrelation)
    let each = lesions.map { evidence($0) }
    record.patternEvidence = PatternEvidence.Primary.allCases.enumerated().map { number, primary in
      var result = PatternEvidence(primary: primary)
      let used = each.map { $0[number] }.filter { $0.log10LikelihoodRatio != nil }
      guard !used.isEmpty else {
        result.reasons = Self.missing("no lesion has a finding that the paper's tables hold")
        return result
      }
      let tenth = log(10.0)
      var value = used.reduce(0) { $0 + ($1.log10LikelihoodRatio ?? 0) } * worth
      // The tables' errors are the same for each lesion: they add up in full, not as squares.
      var spread =
        used.reduce(0) { $0 + (($1.ci95?[1] ?? 0) - ($1.ci95?[0] ?? 0)) / (2 * 1.96) } * worth
      if let count = model.logRatio(lesionCount: lesions.count, for: primary) {
        value += count.value / tenth * configuration.evidence.dependenceTemper
        let own = count.variance.squareRoot() / tenth * configuration.evidence.dependenceTemper
        spread = (spread * spread + own * own).squareRoot()
      }
      result.log10LikelihoodRatio = value
      result.ci95 = [value - 1.96 * spread, value + 1.96 * spread]
      result.findings = Self.frequent(used.map(\.findings)) + ["\(lesions.count) lesions"]
      return result
    }
    return record
  }

  /// What must be said wherever the evidence is shown.
  public static let caveats = [
    "Evidence from one centre: 30 patients, 169 lesions, five primaries; other primaries were excluded.",
    "Lesions of one patient are alike, so that few patients stand behind each count (3 for stomach).",
    "A ratio of likelihoods is no probability of a primary: it needs the prior of the patient at hand.",
  ]

  private static func levels(_ lesion: LesionRecord) -> [(EvidenceTables.Finding, String)] {
    var result = [
      (EvidenceTables.margin, lesion.margin.class.rawValue), (EvidenceTables.location, lesion.location.part.rawValue),
      (EvidenceTables.extent, lesion.extent.class.rawValue),
      (EvidenceTables.enhancement, lesion.enhancement.class.rawValue),
    ]
    if let t1 = lesion.signal.t1.class { result.append((EvidenceTables.t1, t1.rawValue)) }
    if let t2 = lesion.signal.t2.class { result.append((EvidenceTables.t2, t2.rawValue)) }
    if lesion.matrix.basis == .ct { result.append((EvidenceTables.matrix, lesion.matrix.class.rawValue)) }
    return result
  }

  private func summary(
    _ primary: PatternEvidence.Primary, _ parts: [(words: String, ratio: EvidenceModel.LogRatio)], temper: Double
  ) -> PatternEvidence {
    var result = PatternEvidence(primary: primary)
    guard !parts.isEmpty else {
      result.reasons = Self.missing("no finding that the paper's tables hold")
      return result
    }
    let tenth = log(10.0)
    let value = parts.reduce(0) { $0 + $1.ratio.value } * temper / tenth
    let spread = parts.reduce(0) { $0 + $1.ratio.variance }.squareRoot() * temper / tenth
    result.log10LikelihoodRatio = value
    result.ci95 = [value - 1.96 * spread, value + 1.96 * spread]
    // What moves the ratio by a quarter of a decade or more, the strongest first; the sign says which way.
    result.findings = parts.enumerated()
      .filter { abs($0.element.ratio.value * temper / tenth) >= 0.25 }
      .sorted {
        let (a, b) = (abs($0.element.ratio.value), abs($1.element.ratio.value))
        return a != b ? a > b : $0.offset < $1.offset
      }
      .map { ($0.element.ratio.value > 0 ? "for: " : "against: ") + $0.element.words }
    return result
  }

  private static func words(diameterMm: Double) -> String {
    diameterMm >= 25
      ? "large (\(diameterMm.rounded0) mm)"
      : diameterMm < 10 ? "small (\(diameterMm.rounded0) mm)" : "\(diameterMm.rounded0) mm"
  }

  private static func missing(_ reason: String) -> [String: String] {
    ["log10_likelihood_ratio": reason, "ci95": reason]
  }

  /// Findings of at least half of the lesions, in order of first mention.
  private static func frequent(_ lists: [[String]]) -> [String] {
    var order: [String] = []
    var counts: [String: Int] = [:]
    for list in lists {
      for item in list {
        if counts[item] == nil { order.append(item) }
        counts[item, default: 0] += 1
      }
    }
    return order.filter { 2 * (counts[$0] ?? 0) >= lists.count }
  }
}
