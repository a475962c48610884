/// The constants of the signal ratio.
public struct SignalParameters: Codable, Sendable, Hashable {
  /// b: hyperintense is a ratio above 1 + b. Ten per cent is what paraspinal muscle itself varies by from patch to
  /// patch and what readers let pass as isointense; the paper gives no number.
  public var hyperintenseBand = 0.10
  /// Below this signal-to-noise ratio (of the lesion or the muscle) the noise floor of magnitude images lifts the mean
  /// by more than 2 % (Gudbjartsson and Patz, Magn Reson Med 1995), and the means are corrected.
  public var correctedSignalToNoise = 5.0
  /// Below this signal-to-noise ratio of muscle the correction itself is too unsure and there is no ratio.
  public var minimumSignalToNoise = 2.0
  /// Muscle is cut into about this many blocks to see how it varies from place to place.
  public var muscleBlocks = 12
  /// Smallest block, in voxels, so that noise does not pass for spread.
  public var minimumBlockVoxels = 16
  /// Relative spread from patch to patch taken where the muscle is too small to show one.
  public var assumedSpread = 0.05
  /// A voxel of a muscle compartment is muscle within so many spreads of the most frequent local mean.
  public var pureMuscleWidth = 1.5
  /// Muscle of a compartment is read within this distance of the lesion's level, millimetres (a coil element's sensitivity changes
  /// little over it), where enough muscle lies there.
  public var muscleWindow = 20.0
  /// The coil's fall-off is read within this distance of the lesion's level, millimetres: about one coil element.
  public var coilWindow = 45.0
  /// Bins of depth in which a tissue's median is taken, millimetres, and their fewest voxels.
  public var coilBin = 4.0
  public var coilMinimumBinVoxels = 12
  /// Prior standard deviation of the curvature of log sensitivity over (50 mm)^2: an array coil's fall-off is nearly
  /// exponential over the depth of the spine.
  public var coilCurvaturePrior = 0.15
  /// Prior standard deviation of the slope of log sensitivity over 50 mm: a bare loop of 100 mm radius has 0.7 at the
  /// depth of the spine, a vendor's normalization leaves a few tenths of it.
  public var coilSlopePrior = 0.5
  /// Prior standard deviation of the gradient that marrow itself has, log signal over 50 mm of depth.
  public var coilMarrowGradient = 0.1
  /// Prior standard deviation of the log signal of one muscle against another at a depth of its own: psoas holds less fat than the muscles
  /// of the back, whose fat fraction in patients is 0.1 to 0.3, and PureMuscle leaves a part of that.
  public var coilMuscleOffset = 0.04
  /// A larger effect is no coil's and is left alone.
  public var coilMaximumEffect = 1.0

  public init() {}
}
