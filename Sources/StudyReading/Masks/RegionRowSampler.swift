import Imaging

/// Looks up rows of a target grid in a region: which of a row's voxel centres lie in the region's cells.
///
/// Grids of one patient mostly run along each other's axes. A row that stays in one row of the source needs one lookup
/// of its columns for all rows that begin alike; one that runs straight through the source's slices needs one lookup
/// for each slice that it meets.
struct RegionRowSampler {
  private enum Course { case alongRows, throughSlices, oblique }

  private let region: Region
  private let source: GridLookup
  private let course: Course
  /// From one target column to the next, along the source's rows, columns and normal, in millimetres.
  private let across: Double
  private let down: Double
  private let depth: Double
  private var hint = 0
  /// Where each column falls in the region's box, for rows that begin at this place of this slice; -1 for none.
  private var mapped: [Int]
  private var mappedSlice = -1
  private var mappedStart = 0.0

  /// - Parameters:
  ///   - step: from one target column to the next.
  ///   - columns: how many columns a row has.
  init(_ region: Region, step: Vector3, columns: Int) {
    self.region = region
    source = GridLookup(region.geometry)
    let geometry = region.geometry
    across = step.dot(geometry.rowDirection)
    down = step.dot(geometry.columnDirection)
    depth = step.dot(geometry.sliceDirection)
    mapped = [Int](repeating: -1, count: columns)
    // A ten-millionth of a voxel over a whole row is no step.
    let stays = { (step: Double, spacing: Double) in abs(step) * Double(columns) < 1e-7 * spacing }
    let (x, y, z) = (
      stays(across, geometry.spacing.x), stays(down, geometry.spacing.y), stays(depth, geometry.spacing.z)
    )
    course = y && z ? .alongRows : x && y ? .throughSlices : .oblique
  }

  /// Marks the members among a row whose first voxel has its centre at `start`, from `offset` on.
  mutating func mark(start: Vector3, _ members: inout [UInt8], at offset: Int) {
    let first = (
      across: start.dot(region.geometry.rowDirection), down: start.dot(region.geometry.columnDirection),
      depth: source.depth(start)
    )
    switch course {
    case .alongRows: alongRow(first, &members, offset)
    case .throughSlices: throughSlices(first, &members, offset)
    case .oblique: oblique(first, &members, offset)
    }
  }

  private typealias Place = (across: Double, down: Double, depth: Double)

  private mutating func alongRow(_ first: Place, _ members: inout [UInt8], _ offset: Int) {
    let slice = source.slice(depth: first.depth, hint: hint)
    guard slice >= 0 else { return }
    hint = slice
    let row = source.row(first.down, slice: slice)
    guard region.rows.contains(row), region.slices.contains(slice) else { return }
    if slice != mappedSlice || abs(first.across - mappedStart) > 1e-9 * region.geometry.spacing.x {
      (mappedSlice, mappedStart) = (slice, first.across)
      for index in mapped.indices {
        let column = source.column(first.across + Double(index) * across, slice: slice)
        mapped[index] = region.columns.contains(column) ? column - region.columns.lowerBound : -1
      }
    }
    let line = region.boxOffset(column: region.columns.lowerBound, row: row, slice: slice)
    for index in mapped.indices where mapped[index] >= 0 && region.members[line + mapped[index]] != 0 {
      members[offset + index] = 1
    }
  }

  private mutating func throughSlices(_ first: Place, _ members: inout [UInt8], _ offset: Int) {
    var last = -1
    var isInside = false
    for index in mapped.indices {
      let slice = source.slice(depth: first.depth + Double(index) * depth, hint: hint)
      guard slice >= 0 else { continue }
      if slice != last {
        (last, hint) = (slice, slice)
        isInside = region.contains(
          column: source.column(first.across, slice: slice), row: source.row(first.down, slice: slice), slice: slice)
      }
      if isInside { members[offset + index] = 1 }
    }
  }

  private mutating func oblique(_ first: Place, _ members: inout [UInt8], _ offset: Int) {
    for index in mapped.indices {
      let place = Double(index)
      let slice = source.slice(depth: first.depth + place * depth, hint: hint)
      guard slice >= 0 else { continue }
      hint = slice
      let column = source.column(first.across + place * across, slice: slice)
      let row = source.row(first.down + place * down, slice: slice)
      if region.contains(column: column, row: row, slice: slice) { members[offset + index] = 1 }
    }
  }
}
