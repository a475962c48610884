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
    /// Names (without their folders) of the files that hold a refused series. They may carry patients' names: for the
    /// person at the console, not for outputs.
    public var files: [String] = []

    private enum CodingKeys: String, CodingKey { case subject, name, reason }

    public init(subject: Subject, name: String, reason: String, files: [String] = []) {
      self.subject = subject
      self.name = name
      self.reason = reason
      self.files = files
    }

    /// What the console says: `series 1.2.3 (IM0001, IM0002 and 3 more): the reason`.
    public var text: String {
      "\(subject.rawValue) \(name)\(files.isEmpty ? "" : " (\(Self.some(files)))"): \(reason)"
    }

    /// The first three names, and how many more there are.
    static func some(_ names: [String]) -> String {
      names.prefix(3).joined(separator: ", ") + (names.count > 3 ? " and \(names.count - 3) more" : "")
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
    /// The series' index of the volume's first slice: only a part may have been decoded.
    public var firstSlice: Int

    public init(
      role: SeriesRole, seriesInstanceUID: String, volume: Volume, lesions: [(lesionID: Int, region: Region)],
      muscle: [Region], anatomy: AnatomyMap?, firstSlice: Int = 0
    ) {
      self.role = role
      self.seriesInstanceUID = seriesInstanceUID
      self.volume = volume
      self.lesions = lesions
      self.muscle = muscle
      self.anatomy = anatomy
      self.firstSlice = firstSlice
    }
  }

  /// What a DICOM SEG and SR need beside the document: the series that lesions are drawn on, by its files.
  public struct DICOMSource: Sendable {
    /// An instance of the series: patient, study and frame of reference are taken from it.
    public var referenceFile: String
    public var seriesInstanceUID: String
    /// One file for each slice of `geometry`.
    public var sliceFiles: [String]
    public var geometry: VolumeGeometry
    public var sliceThickness: Double
    /// Lesions on `geometry`.
    public var lesions: [(lesionID: Int, region: Region)]
    /// Content date (YYYYMMDD) and time (HHMMSS): the series', so that the same input gives the same bytes.
    public var date: String
    public var time: String

    public init(
      referenceFile: String, seriesInstanceUID: String, sliceFiles: [String], geometry: VolumeGeometry,
      sliceThickness: Double, lesions: [(lesionID: Int, region: Region)], date: String, time: String
    ) {
      self.referenceFile = referenceFile
      self.seriesInstanceUID = seriesInstanceUID
      self.sliceFiles = sliceFiles
      self.geometry = geometry
      self.sliceThickness = sliceThickness
      self.lesions = lesions
      self.date = date
      self.time = time
    }
  }

  public var document: FeatureDocument
  /// `nil` unless `AnalysisOptions.writeDICOM` is on and a series holds lesions.
  public var dicomSource: DICOMSource?
  public var refusals: [Refusal]
  /// Empty when `AnalysisOptions.writeReport` is off.
  public var scenes: [Scene]
  /// Seconds by stage, for `--profile`.
  public var stageSeconds: [(stage: String, seconds: Double)]

  public init(
    document: FeatureDocument, dicomSource: DICOMSource? = nil, refusals: [Refusal] = [], scenes: [Scene] = [],
    stageSeconds: [(stage: String, seconds: Double)] = []
  ) {
    self.document = document
    self.dicomSource = dicomSource
    self.refusals = refusals
    self.scenes = scenes
    self.stageSeconds = stageSeconds
  }
}
