/// Where the voxels of a stack of parallel slices lie in the patient (LPS, millimetres).
///
/// Indices are zero-based and name voxel centres: `column` grows along `rowDirection`, `row` along `columnDirection`
/// (DICOM's words: a row's direction is the one in which its columns follow each other), `slice` along
/// `sliceDirection` = row x column. Voxel arrays are laid out with the column running fastest, then the row, then the
/// slice. Slices keep their own origins, so uneven spacing and sheared stacks are held exactly as the files say.
public struct VolumeGeometry: Sendable, Hashable {
  public let columns: Int
  public let rows: Int
  public let slices: Int
  /// Unit vector of growing column index.
  public let rowDirection: Vector3
  /// Unit vector of growing row index.
  public let columnDirection: Vector3
  /// Unit normal, `rowDirection` x `columnDirection`; slices are ordered along it.
  public let sliceDirection: Vector3
  /// Millimetres between columns, between rows, and between slice centres along the normal (the median over the
  /// stack; for one slice its thickness, as given by the caller).
  public let spacing: Vector3
  /// Centre of the voxel (column 0, row 0) of each slice, in millimetres.
  public let sliceOrigins: [Vector3]
  /// Frame of Reference UID (0020,0052); `nil` where the source has none, as in NIfTI.
  public let frameOfReferenceUID: String?

  public enum Failure: Error, Hashable, Sendable {
    case emptyGrid(columns: Int, rows: Int, slices: Int)
    case directionsNotOrthonormal(cosine: Double)
    case spacingNotPositive(Vector3)
    case originsDoNotMatchSlices(origins: Int, slices: Int)
    case slicesNotAscendingAlongNormal(slice: Int)
    case notFinite
  }

  /// - Parameters:
  ///   - rowDirection: normalized here; orthogonal to `columnDirection` within 0.001 (DICOM's printed precision),
  ///     after which the column direction is made exactly orthogonal.
  ///   - spacing: between columns, between rows, between slice centres, in millimetres.
  ///   - sliceOrigins: one for each slice, strictly ascending along row x column.
  public init(
    columns: Int, rows: Int, rowDirection: Vector3, columnDirection: Vector3, spacing: Vector3,
    sliceOrigins: [Vector3], frameOfReferenceUID: String? = nil
  ) throws(Failure) {
    guard columns > 0, rows > 0, !sliceOrigins.isEmpty else {
      throw .emptyGrid(columns: columns, rows: rows, slices: sliceOrigins.count)
    }
    guard let row = rowDirection.normalized, let column = columnDirection.normalized else { throw .notFinite }
    let cosine = row.dot(column)
    guard abs(cosine) <= 1e-3 else { throw .directionsNotOrthonormal(cosine: cosine) }
    guard spacing.x > 0, spacing.y > 0, spacing.z > 0 else { throw .spacingNotPositive(spacing) }
    guard let squared = (column - row * cosine).normalized, spacing.x.isFinite, spacing.y.isFinite, spacing.z.isFinite
    else { throw .notFinite }
    let normal = row.cross(squared)
    for index in sliceOrigins.indices {
      let origin = sliceOrigins[index]
      guard origin.x.isFinite, origin.y.isFinite, origin.z.isFinite else { throw .notFinite }
      if index > 0, (origin - sliceOrigins[index - 1]).dot(normal) <= 0 {
        throw .slicesNotAscendingAlongNormal(slice: index)
      }
    }
    self.columns = columns
    self.rows = rows
    self.slices = sliceOrigins.count
    self.rowDirection = row
    self.columnDirection = squared
    self.sliceDirection = normal
    self.spacing = spacing
    self.sliceOrigins = sliceOrigins
    self.frameOfReferenceUID = frameOfReferenceUID
  }

  /// An evenly spaced, unsheared stack that begins at `origin` (centre of voxel 0, 0, 0).
  public init(
    columns: Int, rows: Int, slices: Int, origin: Vector3, rowDirection: Vector3, columnDirection: Vector3,
    spacing: Vector3, frameOfReferenceUID: String? = nil
  ) throws(Failure) {
    guard slices > 0 else { throw .emptyGrid(columns: columns, rows: rows, slices: slices) }
    guard let normal = rowDirection.cross(columnDirection).normalized else { throw .notFinite }
    try self.init(
      columns: columns, rows: rows, rowDirection: rowDirection, columnDirection: columnDirection, spacing: spacing,
      sliceOrigins: (0..<slices).map { origin + normal * (spacing.z * Double($0)) },
      frameOfReferenceUID: frameOfReferenceUID)
  }

  /// A grid of the same directions and spacing.
  private init(like grid: Self, columns: Int, rows: Int, sliceOrigins: [Vector3]) {
    self.columns = columns
    self.rows = rows
    slices = sliceOrigins.count
    rowDirection = grid.rowDirection
    columnDirection = grid.columnDirection
    sliceDirection = grid.sliceDirection
    spacing = grid.spacing
    self.sliceOrigins = sliceOrigins
    frameOfReferenceUID = grid.frameOfReferenceUID
  }

  /// The grid of a box of voxels, whose indices count from the box's first voxel. Traps on a box that is empty or
  /// reaches outside the grid.
  public func subgrid(_ box: VoxelBox) -> VolumeGeometry {
    precondition(!box.isEmpty && box.isInside(self), "a box must lie in the grid")
    let step =
      rowDirection * (Double(box.columns.lowerBound) * spacing.x)
      + columnDirection * (Double(box.rows.lowerBound) * spacing.y)
    return VolumeGeometry(
      like: self, columns: box.columns.count, rows: box.rows.count,
      sliceOrigins: sliceOrigins[box.slices].map { $0 + step })
  }

  /// The same grid elsewhere: every voxel moved by millimetres (LPS).
  public func moved(by step: Vector3) -> VolumeGeometry {
    VolumeGeometry(like: self, columns: columns, rows: rows, sliceOrigins: sliceOrigins.map { $0 + step })
  }

  /// Number of voxels.
  public var count: Int { columns * rows * slices }

  /// Volume of one voxel in cubic millimetres, from the nominal spacing.
  public var voxelVolume: Double { spacing.x * spacing.y * spacing.z }

  /// Place of a voxel in an array of `count` elements.
  @inlinable public func offset(column: Int, row: Int, slice: Int) -> Int { (slice * rows + row) * columns + column }

  /// Centre of a voxel in LPS millimetres; fractional columns and rows are allowed.
  @inlinable public func position(column: Double, row: Double, slice: Int) -> Vector3 {
    sliceOrigins[slice] + rowDirection * (column * spacing.x) + columnDirection * (row * spacing.y)
  }

  /// Centre of the voxel at a place in an array of `count` elements, in LPS millimetres.
  public func position(ofOffset offset: Int) -> Vector3 {
    let (line, column) = offset.quotientAndRemainder(dividingBy: columns)
    let (slice, row) = line.quotientAndRemainder(dividingBy: rows)
    return position(column: Double(column), row: Double(row), slice: slice)
  }

  /// Position of a continuous index (column, row, slice); slices are interpolated between their own origins, and
  /// beyond the stack carried on with the nominal spacing.
  public func position(ofIndex index: Vector3) -> Vector3 {
    interpolatedOrigin(slice: index.z) + rowDirection * (index.x * spacing.x)
      + columnDirection * (index.y * spacing.y)
  }

  /// Continuous index (column, row, slice) of a point; beyond the stack carried on with the nominal spacing.
  public func index(ofPosition point: Vector3) -> Vector3 {
    let slice = continuousSlice(ofPosition: point)
    let inPlane = point - interpolatedOrigin(slice: slice)
    return Vector3(inPlane.dot(rowDirection) / spacing.x, inPlane.dot(columnDirection) / spacing.y, slice)
  }

  /// The voxel whose centre is nearest to a position; `nil` for one more than half a voxel outside the grid.
  public func nearestVoxel(to point: Vector3) -> (column: Int, row: Int, slice: Int)? {
    let index = index(ofPosition: point)
    let (c, r, s) = (index.x.rounded(), index.y.rounded(), index.z.rounded())
    guard c >= 0, r >= 0, s >= 0, c < Double(columns), r < Double(rows), s < Double(slices) else { return nil }
    return (Int(c), Int(r), Int(s))
  }

  private func continuousSlice(ofPosition point: Vector3) -> Double {
    let depth = { (slice: Int) in (point - sliceOrigins[slice]).dot(sliceDirection) }
    let first = depth(0)
    if slices == 1 || first <= 0 { return first / spacing.z }
    let last = depth(slices - 1)
    if last >= 0 { return Double(slices - 1) + last / spacing.z }
    var low = 0
    var high = slices - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if depth(middle) >= 0 { low = middle } else { high = middle }
    }
    let below = depth(low)
    return Double(low) + below / (below - depth(high))
  }

  private func interpolatedOrigin(slice: Double) -> Vector3 {
    let last = slices - 1
    if slices == 1 || slice <= 0 { return sliceOrigins[0] + sliceDirection * (slice * spacing.z) }
    if slice >= Double(last) { return sliceOrigins[last] + sliceDirection * ((slice - Double(last)) * spacing.z) }
    let below = Int(slice)
    let fraction = slice - Double(below)
    return sliceOrigins[below] + (sliceOrigins[below + 1] - sliceOrigins[below]) * fraction
  }
}
