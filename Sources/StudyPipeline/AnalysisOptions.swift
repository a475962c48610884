public import Imaging

/// What a user may ask of one study's analysis; the same for `analyze` and `batch`. Codable, so that a batch can hand
/// it to its worker processes.
public struct AnalysisOptions: Sendable, Codable, Equatable {
  /// A `ROLE=SERIES_UID` of the command line.
  public struct RoleOverride: Sendable, Codable, Equatable {
    public var role: SeriesRole
    public var seriesInstanceUID: String

    public init(role: SeriesRole, seriesInstanceUID: String) {
      self.role = role
      self.seriesInstanceUID = seriesInstanceUID
    }
  }

  /// `L5@x,y,z`: the vertebra at this point (LPS millimetres) has this level.
  public struct LevelAnchor: Sendable, Codable, Equatable {
    public var level: String
    public var pointLPS: [Double]

    public init(level: String, pointLPS: [Double]) {
      self.level = level
      self.pointLPS = pointLPS
    }
  }

  /// Mask files; when empty, lesion objects of the study folder are used, then candidates.
  public var lesionFiles: [String] = []
  /// `FILE` or `FILE:LABEL`.
  public var muscle: String?
  /// `FILE` or `FILE:PRESET`.
  public var anatomy: String?
  public var levelAnchor: LevelAnchor?
  /// Which study to take where a folder holds several.
  public var studyInstanceUID: String?
  public var roleOverrides: [RoleOverride] = []
  /// Find candidates where no lesions are given.
  public var automaticCandidates = true
  /// Find canal, vertebrae and levels from the pixels where no label map is given.
  public var automaticAnatomy = true
  public var splitComponents = false
  /// Take shifts between series out before measuring; without it they are measured and told only.
  public var align = false
  /// Thresholds, a JSON file that overrides the published ones.
  public var configurationFile: String?
  public var includeIdentifiers = false
  public var pseudonymKeyFile: String?
  /// Draw overlays and a report.
  public var writeReport = true
  /// Also write DICOM SR and SEG.
  public var writeDICOM = false
  /// Refuse a study that would need more, in megabytes.
  public var memoryLimitMegabytes: Int?
  /// Threads within the study.
  public var threads = 2

  public init() {}
}

/// Where one study's files are.
public enum StudyInput: Sendable, Codable, Equatable {
  /// Everything below a folder.
  case folder(String)
  /// Exactly these files: DICOM instances and mask files, as an archive's index found them.
  case files([String])
}
