import Imaging

/// What speaks for a grown region being a metastasis, and what it may be instead.
struct CandidateFeatures {
  var volume = 0.0
  /// Mean departure of the core, in spreads.
  var departure = 0.0
  /// Share of the region within 5 mm of an end plate, beyond what a region all over a body has.
  var endPlate = 0.0
  /// How far it lies where the basivertebral vein leaves the body, 0 to 1.
  var vein = 0.0
  /// How far it looks like marrow that makes blood: still brighter than muscle on T1, little enhancement, 0 to 1.
  var redMarrow = 0.0
  /// Brighter than marrow on T1, in spreads: fat, as in haemangiomas.
  var fat = 0.0
  /// Its core over it.
  var coreShare = 0.0
  /// It began in the posterior elements.
  var isArch = false
  /// Only T2 shows it.
  var isT2Alone = false
  /// Departures of the series in logarithms.
  var levels: [DetectionSeries.Kind: Double] = [:]

  /// - Parameter offsets: the grown region, on the bone grid.
  init(_ offsets: [Int], core: [Int], _ field: Departures) {
    let bones = field.bones
    volume = Double(offsets.count) * bones.geometry.voxelVolume
    let inArch = core.reduce(0) { $0 + (bones.depth[$1] > 0 ? 0 : 1) }
    isArch = 2 * inArch > core.count
    coreShare = min(1, Double(core.count) / Double(max(offsets.count, 1)))
    departure =
      core.reduce(0) { $0 + (isArch ? field.archDeparture($1) : field.departure($1)) } / Double(max(core.count, 1))
    for (model, level) in zip(field.models, field.levels(core)) { if let level { levels[model.kind] = level } }
    isT2Alone = levels[.t1] == nil && levels[.post] == nil
    if let t1 = field.models.first(where: { $0.kind == .t1 }), let level = levels[.t1] {
      fat = max(0, level / t1.spread)
      if let above = t1.aboveMuscle {
        let overMuscle = exponential(above + level)
        let enhancement = levels[.post].map { exponential($0) } ?? 1
        redMarrow = Self.ramp(overMuscle, 1.1, 1.35) * (1 - Self.ramp(enhancement, 1.2, 1.6))
      }
    }
    if !isArch { place(offsets, bones) }
  }

  static func ramp(_ value: Double, _ from: Double, _ to: Double) -> Double {
    min(1, max(0, (value - from) / (to - from)))
  }

  private mutating func place(_ offsets: [Int], _ bones: BoneGrid) {
    let points = offsets.map(bones.position)
    let centroid = points.reduce(Vector3.zero, +) / Double(max(points.count, 1))
    guard let body = bones.bodies.min(by: { ($0.centroid - centroid).length < ($1.centroid - centroid).length }) else {
      return
    }
    var near = 0
    for point in points {
      let height = (point - body.centroid).dot(body.up)
      if min(abs(height - body.heights.lowerBound), abs(height - body.heights.upperBound)) < 5
        || !body.heights.contains(height)
      {
        near += 1
      }
    }
    let share = Double(near) / Double(max(points.count, 1))
    endPlate = Self.ramp(share, 0.55, 0.9) * (1 - Self.ramp(volume, 2000, 6000))
    let relative = centroid - body.centroid
    let height = relative.dot(body.up) / (body.heights.upperBound - body.heights.lowerBound)
    let depth = relative.dot(body.back) / (body.depths.upperBound - body.depths.lowerBound)
    let side = (relative - body.up * relative.dot(body.up) - body.back * relative.dot(body.back)).length
    vein =
      (1 - Self.ramp(abs(height), 0.12, 0.25)) * Self.ramp(depth, 0.1, 0.3) * (1 - Self.ramp(side, 6, 12))
      * (1 - Self.ramp(volume, 500, 1500))
  }

  /// 0 to 1.
  func score(_ parameters: DetectionParameters) -> Double {
    var sum = parameters.scoreConstant
    sum += parameters.scoreVolume * naturalLogarithm(max(volume, 1) / 300)
    sum += parameters.scoreDeparture * naturalLogarithm(max(departure, 0.1) / 8)
    sum += parameters.scoreCoreShare * naturalLogarithm(max(coreShare, 0.01))
    sum += parameters.scoreT1Loss * min(max(0, -(levels[.t1] ?? 0)), 0.5)
    sum += parameters.scoreEnhancement * min(max(0, levels[.post] ?? 0), 0.6)
    sum -= parameters.scoreEndPlate * endPlate + parameters.scoreVein * vein + parameters.scoreRedMarrow * redMarrow
    sum -= parameters.scoreFat * min(fat, 1) + (isArch ? parameters.scoreArch : 0)
    let score = 1 / (1 + exponential(-sum))
    return isT2Alone ? min(score, parameters.t2Cap) : score
  }

  /// In words, most telling first.
  func words(isCut: Bool) -> [String] {
    var lines: [String] = []
    let parts = [(DetectionSeries.Kind.t1, "T1"), (.post, "T1 after contrast"), (.t2, "T2")].compactMap { kind, name in
      levels[kind].map { "\(percent(exponential($0))) % on \(name)" }
    }
    lines.append("signal against this patient's marrow: " + parts.joined(separator: ", "))
    lines.append("departs by \((departure * 10).rounded() / 10) spreads of the marrow, \(Int(volume.rounded())) mm3")
    if fat > 0.5 { lines.append("brighter than marrow on T1, as haemangiomas and fat are") }
    if endPlate > 0.3 { lines.append("lies along an end plate, as degeneration and Schmorl nodes do") }
    if vein > 0.3 { lines.append("lies where the basivertebral vein leaves the body") }
    if redMarrow > 0.3 { lines.append("brighter than muscle on T1 with little enhancement, as red marrow is") }
    if isT2Alone { lines.append("T2 alone shows it") }
    if isCut { lines.append("growth beyond the bone found no end and was left out") }
    return lines
  }

  private func percent(_ value: Double) -> Int { Int((value * 100).rounded()) }
}
