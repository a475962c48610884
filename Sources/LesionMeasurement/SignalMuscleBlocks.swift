internal import Imaging
internal import Kernels

/// A region cut along its longest axis into pieces of equal count.
///
/// Places along the axis are told apart to 1/4096 of the region's length; where a border between pieces runs through
/// voxels of one place, memory order decides.
struct MuscleBlocks {
  private static let bins = 4096
  private let region: Region
  private let pieces: Int
  /// The axis over voxel indices: place = across * column + down * row + origins[slice], in bins.
  private let across: Double
  private let down: Double
  private let origins: [Double]

  /// - Parameter pieces: at least 1, at most the number of voxels.
  init(_ region: Region, pieces: Int) {
    self.region = region
    self.pieces = pieces
    let geometry = region.geometry
    let axis = Self.longestAxis(region)
    let across = axis.dot(geometry.rowDirection) * geometry.spacing.x
    let down = axis.dot(geometry.columnDirection) * geometry.spacing.y
    let origins = region.slices.map { axis.dot(geometry.sliceOrigins[$0]) }
    var (low, high) = (Double.infinity, -Double.infinity)
    Self.forEachRow(region) { row, slice, columns, _ in
      let start = origins[slice - region.slices.lowerBound] + down * Double(row)
      let ends = (start + across * Double(columns.lowerBound), start + across * Double(columns.upperBound - 1))
      low = min(low, ends.0, ends.1)
      high = max(high, ends.0, ends.1)
    }
    let scale = high > low ? Double(Self.bins - 1) / (high - low) : 0
    self.across = across * scale
    self.down = down * scale
    self.origins = origins.map { ($0 - low) * scale }
  }

  /// The piece of each voxel in memory order, and each piece's mean place and count.
  func blocks() -> (ofVoxel: [UInt16], blocks: [(centroid: Vector3, voxels: Int)]) {
    var next = [Int](repeating: 0, count: Self.bins + 1)
    forEachVoxel { _, _, _, bin in next[bin + 1] += 1 }
    for bin in 0..<Self.bins { next[bin + 1] += next[bin] }
    // Rank of the first voxel of each piece.
    let starts = (0...pieces).map { region.count * $0 / pieces }
    var piece = 0
    var pieceOfBin = [Int](repeating: 0, count: Self.bins)
    var isSplit = [Bool](repeating: false, count: Self.bins)
    for bin in 0..<Self.bins {
      while piece + 1 < pieces, next[bin] >= starts[piece + 1] { piece += 1 }
      pieceOfBin[bin] = piece
      isSplit[bin] = piece + 1 < pieces && next[bin + 1] > starts[piece + 1]
    }
    let geometry = region.geometry
    var sums = [(place: Vector3, voxels: Int)](repeating: (.zero, 0), count: pieces)
    var ofVoxel: [UInt16] = []
    ofVoxel.reserveCapacity(region.count)
    let right = geometry.rowDirection * geometry.spacing.x
    forEachVoxel { column, row, slice, bin in
      var chosen = pieceOfBin[bin]
      if isSplit[bin] {
        while chosen + 1 < pieces, next[bin] >= starts[chosen + 1] { chosen += 1 }
        next[bin] += 1
      }
      sums[chosen].place += geometry.position(column: 0, row: Double(row), slice: slice) + right * Double(column)
      sums[chosen].voxels += 1
      ofVoxel.append(UInt16(truncatingIfNeeded: chosen))
    }
    return (ofVoxel, sums.map { ($0.place / Double($0.voxels), $0.voxels) })
  }

  @inline(__always) private func forEachVoxel(_ body: (_ column: Int, _ row: Int, _ slice: Int, _ bin: Int) -> Void) {
    Self.forEachRow(region) { row, slice, columns, box in
      let start = origins[slice - region.slices.lowerBound] + down * Double(row)
      for column in columns where region.members[box + column] != 0 {
        body(column, row, slice, min(max(Int(start + across * Double(column)), 0), Self.bins - 1))
      }
    }
  }

  /// Rows that hold members, from the first to the last of them; `box + column` is a voxel's place among the members.
  @inline(__always) private static func forEachRow(
    _ region: Region, _ body: (_ row: Int, _ slice: Int, _ columns: Range<Int>, _ box: Int) -> Void
  ) {
    let width = region.columns.count
    var offset = 0
    for slice in region.slices {
      for row in region.rows {
        var (first, end) = (offset, offset + width)
        while first < end, region.members[first] == 0 { first += 1 }
        while end > first, region.members[end - 1] == 0 { end -= 1 }
        if first < end {
          let left = region.columns.lowerBound - offset
          body(row, slice, (first + left)..<(end + left), offset - region.columns.lowerBound)
        }
        offset += width
      }
    }
  }

  private static func crossed(_ a: Vector3, _ b: Vector3) -> Vector3 {
    Vector3(a.x * b.y, a.x * b.z, a.y * b.z)
  }

  private static func longestAxis(_ region: Region) -> Vector3 {
    let geometry = region.geometry
    let right = geometry.rowDirection * geometry.spacing.x
    let centre = region.centroid ?? .zero
    // Moments row by row: a voxel lies at start + column * right, of which the columns' sums are integers.
    var square = Vector3.zero
    var mixed = Vector3.zero
    forEachRow(region) { row, slice, columns, box in
      let start =
        geometry.position(column: Double(columns.lowerBound), row: Double(row), slice: slice) - centre
      var (count, sum, squares) = (0, 0, 0)
      for column in columns where region.members[box + column] != 0 {
        let place = column - columns.lowerBound
        count += 1
        sum += place
        squares += place * place
      }
      let (n, first, second) = (Double(count), Double(sum), Double(squares))
      square += start * start * n
      square += start * right * (2 * first)
      square += right * right * second
      mixed += crossed(start, start) * n
      mixed += (crossed(start, right) + crossed(right, start)) * first
      mixed += crossed(right, right) * second
    }
    return SymmetricEigen3(
      xx: square.x, yy: square.y, zz: square.z, xy: mixed.x, xz: mixed.y, yz: mixed.z
    ).vectors[0]
  }
}
