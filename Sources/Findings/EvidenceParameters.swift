/// How findings become evidence for a primary. See Guides/pattern-evidence.md.
public struct EvidenceParameters: Codable, Sendable, Equatable {
  /// Pseudo-count of each level of a finding (Jeffreys).
  public var pseudoCount = 0.5
  /// Correlation of findings among the lesions of one patient: n lesions of a group with m per patient count as
  /// n / (1 + (m - 1) correlation).
  public var withinPatientCorrelation = 0.3
  /// Findings of one lesion depend on each other (large lesions leave the bone and lie behind): their summed log
  /// ratio is multiplied by this.
  public var dependenceTemper = 0.7
  /// Spread of ln(diameter) within a primary (the paper gives means only; 2 to 80 mm about 14 mm).
  public var logSizeSpread = 0.75

  public init() {}
}
