internal import Imaging
internal import Kernels

extension Region {
  /// The connected parts (26 neighbours), the largest first; equal ones in memory order.
  func components() -> [Region] {
    let parts = ConnectedComponents(
      mask: members, columns: columns.count, rows: rows.count, slices: slices.count, connectivity: .corners)
    guard parts.sizes.count > 1 else { return isEmpty ? [] : [self] }
    let order = parts.sizes.indices.sorted { (parts.sizes[$1], $0) < (parts.sizes[$0], $1) }
    return order.map { part in
      Region(
        geometry: geometry, columns: columns, rows: rows, slices: slices,
        members: parts.labels.map { Int($0) == part + 1 ? 1 : 0 })
    }
  }
}
