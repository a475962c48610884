import Imaging
import Kernels

/// The part of a bone grid about a core that growth may reach.
struct GrowthWindow {
  let columns: Range<Int>
  let rows: Range<Int>
  let slices: Range<Int>
  private let geometry: VolumeGeometry

  /// - Parameter reach: millimetres around the core.
  init(_ core: [Int], in geometry: VolumeGeometry, reach: Double) {
    self.geometry = geometry
    let plane = geometry.columns * geometry.rows
    func range(_ values: [Int], _ spacing: Double, _ count: Int) -> Range<Int> {
      let slack = Int(reach / spacing) + 1
      return max(0, (values.min() ?? 0) - slack)..<min(count, (values.max() ?? 0) + slack + 1)
    }
    columns = range(core.map { $0 % geometry.columns }, geometry.spacing.x, geometry.columns)
    rows = range(core.map { $0 % plane / geometry.columns }, geometry.spacing.y, geometry.rows)
    slices = range(core.map { $0 / plane }, geometry.spacing.z, geometry.slices)
  }

  var count: Int { columns.count * rows.count * slices.count }

  /// The place in the grid of a place in the window.
  func outer(_ inner: Int) -> Int {
    let column = inner % columns.count + columns.lowerBound
    let row = inner / columns.count % rows.count + rows.lowerBound
    let slice = inner / (columns.count * rows.count) + slices.lowerBound
    return (slice * geometry.rows + row) * geometry.columns + column
  }

  /// The place in the window of a place in the grid, which must lie in it.
  func inner(_ outer: Int) -> Int {
    let plane = geometry.columns * geometry.rows
    let column = outer % geometry.columns - columns.lowerBound
    let row = outer % plane / geometry.columns - rows.lowerBound
    let slice = outer / plane - slices.lowerBound
    return (slice * rows.count + row) * columns.count + column
  }

  /// Neighbours in the plane that lie in the window.
  func neighbours(_ inner: Int) -> [Int] {
    let (column, row) = (inner % columns.count, inner / columns.count % rows.count)
    var result: [Int] = []
    if column > 0 { result.append(inner - 1) }
    if column + 1 < columns.count { result.append(inner + 1) }
    if row > 0 { result.append(inner - columns.count) }
    if row + 1 < rows.count { result.append(inner + columns.count) }
    return result
  }

  /// The parts of a mask that hold any of some places.
  func connected(_ mask: [UInt8], to places: [Int]) -> [UInt8] {
    let parts = ConnectedComponents(
      mask: mask, columns: columns.count, rows: rows.count, slices: slices.count, connectivity: .faces)
    let wanted = Set(places.map { parts.labels[$0] })
    return parts.labels.map { $0 > 0 && wanted.contains($0) ? 1 : 0 }
  }

  /// The places of a mask that have at least so many of it among the nine about them in the plane.
  func withoutLoners(_ mask: [UInt8], least: Int) -> [UInt8] {
    let (across, down) = (columns.count, rows.count)
    return mask.indices.map { inner in
      let (column, row) = (inner % across, inner / across % down)
      guard mask[inner] != 0, column > 0, row > 0, column + 1 < across, row + 1 < down else { return 0 }
      var count = 0
      for y in -1...1 { for x in -1...1 { count += Int(mask[inner + y * across + x]) } }
      return count >= least ? 1 : 0
    }
  }

  /// A mask opened in each slice by a disc of so large a share of its greatest depth there, its corners kept.
  func opened(_ mask: [UInt8], share: Double, spacing: Vector3) -> [UInt8] {
    let flat = SIMD3(spacing.x, spacing.y, 1e6)
    let (across, down, through) = (columns.count, rows.count, slices.count)
    let depth = DistanceTransform.insideDistance(
      mask: mask, columns: across, rows: down, slices: through, spacing: flat, outsideIsBackground: true)
    var radii = [Float](repeating: 0, count: through)
    for inner in mask.indices { radii[inner / (across * down)] = max(radii[inner / (across * down)], depth[inner]) }
    for slice in radii.indices { radii[slice] *= Float(share) }
    let eroded = mask.indices.map { depth[$0] > radii[$0 / (across * down)] ? UInt8(1) : 0 }
    func near(_ places: [UInt8], _ factor: Float) -> [UInt8] {
      let distance = DistanceTransform.outsideDistance(
        mask: places, columns: across, rows: down, slices: through, spacing: flat)
      return mask.indices.map { mask[$0] != 0 && distance[$0] <= factor * radii[$0 / (across * down)] ? 1 : 0 }
    }
    // A disc does not reach a square corner by 0.42 of its radius.
    return near(near(eroded, 1), 0.45)
  }

  /// A mask with the holes that it encloses in a slice.
  func filled(_ mask: [UInt8]) -> [UInt8] {
    var result = mask
    let (across, plane) = (columns.count, columns.count * rows.count)
    for slice in 0..<slices.count {
      let range = (slice * plane)..<((slice + 1) * plane)
      guard mask[range].contains(1) else { continue }
      let parts = ConnectedComponents(
        mask: mask[range].map { $0 == 0 ? 1 : 0 }, columns: across, rows: rows.count, slices: 1, connectivity: .faces)
      var open: Set<Int32> = []
      for index in 0..<plane {
        let isBorder = index < across || index >= plane - across || index % across == 0 || index % across == across - 1
        if isBorder { open.insert(parts.labels[index]) }
      }
      for index in 0..<plane where parts.labels[index] > 0 && !open.contains(parts.labels[index]) {
        result[slice * plane + index] = 1
      }
    }
    return result
  }
}
