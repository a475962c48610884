/// How a lesion is placed in the spine. Lengths in mm, shares of volumes. See Guides/location-and-extent.md.
public struct LocationParameters: Codable, Sendable, Equatable {
  /// A voxel this near to the bone's expected contour is not outside: a pixel of outlining and its partial volume.
  public var contourToleranceMm = 1.5
  /// Gaps and holes of the posterior elements up to twice this width belong to them.
  public var posteriorClosingMm = 3.0
  /// A body whose labelled volume falls below this share of its neighbours' is completed from their common outline.
  public var lostBodyShare = 0.7
  /// Extraosseous: this far beyond the contour (95th percentile of what lies outside), ...
  public var extraosseousReachMm = 2.5
  /// ... and at least this share and volume of the lesion.
  public var extraosseousShare = 0.02
  public var extraosseousVolumeMm3 = 40.0
  /// That share where the contour was found in pixels.
  public var foundExtraosseousShare = 0.04
  /// Posterior elements found in pixels have no contour. A lesion of theirs into which no thicker ball fits lies in
  /// bone (laminae and spinous processes are 6 to 10 mm thick), ...
  public var boneThicknessMm = 10.0
  /// ... and one with such a ball forms a mass: pedicles and articular processes reach 15 mm. Between is not told.
  public var massThicknessMm = 15.0
  /// A whole vertebra is involved from this share of its body, ...
  public var wholeVertebraShare = 0.8
  /// ... where the outline was found in pixels, from that share of the core that lies deeper than the contour's
  /// tolerance (mask and outline differ at the edge), with at least this share of the body, ...
  public var foundWholeShare = 0.55
  /// ... or from this share of a body that lost this much of its height (Genant's grade 2 begins at 25 %).
  public var collapsedVertebraShare = 0.5
  public var collapsePercent = 25.0
  /// Posterior elements are invaded from this share of the lesion and this volume.
  public var posteriorShare = 0.1
  public var posteriorVolumeMm3 = 60.0
  /// A level is involved from this share of the lesion's bone, or this share of its body.
  public var levelShare = 0.1
  public var levelBodyShare = 0.15
  /// Radius of the largest ball that fits over the radius of the ball of equal volume: below it a lesion follows the
  /// bone rather than forming a lump (a ball has 1, an ellipsoid of axes 2:1:1 has 0.79).
  public var lumpShare = 0.5
  /// Subligamentous: spread in front of or behind the bodies, thinner than this, ...
  public var subligamentousThicknessMm = 10.0
  /// ... and this many times longer along the spine than thick.
  public var subligamentousElongation = 2.5

  public init() {}
}
