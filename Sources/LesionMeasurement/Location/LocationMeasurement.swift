public import Imaging

/// Where a lesion sits in the spine and how it spreads, from a label map: see `LocationReader`.
public struct LocationMeasurement: Sendable, Equatable {
  public enum Part: Sendable { case vertebralBody, posteriorElements }
  public enum Mass: Sendable { case none, expansile, subligamentous, infiltrative, indeterminate }
  /// Lesions without a border of their own: they have no size (the paper's rule), and their margin is ill-defined.
  public enum Borderless: Sendable { case wholeVertebra, posteriorInfiltration }

  public var centroid: Vector3
  /// The part that holds the epicentre, else the nearest, else the one most involved; `nil` without bone nearby.
  public var part: Part?
  /// The level most involved, and all that are, ascending; `nil` and none where the map's levels are ordinal.
  public var level: VertebralLevel?
  public var levels: [VertebralLevel] = []
  /// Share of the lesion's bone that lies in `level`.
  public var levelShare = 0.0
  /// Largest share of a body that the lesion replaces, the share of that body's core (what lies deeper than the
  /// contour's tolerance; `nil` where nothing does), and that body's loss of height (`nil` for none).
  public var replacedBodyShare: Double?
  public var replacedCoreShare: Double?
  public var collapsePercent: Double?
  public var isWholeVertebra = false
  /// Shares of the lesion's volume.
  public var bodyFraction = 0.0
  public var posteriorFraction = 0.0
  public var extraosseousFraction = 0.0
  public var epiduralFraction = 0.0
  public var paraspinalFraction = 0.0
  /// Lesion volume that the label map covers, over all of it.
  public var coveredFraction = 0.0
  public var posteriorInvaded = false
  /// 95th percentile of the distance from the bone's contour of what lies outside it; 0 for nothing outside.
  public var reachMm = 0.0
  /// `nil` where it cannot be told, and then the mass is indeterminate.
  public var isExtraosseous: Bool? = false
  public var mass = Mass.none
  /// The lesion's bone has an outline: posterior elements found in pixels are only an envelope, against which the
  /// fractions outside mean nothing.
  public var hasContour = true
  /// Diameter of the largest ball that fits into the lesion, up to a slice's step too small.
  public var thicknessMm = 0.0
  /// Largest inscribed ball's radius over that of the ball of equal volume.
  public var lump = 0.0
  /// Loss of the canal's cross-section at the narrowest, in per cent, and of its width front to back.
  public var canalNarrowingPercent: Double?
  public var canalNarrowingMm: Double?
  /// Posterior elements invaded, and no mass formed: the paper does not measure such a lesion.
  public var isPosteriorInfiltration = false

  public var borderless: Borderless? {
    isWholeVertebra ? .wholeVertebra : isPosteriorInfiltration ? .posteriorInfiltration : nil
  }

  public init(centroid: Vector3) { self.centroid = centroid }
}
