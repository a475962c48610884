/// A set of voxels on a grid (one lesion, one muscle patch), stored in its bounding box.
///
/// The box runs over columns `columns`, rows `rows`, slices `slices` of `geometry`; `members` holds 1 for a voxel of
/// the set and 0 for the others, the column running fastest. An empty set has empty ranges.
public struct Region: Sendable, Hashable {
  public let geometry: VolumeGeometry
  public let columns: Range<Int>
  public let rows: Range<Int>
  public let slices: Range<Int>
  public let members: [UInt8]
  /// Number of voxels in the set.
  public let count: Int

  /// Crops a whole-grid mask (non-zero is inside) to its bounding box. Traps when `mask` does not fill the grid.
  public init(geometry: VolumeGeometry, mask: [UInt8]) {
    precondition(mask.count == geometry.count, "a mask needs one value for each voxel")
    self.init(
      geometry: geometry, columns: 0..<geometry.columns, rows: 0..<geometry.rows, slices: 0..<geometry.slices,
      members: mask)
  }

  /// Crops a mask given in a box (non-zero is inside) to the tight bounding box of its members.
  public init(
    geometry: VolumeGeometry, columns: Range<Int>, rows: Range<Int>, slices: Range<Int>, members: [UInt8]
  ) {
    precondition(members.count == columns.count * rows.count * slices.count, "the members must fill their box")
    precondition(
      columns.lowerBound >= 0 && rows.lowerBound >= 0 && slices.lowerBound >= 0
        && columns.upperBound <= geometry.columns && rows.upperBound <= geometry.rows
        && slices.upperBound <= geometry.slices, "the box must lie in the grid")
    var count = 0
    var low = (columns.count, rows.count, slices.count)
    var high = (-1, -1, -1)
    var offset = 0
    for slice in 0..<slices.count {
      for row in 0..<rows.count {
        for column in 0..<columns.count {
          if members[offset] != 0 {
            count += 1
            low = (min(low.0, column), min(low.1, row), min(low.2, slice))
            high = (max(high.0, column), max(high.1, row), max(high.2, slice))
          }
          offset += 1
        }
      }
    }
    self.geometry = geometry
    self.count = count
    guard count > 0 else {
      self.columns = 0..<0
      self.rows = 0..<0
      self.slices = 0..<0
      self.members = []
      return
    }
    self.columns = (columns.lowerBound + low.0)..<(columns.lowerBound + high.0 + 1)
    self.rows = (rows.lowerBound + low.1)..<(rows.lowerBound + high.1 + 1)
    self.slices = (slices.lowerBound + low.2)..<(slices.lowerBound + high.2 + 1)
    var cropped: [UInt8] = []
    cropped.reserveCapacity(self.columns.count * self.rows.count * self.slices.count)
    for slice in low.2...high.2 {
      for row in low.1...high.1 {
        let start = (slice * rows.count + row) * columns.count
        for column in low.0...high.0 { cropped.append(members[start + column] == 0 ? 0 : 1) }
      }
    }
    self.members = cropped
  }

  /// No voxel.
  public init(emptyOn geometry: VolumeGeometry) {
    self.init(geometry: geometry, columns: 0..<0, rows: 0..<0, slices: 0..<0, members: [])
  }

  private init(shifted region: Region, to geometry: VolumeGeometry, by origin: (Int, Int, Int)) {
    self.geometry = geometry
    columns = (region.columns.lowerBound - origin.0)..<(region.columns.upperBound - origin.0)
    rows = (region.rows.lowerBound - origin.1)..<(region.rows.upperBound - origin.1)
    slices = (region.slices.lowerBound - origin.2)..<(region.slices.upperBound - origin.2)
    members = region.members
    count = region.count
  }

  public var isEmpty: Bool { count == 0 }

  /// The bounding box; empty ranges for an empty set.
  public var box: VoxelBox { VoxelBox(columns: columns, rows: rows, slices: slices) }

  /// The members inside a box of the grid, on the box's own grid (`geometry.subgrid(box)`, which the caller has at
  /// hand). Costs nothing where the box holds them all.
  public func cropped(to box: VoxelBox, grid: VolumeGeometry) -> Region {
    precondition(
      grid.columns == box.columns.count && grid.rows == box.rows.count && grid.slices == box.slices.count,
      "the grid must be the box's")
    guard !isEmpty else {
      return Region(emptyOn: grid)
    }
    let origin = (box.columns.lowerBound, box.rows.lowerBound, box.slices.lowerBound)
    if box.contains(self.box) { return Region(shifted: self, to: grid, by: origin) }
    let kept = (
      columns.clamped(to: box.columns), rows.clamped(to: box.rows), slices.clamped(to: box.slices)
    )
    var inside: [UInt8] = []
    inside.reserveCapacity(kept.0.count * kept.1.count * kept.2.count)
    for slice in kept.2 {
      for row in kept.1 {
        for column in kept.0 { inside.append(members[boxOffset(column: column, row: row, slice: slice)]) }
      }
    }
    let moved = { (range: Range<Int>, by: Int) in
      range.isEmpty ? 0..<0 : (range.lowerBound - by)..<(range.upperBound - by)
    }
    return Region(
      geometry: grid, columns: moved(kept.0, origin.0), rows: moved(kept.1, origin.1),
      slices: moved(kept.2, origin.2), members: inside)
  }

  /// Whether a voxel of the grid belongs to the set; indices outside the box are outside the set.
  @inlinable public func contains(column: Int, row: Int, slice: Int) -> Bool {
    guard columns.contains(column), rows.contains(row), slices.contains(slice) else { return false }
    return members[boxOffset(column: column, row: row, slice: slice)] != 0
  }

  /// Whether the voxel nearest to a position belongs to the set.
  public func contains(_ position: Vector3) -> Bool {
    guard let (column, row, slice) = geometry.nearestVoxel(to: position) else { return false }
    return contains(column: column, row: row, slice: slice)
  }

  /// Places of the members in a volume of the grid, in memory order.
  public var offsets: [Int] {
    var offsets: [Int] = []
    offsets.reserveCapacity(count)
    forEachVoxel { column, row, slice in offsets.append(geometry.offset(column: column, row: row, slice: slice)) }
    return offsets
  }

  /// Place of a grid voxel inside `members`; the voxel must lie in the box.
  @inlinable public func boxOffset(column: Int, row: Int, slice: Int) -> Int {
    ((slice - slices.lowerBound) * rows.count + (row - rows.lowerBound)) * columns.count + (column - columns.lowerBound)
  }

  /// Calls `body` with (column, row, slice) of each member, in memory order.
  @inlinable public func forEachVoxel(_ body: (Int, Int, Int) -> Void) {
    var offset = 0
    for slice in slices {
      for row in rows {
        for column in columns {
          if members[offset] != 0 { body(column, row, slice) }
          offset += 1
        }
      }
    }
  }

  /// Mean of the members' centres in LPS millimetres; `nil` for an empty set.
  public var centroid: Vector3? {
    guard count > 0 else { return nil }
    var sum = Vector3.zero
    forEachVoxel { column, row, slice in
      sum += geometry.position(column: Double(column), row: Double(row), slice: slice)
    }
    return sum / Double(count)
  }

  /// Volume in cubic millimetres by voxel counting (IBSI YEKZ).
  public var volume: Double { Double(count) * geometry.voxelVolume }

  /// The members as a mask over the whole grid (1 inside, 0 outside).
  public func fullMask() -> [UInt8] {
    var mask = [UInt8](repeating: 0, count: geometry.count)
    forEachVoxel { column, row, slice in mask[geometry.offset(column: column, row: row, slice: slice)] = 1 }
    return mask
  }
}
