import DICOM
import Imaging

/// The recorded acquisition as a witness: times, sequence tags, image type, scan options, contrast attributes.
enum TagWitness {
  /// Times of one family of sequences and the weighting that follows from them. A row holds where every given range
  /// holds; the first such row speaks.
  struct TimeRule: Sendable {
    enum Family: Sendable { case spinEcho, gradientEcho, inversionRecovery }
    var family: Family
    var repetition: ClosedRange<Double>
    var echo: ClosedRange<Double>
    var inversion: ClosedRange<Double>?
    var flip: ClosedRange<Double>?
    var claims: [(claim: Testimony.Claim, weight: Double)]
    var meaning: String
  }

  private static let any = 0.0...1e9

  /// Milliseconds and degrees. Spin echo limits after the paper's protocol (T1 400-800/8-12, T2 2000-3000/60-120) and
  /// common practice for fast spin echo at 1.5 and 3 T; inversion times that null fat are 100-260 ms from 0.2 to 3 T.
  static let timeRules: [TimeRule] = [
    TimeRule(
      family: .inversionRecovery, repetition: 1200...20000, echo: any, inversion: 80...300, flip: nil,
      claims: [(.weighting(.t2), 4), (.fatSuppressed(true), 4)], meaning: "inversion time nulls fat (STIR)"),
    TimeRule(
      family: .inversionRecovery, repetition: 800...4500, echo: 0...50, inversion: 400...1300, flip: nil,
      claims: [(.weighting(.t1), 4)], meaning: "inversion recovery T1 (T1 FLAIR)"),
    TimeRule(
      family: .inversionRecovery, repetition: 4000...20000, echo: 50...300, inversion: 1500...3200, flip: nil,
      claims: [(.weighting(.other), 4)], meaning: "FLAIR"),
    TimeRule(
      family: .inversionRecovery, repetition: 1800...20000, echo: 15...150, inversion: 0...0, flip: nil,
      claims: [(.weighting(.t2), 1.5), (.fatSuppressed(true), 1)], meaning: "inversion recovery without its time"),
    TimeRule(
      family: .spinEcho, repetition: 150...1050, echo: 1...35, inversion: nil, flip: nil,
      claims: [(.weighting(.t1), 4)], meaning: "short repetition and echo times: T1"),
    TimeRule(
      family: .spinEcho, repetition: 1050...1600, echo: 1...25, inversion: nil, flip: nil,
      claims: [(.weighting(.t1), 2)], meaning: "middling repetition and short echo time: T1"),
    TimeRule(
      family: .spinEcho, repetition: 1200...30000, echo: 65...600, inversion: nil, flip: nil,
      claims: [(.weighting(.t2), 4)], meaning: "long repetition and echo times: T2"),
    TimeRule(
      family: .spinEcho, repetition: 700...1200, echo: 80...600, inversion: nil, flip: nil,
      claims: [(.weighting(.t2), 2.5)], meaning: "long echo time: T2"),
    TimeRule(
      family: .spinEcho, repetition: 1600...30000, echo: 50...65, inversion: nil, flip: nil,
      claims: [(.weighting(.t2), 2)], meaning: "long repetition and middling echo time: T2"),
    TimeRule(
      family: .spinEcho, repetition: 1600...30000, echo: 1...50, inversion: nil, flip: nil,
      claims: [(.weighting(.other), 2)], meaning: "long repetition and short echo time: proton density"),
    TimeRule(
      family: .gradientEcho, repetition: 2...30, echo: 0.5...8, inversion: nil, flip: 5...40,
      claims: [(.weighting(.t1), 2)], meaning: "spoiled gradient echo: T1"),
    TimeRule(
      family: .gradientEcho, repetition: 30...500, echo: 0.5...9, inversion: nil, flip: 40...100,
      claims: [(.weighting(.t1), 2.5)], meaning: "gradient echo with short echo time and large flip angle: T1"),
    TimeRule(
      family: .gradientEcho, repetition: 200...3000, echo: 9...60, inversion: nil, flip: 1...45,
      claims: [(.weighting(.other), 3)], meaning: "gradient echo with long echo time: T2*"),
  ]

  /// Values of Image Type.
  static let imageTypes: [(values: Set<String>, claim: Testimony.Claim, meaning: String)] = [
    (["LOCALIZER", "SCOUT"], .excluded(.localizer), "localizer"),
    (
      [
        "DIFFUSION", "ADC", "TRACEW", "TRACE", "FA", "CALC_BVALUE", "ADC_UNSPECIFIED", "EADC", "COEFF", "ISOTROPIC",
        "TENSOR",
      ],
      .excluded(.diffusion), "diffusion"
    ),
    (["SUBTRACT", "SUB", "SUBTRACTION"], .excluded(.subtraction), "subtraction"),
    (["PROJECTION IMAGE", "MIP", "MAX_IP", "MIN_IP", "MYELO"], .excluded(.projection), "projection"),
    (["FAT", "F"], .excluded(.fatImage), "Dixon fat image"),
    (["OUT_PHASE", "OPP_PHASE", "OP", "OPPOSED_PHASE", "DIXON_OPP_PHASE"], .excluded(.opposedPhase), "opposed phase"),
    (
      ["T1 MAP", "T2 MAP", "T2_STAR MAP", "T1_MAP", "T2_MAP", "PROTON_DENSITY_MAP", "FF", "R2_STAR MAP"],
      .excluded(.parameterMap), "parameter map"
    ),
    (["PHASE", "PHASE MAP", "P", "VELOCITY MAP"], .excluded(.phaseImage), "phase image"),
    (["PERFUSION", "TTP", "RCBV", "MTT", "PBP"], .excluded(.dynamic), "perfusion"),
    (
      ["SCREEN SAVE", "SCREENSHOT", "VXTL STATE", "CSA REPORT", "CSAPARALLEL"], .excluded(.secondaryCapture),
      "screen save"
    ),
    (["WATER", "W", "DIXON_WATER"], .fatSuppressed(true), "Dixon water image"),
    (["IN_PHASE", "IP", "DIXON_IN_PHASE"], .fatSuppressed(false), "in-phase image"),
    (["COMPOSED", "COMP_2D", "COMP_3D", "COMP_AD", "COMP_DF", "COMP_SP", "STITCHED"], .wholeSpine, "composed view"),
  ]

  /// Beginnings of a vendor's sequence name (Siemens "*tir2d1_15", GE "FSE-XL/90").
  static let sequenceNames: [(prefix: String, claims: [(claim: Testimony.Claim, weight: Double)], meaning: String)] = [
    ("tir", [(.weighting(.t2), 1), (.fatSuppressed(true), 1)], "turbo inversion recovery"),
    ("ep2d_diff", [(.excluded(.diffusion), 2)], "diffusion"), ("ep_b", [(.excluded(.diffusion), 2)], "diffusion"),
    ("re_b", [(.excluded(.diffusion), 2)], "diffusion"), ("ci3d", [(.weighting(.other), 2)], "steady state"),
    ("tfi", [(.weighting(.other), 2)], "steady state"), ("me2d", [(.weighting(.other), 2)], "multi-echo gradient echo"),
    ("fl2d1", [], "gradient echo"),
  ]

  static func testimony(_ series: ImageSeries) -> [Testimony] {
    let acquisition = series.acquisition
    var result = times(acquisition) + sequence(acquisition) + options(acquisition)
    result += types(series.frame(ofSlice: 0).imageType + series.representative.imageType)
    result += geometry(series)
    return result
  }

  // MARK: Times

  static func times(_ acquisition: MRAcquisition) -> [Testimony] {
    guard let repetition = acquisition.repetitionTime, let echo = acquisition.echoTime, repetition > 0, echo > 0 else {
      return []
    }
    let scanning = Set(acquisition.scanningSequence)
    let inversion = acquisition.inversionTime ?? 0
    let family: TimeRule.Family =
      if scanning.contains("IR") || acquisition.inversionRecovery == true || inversion > 50 {
        .inversionRecovery
      } else if scanning.contains("GR") || acquisition.echoPulseSequence == "GRADIENT" {
        .gradientEcho
      } else {
        .spinEcho
      }
    if scanning.contains("EP") || acquisition.echoPulseSequence == "BOTH" && echo > 40 {
      return [Testimony(.weighting(.other), 2, "tags: echo planar")]
    }
    let rule = timeRules.first { rule in
      rule.family == family && rule.repetition.contains(repetition) && rule.echo.contains(echo)
        && (rule.inversion?.contains(inversion) ?? true)
        && (rule.flip.map { range in acquisition.flipAngle.map { range.contains($0) } ?? false } ?? true)
    }
    guard let rule else { return [] }
    var text = "TR \(number(repetition)) TE \(number(echo))"
    if inversion > 0 { text += " TI \(number(inversion))" }
    return rule.claims.map { Testimony($0.claim, $0.weight, "\(text) ms: \(rule.meaning)") }
  }

  private static func number(_ value: Double) -> String {
    let tenths = (value * 10).rounded() / 10
    return tenths == tenths.rounded() && abs(tenths) < 1e9 ? "\(Int(tenths))" : "\(tenths)"
  }

  // MARK: Sequence tags

  private static func sequence(_ acquisition: MRAcquisition) -> [Testimony] {
    var result: [Testimony] = []
    switch acquisition.acquisitionContrast {
    case "T1": result.append(Testimony(.weighting(.t1), 3, "acquisition contrast: T1"))
    case "T2": result.append(Testimony(.weighting(.t2), 3, "acquisition contrast: T2"))
    case "STIR":
      result.append(Testimony(.weighting(.t2), 3, "acquisition contrast: STIR"))
      result.append(Testimony(.fatSuppressed(true), 3, "acquisition contrast: STIR"))
    case "DIFFUSION": result.append(Testimony(.excluded(.diffusion), 3, "acquisition contrast: diffusion"))
    case "PROTON_DENSITY", "FLAIR", "T2_STAR", "FLUID_ATTENUATED", "TOF", "PHASE_CONTRAST", "PERFUSION", "SPIN_TAGGING":
      result.append(Testimony(.weighting(.other), 3, "acquisition contrast: neither T1 nor T2"))
    default: break
    }
    if let value = acquisition.diffusionBValue, value > 0 {
      result.append(Testimony(.excluded(.diffusion), 3, "a diffusion b-value"))
    }
    for name in [acquisition.sequenceName, acquisition.pulseSequenceName].compactMap({ $0 }) {
      let plain = String(name.lowercased().drop { !$0.isLetter })
      guard let rule = sequenceNames.first(where: { plain.hasPrefix($0.prefix) }) else { continue }
      result += rule.claims.map { Testimony($0.claim, $0.weight, "sequence name: \(rule.meaning)") }
    }
    if let component = acquisition.complexComponent, component == "PHASE" || component == "IMAGINARY" {
      result.append(Testimony(.excluded(.phaseImage), 3, "phase image"))
    }
    return result
  }

  private static func options(_ acquisition: MRAcquisition) -> [Testimony] {
    var result: [Testimony] = []
    let options = Set(
      acquisition.scanOptions.flatMap { $0.split(whereSeparator: { " /_".contains($0) }).map(String.init) })
    if !options.isDisjoint(with: ["FS", "SFS", "FATSAT", "SPIR", "SPAIR", "WE", "FSA", "FSI", "FSS"]) {
      result.append(Testimony(.fatSuppressed(true), 2.5, "scan options: fat saturation"))
    } else if !options.isEmpty {
      result.append(Testimony(.fatSuppressed(false), 0.5, "scan options name no fat saturation"))
    }
    switch acquisition.spectrallySelectedSuppression {
    case "FAT": result.append(Testimony(.fatSuppressed(true), 3, "spectral suppression of fat"))
    case "NONE": result.append(Testimony(.fatSuppressed(false), 1.5, "no spectral suppression"))
    case "WATER": result.append(Testimony(.excluded(.fatImage), 2, "spectral suppression of water"))
    default: break
    }
    return result
  }

  private static func types(_ values: [String]) -> [Testimony] {
    let present = Set(values.map { $0.uppercased() })
    return imageTypes.filter { !present.isDisjoint(with: $0.values) }.map {
      Testimony($0.claim, 2.5, "image type: \($0.meaning)")
    }
  }

  /// Few widely spaced slices of a fast gradient echo are a localizer.
  private static func geometry(_ series: ImageSeries) -> [Testimony] {
    var result: [Testimony] = []
    let acquisition = series.acquisition
    let isFast = acquisition.scanningSequence.contains("GR") && (acquisition.repetitionTime ?? 1e9) < 30
    if isFast, series.slices.count <= 9, series.geometry.spacing.z >= 8 || series.slices.count <= 3 {
      result.append(Testimony(.excluded(.localizer), 1.5, "a few slices of a fast gradient echo: localizer"))
    }
    if series.partLabel.contains("time point"), series.partCount > 3 {
      result.append(Testimony(.excluded(.dynamic), 2, "\(series.partCount) time points: dynamic series"))
    }
    return result
  }

  // MARK: Contrast attributes

  /// Ways to write that no agent was given.
  static let noAgent: Set<String> = [
    "", "NO", "NONE", "N", "N/A", "NA", "NIL", "0", "NO CONTRAST", "WITHOUT", "OHNE", "KEIN", "KEINE", "SANS", "SIN",
    "NON", "NICHT", "GEEN", "NESSUNO", "NENHUM", "NINGUNO", "AUCUN", "UNKNOWN", "NOT GIVEN", "NATIV",
  ]

  /// - Parameter studyHasAgent: whether another series of the study names an agent.
  static func contrast(_ series: ImageSeries, studyHasAgent: Bool) -> [Testimony] {
    var result: [Testimony] = []
    let module = series.representative.contrast
    if let administered = series.acquisition.contrastAdministered {
      result.append(
        Testimony(
          .contrast(administered ? .post : .pre), administered ? 3 : 2,
          administered ? "contrast usage: agent administered" : "contrast usage: agent not administered"))
    }
    if let agent = module.agent {
      if noAgent.contains(agent.uppercased().trimmingSpaces) {
        result.append(Testimony(.contrast(.pre), 0.5, "contrast tag says that no agent was given"))
      } else {
        result.append(Testimony(.contrast(.post), 2, "contrast tag names an agent"))
      }
    } else if studyHasAgent {
      result.append(Testimony(.contrast(.pre), 0.75, "no contrast tag, where other series of the study have one"))
    }
    if let volume = module.volume, volume > 0, module.agent == nil || noAgent.contains(module.agent!.uppercased()) {
      result.append(Testimony(.contrast(.post), 1, "contrast tag names a volume"))
    }
    return result
  }

  static func namesAgent(_ series: ImageSeries) -> Bool {
    guard let agent = series.representative.contrast.agent else { return false }
    return !noAgent.contains(agent.uppercased().trimmingSpaces)
  }
}

extension String {
  fileprivate var trimmingSpaces: String { NRRDHeader.trimmed(self) }
}
