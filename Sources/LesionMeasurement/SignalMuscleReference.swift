internal import Foundation
public import Imaging
public import Kernels

/// Muscle on one series, as the reference of signal ratios.
public struct MuscleReference: Sendable {
  /// A compact piece of muscle.
  public struct Block: Sendable, Equatable {
    public let centroid: Vector3
    public let mean: Double
    public let voxels: Int
  }

  /// Mean over all voxels.
  public private(set) var mean: Double
  /// Standard deviation over all voxels (divisor N).
  public let standardDeviation: Double
  public let voxels: Int
  /// Number of regions given.
  public let patches: Int
  /// The regions cut into compact blocks, so that a single large region shows its spread too.
  public private(set) var blocks: [Block]
  /// `nil` where the muscle is too small to show noise.
  public let noise: NoiseEstimate?
  public let parameters: SignalParameters

  /// Muscle's mean over sigma of the noise; `nil` without a noise estimate.
  public var signalToNoise: Double? { noise.map { mean / $0.sigma } }

  /// Standard deviation (divisor n - 1) of the block means over their mean, in per cent; `nil` for a single block.
  public var patchSpreadPercent: Double? {
    blockVariance.flatMap { mean > 0 ? 100 * $0.squareRoot() * coilFactor / mean : nil }
  }

  /// Standard error of the mean over the mean, the spread between blocks included; 0 where the mean is not positive.
  public var relativeStandardError: Double { mean > 0 ? varianceOfMean.variance.squareRoot() / mean : 0 }

  /// - Parameters:
  ///   - patches: regions on the volume's grid; empty ones are ignored.
  ///   - tiles: of whole slices of the series, in which air is looked for; `nil` for the volume's own.
  /// - Throws: `emptyRegion` where no voxel is left.
  public init(
    volume: Volume, patches: [Region], tiles: [TileMoments]? = nil, parameters: SignalParameters = SignalParameters()
  ) throws(MeasurementFailure) {
    try self.init(volume: volume, patches: MusclePatches(patches, parameters: parameters), tiles: tiles)
  }

  /// The same for regions that were made ready, on the volume's grid.
  public init(volume: Volume, patches: MusclePatches, tiles: [TileMoments]? = nil) throws(MeasurementFailure) {
    let values = try patches.values(of: volume)
    guard let moments = IntensityStatistics.moments(values) else { throw .emptyRegion }
    mean = moments.mean
    standardDeviation = moments.variance.squareRoot()
    voxels = values.count
    self.patches = patches.count
    parameters = patches.parameters
    noise = NoiseEstimate(volume: volume, pairs: patches.pairs, muscleMean: moments.mean, tiles: tiles)
    blocks = patches.blocks(values)
  }

  /// Mean posterior coordinate (LPS y) of the voxels.
  public var posteriorCoordinate: Double {
    let total = blocks.reduce(0) { $0 + Double($1.voxels) }
    return blocks.reduce(0) { $0 + Double($1.voxels) * $1.centroid.y } / max(total, 1e-12)
  }

  /// Factor by which the coil's fall-off was taken out of `mean`; 1 where it was not.
  public private(set) var coilFactor = 1.0
  private var coilRelativeError = 0.0

  /// The muscle as it would shine at the posterior coordinate `y`; itself where the tissues do not show the fall-off
  /// there, or a larger one than coils have.
  public func moved(to y: Double, by coil: CoilConsensus) -> MuscleReference {
    guard let (factor, error) = coil.factor(from: posteriorCoordinate, to: y), factor > 0,
      abs(log(factor)) <= parameters.coilMaximumEffect
    else { return self }
    var copy = self
    copy.coilFactor = factor
    copy.coilRelativeError = error
    copy.mean = mean * factor
    return copy
  }

  /// Variance of the mean, and its degrees of freedom: the blocks' own spread shared out over their effective
  /// number, the coil's error, and what no reference is free of.
  var varianceOfMean: (variance: Double, degreesOfFreedom: Double) {
    let noiseVariance = (noise?.covarianceSum ?? standardDeviation * standardDeviation) / Double(voxels)
    let common = pow(parameters.muscleStandardError, 2) + coilRelativeError * coilRelativeError
    let commonVariance = common * mean * mean
    guard let spread = blockVariance, effectiveBlocks > 1.5 else {
      let assumed = parameters.assumedSpread * mean
      return (assumed * assumed + noiseVariance + commonVariance, 4)
    }
    let own = max(spread / effectiveBlocks, noiseVariance) * coilFactor * coilFactor
    return (own + commonVariance, effectiveBlocks - 1)
  }

  private var effectiveBlocks: Double {
    let weights = blocks.map { Double($0.voxels) }
    let sum = weights.reduce(0, +)
    return sum * sum / weights.reduce(0) { $0 + $1 * $1 }
  }

  /// Variance of the block means about the mean, each block weighing by its voxels; unbiased for blocks of one size.
  private var blockVariance: Double? {
    let count = effectiveBlocks
    guard count > 1 else { return nil }
    let weights = blocks.map { Double($0.voxels) }
    let sum = weights.reduce(0, +)
    let centre = mean / coilFactor
    let squares = zip(blocks, weights).reduce(0) { $0 + $1.1 * ($1.0.mean - centre) * ($1.0.mean - centre) }
    return squares / sum * count / (count - 1)
  }
}
