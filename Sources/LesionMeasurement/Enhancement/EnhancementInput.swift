public import Imaging

/// What one reading of enhancement takes.
public struct EnhancementInput: Sendable {
  /// Muscle on one series: the scale that every signal is measured in.
  public struct Reference: Sendable, Equatable {
    /// Mean signal of muscle, above zero.
    public var mean: Double
    /// Standard error of that mean over the mean, patch spread included.
    public var relativeStandardError: Double
    /// Standard deviation of the image's noise near the lesion, in the image's unit; 0 where it is not known.
    public var noise: Double

    public init(mean: Double, relativeStandardError: Double = 0, noise: Double) {
      self.mean = mean
      self.relativeStandardError = relativeStandardError
      self.noise = noise
    }
  }

  /// Signal of the same lesion over muscle before contrast.
  public struct PreContrast: Sendable, Equatable {
    public var ratioToMuscle: Double
    /// Standard error of the ratio over the ratio.
    public var relativeStandardError: Double
    /// Whether the pre-contrast series suppressed fat; `nil` where unknown.
    public var fatSuppressed: Bool?
    /// Whether sequence, repetition and echo time, fat suppression and geometry equal those of the post series.
    public var matchesPost: Bool

    public init(
      ratioToMuscle: Double, relativeStandardError: Double, fatSuppressed: Bool? = nil, matchesPost: Bool = false
    ) {
      self.ratioToMuscle = ratioToMuscle
      self.relativeStandardError = relativeStandardError
      self.fatSuppressed = fatSuppressed
      self.matchesPost = matchesPost
    }
  }

  /// Another weighting of the same lesion in the same frame of reference, read by position.
  public struct Companion: Sendable {
    public var volume: Volume
    public var muscle: Reference
    /// What has to be added to a point of the post-contrast series to find it here, patient space (LPS), mm; `nil`
    /// where it was not measured.
    public var shift: Vector3?

    public init(volume: Volume, muscle: Reference, shift: Vector3? = nil) {
      self.volume = volume
      self.muscle = muscle
      self.shift = shift
    }
  }

  /// The post-contrast T1 series, and the lesion on its grid.
  public var post: Volume
  public var region: Region
  public var muscle: Reference
  /// Whether the post-contrast series suppressed fat; `nil` where unknown.
  public var fatSuppressed: Bool?
  public var pre: PreContrast?
  public var t1: Companion?
  public var t2: Companion?

  public init(
    post: Volume, region: Region, muscle: Reference, fatSuppressed: Bool? = nil, pre: PreContrast? = nil,
    t1: Companion? = nil, t2: Companion? = nil
  ) {
    self.post = post
    self.region = region
    self.muscle = muscle
    self.fatSuppressed = fatSuppressed
    self.pre = pre
    self.t1 = t1
    self.t2 = t2
  }
}

extension EnhancementInput.Reference {
  /// The reference that the signal ratios of the same series use.
  public init(_ muscle: MuscleReference) {
    let error = muscle.mean > 0 ? muscle.varianceOfMean.variance.squareRoot() / muscle.mean : 0
    self.init(mean: muscle.mean, relativeStandardError: error, noise: muscle.noise?.sigma ?? 0)
  }
}

extension EnhancementInput.PreContrast {
  /// From the signal ratio of the series before contrast; `nil` where that has no ratio.
  public init?(_ signal: SignalMeasurement, fatSuppressed: Bool?, matchesPost: Bool = false) {
    guard let ratio = signal.ratio, ratio > 0 else { return nil }
    let width = signal.ratioInterval95.map { ($0.upperBound - $0.lowerBound) / (2 * 1.96 * ratio) }
    self.init(
      ratioToMuscle: ratio, relativeStandardError: width ?? 0.1, fatSuppressed: fatSuppressed,
      matchesPost: matchesPost)
  }
}
