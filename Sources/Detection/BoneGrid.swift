import Imaging
import Kernels

/// The bones of one stretch of the spine on the part of a series' grid that holds them.
struct BoneGrid {
  struct Body {
    var level: UInt8
    var offsets: [Int]
    var centroid: Vector3
    /// Unit vectors to the head and to the back.
    var up: Vector3
    var back: Vector3
    /// 5th and 95th percentile of the voxels along both, millimetres from the centroid.
    var heights: ClosedRange<Double>
    var depths: ClosedRange<Double>
  }

  let grid: VolumeGeometry
  let box: VoxelBox
  let geometry: VolumeGeometry
  /// `SpineStructure` of every voxel of the box.
  let structures: [UInt8]
  /// `VertebralLevel`, or the ordinal that keeps vertebrae apart; 0 where there is none.
  let levels: [UInt8]
  /// In-plane distance inside a body's own outline, millimetres; 0 outside and where marrow is not read.
  let depth: [Float]
  /// Whether a body's neighbour in the next slice, on either side, is no body any more.
  let isOutermost: [Bool]
  /// `depth` inside the posterior elements.
  let archDepth: [Float]
  let bodies: [Body]

  /// - Parameters:
  ///   - margin: millimetres around the bones that the box holds.
  ///   - edge: share of the field of view at the picture's edges where marrow is not read.
  init?(_ map: AnatomyMap, on grid: VolumeGeometry, margin: Double, edge: Double) {
    guard let box = Self.box(map, grid, margin) else { return nil }
    self.grid = grid
    self.box = box
    geometry = grid.subgrid(box)
    var structures = [UInt8](repeating: 0, count: geometry.count)
    var levels = structures
    for slice in 0..<geometry.slices {
      for row in 0..<geometry.rows {
        for column in 0..<geometry.columns {
          let point = geometry.position(column: Double(column), row: Double(row), slice: slice)
          guard let near = map.geometry.nearestVoxel(to: point) else { continue }
          let from = map.geometry.offset(column: near.column, row: near.row, slice: near.slice)
          let to = geometry.offset(column: column, row: row, slice: slice)
          structures[to] = map.structures[from]
          levels[to] = map.levels[from]
        }
      }
    }
    self.structures = structures
    self.levels = levels
    let isOutermost = Self.outermost(structures, geometry)
    self.isOutermost = isOutermost
    var depth = Self.depths(structures, levels, isOutermost, geometry)
    Self.clearEdges(&depth, box, grid, edge)
    self.depth = depth
    let arches = structures.map { $0 == SpineStructure.posteriorElements.rawValue ? UInt8(1) : 0 }
    var archDepth = DistanceTransform.insideDistance(
      mask: arches, columns: geometry.columns, rows: geometry.rows, slices: geometry.slices,
      spacing: SIMD3(geometry.spacing.x, geometry.spacing.y, 1e6), outsideIsBackground: true)
    Self.clearEdges(&archDepth, box, grid, edge)
    self.archDepth = archDepth
    bodies = Self.bodies(structures, levels, geometry)
  }

  func position(_ offset: Int) -> Vector3 {
    let plane = geometry.columns * geometry.rows
    return geometry.position(
      column: Double(offset % geometry.columns), row: Double(offset % plane / geometry.columns), slice: offset / plane)
  }

  func isBone(_ offset: Int) -> Bool {
    structures[offset] == SpineStructure.vertebralBody.rawValue
      || structures[offset] == SpineStructure.posteriorElements.rawValue
  }

  private static func box(_ map: AnatomyMap, _ grid: VolumeGeometry, _ margin: Double) -> VoxelBox? {
    var bounds = IndexBounds()
    var any = false
    for slice in 0..<map.geometry.slices {
      for row in 0..<map.geometry.rows {
        for column in 0..<map.geometry.columns {
          let structure = map.structures[map.geometry.offset(column: column, row: row, slice: slice)]
          guard
            structure == SpineStructure.vertebralBody.rawValue
              || structure == SpineStructure.posteriorElements.rawValue
          else { continue }
          any = true
          bounds.add(
            grid.index(ofPosition: map.geometry.position(column: Double(column), row: Double(row), slice: slice)))
        }
      }
    }
    guard any else { return nil }
    guard let columns = bounds.range(\.x, pad: margin / grid.spacing.x, count: grid.columns),
      let rows = bounds.range(\.y, pad: margin / grid.spacing.y, count: grid.rows),
      let slices = bounds.range(\.z, slack: 1, count: grid.slices)
    else { return nil }
    return VoxelBox(columns: columns, rows: rows, slices: slices)
  }

  /// These are mostly partial volume.
  private static func outermost(_ structures: [UInt8], _ geometry: VolumeGeometry) -> [Bool] {
    let plane = geometry.columns * geometry.rows
    let body = SpineStructure.vertebralBody.rawValue
    return structures.indices.map { offset in
      structures[offset] == body
        && [offset - plane, offset + plane].contains { structures.indices.contains($0) && structures[$0] != body }
    }
  }

  /// A border between two bodies that touch counts as a border of both.
  private static func depths(
    _ structures: [UInt8], _ levels: [UInt8], _ isOutermost: [Bool], _ geometry: VolumeGeometry
  ) -> [Float] {
    let body = SpineStructure.vertebralBody.rawValue
    var mask = [UInt8](repeating: 0, count: structures.count)
    for offset in mask.indices where structures[offset] == body && !isOutermost[offset] {
      let column = offset % geometry.columns
      let row = offset / geometry.columns % geometry.rows
      let isOwn = { (other: Int) in structures[other] != body || levels[other] == levels[offset] }
      if column + 1 < geometry.columns, !isOwn(offset + 1) { continue }
      if row + 1 < geometry.rows, !isOwn(offset + geometry.columns) { continue }
      mask[offset] = 1
    }
    let flat = SIMD3(geometry.spacing.x, geometry.spacing.y, 1e6)
    return DistanceTransform.insideDistance(
      mask: mask, columns: geometry.columns, rows: geometry.rows, slices: geometry.slices, spacing: flat,
      outsideIsBackground: true)
  }

  private static func clearEdges(
    _ depth: inout [Float], _ box: VoxelBox, _ grid: VolumeGeometry, _ edge: Double
  ) {
    let (across, down) = (edge * Double(grid.columns), edge * Double(grid.rows))
    for offset in depth.indices where depth[offset] > 0 {
      let column = Double(offset % box.columns.count + box.columns.lowerBound)
      let row = Double(offset / box.columns.count % box.rows.count + box.rows.lowerBound)
      if min(column, Double(grid.columns - 1) - column) < across || min(row, Double(grid.rows - 1) - row) < down {
        depth[offset] = 0
      }
    }
  }

  private static func bodies(_ structures: [UInt8], _ levels: [UInt8], _ geometry: VolumeGeometry) -> [Body] {
    var offsets: [UInt8: [Int]] = [:]
    for offset in structures.indices where structures[offset] == SpineStructure.vertebralBody.rawValue {
      offsets[levels[offset], default: []].append(offset)
    }
    let plane = geometry.columns * geometry.rows
    func position(_ offset: Int) -> Vector3 {
      geometry.position(
        column: Double(offset % geometry.columns), row: Double(offset % plane / geometry.columns), slice: offset / plane
      )
    }
    let keys = offsets.keys.sorted()
    let centroids = keys.map { key -> Vector3 in
      let own = offsets[key] ?? []
      return own.reduce(Vector3.zero) { $0 + position($1) } / Double(own.count)
    }
    return keys.indices.map { index in
      let own = offsets[keys[index]] ?? []
      let along = centroids[max(index - 1, 0)] - centroids[min(index + 1, keys.count - 1)]
      let up = along.normalized ?? Vector3(0, 0, 1)
      let posterior = Vector3(0, 1, 0)
      let back = (posterior - up * posterior.dot(up)).normalized ?? posterior
      func range(_ axis: Vector3) -> ClosedRange<Double> {
        let values = own.map { (position($0) - centroids[index]).dot(axis) }.sorted()
        let cut = values.count / 20
        return values[cut]...values[values.count - 1 - cut]
      }
      return Body(
        level: keys[index], offsets: own, centroid: centroids[index], up: up, back: back, heights: range(up),
        depths: range(back))
    }
  }
}
