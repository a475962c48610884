public import Imaging

/// What a series is, as far as its witnesses agree, with what each of them said.
public struct SeriesUnderstanding: Sendable, Hashable {
  public var role: SeriesRole
  public var plane: Plane
  /// Degrees between the stack's normal and the nearest anatomical axis.
  public var obliquityDegrees: Double?
  public var weighting: Weighting
  public var contrast: ContrastPhase
  /// `nil` where no witness speaks of fat.
  public var fatSuppressed: Bool?
  /// A composed view, or a field of view that holds most of the spine.
  public var wholeSpine: Bool
  /// What each witness said, strongest first; words of the engine, no free text of the header.
  public var evidence: [String]
  /// Contradictions between witnesses, and what keeps the series from a role.
  public var warnings: [String]

  public init(
    role: SeriesRole, plane: Plane, obliquityDegrees: Double? = nil, weighting: Weighting, contrast: ContrastPhase,
    fatSuppressed: Bool? = nil, wholeSpine: Bool = false, evidence: [String] = [], warnings: [String] = []
  ) {
    self.role = role
    self.plane = plane
    self.obliquityDegrees = obliquityDegrees
    self.weighting = weighting
    self.contrast = contrast
    self.fatSuppressed = fatSuppressed
    self.wholeSpine = wholeSpine
    self.evidence = evidence
    self.warnings = warnings
  }
}

/// One statement of one witness: what it says, how much it counts, and in words.
package struct Testimony: Sendable, Hashable {
  package enum Claim: Sendable, Hashable {
    case weighting(Weighting)
    case contrast(ContrastPhase)
    case fatSuppressed(Bool)
    case excluded(SeriesExclusion)
    case wholeSpine
  }

  package var claim: Claim
  package var weight: Double
  package var words: String

  package init(_ claim: Claim, _ weight: Double, _ words: String) {
    self.claim = claim
    self.weight = weight
    self.words = words
  }
}

/// Kinds of series that take no role, whatever their weighting.
package enum SeriesExclusion: String, Sendable, Hashable, CaseIterable {
  case localizer
  case diffusion = "diffusion image or map"
  case subtraction = "subtraction"
  case projection = "projection or myelogram"
  case dynamic = "dynamic series"
  case fatImage = "Dixon fat image"
  case opposedPhase = "opposed-phase image"
  case parameterMap = "parameter map"
  case phaseImage = "phase image"
  case angiography
  case secondaryCapture = "screen save"
}

/// Weights and thresholds of the roles. A weight of 1 is one plain statement; the table of words and the tables of
/// times carry their own weights. Chosen from what the attributes mean (a recorded echo time is worth more than a
/// typed description, an absent attribute little), on no data.
public struct RoleParameters: Sendable, Codable, Equatable {
  /// Support that a weighting needs, and its lead over the next.
  public var weightingSupport = 1.5
  public var weightingLead = 1.0
  /// The same for the contrast phase.
  public var contrastSupport = 1.0
  public var contrastLead = 0.5
  /// The same for fat suppression.
  public var fatSupport = 0.5
  public var fatLead = 0.25
  /// Support that keeps a series from a role.
  public var exclusionSupport = 1.5
  /// Support of the losing side from which a contradiction is told.
  public var contradiction = 1.0
  /// Weight of a word in Series Description; one in Protocol Name counts half.
  public var descriptionWeight = 2.0
  /// Extent from head to foot from which a sagittal or coronal stack counts as a whole-spine view, in millimetres.
  public var wholeSpineExtent = 480.0
  /// Two T1 series count as repeats when their repetition and echo times agree within this fraction.
  public var repeatTolerance = 0.15
  /// What the pixels are asked.
  public var pixels = PixelParameters()

  public init() {}
}
