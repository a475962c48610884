public import Imaging
internal import Kernels

/// Muscle regions on one grid, made ready for reading: which voxels, which block each belongs to, and which pairs show
/// the noise. Series that share a grid share it.
public struct MusclePatches: Sendable {
  /// Places of all voxels in a volume of the grid, region after region.
  public let voxels: [Int]
  /// Block of each voxel, and what is known of each block but its mean.
  let blockOfVoxel: [UInt16]
  let blocks: [(centroid: Vector3, voxels: Int)]
  /// Pairs of voxels in the plane, lag after lag.
  let pairs: MusclePairs
  /// Those that hold a voxel.
  public let regions: [Region]
  let parameters: SignalParameters

  /// - Parameter regions: on one grid; empty ones are ignored.
  public init(_ regions: [Region], parameters: SignalParameters = SignalParameters()) {
    self.regions = regions.filter { !$0.isEmpty }
    self.parameters = parameters
    let total = self.regions.reduce(0) { $0 + $1.count }
    var voxels: [Int] = []
    voxels.reserveCapacity(total)
    var blockOfVoxel: [UInt16] = []
    blockOfVoxel.reserveCapacity(total)
    var blocks: [(centroid: Vector3, voxels: Int)] = []
    for region in self.regions {
      voxels += region.offsets
      // The number of blocks in proportion to the region's share.
      let wanted = (Double(parameters.muscleBlocks) * Double(region.count) / Double(total)).rounded()
      let pieces = max(1, min(Int(wanted), region.count / max(1, parameters.minimumBlockVoxels)))
      let cut = MuscleBlocks(region, pieces: pieces).blocks()
      for piece in cut.ofVoxel { blockOfVoxel.append(UInt16(truncatingIfNeeded: blocks.count + Int(piece))) }
      blocks += cut.blocks
    }
    self.voxels = voxels
    self.blockOfVoxel = blockOfVoxel
    self.blocks = blocks
    pairs = MusclePairs(self.regions)
  }

  /// Number of regions that hold a voxel.
  public var count: Int { regions.count }

  /// The values of all voxels.
  func values(of volume: Volume) throws(MeasurementFailure) -> [Float] {
    guard let first = regions.first else { throw .emptyRegion }
    guard volume.geometry.hasSameGrid(as: first.geometry) else { throw .regionOnAnotherGrid }
    var values: [Float] = []
    values.reserveCapacity(voxels.count)
    for place in voxels { values.append(volume.voxels[place]) }
    for value in values where !value.isFinite { throw .notFinite }
    return values
  }

  /// Blocks with the means of these values.
  func blocks(_ values: [Float]) -> [MuscleReference.Block] {
    var sums = [Double](repeating: 0, count: blocks.count)
    for (value, block) in zip(values, blockOfVoxel) { sums[Int(block)] += Double(value) }
    return zip(blocks, sums).map { block, sum in
      MuscleReference.Block(centroid: block.centroid, mean: sum / Double(block.voxels), voxels: block.voxels)
    }
  }
}
