import Imaging

/// Grows a core to a mask: half way between marrow and the core inside its bodies, and beyond them through what looks like
/// the core on every series.
struct LesionGrowth {
  /// What growth beyond the bodies does not enter: bodies have their own rule, and discs and the cord stop tumours.
  private static let stops = [SpineStructure.vertebralBody, .intervertebralDisc, .spinalCord].map(\.rawValue)

  private let field: Departures
  private let core: [Int]
  private let window: GrowthWindow
  private let levels: [Double?]
  private let weights: [Double]
  /// Places beyond the bodies that look like the core.
  private let beyond: [UInt8]
  /// 0 for marrow, 1 for the core, in the core's own bodies; negative elsewhere.
  private let shares: [Double]

  struct Grown {
    /// On the bone grid.
    var offsets: [Int]
    /// Whether growth beyond the bone was left out because it found no end.
    var isCut: Bool
  }

  /// `nil` where the core does not depart from marrow.
  ///
  /// - Parameter outside: distance of every place of the bone grid from the bones, millimetres.
  init?(_ field: Departures, core: [Int], outside: [Float]) {
    let (bones, parameters) = (field.bones, field.parameters)
    // The core's edge is blurred into marrow: its own level is that of the half that departs more.
    let departures = core.map { bones.depth[$0] > 0 ? field.departure($0) : field.archDeparture($0) }
    let middle = lowerMedian(departures) ?? 0
    let levels = field.levels(zip(core, departures).filter { $1 >= middle }.map { $0.0 })
    let weights = zip(levels, field.models).map { ($0 ?? 0) / ($1.spread * $1.spread) }
    let whole = zip(weights, levels).reduce(0) { $0 + $1.0 * ($1.1 ?? 0) }
    guard whole > 0 else { return nil }
    let window = GrowthWindow(core, in: bones.geometry, reach: parameters.reach)
    // Discs stop tumours: other bodies than the core's are other lesions.
    let own = Set(core.map { bones.levels[$0] })
    var shares = [Double](repeating: -1, count: window.count)
    var alike = [UInt8](repeating: 0, count: window.count)
    for inner in shares.indices {
      let outer = window.outer(inner)
      if bones.structures[outer] == SpineStructure.vertebralBody.rawValue {
        if own.contains(bones.levels[outer]) { shares[inner] = Self.share(outer, field, levels, weights) }
      } else if !Self.stops.contains(bones.structures[outer]), Double(outside[outer]) <= parameters.beyondReach,
        Self.isAlike(outer, field, levels)
      {
        alike[inner] = 1
      }
    }
    (self.field, self.core, self.window, self.levels, self.weights) = (field, core, window, levels, weights)
    self.shares = shares
    // Lone look-alikes are noise: most neighbours in the plane must be ones too.
    beyond = window.withoutLoners(alike, least: 6)
  }

  private static func share(_ outer: Int, _ field: Departures, _ levels: [Double?], _ weights: [Double]) -> Double {
    var (value, whole) = (0.0, 0.0)
    for (index, model) in field.models.enumerated() {
      let own = Double(model.departure[outer])
      guard let level = levels[index], own.isFinite else { continue }
      value += weights[index] * own
      whole += weights[index] * level
    }
    return whole > 0 ? value / whole : -1
  }

  private static func isAlike(_ outer: Int, _ field: Departures, _ levels: [Double?]) -> Bool {
    for (index, model) in field.models.enumerated() {
      guard let level = levels[index] else { continue }
      let own = Double(model.departure[outer])
      let tolerance = max(field.parameters.beyondShare * abs(level), field.parameters.beyondSpreads * model.spread)
      if !own.isFinite || abs(own - level) > tolerance { return false }
    }
    return true
  }

  /// The most stable of the masks at the published shares of the core's departure.
  func grow() -> Grown {
    let grown = field.parameters.growthShares.map(grow)
    let middle = grown.count / 2
    var best = (index: middle, value: -1.0)
    // From the middle outwards, so that equal stability takes the half level.
    for index in (1..<max(grown.count - 1, 1)).sorted(by: { abs($0 - middle) < abs($1 - middle) }) {
      let value =
        Self.dice(grown[index - 1].mask, grown[index].mask) + Self.dice(grown[index].mask, grown[index + 1].mask)
      if value > best.value + 0.05 { best = (index, value) }
    }
    let mask = window.filled(withCortex(withoutBranches(grown[best.index].mask)))
    return Grown(
      offsets: mask.indices.filter { mask[$0] != 0 }.map(window.outer), isCut: grown[best.index].isCut)
  }

  private static func dice(_ a: [UInt8], _ b: [UInt8]) -> Double {
    var (both, sum) = (0, 0)
    for index in a.indices {
      both += Int(a[index] & b[index])
      sum += Int(a[index]) + Int(b[index])
    }
    return sum > 0 ? 2 * Double(both) / Double(sum) : 0
  }

  private func grow(share wanted: Double) -> (mask: [UInt8], isCut: Bool) {
    let seeds = core.map(window.inner)
    // Near the wall muscle mixes in, which is dark on T1 and bright after fat suppression like a tumour.
    let depth = Float(field.parameters.growthDepth)
    var inBody = shares.indices.map {
      shares[$0] >= wanted && field.bones.depth[window.outer($0)] >= depth ? UInt8(1) : 0
    }
    inBody = window.withoutLoners(inBody, least: 5)
    for seed in seeds { inBody[seed] = 1 }
    let all = window.connected(zip(inBody, beyond).map { $0 | $1 }, to: seeds)
    var (inside, outside) = (0, 0)
    for inner in all.indices where all[inner] != 0 {
      if field.bones.isBone(window.outer(inner)) { inside += 1 } else { outside += 1 }
    }
    guard Double(outside) > field.parameters.beyondVolume * Double(max(inside, 1)) else { return (all, false) }
    return (window.connected(inBody, to: seeds), true)
  }

  /// What hangs on the lesion by half its own width or less within the body is a vein or another end plate's band.
  private func withoutBranches(_ mask: [UInt8]) -> [UInt8] {
    let inBody = mask.indices.map { mask[$0] != 0 && shares[$0] > -1 ? UInt8(1) : 0 }
    let opened = window.opened(inBody, share: field.parameters.branchShare, spacing: field.bones.geometry.spacing)
    var kept = mask.indices.map { inBody[$0] == 0 ? mask[$0] : opened[$0] }
    let seeds = core.map(window.inner).filter { kept[$0] != 0 }
    guard !seeds.isEmpty else { return mask }
    kept = window.connected(kept, to: seeds)
    return kept
  }

  /// Under the cortex, where the signal is mixed, a body's places follow the nearest marrow beneath them, and in a body's
  /// outermost slice those beside the mask that depart half way themselves.
  private func withCortex(_ mask: [UInt8]) -> [UInt8] {
    let bones = field.bones
    let depth = Float(field.parameters.growthDepth)
    let plane = window.columns.count * window.rows.count
    // 0: not yet told, 1: the lesion's, 2: not.
    var told = [UInt8](repeating: 2, count: mask.count)
    var open: [Int] = []
    for inner in mask.indices where shares[inner] > -1 || mask[inner] != 0 {
      if mask[inner] != 0 {
        told[inner] = 1
      } else if bones.isOutermost[window.outer(inner)] {
        let beside = [inner - plane, inner + plane].contains { mask.indices.contains($0) && mask[$0] != 0 }
        if beside, shares[inner] >= 0.5 { told[inner] = 1 }
      } else if bones.depth[window.outer(inner)] < depth {
        told[inner] = 0
        open.append(inner)
      }
    }
    for _ in 0..<Int((Double(depth) / min(bones.geometry.spacing.x, bones.geometry.spacing.y)).rounded(.up)) {
      var next: [(Int, UInt8)] = []
      for inner in open where told[inner] == 0 {
        let near = window.neighbours(inner).filter { shares[$0] > -1 }.map { told[$0] }
        if near.contains(1) { next.append((inner, 1)) } else if near.contains(2) { next.append((inner, 2)) }
      }
      for (inner, value) in next { told[inner] = value }
    }
    return told.map { $0 == 1 ? 1 : 0 }
  }
}
