/// What the pixel witness looks for. Signals are relative to muscle on the same series.
///
/// Signals and sizes are physics and anatomy (Guides/series-roles.md); the ranks and shares that find the canal were
/// chosen on phantoms (random studies 1 to 8 and 101 to 180), where they stand between far apart groups.
public struct PixelParameters: Sendable, Codable, Equatable {
  /// Pixel edge of the common grid, millimetres: a third of the canal's depth.
  public var gridStep = 2.0
  /// The body is where a series reaches this share of its 99th percentile.
  public var bodyShare = 0.12
  /// Fluid is among the brightest tissue of one series, at this rank (0 to 1) of the body's voxels...
  public var fluidRank = 0.9
  /// ... and so much lower in rank on another.
  public var fluidRankDifference = 0.45
  /// The fluid of the canal as a whole: median rank on the bright series.
  public var canalRank = 0.95
  /// Where no canal is found, ranks are taken again of signals over their surroundings (a Gaussian of this standard
  /// deviation, millimetres), which takes the coil out; strips of fat then look like a canal sooner, and more is asked.
  public var surroundings = 20.0
  public var flattenedCanalRank = 0.965
  public var flattenedMinimumDepth = 6.0
  /// Largest share of the fluid in the first and last slice.
  public var flattenedEdgeShare = 0.06
  /// Muscle's median ranks: on the bright series between these, on the dark one at most the last.
  public var flattenedLowestMuscleRank = 0.3
  public var flattenedHighestMuscleRank = 0.8
  public var flattenedMuscleRank = 0.75
  /// Enough instead: so low a rank over its surroundings, where a bare coil makes all that lies near it bright.
  public var flattenedLocalMuscleRank = 0.5
  /// It runs through this share of the picture's height...
  public var canalHeightShare = 0.5
  /// ... as one, or where a mass interrupts it in pieces of this share, whose ends are in line within this distance, millimetres
  /// (the canal runs by less to the front or back between two pieces, and its own depth is 10 to 20).
  public var canalPieceShare = 0.2
  public var canalJoint = 20.0
  /// ... with a depth (front to back) and a width (left to right) between these, millimetres (dural sac: 10 to 20 by 12
  /// to 25).
  public var canalMinimumDepth = 5.0
  public var canalMaximumDepth = 18.0
  public var canalMinimumWidth = 8.0
  public var canalMaximumWidth = 32.0
  /// Muscle is looked for at these distances behind the canal and beside its middle, millimetres: multifidus and erector
  /// spinae.
  public var muscleNearestBehind = 8.0
  public var muscleFarthestBehind = 35.0
  public var muscleNearestBeside = 8.0
  public var muscleFarthestBeside = 26.0
  /// Muscle is no bright tissue of a series whose fluid is dark: highest median rank.
  public var muscleRank = 0.68
  /// Fluid at least this bright: T2. At most this bright: T1. Proton density lies between.
  public var brightFluid = 1.8
  public var darkFluid = 0.9
  /// Fat at least this bright: not suppressed. At most this bright: suppressed.
  public var brightFat = 1.5
  public var darkFat = 1.0
  /// Suppression takes fat this many times down, in this share of the body's voxels.
  public var suppressedRatio = 2.0
  public var suppressedShare = 0.015
  /// Contrast agent takes tissue this many times up over muscle, makes it this bright, and such parts and their sum have at
  /// least these volumes, cubic millimetres.
  public var enhancedRatio = 1.4
  public var enhancedSignal = 1.3
  public var enhancedPart = 100.0
  public var enhancedVolume = 200.0
  /// Fewest voxels of the grid from which a tissue's signal is read.
  public var fewestVoxels = 20
  /// Weights of the statements. Tissue that takes up contrast agent outweighs the order of acquisition, which only makes it
  /// likely.
  public var weightingWeight = 2.5
  public var fatWeight = 1.5
  public var contrastWeight = 3.0

  public init() {}
}
