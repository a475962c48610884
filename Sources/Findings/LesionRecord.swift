/// Everything that was measured and concluded about one lesion.
public struct LesionRecord: Codable, Sendable, Equatable {
  public var lesionId: Int
  public var source: LesionSource
  public var location: LocationRecord
  public var size: SizeRecord
  /// Readings on the sagittal series.
  public var signal: SignalRecords
  /// Readings on the axial series.
  public var signalAxial: SignalRecords
  public var margin: MarginRecord
  public var extent: ExtentRecord
  public var enhancement: EnhancementRecord
  public var enhancementAxial: EnhancementRecord
  public var matrix: MatrixRecord
  public var patternEvidence: [PatternEvidence] = []
  public var warnings: [String] = []

  public init(
    lesionId: Int, source: LesionSource, location: LocationRecord, size: SizeRecord, signal: SignalRecords,
    signalAxial: SignalRecords, margin: MarginRecord, extent: ExtentRecord, enhancement: EnhancementRecord,
    enhancementAxial: EnhancementRecord, matrix: MatrixRecord
  ) {
    self.lesionId = lesionId
    self.source = source
    self.location = location
    self.size = size
    self.signal = signal
    self.signalAxial = signalAxial
    self.margin = margin
    self.extent = extent
    self.enhancement = enhancement
    self.enhancementAxial = enhancementAxial
    self.matrix = matrix
  }
}

public struct LesionSource: Codable, Sendable, Equatable {
  public enum Kind: String, Codable, Sendable { case dicomSeg = "dicom_seg", rtstruct, nifti, nrrd, seed, automatic }

  public var kind: Kind
  /// The number of the label, segment or ROI in its file; `nil` for seeds without one and for candidates.
  @Nullable public var label: Int?
  public var confidence: Double
  /// Why a candidate was taken for a lesion, in words.
  public var evidence: [String]?
  public var reasons: [String: String]?

  public init(kind: Kind, label: Int?, confidence: Double) {
    self.kind = kind
    self.label = label
    self.confidence = confidence
  }
}

public struct LocationRecord: Codable, Sendable, Equatable {
  public enum Part: String, Codable, Sendable {
    case vertebralBody = "vertebral_body"
    case posteriorElements = "posterior_elements"
    case indeterminate
  }

  public var centroidLpsMm: [Double]
  public var part: Part = .indeterminate
  /// `C1` to `Co`; `nil` when nothing anchors the count.
  @Nullable public var level: String?
  public var levelsInvolved: [String] = []
  /// `cervical`, `thoracic`, `lumbar` or `sacral`.
  @Nullable public var region: String?
  @Nullable public var levelConfidence: Double?
  @Nullable public var wholeVertebra: Bool?
  /// The largest share of a vertebral body that the lesion replaces.
  @Nullable public var replacedBodyFraction: Double?
  /// The same share of that body's core, which outlines drawn apart do not blur.
  @Nullable public var replacedCoreFraction: Double?
  @Nullable public var posteriorElementsInvaded: Bool?
  /// Loss of height of the vertebral body against its neighbours, in per cent.
  @Nullable public var collapsePercent: Double?
  public var reasons: [String: String]?

  public init(centroidLpsMm: [Double]) { self.centroidLpsMm = centroidLpsMm }
}

public struct SizeRecord: Codable, Sendable, Equatable {
  public enum Status: String, Codable, Sendable {
    case measured
    case notMeasuredWholeVertebra = "not_measured_whole_vertebra"
    case notMeasuredPosteriorInfiltration = "not_measured_posterior_infiltration"
    case notMeasurable = "not_measurable"
  }

  public var status: Status
  @Nullable public var maximumSagittalDiameterMm: Double?
  @Nullable public var maximumSagittalDiameterCi95Mm: [Double]?
  @Nullable public var endpointsLpsMm: [[Double]]?
  @Nullable public var perpendicularDiameterMm: Double?
  @Nullable public var seriesInstanceUid: String?
  @Nullable public var sopInstanceUid: String?
  @Nullable public var frameNumber: Int?
  @Nullable public var sliceIndex: Int?
  public var reformatted = false
  @Nullable public var maximumInPlaneDiameterMm: Double?
  @Nullable public var maximumInPlaneMeshDiameterMm: Double?
  @Nullable public var maximum3dDiameterMm: Double?
  @Nullable public var volumeMm3: Double?
  @Nullable public var volumeCi95Mm3: [Double]?
  public var reasons: [String: String]?

  public init(status: Status) { self.status = status }
}

public struct SignalRecords: Codable, Sendable, Equatable {
  public var t1: SignalRecord
  public var t2: SignalRecord
  public var t1Post: SignalRecord

  public init(t1: SignalRecord, t2: SignalRecord, t1Post: SignalRecord) {
    self.t1 = t1
    self.t2 = t2
    self.t1Post = t1Post
  }
}

/// Signal of the lesion relative to muscle on one series.
public struct SignalRecord: Codable, Sendable, Equatable {
  public enum SignalClass: String, Codable, Sendable {
    case hyperintense
    case isoToHypointense = "iso_to_hypointense"
    case indeterminate
  }

  @Nullable public var seriesInstanceUid: String?
  @Nullable public var ratioToMuscle: Double?
  @Nullable public var ratioCi95: [Double]?
  @Nullable public var lesionMean: Double?
  @Nullable public var lesionSd: Double?
  @Nullable public var lesionMedian: Double?
  @Nullable public var lesionVoxels: Int?
  @Nullable public var coveredFraction: Double?
  @Nullable public var muscleMean: Double?
  @Nullable public var muscleSd: Double?
  /// Sensitivity of the coil at the lesion over that at the muscle, by which `muscleMean` was multiplied; 1 for none.
  @Nullable public var coilFactor: Double?
  @Nullable public var `class`: SignalClass?
  @Nullable public var probabilityHyperintense: Double?
  public var warnings: [String]?
  public var reasons: [String: String]?

  public init() {}
}

public struct MarginRecord: Codable, Sendable, Equatable {
  public enum MarginClass: String, Codable, Sendable {
    case wellDefined = "well_defined"
    case illDefined = "ill_defined"
    case indeterminate
  }

  public var `class`: MarginClass = .indeterminate
  @Nullable public var edgeWidthMm: Double?
  @Nullable public var edgeWidthCi95Mm: [Double]?
  @Nullable public var distinctFraction: Double?
  @Nullable public var solidity: Double?
  @Nullable public var regularity: Double?
  @Nullable public var seriesInstanceUid: String?
  /// The rule's path in words.
  public var evidence: [String] = []
  public var reasons: [String: String]?

  public init() {}
}

public struct ExtentRecord: Codable, Sendable, Equatable {
  public enum ExtentClass: String, Codable, Sendable { case intraosseous, extraosseous, indeterminate }
  public enum MassFormation: String, Codable, Sendable {
    case none, expansile, subligamentous, infiltrative, indeterminate
  }

  public var `class`: ExtentClass = .indeterminate
  @Nullable public var extraosseousFraction: Double?
  @Nullable public var epiduralFraction: Double?
  @Nullable public var paraspinalFraction: Double?
  public var massFormation: MassFormation = .indeterminate
  @Nullable public var canalNarrowingPercent: Double?
  @Nullable public var canalNarrowingMm: Double?
  public var reasons: [String: String]?

  public init() {}
}

public struct EnhancementRecord: Codable, Sendable, Equatable {
  public enum Pattern: String, Codable, Sendable, CaseIterable {
    case homogeneous, heterogeneous
    case nonEnhancing = "non_enhancing"
    case rimEnhancing = "rim_enhancing"
    case wormsInABag = "worms_in_a_bag"
    case notApplicable = "not_applicable"
    case indeterminate
  }
  public enum Degree: String, Codable, Sendable { case none, moderate, strong }

  /// One score for each class; they sum to one.
  public struct Scores: Codable, Sendable, Equatable {
    public var homogeneous: Double
    public var heterogeneous: Double
    public var nonEnhancing: Double
    public var rimEnhancing: Double
    public var wormsInABag: Double

    public init(
      homogeneous: Double, heterogeneous: Double, nonEnhancing: Double, rimEnhancing: Double, wormsInABag: Double
    ) {
      self.homogeneous = homogeneous
      self.heterogeneous = heterogeneous
      self.nonEnhancing = nonEnhancing
      self.rimEnhancing = rimEnhancing
      self.wormsInABag = wormsInABag
    }
  }

  public var `class`: Pattern
  @Nullable public var degree: Degree?
  @Nullable public var relativeEnhancement: Double?
  @Nullable public var relativeEnhancementCi95: [Double]?
  @Nullable public var rimToCoreRatio: Double?
  @Nullable public var rimThicknessMm: Double?
  @Nullable public var rimAngularCompleteness: Double?
  @Nullable public var scleroticCenter: Bool?
  @Nullable public var ridgeAreaFraction: Double?
  @Nullable public var ridgeLengthDensityMmPerMm2: Double?
  @Nullable public var ridgeContrast: Double?
  @Nullable public var ridgeTortuosity: Double?
  @Nullable public var ridgeBranches: Int?
  @Nullable public var coefficientOfVariation: Double?
  @Nullable public var scores: Scores?
  @Nullable public var seriesInstanceUid: String?
  /// The rule's path in words.
  public var evidence: [String] = []
  public var reasons: [String: String]?

  public init(class: Pattern) { self.class = `class` }
}

public struct MatrixRecord: Codable, Sendable, Equatable {
  public enum MatrixClass: String, Codable, Sendable { case osteoblastic, osteolytic, mixed, indeterminate }
  public enum Basis: String, Codable, Sendable { case ct, t2Signal = "t2_signal", none }

  public var `class`: MatrixClass = .indeterminate
  public var basis: Basis = .none
  public var reasons: [String: String]?

  public init() {}
}

/// How much the findings speak for one of the paper's primaries, as a log-likelihood ratio. Evidence, no diagnosis.
public struct PatternEvidence: Codable, Sendable, Equatable {
  public enum Primary: String, Codable, Sendable, CaseIterable { case stomach, colorectal, hcc, lung, breast }

  public var primary: Primary
  @Nullable public var log10LikelihoodRatio: Double?
  @Nullable public var ci95: [Double]?
  public var findings: [String] = []
  public var reasons: [String: String]?

  public init(primary: Primary) { self.primary = primary }
}
