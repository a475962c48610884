internal import Foundation

/// Log-likelihood ratios of findings for one primary against the other four, from small counts.
///
/// Each group's probabilities of a finding's levels have a Dirichlet posterior: counts, thinned to what lesions of one
/// patient are worth, plus a pseudo-count. The ratio is the group's posterior mean over the unweighted mean of the
/// other four groups (their sizes in the paper say who was biopsied, not how common they are). Its variance follows
/// from that of ln p, trigamma(a_i) - trigamma(a_0), by the delta method.
struct EvidenceModel {
  typealias Primary = PatternEvidence.Primary

  /// Natural logarithm of a ratio and its variance.
  struct LogRatio {
    var value: Double
    var variance: Double
  }

  let parameters: EvidenceParameters

  /// What the lesions of a group are worth, each.
  func weight(_ primary: Primary) -> Double {
    let perPatient = EvidenceTables.lesions[primary]! / EvidenceTables.patients[primary]!
    return 1 / (1 + max(0, perPatient - 1) * parameters.withinPatientCorrelation)
  }

  /// `nil` for a level that the table does not have.
  func logRatio(_ finding: EvidenceTables.Finding, level: String, for primary: Primary) -> LogRatio? {
    guard let index = finding.levels.firstIndex(of: level) else { return nil }
    return ratio(for: primary) { group in
      let counts = finding.counts[group]!.map { $0 * weight(group) + parameters.pseudoCount }
      let all = counts.reduce(0, +)
      return (log(counts[index] / all), Self.trigamma(counts[index]) - Self.trigamma(all))
    }
  }

  /// Diameters are taken as log-normal about each group's mean with a common spread.
  func logRatio(diameterMm: Double, for primary: Primary) -> LogRatio? {
    guard diameterMm > 0 else { return nil }
    let spread = parameters.logSizeSpread
    return ratio(for: primary) { group in
      let centre = log(EvidenceTables.meanDiameterMm[group]!) - spread * spread / 2
      let z = (log(diameterMm) - centre) / spread
      let count = max(1, EvidenceTables.lesions[group]! * EvidenceTables.measuredShare * weight(group))
      return (-z * z / 2, z * z / count)
    }
  }

  /// Number of lesions in one patient, geometric about each group's mean.
  func logRatio(lesionCount: Int, for primary: Primary) -> LogRatio? {
    guard lesionCount > 0 else { return nil }
    return ratio(for: primary) { group in
      let mean = EvidenceTables.lesions[group]! / EvidenceTables.patients[group]!
      let count = Double(lesionCount)
      let value = -log(mean) + (count - 1) * log(1 - 1 / mean)
      let slope = (count - mean) / (mean - 1)
      return (value, slope * slope / EvidenceTables.patients[group]!)
    }
  }

  private func ratio(for primary: Primary, _ own: (Primary) -> (value: Double, variance: Double)) -> LogRatio {
    let (value, variance) = own(primary)
    let others = Primary.allCases.filter { $0 != primary }.map(own)
    let shares = others.map { exp($0.value) }
    let total = shares.reduce(0, +)
    let otherVariance = zip(shares, others).reduce(0) { $0 + ($1.0 / total) * ($1.0 / total) * $1.1.variance }
    return LogRatio(value: value - log(total / Double(others.count)), variance: variance + otherVariance)
  }

  /// The second derivative of ln gamma, for x > 0: recurrence up to 8, then the asymptotic series (error < 1e-10).
  static func trigamma(_ x: Double) -> Double {
    var (x, sum) = (x, 0.0)
    while x < 8 {
      sum += 1 / (x * x)
      x += 1
    }
    let r = 1 / (x * x)
    return sum + 1 / x + r / 2 + r / x * (1.0 / 6 - r * (1.0 / 30 - r * (1.0 / 42 - r / 30)))
  }
}
