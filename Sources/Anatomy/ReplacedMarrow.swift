internal import Imaging

/// Puts marrow back where drawn lesions replace it, so that end plates and outlines of bodies are found as they were.
///
/// A tumour that fills a body looks like anything but marrow, and its inside is full of edges; yet its drawing says that
/// this is one thing. Voxels of a lesion get the signal of healthy bodies nearby, but only as far to the front and to the
/// sides as a body reaches: a mass beyond the bone does not become bone. Where a lesion is longer than a body, discs may
/// lie in it, and only the boxes between the end plates found so far are restored.
struct ReplacedMarrow {
  let parameters: AnatomyParameters.Outline
  /// All series on the grid of the first.
  let stacks: [WorkingStack]
  let trace: CanalTrace

  private var axis: StraightSpine { trace.axis }
  private var area: Int { stacks[0].rows * stacks[0].columns }

  /// `nil` where no lesion lies in a body.
  func restored(lesions: [Region], boxes: [BodyBox]) -> [WorkingStack]? {
    guard !lesions.isEmpty, !boxes.isEmpty else { return nil }
    let filled = fill(lesions)
    let corridor = makeCorridor()
    let inBoxes = Set(boxes.flatMap { axis.offsets(of: $0, in: stacks[0]) })
    let isShort = shortLesions(count: lesions.count, filled: filled, corridor: corridor, boxes: boxes)
    let levels = boxes.map { healthySignals(of: $0, filled: filled) }
    var result = stacks
    var isChanged = false
    for offset in 0..<area where corridor.station[offset] >= 0 {
      let slices = corridor.slices(offset, stacks[0].slices)
      guard slices.contains(where: { filled[$0 * area + offset] != 0 }) else { continue }
      let station = Int(corridor.station[offset])
      for series in stacks.indices {
        guard let level = Self.level(at: station, boxes: boxes, levels: levels.map { $0[series] }) else { continue }
        for slice in slices {
          let lesion = Int(filled[slice * area + offset])
          guard lesion > 0, isShort[lesion - 1] || inBoxes.contains(offset) else { continue }
          result[series].voxels[slice * area + offset] = level
          isChanged = true
        }
      }
    }
    return isChanged ? result : nil
  }

  /// The number of the lesion, from 1, in whose drawing each voxel of the first stack's grid lies; 0 for none.
  private func fill(_ lesions: [Region]) -> [UInt16] {
    let grid = stacks[0].geometry
    var filled = [UInt16](repeating: 0, count: grid.count)
    for (number, lesion) in lesions.prefix(Int(UInt16.max) - 1).enumerated() {
      guard let box = VoxelBox(of: lesion, on: grid) else { continue }
      for slice in box.slices {
        for row in box.rows {
          for column in box.columns
          where lesion.contains(grid.position(column: Double(column), row: Double(row), slice: slice)) {
            filled[grid.offset(column: column, row: row, slice: slice)] = UInt16(number + 1)
          }
        }
      }
    }
    return filled
  }

  /// Where bodies and discs lie in the plane of the slices, whether or not they were found.
  private struct Corridor {
    /// The station of the axis for each pixel of a slice; -1 beside the spine.
    var station: [Int32]
    /// The middle slice at each station, and how many slices a body reaches to either side.
    var middle: [Int]
    var reach: [Int]

    func slices(_ offset: Int, _ count: Int) -> ClosedRange<Int> {
      let station = Int(station[offset])
      return max(0, middle[station] - reach[station])...min(count - 1, middle[station] + reach[station])
    }
  }

  private func makeCorridor() -> Corridor {
    let grid = stacks[0].geometry
    let middle = (0..<axis.count).map { axis.nearestSlice(s: Double($0), in: stacks[0]) }
    let reach = (0..<axis.count).map { Int(parameters.halfWidth * trace.axisBodyDepth[$0] / grid.spacing.z) }
    var corridor = Corridor(station: [Int32](repeating: -1, count: area), middle: middle, reach: reach)
    for station in 0..<axis.count {
      let back = trace.backOfBody(axisStation: station)
      for half in [0.0, 0.5] {
        for u in stride(from: back, through: back + trace.axisBodyDepth[station], by: axis.pixel / 2) {
          guard let offset = axis.offset(s: Double(station) + half, u: u, in: stacks[0]), corridor.station[offset] < 0
          else { continue }
          corridor.station[offset] = Int32(station)
        }
      }
    }
    return corridor
  }

  /// Whether each lesion is, along the spine, no longer than one body and its end plates.
  private func shortLesions(count: Int, filled: [UInt16], corridor: Corridor, boxes: [BodyBox]) -> [Bool] {
    var first = [Int](repeating: .max, count: count)
    var last = [Int](repeating: .min, count: count)
    for offset in 0..<area where corridor.station[offset] >= 0 {
      let station = Int(corridor.station[offset])
      for slice in corridor.slices(offset, stacks[0].slices) where filled[slice * area + offset] != 0 {
        let lesion = Int(filled[slice * area + offset]) - 1
        first[lesion] = min(first[lesion], station)
        last[lesion] = max(last[lesion], station)
      }
    }
    return (0..<count).map { lesion in
      guard first[lesion] <= last[lesion] else { return false }
      let near = Self.nearest(4, to: (first[lesion] + last[lesion]) / 2, boxes)
      let height = BodyBoxes.median(near.map { Double(boxes[$0].span.height) })
      return Double(last[lesion] - first[lesion]) <= parameters.longestReplaced * height
    }
  }

  /// The median signal of a box's healthy part in its middle slices, per series; `nil` where less than half is healthy.
  private func healthySignals(of box: BodyBox, filled: [UInt16]) -> [Float?] {
    let offsets = axis.offsets(of: box, in: stacks[0])
    let middle = Int(axis.slice(s: Double(box.span.top + box.span.bottom) / 2).rounded())
    let central = max(0, middle - 1)...max(0, min(stacks[0].slices - 1, middle + 1))
    let healthy = central.flatMap { slice in offsets.map { slice * area + $0 } }.filter { filled[$0] == 0 }
    guard !healthy.isEmpty, healthy.count * 2 > offsets.count * central.count else {
      return stacks.map { _ in nil }
    }
    return stacks.map { stack in
      let signals = healthy.map { stack.voxels[$0] }.sorted()
      return signals[signals.count / 2]
    }
  }

  /// The median of the four nearest bodies that have a level.
  private static func level(at station: Int, boxes: [BodyBox], levels: [Float?]) -> Float? {
    let known = boxes.indices.filter { levels[$0] != nil }
    let near = nearest(4, to: station, known.map { boxes[$0] }).compactMap { levels[known[$0]] }.sorted()
    return near.isEmpty ? nil : near[near.count / 2]
  }

  private static func nearest(_ count: Int, to station: Int, _ boxes: [BodyBox]) -> [Int] {
    let distance = { (box: BodyBox) in abs((box.span.top + box.span.bottom) / 2 - station) }
    return Array(
      boxes.indices.sorted { (distance(boxes[$0]), $0) < (distance(boxes[$1]), $1) }.prefix(count))
  }
}

extension VoxelBox {
  /// The voxels of a grid that a region on another grid may reach; `nil` for none.
  fileprivate init?(of region: Region, on grid: VolumeGeometry) {
    let box = region.box
    var low = Vector3(.infinity, .infinity, .infinity)
    var high = low * -1
    for corner in 0..<8 {
      let column = Double(corner & 1 == 0 ? box.columns.lowerBound : box.columns.upperBound) - 0.5
      let row = Double(corner & 2 == 0 ? box.rows.lowerBound : box.rows.upperBound) - 0.5
      let slice = Double(corner & 4 == 0 ? box.slices.lowerBound : box.slices.upperBound) - 0.5
      let index = grid.index(ofPosition: region.geometry.position(ofIndex: Vector3(column, row, slice)))
      low = Vector3(min(low.x, index.x), min(low.y, index.y), min(low.z, index.z))
      high = Vector3(max(high.x, index.x), max(high.y, index.y), max(high.z, index.z))
    }
    guard [low.x, low.y, low.z, high.x, high.y, high.z].allSatisfy(\.isFinite) else { return nil }
    func range(_ low: Double, _ high: Double, _ count: Int) -> Range<Int> {
      let first = Int(min(max(low.rounded(.down), 0), Double(count)))
      return first..<max(first, Int(min(high.rounded(.up), Double(count - 1))) + 1)
    }
    self.init(
      columns: range(low.x, high.x, grid.columns), rows: range(low.y, high.y, grid.rows),
      slices: range(low.z, high.z, grid.slices))
    if isEmpty { return nil }
  }
}
