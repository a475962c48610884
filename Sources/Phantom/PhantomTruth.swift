public import Imaging

/// What is true of a synthetic study; the fields are explained in `Schemas/truth.schema.json`.
public struct PhantomTruth: Codable, Sendable, Equatable {
  public var schemaVersion = "1.0"
  public var `case`: String
  public var seed: UInt64
  public var studyInstanceUid: String
  public var patientId: String
  public var frameOfReferenceUid: String
  public var hyperintenseBand: Double
  public var series: [SeriesTruth]
  public var lesions: [LesionTruth]
  public var mimics: [MimicTruth]
  public var levels: [LevelTruth]
  /// Everything that made the study.
  public var specification: PhantomStudySpecification
}

public struct SeriesTruth: Codable, Sendable, Equatable {
  public var seriesInstanceUid: String
  public var kind: String
  public var role: SeriesRole
  public var plane: String
  public var fatSuppressed: Bool
  public var wholeSpine: Bool
  public var repetitionTimeMs: Double?
  public var echoTimeMs: Double?
  public var slices: Int
  public var spacingMm: [Double]
  public var shiftMm: [Double]
  public var muscleSnr: Double?
  /// Noise-free, even-coil muscle signal and the deviation of the noise, in units of the signal equation.
  public var muscleMean: Double?
  public var noiseSd: Double?
}

public struct LesionTruth: Codable, Sendable, Equatable {
  public var lesionId: Int
  public var level: String
  public var levelsInvolved: [String]
  public var region: String
  public var part: String
  public var form: String
  public var centroidLpsMm: [Double]
  public var wholeVertebra: Bool
  public var posteriorElementsInvaded: Bool
  public var bodyFraction: Double
  public var size: SizeTruth
  public var margin: MarginTruth
  public var signal: SignalTruths
  public var signalAxial: SignalTruths
  public var enhancement: EnhancementTruth
  public var extent: ExtentTruth
  public var matrix: String
  public var maskVoxels: Int
}

public struct SizeTruth: Codable, Sendable, Equatable {
  public var status: String
  public var maximumSagittalDiameterMm: Double?
  /// As the line above, also where the rule of the paper does not measure.
  public var inSliceDiameterMm: Double?
  public var sliceIndex: Int?
  public var endpointsLpsMm: [[Double]]?
  public var maximum3dDiameterMm: Double?
  public var volumeMm3: Double
}

public struct MarginTruth: Codable, Sendable, Equatable {
  public var `class`: String
  public var edgeWidthMm: Double
  public var lobulation: Double
}

public struct SignalTruths: Codable, Sendable, Equatable {
  public var t1: SignalTruth?
  public var t2: SignalTruth?
  public var t1Post: SignalTruth?
}

public struct SignalTruth: Codable, Sendable, Equatable {
  public var seriesInstanceUid: String
  public var ratioToMuscle: Double
  public var ratioWithCoil: Double
  public var `class`: String
  public var lesionVoxels: Int
}

public struct EnhancementTruth: Codable, Sendable, Equatable {
  public var `class`: String
  public var relativeEnhancement: Double?
  public var scleroticCenter: Bool
  public var rimThicknessMm: Double?
}

public struct ExtentTruth: Codable, Sendable, Equatable {
  public var `class`: String
  public var extraosseousFraction: Double
  public var epiduralFraction: Double
  public var massFormation: String
}

public struct MimicTruth: Codable, Sendable, Equatable {
  public var kind: String
  public var level: String
  public var centerLpsMm: [Double]
  public var diameterMm: Double
}

public struct LevelTruth: Codable, Sendable, Equatable {
  public var level: String
  public var centerLpsMm: [Double]
  public var bodyWidthMm: Double
  public var bodyDepthMm: Double
  public var bodyHeightMm: Double
}
