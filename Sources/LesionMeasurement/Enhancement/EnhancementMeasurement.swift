/// Numbers behind an enhancement pattern: all lengths in mm, all signals in units of muscle on the same series.
///
/// Measured in the acquisition plane on the slices that are not mostly partial volume. A value that cannot be measured
/// is `nil`; `limits` says why in words.
public struct EnhancementMeasurement: Sendable, Equatable {
  /// Slices that were read, by index in the series.
  public var slices: [Int] = []
  /// Pixels and area of the lesion on those slices.
  public var pixels = 0
  public var areaMm2 = 0.0
  /// Diameter of the circle of the largest slice's area.
  public var equivalentDiameterMm = 0.0
  /// Largest distance of a pixel from the outline.
  public var inscribedRadiusMm = 0.0
  /// Mean signal over muscle of the whole lesion, and the noise of one pixel over muscle.
  public var postRatio = 0.0
  public var postRatioRelativeStandardError = 0.0
  /// Signal over muscle before contrast where the double ratio was read; `nil` without it.
  public var preRatio: Double?
  public var noise = 0.0

  public var relative: RelativeEnhancement?
  public var texture: EnhancementTexture?
  public var rim: EnhancementRim?
  public var ridges: EnhancementRidges?
  /// The core against muscle on T1 and T2; `nil` without those series or without a core.
  public var core: EnhancementCore?
  /// Why a part is missing, or what makes it doubtful.
  public var limits: [String] = []

  public init() {}
}

/// (lesion / muscle) after contrast over (lesion / muscle) before.
public struct RelativeEnhancement: Sendable, Equatable {
  public var ratio: Double
  public var ci95: ClosedRange<Double>
  /// Fat in the lesion lost its signal to fat suppression between the two series, so the ratio is a lower bound.
  public var isLowerBound: Bool
  /// Pixels away from the edge that both ratios were read on; `nil` where they are those of the whole mask.
  public var pixels: Int?
  /// The ratio of a whole mask if a share of its signal came from what lies around the lesion.
  public var unmixed: Double?
}

/// Unevenness inside the lesion, away from its edge.
public struct EnhancementTexture: Sendable, Equatable {
  /// Standard deviation over mean, the noise's variance and a slope across the lesion taken out.
  public var coefficientOfVariation: Double
  /// Its standard error from the number of pixels and the noise.
  public var standardError: Double
  /// Pixels it was measured on.
  public var pixels: Int
  /// Share of the structured variance that a single slope or step across the lesion explains.
  public var slopeShare: Double
  /// The part of it that came with the contrast: the same coefficient of (post - E pre), with the signal of the same
  /// places on T1 before contrast and E the mean of post over that of pre; `nil` without that series there.
  public var ofContrast: Double?

  /// What decides: the part that came with the contrast where it is known. It is never more than the whole, since series
  /// that do not lie on each other only add to it.
  public var decisive: Double { min(coefficientOfVariation, ofContrast ?? coefficientOfVariation) }
}

/// The outer shell against the core.
public struct EnhancementRim: Sendable, Equatable {
  public var rim: Double
  public var core: Double
  /// Signal just outside the outline.
  public var outside: Double
  /// `rim / core`.
  public var ratio: Double
  /// `rim - core` over the standard error that noise alone would give it.
  public var significance: Double
  /// From the outline to the depth of half the contrast.
  public var thicknessMm: Double
  /// Share of the outline's directions in which the shell is brighter than the core.
  public var angularCompleteness: Double
  /// Share of the structured variance that depth under the outline alone explains.
  public var depthShare: Double
  /// `rim - core` over what ringing at the lesion's edge can reach.
  public var ringingRatio: Double
  /// Contrast of the weakest quarter of directions over the mean contrast.
  public var weakestSector: Double
  public var corePixels: Int
}

/// Bright curved lines inside the lesion.
public struct EnhancementRidges: Sendable, Equatable {
  /// Area of the lines over the area searched.
  public var areaFraction: Double
  /// Length of the centre lines over the area searched, mm / mm^2.
  public var lengthDensity: Double
  public var totalLengthMm: Double
  /// Median height of the lines above the tissue between them.
  public var height: Double
  /// (between + height) / between: how much brighter the lines are than the bag.
  public var contrast: Double
  /// Signal between the lines.
  public var bag: Double
  /// Unevenness between the lines, noise taken out, over the lines' height.
  public var bagUnevenness: Double
  /// The same unevenness over the bag's own signal.
  public var bagVariation: Double
  /// Share of the bag that is darker than its middle by 15 % and three standard deviations of the noise.
  public var bagDarkShare: Double
  /// Length-weighted mean of arc over chord of the branches.
  public var tortuosity: Double
  /// Lines (connected skeletons) long enough to count, and branches of all of them.
  public var lines: Int
  public var branches: Int
  /// Mean over the lines of length over width.
  public var elongation: Double
  /// 1 where all lines run the same way, 0 where they run in all directions.
  public var alignment: Double
  /// Spread of the height along the lines over its mean.
  public var heightVariation: Double
  /// Median width of the lines, from the scale of best response.
  public var widthMm: Double
}

/// The core of the lesion on the series before contrast, over muscle, and over the shell around it.
public struct EnhancementCore: Sendable, Equatable {
  public var t1Ratio: Double?
  public var t2Ratio: Double?
  public var t1ToShell: Double?
  public var t2ToShell: Double?
  public var t1StandardError: Double?
  public var t2StandardError: Double?
}
