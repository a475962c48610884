internal import Foundation
public import Imaging
internal import Kernels

/// How a surface coil's sensitivity falls off with depth, read from tissues that should have one signal each.
///
/// The spine coil lies flat under the supine patient, so that sensitivity depends on the distance from the table, the
/// posterior coordinate y. The signal of one tissue (paraspinal muscle; the marrow of one vertebra) at different y
/// shows the slope: log S = a(tissue) + b y + c y^2, fitted by reweighted least squares over the medians of 4 mm bins,
/// near the lesion's level, with a prior against curvature in proportion to the slope. Marrow has a gradient of its own
/// (it is fattier around the basivertebral vein), alike in all vertebrae: one unknown with a prior about zero. Muscles at
/// depths of their own (psoas in front of the spine) hold another share of fat than those of the back: an offset each,
/// with a prior about zero. What is wanted is only the difference between two depths, so the tissues' own brightness
/// drops out. Compare Wallner and Edelman's signal normalization of surface-coil images.
public struct CoilFallOff: Sendable {
  /// One voxel of a tissue.
  public struct Sample: Sendable {
    /// Which tissue: voxels of one group share their true signal. 0 is muscle, the others are marrow.
    public var group: Int
    /// Posterior coordinate (LPS y), millimetres.
    public var y: Double
    /// Superior coordinate (LPS z), millimetres.
    public var z: Double
    public var value: Float

    public init(group: Int, y: Double, z: Double, value: Float) {
      self.group = group
      self.y = y
      self.z = z
      self.value = value
    }
  }

  private let slope: Double
  private let curvature: Double
  /// Covariance of slope and curvature: (bb, bc, cc).
  private let covariance: (Double, Double, Double)
  /// Depths that the fall-off is carried to.
  private let range: ClosedRange<Double>
  private let origin: Double
  private static let unit = 50.0
  /// Of reweighting: weights of bins that lie apart have settled by then.
  private static let rounds = 6

  /// - Parameter place: centroid of the lesion; samples within the parameters' window of its level, and no deeper
  ///   than its reach, are used.
  /// - Returns: `nil` where the tissues do not reach over enough depth to show a slope.
  public init?(_ profile: CoilProfile, near place: Vector3, parameters: SignalParameters) {
    let tissues = profile.tissues(near: place)
    let depths = tissues.flatMap { tissue in tissue.bins.map(\.depth) }
    guard !tissues.isEmpty, depths.count >= tissues.count + 3 else { return nil }
    let origin = depths.reduce(0, +) / Double(depths.count)
    let offsets = tissues.indices.flatMap { group in
      (1..<tissues[group].muscles).map { (group: group, muscle: $0) }
    }
    let count = tissues.count + offsets.count + 3
    var rows: [(row: [Double], value: Double)] = []
    for (group, tissue) in tissues.enumerated() {
      for bin in tissue.bins {
        var row = [Double](repeating: 0, count: count)
        row[group] = 1
        if let offset = offsets.firstIndex(where: { $0 == (group, bin.muscle) }) { row[tissues.count + offset] = 1 }
        let scaled = (bin.depth - origin) / Self.unit
        row[count - 3] = tissue.isMarrow ? scaled : 0
        row[count - 2] = scaled
        row[count - 1] = scaled * scaled
        rows.append((row, log(bin.median)))
      }
    }
    let spread = parameters.coilTissueSpread
    var deviations = [Double?](repeating: nil, count: count)
    deviations[count - 3] = parameters.coilMarrowGradient
    deviations[count - 2] = parameters.coilSlopePrior
    // The curvature goes with the slope; a bin that is another tissue (an outline that left its bone) and the prior of a
    // muscle unlike the others lose their weight: from the prior's slope and equal weights to those that are found.
    var weights = [Double](repeating: 1, count: rows.count)
    var residuals: [Double] = []
    var solved: (unknowns: [Double], covariance: [[Double]])?
    for _ in 0..<Self.rounds {
      let slope = solved.map { abs($0.unknowns[count - 2]) } ?? parameters.coilSlopePrior
      deviations[count - 1] = max(parameters.coilCurvatureFloor, parameters.coilCurvatureShare * slope)
      for unknown in offsets.indices.map({ tissues.count + $0 }) {
        let offset = solved?.unknowns[unknown] ?? 0
        let weight = Self.cauchy(offset, parameters.coilOutlier * parameters.coilMuscleOffset)
        deviations[unknown] = parameters.coilMuscleOffset / weight.squareRoot()
      }
      var system = LeastSquares(unknowns: count)
      for (entry, weight) in zip(rows, weights) { system.add(entry.row, entry.value, weight: weight) }
      for (unknown, deviation) in deviations.enumerated() {
        if let deviation { system.addPrior(unknown: unknown, variance: pow(deviation / spread, 2)) }
      }
      guard let step = system.solve() else { return nil }
      residuals = rows.map { entry in
        entry.value - zip(entry.row, step.unknowns).reduce(0) { $0 + $1.0 * $1.1 }
      }
      weights = residuals.map { Self.cauchy($0, parameters.coilOutlier * spread) }
      solved = step
    }
    guard let (solution, inverse) = solved else { return nil }
    let squares = zip(residuals, weights).reduce(0) { $0 + $1.1 * $1.0 * $1.0 }
    let counted = weights.reduce(0, +) - Double(count)
    let variance = max(pow(parameters.coilBinError, 2), squares / max(1, counted))
    // The bins' errors are as large as they show, the priors' as they say, whatever the weights were.
    let covariance = { (i: Int, j: Int) in
      let priors = deviations.enumerated().reduce(0) { sum, entry in
        guard let deviation = entry.element else { return sum }
        return sum + inverse[i][entry.offset] * inverse[entry.offset][j] * pow(spread / deviation, 2)
      }
      return variance * inverse[i][j] + (spread * spread - variance) * priors
    }
    slope = solution[count - 2]
    curvature = solution[count - 1]
    self.covariance = (
      covariance(count - 2, count - 2), covariance(count - 2, count - 1), covariance(count - 1, count - 1)
    )
    range = ((depths.min() ?? 0) - parameters.coilReach)...((depths.max() ?? 0) + parameters.coilReach)
    self.origin = origin
  }

  /// Cauchy's weight of a deviation: a half at `scale`.
  private static func cauchy(_ deviation: Double, _ scale: Double) -> Double { 1 / (1 + pow(deviation / scale, 2)) }

  /// Sensitivity at `target` over that at `source` (posterior coordinates), and its relative standard error; `nil`
  /// where the target lies more than the parameters' reach beyond the tissues that were seen.
  public func factor(from source: Double, to target: Double) -> (factor: Double, relativeError: Double)? {
    guard range.contains(target) else { return nil }
    let (a, b) = ((source - origin) / Self.unit, (target - origin) / Self.unit)
    let (linear, square) = (b - a, b * b - a * a)
    let exponent = slope * linear + curvature * square
    let error =
      linear * linear * covariance.0 + 2 * linear * square * covariance.1 + square * square * covariance.2
    return (exp(exponent), max(0, error).squareRoot())
  }
}

/// The samples of a series by tissue and depth, binned once for all lesions.
public struct CoilProfile: Sendable {
  private struct Bin: Sendable {
    var depth: Double
    var levels: [Double] = []
    var values: [Float] = []
    /// Lowest and highest level, and the median of all values, which is wanted wherever the window holds them all.
    var span = 0.0...0.0
    var median = 0.0
  }

  /// Tissues in the order of their groups, bins by depth.
  private var tissues: [[Bin]] = []
  private let parameters: SignalParameters

  public init(_ samples: [CoilFallOff.Sample], parameters: SignalParameters) {
    self.parameters = parameters
    let bin = { (sample: CoilFallOff.Sample) in Int((sample.y / parameters.coilBin).rounded(.down)) }
    let places = samples.map(bin)
    let groups = (samples.map(\.group).max() ?? -1) + 1
    // Millimetres inside one patient: a span that no body has is no tissue's.
    guard let first = places.min(), let last = places.max(), last - first < 10_000, groups <= 1024 else { return }
    let bins = last - first + 1
    var all = (0..<(groups * bins)).map { index in
      Bin(depth: (Double(index % bins + first) + 0.5) * parameters.coilBin)
    }
    for (sample, place) in zip(samples, places) where sample.value > 0 {
      all[sample.group * bins + place - first].levels.append(sample.z)
      all[sample.group * bins + place - first].values.append(sample.value)
    }
    for group in 0..<groups {
      let kept = all[(group * bins)..<((group + 1) * bins)].filter { !$0.values.isEmpty }
      tissues.append(kept.map(Self.concluded))
    }
  }

  private static func concluded(_ bin: Bin) -> Bin {
    var bin = bin
    let ends = bin.levels.reduce((Double.infinity, -Double.infinity)) { (min($0.0, $1), max($0.1, $1)) }
    bin.span = ends.0...ends.1
    bin.median = Double(OrderStatistics.value(of: bin.values, rank: bin.values.count / 2))
    return bin
  }

  /// What is seen of a tissue near a level.
  struct Tissue {
    var isMarrow: Bool
    /// By depth; `muscle` counts the muscles that lie at depths of their own, the largest being 0.
    var bins: [(depth: Double, median: Double, muscle: Int)]
    var muscles: Int { 1 + (bins.map(\.muscle).max() ?? 0) }
  }

  /// Medians of the samples near a place and not far in front of it, for tissues that are seen in at least three bins.
  func tissues(near place: Vector3) -> [Tissue] {
    let window = (place.z - parameters.coilWindow)...(place.z + parameters.coilWindow)
    let fewest = max(1, parameters.coilMinimumBinVoxels)
    return tissues.enumerated().map { group, tissue in
      let bins = tissue.compactMap { bin -> (depth: Double, median: Double, muscle: Int)? in
        guard bin.depth > place.y - parameters.coilReach else { return nil }
        if window.contains(bin.span.lowerBound), window.contains(bin.span.upperBound) {
          return bin.values.count >= fewest ? (bin.depth, bin.median, 0) : nil
        }
        let near = zip(bin.levels, bin.values).filter { window.contains($0.0) }.map(\.1)
        guard near.count >= fewest else { return nil }
        return (bin.depth, Double(OrderStatistics.value(of: near, rank: near.count / 2)), 0)
      }
      let seen = Tissue(isMarrow: group > 0, bins: bins)
      return seen.isMarrow ? seen : toldApart(seen)
    }.filter { $0.bins.count >= 3 }
  }

  /// Numbers muscles that two empty bins or more lie between.
  private func toldApart(_ tissue: Tissue) -> Tissue {
    var tissue = tissue
    var runs: [Range<Int>] = []
    for index in tissue.bins.indices {
      if index > 0, tissue.bins[index].depth - tissue.bins[index - 1].depth < 2.5 * parameters.coilBin {
        runs[runs.count - 1] = runs[runs.count - 1].lowerBound..<(index + 1)
      } else {
        runs.append(index..<(index + 1))
      }
    }
    runs.sort { ($0.count, $1.lowerBound) > ($1.count, $0.lowerBound) }
    for (number, run) in runs.enumerated() {
      for index in run { tissue.bins[index].muscle = number }
    }
    return tissue
  }
}
