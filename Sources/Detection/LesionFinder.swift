public import Imaging
import Kernels

/// Finds lesions, and grows points to lesions, in one stretch of the spine. See Guides/candidates.md.
public struct LesionFinder: Sendable {
  private let field: Departures
  private let outside: [Float]

  /// - Parameters:
  ///   - series: the first one's grid carries the masks; no two of one kind.
  ///   - map: bodies at least, each with a level of its own (ordinal ones will do).
  /// - Throws: why nothing can be looked for.
  public init(
    _ series: [DetectionSeries], map: AnatomyMap, parameters: DetectionParameters
  ) throws(DetectionFailure) {
    guard let first = series.first else { throw .noSeries }
    guard
      let bones = BoneGrid(
        map, on: first.volume.geometry, margin: parameters.beyondReach, edge: parameters.fieldEdgeShare)
    else {
      throw .tooFewBodies(0)
    }
    field = try Departures(series, bones, parameters)
    let mask = bones.structures.indices.map { bones.isBone($0) ? UInt8(1) : 0 }
    outside = DistanceTransform.outsideDistance(
      mask: mask, columns: bones.geometry.columns, rows: bones.geometry.rows, slices: bones.geometry.slices,
      spacing: SIMD3(bones.geometry.spacing.x, bones.geometry.spacing.y, bones.geometry.spacing.z))
  }

  /// Candidates, the highest score first; those below `minimumScore` are left out.
  public func candidates() -> [DetectedLesion] {
    let (bones, parameters) = (field.bones, field.parameters)
    let geometry = bones.geometry
    var mask = [UInt8](repeating: 0, count: geometry.count)
    for offset in mask.indices where isCore(offset) { mask[offset] = 1 }
    let parts = ConnectedComponents(
      mask: mask, columns: geometry.columns, rows: geometry.rows, slices: geometry.slices, connectivity: .faces)
    var cores = [[Int]](repeating: [], count: parts.count)
    for offset in parts.labels.indices where parts.labels[offset] > 0 {
      cores[Int(parts.labels[offset]) - 1].append(offset)
    }
    cores = cores.filter { core in
      let inArch = core.reduce(0) { $0 + (bones.archDepth[$1] > 0 ? 1 : 0) }
      let least = 2 * inArch > core.count ? parameters.archVolume : parameters.coreVolume
      return Double(core.count) * geometry.voxelVolume >= least
    }
    var taken = [UInt8](repeating: 0, count: geometry.count)
    var found: [DetectedLesion] = []
    for core in cores.sorted(by: { ($1.count, $0[0]) < ($0.count, $1[0]) }) {
      if 2 * core.reduce(0, { $0 + Int(taken[$1]) }) > core.count { continue }
      guard let grown = LesionGrowth(field, core: core, outside: outside)?.grow() else { continue }
      let own = grown.offsets.filter { taken[$0] == 0 }
      let features = CandidateFeatures(own, core: core, field)
      guard (parameters.candidateVolume...parameters.seedVolume).contains(features.volume) else { continue }
      let score = features.score(parameters)
      guard score >= parameters.minimumScore else { continue }
      for offset in own { taken[offset] = 1 }
      found.append(
        DetectedLesion(region: region(own), score: score, evidence: features.words(isCut: grown.isCut)))
    }
    return found.sorted { ($1.score, $0.region.count) < ($0.score, $1.region.count) }
  }

  private func isCore(_ offset: Int) -> Bool {
    let (bones, parameters) = (field.bones, field.parameters)
    if Double(bones.depth[offset]) >= parameters.marrowDepth {
      return field.departure(offset) >= parameters.coreDeparture
    }
    return Double(bones.archDepth[offset]) >= parameters.archDepth
      && field.archDeparture(offset) >= parameters.archDeparture
  }

  /// The lesion about a point (LPS, mm).
  ///
  /// - Throws: why there is none, or none with a border.
  public func lesion(at seed: Vector3) throws(DetectionFailure) -> DetectedLesion {
    let (bones, parameters) = (field.bones, field.parameters)
    guard let place = bones.geometry.nearestVoxel(to: seed) else { throw .outside }
    let at = bones.geometry.offset(column: place.column, row: place.row, slice: place.slice)
    guard outside[at] <= 10 else { throw .outside }
    // The point stands for what a hand meant: the pixels around it in its slice.
    var core: [Int] = []
    let reach = 1.5
    for row in 0..<bones.geometry.rows {
      for column in 0..<bones.geometry.columns {
        let x = Double(column - place.column) * bones.geometry.spacing.x
        let y = Double(row - place.row) * bones.geometry.spacing.y
        if x * x + y * y <= reach * reach {
          core.append(bones.geometry.offset(column: column, row: row, slice: place.slice))
        }
      }
    }
    let departs = zip(field.models, field.levels(core)).contains { abs($1 ?? 0) >= 2 * $0.spread }
    guard departs, let grown = LesionGrowth(field, core: core, outside: outside)?.grow() else { throw .likeMarrow }
    let features = CandidateFeatures(grown.offsets, core: core, field)
    guard features.volume <= parameters.seedVolume else { throw .leaks(features.volume / 1000) }
    return DetectedLesion(
      region: region(grown.offsets), score: features.score(parameters), evidence: features.words(isCut: grown.isCut))
  }

  private func region(_ offsets: [Int]) -> Region {
    let box = field.bones.box
    var mask = [UInt8](repeating: 0, count: box.count)
    for offset in offsets { mask[offset] = 1 }
    return Region(
      geometry: field.bones.grid, columns: box.columns, rows: box.rows, slices: box.slices, members: mask)
  }
}
