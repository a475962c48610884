public import Imaging

/// A small disc of muscle in one slice.
public struct MusclePatch: Sendable, Hashable {
  /// On the grid of the series.
  public var region: Region
  /// `posteriorParaspinalMuscle` or `psoasMuscle`.
  public var muscle: SpineStructure
  /// LPS millimetres.
  public var centre: Vector3
  /// Mean and standard deviation of the signal in the patch, in the series' units.
  public var mean: Double
  public var standardDeviation: Double
  /// Millimetres below the skin of the back, along the picture's front-to-back axis.
  public var depth: Double
}

/// Reference muscle of one series: patches that lie at the lesions' level and depth as far as muscle does.
public struct MuscleReference: Sendable {
  /// Best first; empty where no muscle was found, with the reason in `reason`.
  public var patches: [MusclePatch]
  /// All muscle that was found: of the back, and psoas (may be empty).
  public var compartments: [Region] = []
  /// Median over the patches of their means; `nil` without patches.
  public var mean: Double?
  /// Standard deviation of the patch means over their mean, in per cent; `nil` with fewer than two patches.
  public var spreadPercent: Double?
  /// Mean over the lesions of (depth of the lesion - mean depth of its patches), in millimetres; `nil` without lesions.
  public var meanDepthDifference: Double?
  /// 0 to 1: many patches that agree are trusted.
  public var quality: Double
  /// Why there are no patches or few.
  public var reason: String?
  public var warnings: [String]

  /// The `count` patches that match a lesion best in level, then depth.
  public func nearest(to lesion: Vector3, count: Int) -> [MusclePatch] {
    let cost = { (patch: MusclePatch) in abs(patch.centre.z - lesion.z) + 0.3 * abs(patch.centre.y - lesion.y) }
    return Array(
      patches.enumerated().sorted { (cost($0.element), $0.offset) < (cost($1.element), $1.offset) }
        .prefix(count).map(\.element))
  }

  static func none(_ reason: String) -> Self {
    Self(
      patches: [], mean: nil, spreadPercent: nil, meanDepthDifference: nil, quality: 0, reason: reason, warnings: [])
  }
}
