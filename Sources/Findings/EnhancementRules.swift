internal import Foundation
internal import LesionMeasurement

/// From the numbers of enhancement to the paper's patterns.
///
/// Each condition of a pattern is a soft threshold, a logistic curve `1 / (1 + exp(-(x - centre) / width))`; a pattern
/// that asks for several conditions is as sure as the weakest of them. The patterns are asked in the order worms-in-a-bag, rim,
/// non-enhancing, heterogeneous, homogeneous, each taking its share of what the ones before left over, so that the
/// five scores sum to one. The class is the largest score.
public struct EnhancementRules: Codable, Sendable, Equatable {
  /// A logistic threshold; `width` < 0 asks for values below the centre.
  public struct SoftThreshold: Codable, Sendable, Equatable {
    public var centre: Double
    public var width: Double

    public init(_ centre: Double, _ width: Double) {
      self.centre = centre
      self.width = width
    }

    func membership(_ value: Double) -> Double { 1 / (1 + exp(-max(-60, min(60, (value - centre) / width)))) }

    /// With a standard error of the value: a normal error of s widens the curve as a logistic one of 0.6 s would.
    func membership(_ value: Double, standardError: Double) -> Double {
      let wider = (width * width + 0.36 * standardError * standardError).squareRoot()
      return Self(centre, width < 0 ? -wider : wider).membership(value)
    }
  }

  /// Relative enhancement (double ratio to muscle) below which there is none: ten per cent, the band within which a
  /// signal counts as muscle's own; and from which it is strong.
  public var noneBelow = 1.1
  public var strongFrom = 1.8
  /// Uncertainty of ln(relative enhancement) beyond noise: muscle itself enhances by 3 to 8 %, fat suppression shifts.
  public var relativeEnhancementSpread = 0.06
  /// Relative enhancement below which a bright lesion has lost fat to fat suppression: a quarter of its signal or more.
  public var fatLossBelow = 0.75
  /// Signal over muscle that a lesion has before contrast where no series shows it (T1 of bone metastases).
  public var assumedPreRatio = 0.9
  public var assumedPreSpread = 0.15

  /// A lesion too small for a texture is called non-enhancing from this score.
  public var smallNoneScore = 0.8

  /// Heterogeneous: coefficient of variation with noise, slope and the unevenness before contrast taken out.
  public var heterogeneity = SoftThreshold(0.08, 0.01)
  /// ... unless so much of the unevenness is one slope or step across the lesion.
  public var slopeShareLimit = 0.9

  /// Rim: shell over core, directions covered, share of the structure that depth explains, and significance.
  public var rimRatio = SoftThreshold(1.2, 0.04)
  public var rimCompleteness = SoftThreshold(0.75, 0.06)
  public var rimDepthShare = SoftThreshold(0.4, 0.08)
  public var rimSignificance = SoftThreshold(4, 1)
  /// A rim is thicker than the ringing beside an edge, or rises well above it (9 % of the edge's step).
  public var rimThicknessPixels = SoftThreshold(1, 0.2)
  public var rimRingingRatio = SoftThreshold(2.5, 0.3)

  /// Worms in a bag: a large bag that itself enhances, lines well above it, enough of them, long, and the bag even between them.
  public var wormsDiameterMm = SoftThreshold(18, 1)
  public var wormsBagEnhancement = SoftThreshold(1.05, 0.03)
  public var wormsContrast = SoftThreshold(1.15, 0.03)
  public var wormsLengthDensity = SoftThreshold(0.03, 0.005)
  public var wormsAreaFraction = SoftThreshold(0.45, -0.02)
  public var wormsLines = SoftThreshold(3.5, 0.5)
  public var wormsElongation = SoftThreshold(3.7, 0.3)
  public var wormsBagUnevenness = SoftThreshold(0.35, -0.04)
  public var wormsBagVariation = SoftThreshold(0.085, -0.012)
  public var wormsBagDarkShare = SoftThreshold(0.04, -0.008)
  /// Only straight lines (stripes of trabeculae, rings beside an edge) are ruled out: a worm cut by a slice is seen over half a turn.
  public var wormsTortuosity = SoftThreshold(1.01, 0.005)
  public var wormsAlignment = SoftThreshold(0.8, -0.05)

  /// Sclerotic centre: core over muscle below these on T1 and on T2 (not hyperintense), and without a rim around it over
  /// its shell below this on both.
  public var scleroticT1Below = 1.1
  public var scleroticT2Below = 1.1
  public var scleroticToShell = 0.9

  public init() {}

  /// A pattern with its scores and the way to it in words.
  public struct Verdict: Sendable, Equatable {
    public var pattern: EnhancementRecord.Pattern
    public var degree: EnhancementRecord.Degree?
    public var scores: EnhancementRecord.Scores?
    public var scleroticCentre: Bool?
    public var evidence: [String]
    /// Why the pattern is indeterminate.
    public var reason: String?
  }
}
