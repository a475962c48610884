import Imaging

/// The statements about one series, and what they add up to.
struct Balance {
  private(set) var statements: [Testimony] = []
  private let parameters: RoleParameters

  init(_ parameters: RoleParameters) { self.parameters = parameters }

  mutating func add(_ new: [Testimony]) { statements += new }

  func claims(_ claim: Testimony.Claim) -> Double {
    statements.reduce(0) { $0 + ($1.claim == claim ? $1.weight : 0) }
  }

  // MARK: Decisions

  var weighting: Weighting {
    let values: [Weighting] = [.t1, .t2, .other]
    return decide(
      values.map { ($0, claims(.weighting($0))) }, support: parameters.weightingSupport, lead: parameters.weightingLead)
      ?? .unknown
  }

  /// An excluded series (diffusion, a map) is `other` unless its weighting is plain.
  var reportedWeighting: Weighting {
    switch exclusion {
    case .diffusion, .parameterMap, .phaseImage, .subtraction, .secondaryCapture, .projection, .fatImage: .other
    default: weighting
    }
  }

  var contrast: ContrastPhase {
    let values: [ContrastPhase] = [.pre, .post]
    return decide(
      values.map { ($0, claims(.contrast($0))) }, support: parameters.contrastSupport, lead: parameters.contrastLead)
      ?? .unknown
  }

  var fatSuppressed: Bool? {
    decide(
      [true, false].map { ($0, claims(.fatSuppressed($0))) }, support: parameters.fatSupport, lead: parameters.fatLead)
      ?? (claims(.fatSuppressed(true)) == 0 && weightingIsFromTags ? false : nil)
  }

  /// A complete header without any word of fat suppression means none.
  private var weightingIsFromTags: Bool { statements.contains { $0.words.hasPrefix("TR ") } }

  var mentionsPost: Bool { claims(.contrast(.post)) > 0 }

  var exclusion: SeriesExclusion? {
    let sums = SeriesExclusion.allCases.map { ($0, claims(.excluded($0))) }
    guard let best = sums.max(by: { $0.1 < $1.1 }), best.1 >= parameters.exclusionSupport else { return nil }
    return best.0
  }

  private func decide<Value>(_ sums: [(Value, Double)], support: Double, lead: Double) -> Value? {
    let sorted = sums.sorted { $0.1 > $1.1 }
    guard sorted[0].1 >= support, sorted[0].1 - sorted[1].1 >= lead else { return nil }
    return sorted[0].0
  }

  // MARK: Words

  /// Each statement once, the heaviest first, in the order heard among equals.
  var evidence: [String] {
    var seen = Set<String>()
    return statements.enumerated().sorted { ($1.element.weight, $0.offset) < ($0.element.weight, $1.offset) }
      .map(\.element.words).filter { seen.insert($0).inserted }
  }

  /// Properties whose losing value has support of its own.
  var contradictions: [String] {
    var result: [String] = []
    let weightings: [(String, Double)] = [
      ("T1", claims(.weighting(.t1))), ("T2", claims(.weighting(.t2))), ("other", claims(.weighting(.other))),
    ]
    let phases: [(String, Double)] = [
      ("before contrast agent", claims(.contrast(.pre))), ("after contrast agent", claims(.contrast(.post))),
    ]
    let fat: [(String, Double)] = [
      ("fat-suppressed", claims(.fatSuppressed(true))), ("not fat-suppressed", claims(.fatSuppressed(false))),
    ]
    for (name, sums, limit) in [
      ("weighting", weightings, parameters.contradiction), ("contrast", phases, parameters.contradiction / 2),
      ("fat suppression", fat, parameters.contradiction),
    ] {
      let sorted = sums.sorted { $0.1 > $1.1 }
      if sorted[1].1 >= limit {
        result.append("witnesses disagree about \(name): \(sorted[0].0) against \(sorted[1].0)")
      }
    }
    return result
  }

  // MARK: Pixels

  /// Whether the pixels should be heard: an MR series that may hold a role and leaves a question open, or whose
  /// witnesses contradict each other.
  func wantsPixels(_ series: ImageSeries) -> Bool {
    guard mayHoldRole(series) else { return false }
    return weighting == .unknown || weighting == .t1 && contrast == .unknown || !contradictions.isEmpty
      || fatSuppressed == nil
  }

  func mayHoldRole(_ series: ImageSeries) -> Bool {
    series.modality != "CT" && exclusion == nil && (series.plane == .sagittal || series.plane == .axial)
  }
}
