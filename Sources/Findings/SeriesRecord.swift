public import Imaging

/// One series as the engine understood it, with the evidence for its role.
public struct SeriesRecord: Codable, Sendable, Equatable {
  /// How the series' anatomy lies off that of the series that lesions were drawn on.
  public struct Shift: Codable, Sendable, Equatable {
    public var referenceSeriesInstanceUid: String
    /// What has to be added to a point of the reference to find it in the series.
    public var lpsMm: [Double]
    /// The same along the reference's rows and columns.
    public var inPlaneMm: [Double]
    public var standardErrorMm: [Double]
    /// Whether it was taken out before measuring.
    public var corrected: Bool

    public init(
      referenceSeriesInstanceUid: String, lpsMm: [Double], inPlaneMm: [Double], standardErrorMm: [Double],
      corrected: Bool
    ) {
      self.referenceSeriesInstanceUid = referenceSeriesInstanceUid
      self.lpsMm = lpsMm
      self.inPlaneMm = inPlaneMm
      self.standardErrorMm = standardErrorMm
      self.corrected = corrected
    }
  }

  public var seriesInstanceUid: String
  public var modality: String
  public var role: SeriesRole
  public var plane: Plane
  /// Degrees between the stack's normal and the nearest anatomical axis.
  @Nullable public var obliquityDeg: Double?
  public var weighting: Weighting
  public var contrast: ContrastPhase
  @Nullable public var fatSuppressed: Bool?
  public var wholeSpine = false
  @Nullable public var repetitionTimeMs: Double?
  @Nullable public var echoTimeMs: Double?
  public var slices: Int
  /// Between columns, between rows, slice centre to centre.
  @Nullable public var spacingMm: [Double]?
  @Nullable public var transferSyntax: String?
  @Nullable public var shift: Shift?
  public var evidence: [String] = []
  public var warnings: [String] = []
  public var reasons: [String: String]?

  public init(
    seriesInstanceUid: String, modality: String, role: SeriesRole, plane: Plane, weighting: Weighting,
    contrast: ContrastPhase, slices: Int
  ) {
    self.seriesInstanceUid = seriesInstanceUid
    self.modality = modality
    self.role = role
    self.plane = plane
    self.weighting = weighting
    self.contrast = contrast
    self.slices = slices
  }
}

/// The muscle that signal ratios refer to.
public struct ReferenceMuscleRecord: Codable, Sendable, Equatable {
  public enum Method: String, Codable, Sendable { case automatic, mask, anatomy, none }

  public struct PerSeries: Codable, Sendable, Equatable {
    public var seriesInstanceUid: String
    public var role: SeriesRole
    @Nullable public var mean: Double?
    @Nullable public var sd: Double?
    public var voxels = 0
    public var patches = 0
    /// Standard deviation of the patch means over their mean, in per cent.
    @Nullable public var patchSpreadPercent: Double?
    @Nullable public var snr: Double?
    /// Mean over the lesions of the difference in depth below the skin or from the coil, lesion minus muscle.
    @Nullable public var meanDepthDifferenceMm: Double?
    public var reasons: [String: String]?

    public init(seriesInstanceUid: String, role: SeriesRole) {
      self.seriesInstanceUid = seriesInstanceUid
      self.role = role
    }
  }

  public var method: Method
  public var perSeries: [PerSeries] = []
  public var reasons: [String: String]?

  public init(method: Method) { self.method = method }
}
