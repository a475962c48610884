/// What the cohort's statistics may choose. Written into tables.json.
public struct CohortParameters: Codable, Sendable, Equatable {
  /// Seed of the patient permutations.
  public var seed: UInt64 = 20_130_317
  /// Walk all dealings of groups to patients up to this number, draw beyond it.
  public var exactPermutations = 20_000
  /// Random dealings drawn: 9999 resolves P to 0.0001.
  public var drawnPermutations = 9_999
  /// Mann-Whitney is exact up to this many lesions in both groups together, where the normal approximation is poorest.
  public var exactMannWhitneyLesions = 60
  /// The level below which a P-value is called significant; the paper's.
  public var significance = 0.05

  public init() {}

  /// Fewer draws for archives of many thousand patients, never below 999.
  func permutations(patients: Int) -> Int { min(drawnPermutations, max(999, 100_000_000 / max(1, patients))) }
}
