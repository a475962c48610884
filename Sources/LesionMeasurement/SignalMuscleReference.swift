internal import Foundation
public import Imaging
internal import Kernels

/// Muscle on one series, as the reference of signal ratios.
public struct MuscleReference: Sendable {
  /// A compact piece of muscle.
  public struct Block: Sendable, Equatable {
    public let centroid: Vector3
    public let mean: Double
    public let voxels: Int
    /// How much a voxel of the block counts; 1 unless re-weighted.
    public internal(set) var weight: Double
  }

  /// Mean over all voxels, each with its block's weight.
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

  /// - Parameter patches: regions on the volume's grid; empty ones are ignored.
  /// - Throws: `emptyRegion` where no voxel is left.
  public init(
    volume: Volume, patches: [Region], parameters: SignalParameters = SignalParameters()
  ) throws(MeasurementFailure) {
    let patches = patches.filter { !$0.isEmpty }
    var values: [Float] = []
    for patch in patches { values += try volume.values(in: patch) }
    guard let statistics = IntensityStatistics(values) else { throw .emptyRegion }
    mean = statistics.mean
    standardDeviation = statistics.standardDeviation
    voxels = values.count
    self.patches = patches.count
    self.parameters = parameters
    noise = NoiseEstimate(volume: volume, muscle: patches, muscleMean: statistics.mean)
    blocks = patches.flatMap {
      Self.cut($0, of: volume, total: values.count, parameters: parameters)
    }
  }

  /// The same muscle with other weights for its blocks, for example by their distance from a lesion in level and
  /// depth, where a surface coil's sensitivity falls off. Weights below 0 count as 0; `nil` where none is left.
  public func reweighted(by weight: (Vector3) -> Double) -> MuscleReference? {
    var copy = self
    for index in copy.blocks.indices { copy.blocks[index].weight = max(0, weight(copy.blocks[index].centroid)) }
    let total = copy.blocks.reduce(0) { $0 + $1.weight * Double($1.voxels) }
    guard total > 0, total.isFinite else { return nil }
    copy.mean = copy.blocks.reduce(0) { $0 + $1.weight * Double($1.voxels) * $1.mean } / total
    return copy
  }

  /// Mean posterior coordinate (LPS y) of the voxels, with their weights.
  public var posteriorCoordinate: Double {
    let total = blocks.reduce(0) { $0 + $1.weight * Double($1.voxels) }
    return blocks.reduce(0) { $0 + $1.weight * Double($1.voxels) * $1.centroid.y } / max(total, 1e-12)
  }

  /// Factor by which the coil's fall-off was taken out of `mean`; 1 where it was not.
  public private(set) var coilFactor = 1.0
  private var coilRelativeError = 0.0

  /// The muscle as it would shine at the posterior coordinate `y`, if the fall-off is significant; else itself.
  public func moved(to y: Double, by coil: CoilFallOff) -> MuscleReference {
    guard let (factor, error) = coil.factor(from: posteriorCoordinate, to: y), factor > 0 else { return self }
    let effect = abs(log(factor))
    guard effect >= parameters.coilMinimumEffect, effect <= parameters.coilMaximumEffect,
      effect >= parameters.coilMinimumSignificance * error
    else { return self }
    var copy = self
    copy.coilFactor = factor
    copy.coilRelativeError = error
    copy.mean = mean * factor
    return copy
  }

  /// Variance of the mean, and its degrees of freedom: the blocks' own spread shared out over their effective number.
  var varianceOfMean: (variance: Double, degreesOfFreedom: Double) {
    let noiseVariance = (noise?.covarianceSum ?? standardDeviation * standardDeviation) / Double(voxels)
    let coilVariance = coilRelativeError * coilRelativeError * mean * mean
    guard let spread = blockVariance, effectiveBlocks > 1.5 else {
      let assumed = parameters.assumedSpread * mean
      return (assumed * assumed + noiseVariance + coilVariance, 4)
    }
    return (max(spread / effectiveBlocks, noiseVariance) * coilFactor * coilFactor + coilVariance, effectiveBlocks - 1)
  }

  private var effectiveBlocks: Double {
    let weights = blocks.map { $0.weight * Double($0.voxels) }
    let sum = weights.reduce(0, +)
    return sum * sum / weights.reduce(0) { $0 + $1 * $1 }
  }

  /// Variance of the block means about their weighted mean, unbiased for equal weights.
  private var blockVariance: Double? {
    let count = effectiveBlocks
    guard count > 1 else { return nil }
    let weights = blocks.map { $0.weight * Double($0.voxels) }
    let sum = weights.reduce(0, +)
    let centre = mean / coilFactor
    let squares = zip(blocks, weights).reduce(0) { $0 + $1.1 * ($1.0.mean - centre) * ($1.0.mean - centre) }
    return squares / sum * count / (count - 1)
  }

  /// Cuts a patch along its longest axis into pieces of equal count, the number in proportion to its share.
  private static func cut(_ patch: Region, of volume: Volume, total: Int, parameters: SignalParameters) -> [Block] {
    let wanted = (Double(parameters.muscleBlocks) * Double(patch.count) / Double(total)).rounded()
    let pieces = max(1, min(Int(wanted), patch.count / max(1, parameters.minimumBlockVoxels)))
    var members: [(position: Vector3, value: Double)] = []
    members.reserveCapacity(patch.count)
    patch.forEachVoxel { column, row, slice in
      members.append(
        (
          patch.geometry.position(column: Double(column), row: Double(row), slice: slice),
          Double(volume[column, row, slice])
        ))
    }
    let axis = longestAxis(members.map(\.position))
    let along = members.map { $0.position.dot(axis) }
    // Ties keep memory order, so that the pieces do not depend on the sort.
    let order = members.indices.sorted { along[$0] != along[$1] ? along[$0] < along[$1] : $0 < $1 }
    return (0..<pieces).map { piece in
      let part = order[(order.count * piece / pieces)..<(order.count * (piece + 1) / pieces)]
      let sum = part.reduce((Vector3.zero, 0.0)) { ($0.0 + members[$1].position, $0.1 + members[$1].value) }
      let count = Double(part.count)
      return Block(centroid: sum.0 / count, mean: sum.1 / count, voxels: part.count, weight: 1)
    }
  }

  private static func longestAxis(_ points: [Vector3]) -> Vector3 {
    let centre = points.reduce(.zero, +) / Double(points.count)
    var square = Vector3.zero
    var mixed = Vector3.zero
    for point in points {
      let d = point - centre
      square += d * d
      mixed += Vector3(d.x * d.y, d.x * d.z, d.y * d.z)
    }
    return SymmetricEigen3(
      xx: square.x, yy: square.y, zz: square.z, xy: mixed.x, xz: mixed.y, yz: mixed.z
    ).vectors[0]
  }
}
