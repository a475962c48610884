/// How enhancement is measured. Lengths in mm, signals in units of muscle.
///
/// The scales and the floor of the ridge filter are physical: fixed in millimetres, muscle units and noise, never in
/// an image's own maximum. See Guides/enhancement.md.
public struct EnhancementParameters: Codable, Sendable, Equatable {
  /// Scales of the ridge filter: lines of 1 to 5 mm width (width at half height = 1.7 times the best scale).
  public var ridgeScalesMm = [0.7, 1.0, 1.4, 1.9, 2.5]
  /// Least height of a line over its surroundings, in muscle units.
  public var ridgeMinimumHeight = 0.15
  /// Least height of a line in standard deviations of the noise at its scale.
  public var ridgeMinimumSignificance = 4.0
  /// Lines grow from their seeds down to this share of the two limits above.
  public var ridgeGrowthShare = 0.6
  /// A line shorter than this is no line.
  public var ridgeMinimumLengthMm = 4.0
  /// Hairs of the skeleton shorter than this are cut.
  public var ridgeSpurMm = 1.6
  /// Ridges and texture are read this many pixels inside the outline.
  public var edgePixels = 1.5
  /// ... but at most this share of the inscribed radius.
  public var edgeShare = 0.35
  /// Slices smaller than this share of the largest are partial volume.
  public var sliceAreaShare = 0.4
  /// Directions in which the rim is looked for.
  public var rimSectors = 24
  /// Fewest pixels of a core.
  public var coreMinimumPixels = 4
  /// Fewest pixels for a texture, and of a slice that is read for it.
  public var textureMinimumPixels = 5
  public var textureMinimumSlicePixels = 4
  /// Coil fall-off and uneven fat suppression tilt a lesion by up to this share of its signal per millimetre; a steeper
  /// slope is the lesion's own.
  public var slopeLimitPerMm = 0.02
  /// Sections with at least this inscribed radius, in pixels, have pixels free of their surroundings.
  public var resolvedRadiusPixels = 1.6
  /// Fewest such pixels for a double ratio.
  public var interiorMinimumPixels = 4
  /// Share of a narrower lesion's signal that may have come from what lies around it.
  public var unresolvedMixing = 0.3
  /// The core is deeper than the first share of the greatest depth, its shell is not as deep as the second.
  public var coreDepthShare = 0.6
  public var shellDepthShare = 0.5
  /// A lesion with a smaller inscribed radius has no pattern.
  public var minimumInscribedRadiusMm = 1.0

  public init() {}
}
