/// The constants of the signal ratio.
public struct SignalParameters: Codable, Sendable, Hashable {
  /// b: hyperintense is a ratio above 1 + b. Ten per cent is what paraspinal muscle itself varies by from patch to
  /// patch and what readers let pass as isointense; the paper gives no number.
  public var hyperintenseBand = 0.10
  /// Below this signal-to-noise ratio (of the lesion or the muscle) the noise floor of magnitude images lifts the mean
  /// by more than 0.5 % (2 % at 5; Gudbjartsson and Patz, Magn Reson Med 1995), and the means are corrected.
  public var correctedSignalToNoise = 10.0
  /// Below this signal-to-noise ratio of muscle the correction itself is too unsure and there is no ratio.
  public var minimumSignalToNoise = 2.0
  /// Muscle is cut into about this many blocks to see how it varies from place to place.
  public var muscleBlocks = 12
  /// Smallest block, in voxels, so that noise does not pass for spread.
  public var minimumBlockVoxels = 16
  /// Relative spread from patch to patch taken where the muscle is too small to show one.
  public var assumedSpread = 0.05
  /// Relative standard error that no reference is free of: what muscle near one level differs by from the patient's
  /// muscle, beyond what its blocks show. Chosen on the phantom's development seeds, where intervals without it cover
  /// 0.80 where they are narrowest.
  public var muscleStandardError = 0.015
  /// A voxel of a muscle compartment is muscle within so many spreads of the most frequent local mean.
  public var pureMuscleWidth = 1.5
  /// Muscle of a compartment is read within this distance of the lesion's level, millimetres (a coil element's sensitivity changes
  /// little over it), where enough muscle lies there.
  public var muscleWindow = 20.0
  /// The coil's fall-off is read within this distance of the lesion's level, millimetres: about one coil element.
  public var coilWindow = 45.0
  /// Tissues deeper than the lesion by more than this, millimetres, do not show the coil: sagittal protocols saturate
  /// what lies in front of the spine. Beyond the tissues that were seen the fall-off is not carried farther either.
  public var coilReach = 25.0
  /// Bins of depth in which a tissue's median is taken, millimetres, and their fewest voxels.
  public var coilBin = 4.0
  public var coilMinimumBinVoxels = 12
  /// Standard deviation of a bin's median that the priors are weighed against, log signal: fat and vessels in tissues.
  public var coilTissueSpread = 0.03
  /// A bin's weight is halved where it lies so many of these spreads off (Cauchy's weight): an outline that left its bone.
  /// So is the prior's of a muscle at a depth of its own, where its offset is so many of the prior's deviations.
  public var coilOutlier = 2.5
  /// The least standard deviation of a bin's median, log signal, of which the error of the fall-off is reckoned.
  public var coilBinError = 0.02
  /// Prior standard deviation of the curvature of log sensitivity over (50 mm)^2, as a share of the slope over 50 mm: a
  /// bare loop of 100 mm radius has 0.3 to 0.05 at depths of 50 to 90 mm, and an array's fall-off is nearly exponential.
  public var coilCurvatureShare = 0.2
  /// Curvature that is allowed where the slope is none.
  public var coilCurvatureFloor = 0.02
  /// Prior standard deviation of the slope of log sensitivity over 50 mm: a bare loop of 100 mm radius has 0.7 at the
  /// depth of the spine, a vendor's normalization leaves a few tenths of it.
  public var coilSlopePrior = 0.5
  /// Prior standard deviation of the gradient that marrow itself has, log signal over 50 mm of depth.
  public var coilMarrowGradient = 0.1
  /// Prior standard deviation of the log signal of one muscle against another at a depth of its own: psoas holds less fat than the muscles
  /// of the back, whose fat fraction in patients is 0.1 to 0.3, and PureMuscle leaves a part of that.
  public var coilMuscleOffset = 0.04
  /// Share of the variance of a series' fall-off that the other series of the plane have with it: their errors correlate by
  /// 0.2 to 0.4 on the phantom's development seeds.
  public var coilSharedError = 0.5
  /// A larger effect is no coil's and is left alone.
  public var coilMaximumEffect = 1.0

  public init() {}
}
