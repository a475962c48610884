/// The named studies of `spinemet phantom`.
public enum PhantomCases {
  public struct Entry: Sendable {
    public let name: String
    public let summary: String
  }

  public static let all: [Entry] = [
    Entry(name: "demo", summary: "lumbar spine with all five enhancement patterns, six series"),
    Entry(name: "homogeneous", summary: "homogeneously enhancing lesions of 6 to 24 mm"),
    Entry(name: "heterogeneous", summary: "heterogeneously enhancing lesions"),
    Entry(name: "non_enhancing", summary: "osteoblastic lesions that do not enhance"),
    Entry(name: "rim", summary: "rim enhancement around a sclerotic centre (stomach)"),
    Entry(name: "worms", summary: "large posterior mass with worms-in-a-bag enhancement (HCC)"),
    Entry(name: "whole_vertebra", summary: "a replaced and collapsed vertebra: size is not measured"),
    Entry(
      name: "posterior_infiltration", summary: "posterior elements infiltrated without a mass: size is not measured"),
    Entry(name: "extraosseous", summary: "expansile and infiltrative masses that leave the bone"),
    Entry(name: "subligamentous", summary: "spread under the anterior longitudinal ligament (lung, breast)"),
    Entry(name: "mimics", summary: "haemangioma, Modic, Schmorl, veins, red marrow, benign collapse; two true lesions"),
    Entry(name: "healthy", summary: "no lesion"),
    Entry(name: "scoliosis", summary: "scoliotic spine of 32 degrees with three lesions"),
    Entry(name: "cervical", summary: "cervical block"),
    Entry(name: "thoracic", summary: "thoracic block"),
    Entry(name: "lumbar", summary: "lumbar block at 3 T"),
    Entry(name: "whole_spine", summary: "lumbar block with a whole-spine T2 view"),
    Entry(name: "stir", summary: "with STIR beside T2"),
    Entry(name: "ct", summary: "with a co-registered CT: osteoblastic, osteolytic, mixed"),
    Entry(name: "blank_tags", summary: "TR, TE, descriptions and contrast tags empty"),
    Entry(name: "philips", summary: "Philips-like tags"),
    Entry(name: "siemens", summary: "Siemens-like tags at 3 T"),
    Entry(name: "ge", summary: "GE-like tags, no contrast attribute"),
    Entry(name: "oblique", summary: "stacks turned by 12 degrees, series displaced by up to 1.5 mm"),
    Entry(name: "low_snr", summary: "muscle SNR 4"),
    Entry(name: "coil", summary: "bare surface coil without normalisation"),
    Entry(name: "small", summary: "a small study for tests: three sagittal series and one axial"),
    Entry(name: "random", summary: "a random mixture by seed, as make accuracy uses it"),
  ]

  /// The specification of a named case.
  public static func specification(_ name: String, seed: UInt64) throws(PhantomError) -> PhantomStudySpecification {
    guard all.contains(where: { $0.name == name }) else { throw .unknownCase(name) }
    if name == "random" { return RandomStudy.specification(seed: seed) }
    var study = PhantomStudySpecification(name: name, seed: seed)
    switch name {
    case "homogeneous":
      study.lesions = [
        lesion("L1", 6, .homogeneous), lesion("L2", 14, .homogeneous), lesion("L4", 24, .homogeneous, t2: 0.9),
      ]
    case "heterogeneous":
      study.lesions = [
        lesion("T12", 12, .heterogeneous), lesion("L2", 20, .heterogeneous), lesion("L4", 26, .heterogeneous),
      ]
    case "non_enhancing":
      study.lesions = [
        blastic("L1", 9), blastic("L3", 16), blastic("L5", 20),
      ]
    case "rim": study.lesions = [rim("T12", 8), rim("L1", 11), rim("L2", 16), rim("L4", 22), rim("S1", 12)]
    case "worms": study.lesions = [worms("L3", 52), lesion("L1", 10, .homogeneous)]
    case "whole_vertebra": study.lesions = wholeVertebra
    case "posterior_infiltration": study.lesions = posteriorInfiltration
    case "extraosseous": study.lesions = extraosseous
    case "subligamentous":
      study.lesions = [formed(.subligamentous, "L4", 28, .homogeneous), lesion("L1", 9, .homogeneous)]
    case "mimics": mimics(&study)
    case "healthy": break
    case "scoliosis":
      study.anatomy.scoliosisDegrees = 32
      study.lesions = [lesion("T12", 14, .homogeneous), lesion("L2", 18, .heterogeneous), rim("L4", 15)]
    case "cervical":
      study.block = .cervical
      study.lesions = [lesion("C4", 9, .homogeneous), lesion("C6", 11, .heterogeneous), lesion("T1", 8, .homogeneous)]
    case "thoracic":
      study.block = .thoracic
      study.lesions = [rim("T4", 9), lesion("T7", 14, .heterogeneous), lesion("T9", 8, .homogeneous), rim("T11", 14)]
    case "lumbar":
      study.fieldStrength = 3
      study.lesions = fivePatterns
    case "whole_spine":
      study.series.append(SeriesSpecification(kind: .wholeSpineT2))
      study.lesions = fivePatterns
    case "stir":
      study.series.insert(SeriesSpecification(kind: .sagittalSTIR), at: 2)
      study.lesions = fivePatterns
    case "ct":
      study.series.append(SeriesSpecification(kind: .ct))
      study.lesions = matrices
    case "blank_tags":
      study.blankTags = true
      study.lesions = fivePatterns
    case "siemens", "ge":
      study.vendor = name == "ge" ? .ge : .siemens
      study.fieldStrength = name == "ge" ? 1.5 : 3
      study.lesions = fivePatterns
    case "oblique":
      study.obliqueDegrees = 12
      study.shift = 1.5
      study.lesions = fivePatterns
    case "low_snr":
      for index in study.series.indices { study.series[index].muscleSNR = 4 }
      study.lesions = fivePatterns
    case "coil":
      study.coilFallOff = 1
      study.lesions = fivePatterns
    case "small": small(&study)
    default: study.lesions = fivePatterns
    }
    return study
  }

  // MARK: Lesions

  static func lesion(
    _ level: String, _ diameter: Double, _ pattern: LesionSpecification.Pattern, t1: Double = 0.85, t2: Double = 1.7,
    margin: LesionSpecification.Margin = .wellDefined
  ) -> LesionSpecification {
    var lesion = LesionSpecification()
    lesion.level = level
    lesion.diameter = diameter
    lesion.pattern = pattern
    lesion.t1Ratio = t1
    lesion.t2Ratio = t2
    lesion.margin = margin
    return lesion
  }

  static func rim(_ level: String, _ diameter: Double) -> LesionSpecification {
    var lesion = lesion(level, diameter, .rimEnhancing, t1: 0.62, t2: 0.95)
    lesion.matrix = .mixed
    return lesion
  }

  static func blastic(_ level: String, _ diameter: Double) -> LesionSpecification {
    var lesion = lesion(level, diameter, .nonEnhancing, t1: 0.5, t2: 0.6)
    lesion.matrix = .osteoblastic
    return lesion
  }

  static func formed(
    _ form: LesionSpecification.Form, _ level: String, _ diameter: Double, _ pattern: LesionSpecification.Pattern,
    part: LesionSpecification.Part = .vertebralBody
  ) -> LesionSpecification {
    var lesion = lesion(level, diameter, pattern)
    lesion.form = form
    lesion.part = part
    return lesion
  }

  static func worms(_ level: String, _ diameter: Double) -> LesionSpecification {
    var lesion = formed(.expansile, level, diameter, .wormsInABag, part: .posteriorElements)
    lesion.aspect = [0.8, 0.85]
    lesion.lobulation = 0.08
    lesion.place = [0, 0, 0]
    return lesion
  }

  static var fivePatterns: [LesionSpecification] {
    [
      lesion("T12", 13, .homogeneous), rim("L1", 15), lesion("L2", 19, .heterogeneous, margin: .illDefined),
      worms("L4", 46), blastic("L5", 16),
    ]
  }

  private static var wholeVertebra: [LesionSpecification] {
    var whole = formed(.wholeVertebra, "L2", 40, .heterogeneous)
    whole.collapsePercent = 35
    whole.margin = .illDefined
    return [whole, lesion("L4", 12, .homogeneous)]
  }

  private static var posteriorInfiltration: [LesionSpecification] {
    var infiltration = formed(.posteriorInfiltration, "L3", 40, .homogeneous, part: .posteriorElements)
    infiltration.margin = .illDefined
    return [infiltration, lesion("L1", 12, .homogeneous)]
  }

  private static var extraosseous: [LesionSpecification] {
    [
      formed(.expansile, "L1", 36, .heterogeneous), formed(.infiltrative, "L4", 40, .heterogeneous),
      formed(.expansile, "T12", 34, .homogeneous, part: .posteriorElements),
    ]
  }

  private static var matrices: [LesionSpecification] {
    var mixed = lesion("L3", 20, .heterogeneous, t2: 1.3)
    mixed.matrix = .mixed
    return [lesion("L1", 16, .homogeneous, t2: 2), blastic("L2", 17), mixed, rim("L4", 18)]
  }

  private static func mimics(_ study: inout PhantomStudySpecification) {
    study.mimics = [
      MimicSpecification(kind: .haemangioma, level: "L1", diameter: 14),
      MimicSpecification(kind: .modic1, level: "L4", diameter: 14),
      MimicSpecification(kind: .modic2, level: "L5", diameter: 14),
      MimicSpecification(kind: .schmorl, level: "L2", diameter: 9),
      MimicSpecification(kind: .redMarrow, level: "L3", diameter: 13),
      MimicSpecification(kind: .basivertebralVein, level: "L3", diameter: 10),
      MimicSpecification(kind: .edgeVessel, level: "L2", diameter: 4),
    ]
    study.anatomy.collapsePercent = ["T12": 30]
    study.fatSuppressionFailure = 0.6
    study.lesions = [lesion("L2", 11, .homogeneous), lesion("S1", 13, .heterogeneous)]
  }

  private static func small(_ study: inout PhantomStudySpecification) {
    study.lesions = [
      lesion("L1", 14, .homogeneous), rim("L2", 17), lesion("L3", 20, .heterogeneous), worms("L5", 44),
      blastic("L4", 16),
    ]
    let kinds: [SeriesSpecification.Kind] = [.sagittalT1, .sagittalT2, .sagittalT1Post, .axialT1Post]
    study.series = kinds.map { kind in
      var series = SeriesSpecification(kind: kind)
      series.matrix = kind == .axialT1Post ? 160 : 192
      series.slices = 11
      series.fieldOfView = kind == .axialT1Post ? 200 : 230
      return series
    }
    study.transferSyntax = .jpegLS
  }
}
