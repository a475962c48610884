/// features.json: every measurement and finding of one study (schema version 1.0).
///
/// Property names are the JSON's in camel case; the writer turns them into snake case. Lengths are millimetres, points
/// LPS millimetres, times milliseconds. A value that does not exist is `nil`, written as `null`, and the object that
/// holds it says why under `reasons` (keyed by the JSON's field name).
public struct FeatureDocument: Codable, Sendable, Equatable {
  public static let currentSchemaVersion = "1.0"
  public static let researchDisclaimer = "Research use only; not a medical device."

  public var schemaVersion = Self.currentSchemaVersion
  public var engine: EngineRecord
  public var study: StudyRecord
  public var series: [SeriesRecord] = []
  public var referenceMuscle: ReferenceMuscleRecord
  public var lesions: [LesionRecord] = []
  public var patient: PatientRecord
  public var warnings: [String] = []
  public var disclaimer = Self.researchDisclaimer

  public init(engine: EngineRecord, study: StudyRecord, referenceMuscle: ReferenceMuscleRecord, patient: PatientRecord)
  {
    self.engine = engine
    self.study = study
    self.referenceMuscle = referenceMuscle
    self.patient = patient
  }
}

public struct EngineRecord: Codable, Sendable, Equatable {
  public var name = "spinemet"
  public var version: String
  /// `sha256:` and the digest of the effective thresholds.
  public var configDigest: String

  public init(version: String, configDigest: String) {
    self.version = version
    self.configDigest = configDigest
  }
}

public struct StudyRecord: Codable, Sendable, Equatable {
  public var studyInstanceUid: String
  /// 16 hexadecimal digits; see the contract's privacy rules.
  public var patientKey: String
  @Nullable public var magneticFieldStrengthT: Double?
  @Nullable public var manufacturer: String?
  /// `sha256:` and the digest of the inputs used, independent of paths and order.
  public var inputDigest: String
  public var reasons: [String: String]?

  public init(studyInstanceUid: String, patientKey: String, inputDigest: String) {
    self.studyInstanceUid = studyInstanceUid
    self.patientKey = patientKey
    self.inputDigest = inputDigest
  }
}

public struct PatientRecord: Codable, Sendable, Equatable {
  public var lesionCount = 0
  public var patternEvidence: [PatternEvidence] = []
  /// What limits the evidence, in words.
  public var evidenceCaveats: [String]?

  public init() {}
}
