import Imaging
import Kernels

/// A connected part of the grid that may be the canal's fluid, or a piece of it.
struct CanalPiece {
  private(set) var voxels: [Int]
  /// Rows of the grid, from superior to inferior.
  private(set) var rows: Range<Int>
  /// Medians, millimetres: front to back of the lines, left to right of the rows.
  let depth: Double
  let width: Double
  /// Centres of its first and last rows: column and slice in millimetres.
  private let top: SIMD2<Double>
  private var bottom: SIMD2<Double>
  /// Rows of which an end's centre is taken.
  private static let end = 4

  /// - Returns: `nil` without voxels.
  init?(_ voxels: [Int], on geometry: VolumeGeometry) {
    var depths: [Int: Int] = [:]
    var slices: [Int: Set<Int>] = [:]
    var sums: [Int: SIMD3<Double>] = [:]
    for place in voxels {
      let line = place / geometry.columns
      let (row, slice) = (line % geometry.rows, line / geometry.rows)
      depths[line, default: 0] += 1
      slices[row, default: []].insert(slice)
      sums[row, default: .zero] += SIMD3(
        Double(place % geometry.columns) * geometry.spacing.x, Double(slice) * geometry.spacing.z, 1)
    }
    guard let first = slices.keys.min(), let last = slices.keys.max(),
      let depth = OrderStatistics.median(of: depths.values.map { Float($0) }),
      let width = OrderStatistics.median(of: slices.values.map { Float($0.count) })
    else { return nil }
    let centre = { (rows: ClosedRange<Int>) in
      let sum = rows.reduce(SIMD3<Double>.zero) { $0 + (sums[$1] ?? .zero) }
      return SIMD2(sum.x, sum.y) / sum.z
    }
    self.voxels = voxels
    rows = first..<(last + 1)
    self.depth = depth * geometry.spacing.x
    self.width = width * geometry.spacing.z
    top = centre(first...min(last, first + Self.end - 1))
    bottom = centre(max(first, last - Self.end + 1)...last)
  }

  /// Whether another piece lies below this one with its top in line with this one's end.
  ///
  /// - Parameter offset: largest distance in the transverse plane, millimetres.
  func continues(in other: CanalPiece, within offset: Double) -> Bool {
    let step = other.top - bottom
    return other.rows.lowerBound >= rows.upperBound && (step * step).sum().squareRoot() <= offset
  }

  mutating func append(_ other: CanalPiece) {
    voxels += other.voxels
    rows = rows.lowerBound..<max(rows.upperBound, other.rows.upperBound)
    bottom = other.bottom
  }
}
