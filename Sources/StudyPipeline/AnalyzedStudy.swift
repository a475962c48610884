public import Findings
public import Imaging

/// The outcome of one study: the document, what was refused, and the images that a report may draw.
public struct AnalyzedStudy: Sendable {
  /// Something that was left out, with its reason; any of these makes the exit code 2.
  public struct Refusal: Sendable, Codable, Equatable {
    public enum Subject: String, Sendable, Codable { case study, series, lesion, file }
    public var subject: Subject
    /// A UID, a lesion's number, or a file's name (without its folders).
    public var name: String
    public var reason: String

    public init(subject: Subject, name: String, reason: String) {
      self.subject = subject
      self.name = name
      self.reason = reason
    }
  }

  /// A picture's ingredients: one sagittal or axial series with what the engine believed on it.
  public struct Scene: Sendable {
    public var role: SeriesRole
    public var seriesInstanceUID: String
    public var volume: Volume
    /// Lesions carried to this series, by lesion number.
    public var lesions: [(lesionID: Int, region: Region)]
    public var muscle: [Region]
    public var anatomy: AnatomyMap?

    public init(
      role: SeriesRole, seriesInstanceUID: String, volume: Volume, lesions: [(lesionID: Int, region: Region)],
      muscle: [Region], anatomy: AnatomyMap?
    ) {
      self.role = role
      self.seriesInstanceUID = seriesInstanceUID
      self.volume = volume
      self.lesions = lesions
      self.muscle = muscle
      self.anatomy = anatomy
    }
  }

  public var document: FeatureDocument
  public var refusals: [Refusal]
  /// Empty when `AnalysisOptions.writeReport` is off.
  public var scenes: [Scene]
  /// Seconds by stage, for `--profile`.
  public var stageSeconds: [(stage: String, seconds: Double)]

  public init(
    document: FeatureDocument, refusals: [Refusal] = [], scenes: [Scene] = [],
    stageSeconds: [(stage: String, seconds: Double)] = []
  ) {
    self.document = document
    self.refusals = refusals
    self.scenes = scenes
    self.stageSeconds = stageSeconds
  }
}
