/// A box of voxels of a grid: ranges of columns, rows and slices.
public struct VoxelBox: Sendable, Hashable {
  public var columns: Range<Int>
  public var rows: Range<Int>
  public var slices: Range<Int>

  public init(columns: Range<Int>, rows: Range<Int>, slices: Range<Int>) {
    self.columns = columns
    self.rows = rows
    self.slices = slices
  }

  /// All voxels of a grid.
  public init(_ geometry: VolumeGeometry) {
    self.init(columns: 0..<geometry.columns, rows: 0..<geometry.rows, slices: 0..<geometry.slices)
  }

  public var isEmpty: Bool { columns.isEmpty || rows.isEmpty || slices.isEmpty }
  public var count: Int { columns.count * rows.count * slices.count }

  public func isInside(_ geometry: VolumeGeometry) -> Bool {
    columns.lowerBound >= 0 && rows.lowerBound >= 0 && slices.lowerBound >= 0
      && columns.upperBound <= geometry.columns && rows.upperBound <= geometry.rows
      && slices.upperBound <= geometry.slices
  }

  /// Whether all voxels of another box are among these.
  public func contains(_ other: VoxelBox) -> Bool {
    columns.lowerBound <= other.columns.lowerBound && columns.upperBound >= other.columns.upperBound
      && rows.lowerBound <= other.rows.lowerBound && rows.upperBound >= other.rows.upperBound
      && slices.lowerBound <= other.slices.lowerBound && slices.upperBound >= other.slices.upperBound
  }

  /// The smallest box with the voxels of both.
  public func union(_ other: VoxelBox) -> VoxelBox {
    let hull = { (a: Range<Int>, b: Range<Int>) in
      min(a.lowerBound, b.lowerBound)..<max(a.upperBound, b.upperBound)
    }
    return VoxelBox(
      columns: hull(columns, other.columns), rows: hull(rows, other.rows), slices: hull(slices, other.slices))
  }

  /// The smallest box with the voxels of all; `nil` for none.
  public static func hull(of boxes: [VoxelBox]) -> VoxelBox? {
    boxes.dropFirst().reduce(boxes.first) { $0?.union($1) }
  }

  /// The box with so many voxels more on every side, as far as the grid goes.
  public func grown(columns across: Int, rows down: Int, slices through: Int, in geometry: VolumeGeometry) -> VoxelBox {
    let grow = { (range: Range<Int>, by: Int, count: Int) in
      max(0, range.lowerBound - by)..<max(min(count, range.upperBound + by), max(0, range.lowerBound - by))
    }
    return VoxelBox(
      columns: grow(columns, across, geometry.columns), rows: grow(rows, down, geometry.rows),
      slices: grow(slices, through, geometry.slices))
  }
}
