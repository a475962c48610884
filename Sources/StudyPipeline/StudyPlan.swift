public import Findings

/// What an analysis would do with a study (`--dry-run`), known before any pixel is decoded.
public struct StudyPlan: Sendable, Codable {
  public var studyInstanceUid: String
  public var series: [SeriesRecord]
  public var lesions: Int
  public var seeds: Int
  public var muscle: ReferenceMuscleRecord.Method
  public var looksForCandidates: Bool
  public var looksForAnatomy: Bool
  /// Decoded volumes and the engine itself.
  public var memoryMegabytes: Int
  public var refusals: [AnalyzedStudy.Refusal]
}
