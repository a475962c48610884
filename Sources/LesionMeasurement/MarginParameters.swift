/// The constants of the margin's reading. Those marked "calibrated" were chosen on analytic edges of known width (sharp
/// and blurred discs with noise, truncated k-space and thick slices) with seeds of their own; see Guides/margin.md.
public struct MarginParameters: Codable, Sendable, Hashable {
  /// Profiles reach this far to either side of the outline, in millimetres.
  public var reach = 5.0
  /// A profile is distinct when its contrast reaches this many times the noise of a pixel (Rose's criterion)...
  public var distinctContrast = 3.0
  /// ... and its width, 10 to 90 %, stays below this many millimetres (calibrated).
  public var distinctWidth = 2.6
  /// The lesion's edge may be this wide, 10 to 90 %, in millimetres, to be well defined (calibrated).
  public var wellDefinedWidth = 2.4
  /// Smallest share of distinct profiles of a well-defined margin (calibrated).
  public var wellDefinedFraction = 0.5
  /// Smallest solidity (area over that of the convex hull) and regularity of a smooth regular outline; deep lobes and
  /// spicules fall below, ellipses, beans and layers along the bones do not.
  public var minimumSolidity = 0.55
  public var minimumRegularity = 0.8
  /// One series is read for all places where its steps are plain (twice the distinct contrast, and this share of the
  /// profile explained) at this share of them, and in the median this share as wide as those of the plainest series.
  public var steeperExplained = 0.9
  public var steeperPlaces = 0.75
  public var steeperShare = 0.5
  /// Standard deviation of the scanner's own blur in pixels: between that of a box (0.29) and of a truncated k-space.
  public var pixelBlur = 0.36
  /// Slices are read where the lesion's area is at least this share of its largest, at most five of them.
  public var minimumAreaShare = 0.75
  /// Fewest profiles that allow a verdict, and most that are taken.
  public var minimumProfiles = 6
  public var maximumProfiles = 240

  public init() {}
}
