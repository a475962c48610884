/// Everything that makes one synthetic study; the same value gives the same bytes.
///
/// In JSON every field may be left out and then has the default given here.
public struct PhantomStudySpecification: Codable, Sendable, Equatable {
  public enum Vendor: String, Codable, Sendable, CaseIterable { case philips, siemens, ge }
  public enum Block: String, Codable, Sendable, CaseIterable { case cervical, thoracic, thoracolumbar, lumbar, whole }
  public enum TransferSyntax: String, Codable, Sendable, CaseIterable {
    case explicitLittleEndian = "explicit", implicitLittleEndian = "implicit", deflated, rle
    case jpegLossless = "jpeg_lossless", jpegLS = "jpeg_ls"
  }

  public var name = "study"
  public var seed: UInt64 = 1
  /// Seed of the images' noise alone; 0: that of the study.
  public var noiseSeed: UInt64 = 0
  public var patientID: String?
  /// 1.5 or 3 tesla.
  public var fieldStrength = 1.5
  public var vendor = Vendor.philips
  /// Leaves TR, TE, descriptions, sequence names and contrast tags empty.
  public var blankTags = false
  public var block = Block.lumbar
  public var anatomy = AnatomySpecification()
  public var lesions: [LesionSpecification] = []
  public var mimics: [MimicSpecification] = []
  public var series: [SeriesSpecification] = SeriesSpecification.standard
  /// 0: even sensitivity; 1: a bare surface coil under the back.
  public var coilFallOff = 0.15
  /// Share of the fat signal that fat suppression leaves on average.
  public var fatResidual = 0.12
  /// Greatest additional residual where the field is off (0 to 1), over patches of 50 mm and more.
  public var fatSuppressionFailure = 0.1
  /// Rotation of all stacks about a skew axis, in degrees.
  public var obliqueDegrees = 0.0
  /// By how many pixels all grids are moved along their rows and columns.
  public var gridOffset = 0.0
  /// Greatest displacement of a series against the first, in millimetres (unknown to its header).
  public var shift = 0.0
  public var transferSyntax = TransferSyntax.explicitLittleEndian
  /// A ratio to muscle above 1 + this is hyperintense in the truth.
  public var hyperintenseBand = 0.1

  public init(name: String = "study", seed: UInt64 = 1) {
    self.name = name
    self.seed = seed
  }
}

public struct AnatomySpecification: Codable, Sendable, Equatable {
  /// Size against the average adult.
  public var scale = 1.05
  /// Curvature against the average: lumbar and cervical lordosis, thoracic kyphosis.
  public var lordosis = 1.0
  public var kyphosis = 1.0
  /// Cobb angle in degrees of a thoracolumbar curve to the left (negative: to the right).
  public var scoliosisDegrees = 0.0
  public var marrowFatFraction = 0.45
  /// Share of fat in the paraspinal muscle, 0 to 0.6.
  public var muscleFat = 0.08
  public var subcutaneousFat = 14.0
  /// Disc degeneration, 0 to 1.
  public var degeneration = 0.25
  /// Loss of body height by level, in per cent, without a tumour: `["T12": 35]`.
  public var collapsePercent: [String: Double] = [:]

  public init() {}
}

public struct LesionSpecification: Codable, Sendable, Equatable {
  public enum Part: String, Codable, Sendable {
    case vertebralBody = "vertebral_body"
    case posteriorElements = "posterior_elements"
  }
  /// How the lesion is formed.
  public enum Form: String, Codable, Sendable, CaseIterable {
    /// A focus inside the bone, clipped by the bone's inner wall.
    case focal
    /// The whole vertebral body.
    case wholeVertebra = "whole_vertebra"
    /// The posterior elements' marrow without a mass.
    case posteriorInfiltration = "posterior_infiltration"
    /// A mass that leaves the bone on a broad front.
    case expansile
    /// From the body under the anterior longitudinal ligament along its neighbours.
    case subligamentous
    /// Irregular growth from the bone into the epidural and paraspinal space.
    case infiltrative
  }
  public enum Pattern: String, Codable, Sendable, CaseIterable {
    case homogeneous, heterogeneous
    case nonEnhancing = "non_enhancing"
    case rimEnhancing = "rim_enhancing"
    case wormsInABag = "worms_in_a_bag"
  }
  public enum Matrix: String, Codable, Sendable, CaseIterable { case osteoblastic, osteolytic, mixed }
  public enum Margin: String, Codable, Sendable, CaseIterable {
    case wellDefined = "well_defined"
    case illDefined = "ill_defined"
  }

  /// `C2` to `S5`.
  public var level = "L3"
  public var part = Part.vertebralBody
  public var form = Form.focal
  /// Longest axis in millimetres before clipping by bone; ignored for whole vertebrae and posterior infiltration.
  public var diameter = 14.0
  /// Other two axes over the longest.
  public var aspect = [0.85, 0.8]
  /// Height of the outline's waves over the radius, 0 to 0.3.
  public var lobulation = 0.05
  /// Place of the centre in the part: left-right, front-back, up-down, each -1 to 1; `nil` draws one from the seed.
  public var place: [Double]?
  public var margin = Margin.wellDefined
  /// Width over which the lesion fades, 10 to 90 per cent, in millimetres; `nil`: 0 when well, 3 to 5 when ill defined.
  public var marginWidth: Double?
  /// Wanted mean signal over muscle's on T1 and T2 (the truth says what came out).
  public var t1Ratio = 0.85
  public var t2Ratio = 1.6
  public var pattern = Pattern.homogeneous
  /// Concentration of the agent in mmol/l where the pattern is strong; `nil`: by the pattern.
  public var gadolinium: Double?
  public var matrix = Matrix.osteolytic
  /// A core that is dark on T1 and T2; rim enhancement has one unless this is false.
  public var scleroticCenter: Bool?
  /// Thickness of an enhancing rim in millimetres; `nil`: a quarter of the radius, 1.5 to 5.
  public var rimThickness: Double?
  /// Loss of height of the vertebra that it sits in, in per cent.
  public var collapsePercent = 0.0

  public init() {}
}

public struct MimicSpecification: Codable, Sendable, Equatable {
  public enum Kind: String, Codable, Sendable, CaseIterable {
    case haemangioma
    case modic1, modic2, modic3
    case schmorl
    case redMarrow = "red_marrow"
    case basivertebralVein = "basivertebral_vein"
    case edgeVessel = "edge_vessel"
  }
  public var kind = Kind.haemangioma
  public var level = "L2"
  public var diameter = 12.0

  public init(kind: Kind = .haemangioma, level: String = "L2", diameter: Double = 12) {
    self.kind = kind
    self.level = level
    self.diameter = diameter
  }
}

public struct SeriesSpecification: Codable, Sendable, Equatable {
  public enum Kind: String, Codable, Sendable, CaseIterable {
    case sagittalT1 = "sag_t1"
    case sagittalT2 = "sag_t2"
    case sagittalT2FatSuppressed = "sag_t2_fs"
    case sagittalSTIR = "sag_stir"
    case sagittalT1Post = "sag_t1_post"
    case axialT1 = "ax_t1"
    case axialT2 = "ax_t2"
    case axialT1Post = "ax_t1_post"
    case wholeSpineT2 = "whole_spine_t2"
    case ct
  }
  public var kind = Kind.sagittalT1
  /// Reconstructed rows and columns; 0: by the kind.
  public var matrix = 0
  /// Square field of view in millimetres; 0: by the kind and the block.
  public var fieldOfView = 0.0
  public var slices = 0
  public var sliceThickness = 0.0
  public var sliceGap = -1.0
  /// Mean muscle signal over the noise's deviation; 0: by the kind.
  public var muscleSNR = 0.0
  /// Share of k-space acquired along the phase direction.
  public var phaseResolution = 0.85

  public init(kind: Kind) { self.kind = kind }

  /// The paper's six series in the order of acquisition: those after contrast come last.
  public static let standard: [SeriesSpecification] =
    [.sagittalT1, .sagittalT2, .axialT1, .axialT2, .sagittalT1Post, .axialT1Post].map(SeriesSpecification.init(kind:))
}

// Every field of a specification may be absent from JSON; it then keeps its default.

extension KeyedDecodingContainer {
  fileprivate func read<Value: Decodable>(_ key: Key, into value: inout Value) throws {
    if let found = try decodeIfPresent(Value.self, forKey: key) { value = found }
  }
}

extension PhantomStudySpecification {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(name: "study", seed: 1)
    try container.read(.name, into: &name)
    try container.read(.seed, into: &seed)
    try container.read(.noiseSeed, into: &noiseSeed)
    try container.read(.patientID, into: &patientID)
    try container.read(.fieldStrength, into: &fieldStrength)
    try container.read(.vendor, into: &vendor)
    try container.read(.blankTags, into: &blankTags)
    try container.read(.block, into: &block)
    try container.read(.anatomy, into: &anatomy)
    try container.read(.lesions, into: &lesions)
    try container.read(.mimics, into: &mimics)
    try container.read(.series, into: &series)
    try container.read(.coilFallOff, into: &coilFallOff)
    try container.read(.fatResidual, into: &fatResidual)
    try container.read(.fatSuppressionFailure, into: &fatSuppressionFailure)
    try container.read(.obliqueDegrees, into: &obliqueDegrees)
    try container.read(.gridOffset, into: &gridOffset)
    try container.read(.shift, into: &shift)
    try container.read(.transferSyntax, into: &transferSyntax)
    try container.read(.hyperintenseBand, into: &hyperintenseBand)
  }
}

extension AnatomySpecification {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init()
    try container.read(.scale, into: &scale)
    try container.read(.lordosis, into: &lordosis)
    try container.read(.kyphosis, into: &kyphosis)
    try container.read(.scoliosisDegrees, into: &scoliosisDegrees)
    try container.read(.marrowFatFraction, into: &marrowFatFraction)
    try container.read(.muscleFat, into: &muscleFat)
    try container.read(.subcutaneousFat, into: &subcutaneousFat)
    try container.read(.degeneration, into: &degeneration)
    try container.read(.collapsePercent, into: &collapsePercent)
  }
}

extension LesionSpecification {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init()
    try container.read(.level, into: &level)
    try container.read(.part, into: &part)
    try container.read(.form, into: &form)
    try container.read(.diameter, into: &diameter)
    try container.read(.aspect, into: &aspect)
    try container.read(.lobulation, into: &lobulation)
    try container.read(.place, into: &place)
    try container.read(.margin, into: &margin)
    try container.read(.marginWidth, into: &marginWidth)
    try container.read(.t1Ratio, into: &t1Ratio)
    try container.read(.t2Ratio, into: &t2Ratio)
    try container.read(.pattern, into: &pattern)
    try container.read(.gadolinium, into: &gadolinium)
    try container.read(.matrix, into: &matrix)
    try container.read(.scleroticCenter, into: &scleroticCenter)
    try container.read(.rimThickness, into: &rimThickness)
    try container.read(.collapsePercent, into: &collapsePercent)
  }
}

extension MimicSpecification {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(kind: .haemangioma)
    try container.read(.kind, into: &kind)
    try container.read(.level, into: &level)
    try container.read(.diameter, into: &diameter)
  }
}

extension SeriesSpecification {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(kind: .sagittalT1)
    try container.read(.kind, into: &kind)
    try container.read(.matrix, into: &matrix)
    try container.read(.fieldOfView, into: &fieldOfView)
    try container.read(.slices, into: &slices)
    try container.read(.sliceThickness, into: &sliceThickness)
    try container.read(.sliceGap, into: &sliceGap)
    try container.read(.muscleSNR, into: &muscleSNR)
    try container.read(.phaseResolution, into: &phaseResolution)
  }
}
