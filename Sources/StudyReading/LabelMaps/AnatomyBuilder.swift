import Imaging

/// Collects the labels of a map, and at the end splits whole vertebrae into body and posterior elements.
struct AnatomyBuilder {
  private let geometry: VolumeGeometry
  private var structures: [UInt8]
  private var levels: [UInt8]
  /// Offsets of voxels of vertebrae that the map does not split.
  private var whole: [Int] = []

  /// Height of the bands in which the canal's front wall is looked for, in millimetres.
  private static let bandHeight = 3.0
  /// Share of a vertebra's depth, from its front, at which the canal begins where no canal is labelled: body 35 of 88 mm
  /// in the lumbar, 28 of 70 mm in the thoracic spine.
  private static let frontWallShare = 0.40

  init(geometry: VolumeGeometry) {
    self.geometry = geometry
    structures = [UInt8](repeating: 0, count: geometry.count)
    levels = structures
  }

  var isEmpty: Bool { whole.isEmpty && !structures.contains { $0 != 0 } }

  mutating func set(_ offset: Int, _ label: AnatomyLabel) {
    levels[offset] = label.level?.rawValue ?? 0
    switch label.part {
    case .structure(let structure): structures[offset] = structure.rawValue
    case .wholeVertebra:
      structures[offset] = SpineStructure.vertebralBody.rawValue
      whole.append(offset)
    }
  }

  /// The map; whole vertebrae are cut along the front wall of the canal (what lies behind it is posterior elements).
  mutating func finish(_ warnings: inout [String]) -> AnatomyMap {
    if !whole.isEmpty { split(&warnings) }
    return AnatomyMap(geometry: geometry, structures: structures, levels: levels)
  }

  // MARK: Splitting

  private func position(_ offset: Int) -> Vector3 {
    let plane = geometry.columns * geometry.rows
    return geometry.position(
      column: Double(offset % geometry.columns), row: Double(offset / geometry.columns % geometry.rows),
      slice: offset / plane)
  }

  private mutating func split(_ warnings: inout [String]) {
    var wall = FrontWall(bandHeight: Self.bandHeight)
    for offset in structures.indices
    where structures[offset] == SpineStructure.spinalCanal.rawValue
      || structures[offset] == SpineStructure.spinalCord.rawValue
    {
      wall.add(position(offset))
    }
    wall.close()
    var byLevel: [UInt8: [Int]] = [:]
    for offset in whole { byLevel[levels[offset], default: []].append(offset) }
    var guessed = 0
    let shares = byLevel.keys.sorted().compactMap { wall.share(of: byLevel[$0]!.map(position)) }.sorted()
    let share = shares.isEmpty ? Self.frontWallShare : shares[shares.count / 2]
    for level in byLevel.keys.sorted() {
      let offsets = byLevel[level]!
      let points = offsets.map(position)
      let ownFront = wall.covers(points) ? nil : Self.front(points, share: share)
      if ownFront != nil { guessed += 1 }
      for (offset, point) in zip(offsets, points) {
        let front = ownFront ?? wall.depth(at: point.z)
        if point.y >= front { structures[offset] = SpineStructure.posteriorElements.rawValue }
      }
    }
    if guessed > 0 {
      warnings.append(
        "\(guessed) vertebrae have no canal beside them in the label map: body and posterior elements were split by proportion"
      )
    }
  }

  /// Depth (LPS y) at a share of the way from a vertebra's front to its back, by the 2nd and 98th percentile.
  private static func front(_ points: [Vector3], share: Double) -> Double {
    let depths = points.map(\.y).sorted()
    let low = depths[depths.count * 2 / 100]
    let high = depths[depths.count * 98 / 100]
    return low + share * (high - low)
  }

  /// The front of the canal as a depth (LPS y) for each height (LPS z).
  private struct FrontWall {
    let bandHeight: Double
    private var bands: [Int: [Double]] = [:]
    private var fronts: [(height: Double, depth: Double)] = []

    init(bandHeight: Double) { self.bandHeight = bandHeight }

    mutating func add(_ point: Vector3) {
      bands[Int((point.z / bandHeight).rounded(.down)), default: []].append(point.y)
    }

    /// The 5th percentile of each band's depths, smoothed by the median of three bands.
    mutating func close() {
      let raw = bands.keys.sorted().map { band -> (height: Double, depth: Double) in
        let depths = bands[band]!.sorted()
        return ((Double(band) + 0.5) * bandHeight, depths[depths.count * 5 / 100])
      }
      fronts = raw.indices.map { index in
        let near = raw[max(0, index - 1)...min(raw.count - 1, index + 1)].map(\.depth).sorted()
        return (raw[index].height, near[near.count / 2])
      }
      bands = [:]
    }

    /// Interpolated between bands; beyond them the nearest band's depth.
    func depth(at height: Double) -> Double {
      guard let first = fronts.first, let last = fronts.last else { return .infinity }
      if height <= first.height { return first.depth }
      if height >= last.height { return last.depth }
      var low = 0
      var high = fronts.count - 1
      while high - low > 1 {
        let middle = (low + high) / 2
        if fronts[middle].height <= height { low = middle } else { high = middle }
      }
      let part = (height - fronts[low].height) / (fronts[high].height - fronts[low].height)
      return fronts[low].depth + part * (fronts[high].depth - fronts[low].depth)
    }

    /// Whether the canal reaches over at least half of a vertebra's height.
    func covers(_ points: [Vector3]) -> Bool {
      guard let first = fronts.first, let last = fronts.last else { return false }
      let heights = points.map(\.z).sorted()
      let low = heights[heights.count * 5 / 100]
      let high = heights[heights.count * 95 / 100]
      let shared = min(high, last.height + bandHeight / 2) - max(low, first.height - bandHeight / 2)
      return shared >= 0.5 * max(high - low, bandHeight / 2)
    }

    /// Where the wall lies between a covered vertebra's front and back, 0 to 1.
    func share(of points: [Vector3]) -> Double? {
      guard covers(points) else { return nil }
      let depths = points.map(\.y).sorted()
      let low = depths[depths.count * 2 / 100]
      let high = depths[depths.count * 98 / 100]
      let heights = points.map(\.z).sorted()
      let wall = depth(at: heights[heights.count / 2])
      guard high > low else { return nil }
      let share = (wall - low) / (high - low)
      return share > 0.15 && share < 0.85 ? share : nil
    }
  }
}
