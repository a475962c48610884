public import Imaging
internal import Kernels

/// The maximum diameter of a region in one of a family of parallel planes.
///
/// The outline is the half-level contour between voxel centres, so that an n-pixel row of 1 mm pixels measures n mm; of
/// the largest part (8-connected, most pixels) in its plane. The diameter is the largest distance of two points of the
/// outline (maximum Feret diameter, by convex hull and rotating calipers), the largest over the planes, the first of
/// equals. Unit: millimetres. One voxel measures its own longer side; an empty region has none.
///
/// `SizeOfMesh` has PyRadiomics' `Maximum2DDiameter...`, which is never shorter. The interval covers the diameter, in the
/// plane, of an object whose voxels are inside when their centres are: digitisation alone, neither the reader's outline
/// nor the position of the slices.
public struct PlanarDiameter: Sendable, Equatable {
  /// Which index of the grid is constant in the planes.
  public enum GridPlane: Sendable, Hashable { case slice, row, column }

  public let millimetres: Double
  public let interval95: ClosedRange<Double>
  /// The two ends, in LPS millimetres.
  public let endpoints: [Vector3]
  /// The longest chord of the outline at right angles to the diameter: the largest distance, along that direction, of
  /// two points of the outline on one line.
  public let perpendicularMillimetres: Double
  /// The ends of that chord, in LPS millimetres.
  public let perpendicularEndpoints: [Vector3]
  public let plane: GridPlane
  /// The constant index, from 0.
  public let index: Int

  /// The maximum diameter in the region's own slices (or its rows' or columns' planes); `nil` for an empty region.
  /// Cost is linear in the region's box.
  public init?(of region: Region, in plane: GridPlane = .slice, parameters: SizeParameters = SizeParameters()) {
    guard let planes = PlaneStack(region, plane) else { return nil }
    var best: (plane: Int, pair: PlaneStack.Pair)?
    for index in 0..<planes.count {
      guard let pair = planes.farthestPair(index) else { continue }
      if pair.distance > (best?.pair.distance ?? 0) * (1 + 1e-9) { best = (index, pair) }
    }
    guard let best else { return nil }
    let pair = best.pair
    let chord = planes.longestChord(best.plane, acrossFrom: pair.first, to: pair.second)
    millimetres = pair.distance
    perpendicularMillimetres = chord.distance
    endpoints = [pair.first, pair.second].map { planes.position($0, plane: best.plane) }
    perpendicularEndpoints = [chord.first, chord.second].map { planes.position($0, plane: best.plane) }
    let along = (pair.second - pair.first) / max(pair.distance, 1e-12)
    // A pixel's width along the diameter: how far its cell reaches from corner to corner in that direction.
    let width = abs(along.x) * planes.spacing.x + abs(along.y) * planes.spacing.y
    interval95 =
      max(0, pair.distance - parameters.diameterBelow * width)...(pair.distance + parameters.diameterAbove * width)
    self.plane = plane
    index = planes.firstIndex + best.plane
  }
}

/// A region's members as a stack of planes with one index constant, each a small mask of zeros and ones.
struct PlaneStack {
  /// Two points in millimetres within the plane, and their distance.
  typealias Pair = (first: SIMD2<Double>, second: SIMD2<Double>, distance: Double)

  let count: Int
  let firstIndex: Int
  /// Millimetres between the plane's pixels: along its rows, along its columns.
  let spacing: SIMD2<Double>
  /// Pixels of a plane: along its rows, along its columns.
  let width: Int
  let height: Int
  /// `count` planes of `height` rows of `width` zeros and ones.
  let members: [UInt8]
  private let region: Region
  private let plane: PlanarDiameter.GridPlane

  init?(_ region: Region, _ plane: PlanarDiameter.GridPlane) {
    guard !region.isEmpty else { return nil }
    self.region = region
    self.plane = plane
    let (columns, rows, slices) = (region.columns.count, region.rows.count, region.slices.count)
    let mm = region.geometry.spacing
    switch plane {
    case .slice:
      (count, width, height) = (slices, columns, rows)
      firstIndex = region.slices.lowerBound
      spacing = SIMD2(mm.x, mm.y)
      members = region.members
    case .row:
      (count, width, height) = (rows, columns, slices)
      firstIndex = region.rows.lowerBound
      spacing = SIMD2(mm.x, mm.z)
      members = Self.gather(region, rows, slices, columns, steps: (columns, columns * rows, 1))
    case .column:
      (count, width, height) = (columns, rows, slices)
      firstIndex = region.columns.lowerBound
      spacing = SIMD2(mm.y, mm.z)
      members = Self.gather(region, columns, slices, rows, steps: (1, columns * rows, columns))
    }
  }

  private static func gather(
    _ region: Region, _ planes: Int, _ height: Int, _ width: Int, steps: (Int, Int, Int)
  ) -> [UInt8] {
    var members: [UInt8] = []
    members.reserveCapacity(region.members.count)
    for plane in 0..<planes {
      for row in 0..<height {
        let start = plane * steps.0 + row * steps.1
        for column in 0..<width { members.append(region.members[start + column * steps.2]) }
      }
    }
    return members
  }

  /// Whether the pixel nearest to a point of a plane (millimetres within it) is a member.
  func contains(_ point: SIMD2<Double>, plane index: Int) -> Bool {
    let pixel = (point / spacing).rounded(.toNearestOrAwayFromZero)
    guard pixel.x >= 0, pixel.y >= 0, pixel.x < Double(width), pixel.y < Double(height) else { return false }
    return members[(index * height + Int(pixel.y)) * width + Int(pixel.x)] != 0
  }

  /// Number of members in a plane.
  func area(_ index: Int) -> Int {
    members[(index * width * height)..<((index + 1) * width * height)].reduce(0) { $0 + Int($1) }
  }

  /// The farthest pair of the largest part in a plane; `nil` where the plane is empty.
  func farthestPair(_ index: Int) -> Pair? {
    let offset = index * width * height
    let hull: PlaneHull
    if let part = ConnectedComponents.largestPart(of: members, offset: offset, columns: width, rows: height) {
      hull = PlaneHull(outlineOf: part, offset: 0, columns: width, rows: height)
    } else {
      hull = PlaneHull(outlineOf: members, offset: offset, columns: width, rows: height)
    }
    guard let pair = hull.farthestPair(spacing: spacing) else { return nil }
    return (pair.first * spacing, pair.second * spacing, pair.distance)
  }

  /// The outlines of the largest part in a plane, in millimetres within it.
  func outlines(_ index: Int) -> [[SIMD2<Double>]] {
    let offset = index * width * height
    let part =
      ConnectedComponents.largestPart(of: members, offset: offset, columns: width, rows: height)
      ?? Array(members[offset..<(offset + width * height)])
    return MarchingSquares.outlines(mask: part, columns: width, rows: height).map { $0.map { $0 * spacing } }
  }

  /// The longest chord at right angles to a line: outermost crossings, as for the diameter itself.
  func longestChord(_ index: Int, acrossFrom first: SIMD2<Double>, to second: SIMD2<Double>) -> Pair {
    let gap = second - first
    let length = (gap.x * gap.x + gap.y * gap.y).squareRoot()
    guard length > 0 else { return (first, second, 0) }
    let along = gap / length
    let across = SIMD2(-along.y, along.x)
    // Points as (place along the diameter, height across it).
    let turned = outlines(index).map { outline in
      outline.map { SIMD2(along.x * $0.x + along.y * $0.y, across.x * $0.x + across.y * $0.y) }
    }
    let best = ChordSweep(turned).longest
    let back = { (height: Double) in along * best.place + across * height }
    return (back(best.low), back(best.high), best.high - best.low)
  }

  /// A point of a plane, in LPS millimetres.
  func position(_ point: SIMD2<Double>, plane index: Int) -> Vector3 {
    let pixel = point / spacing
    let (x, y) = (Double(region.columns.lowerBound), Double(region.rows.lowerBound))
    let z = Double(region.slices.lowerBound)
    let constant = Double(index)
    switch plane {
    case .slice: return region.geometry.position(ofIndex: Vector3(x + pixel.x, y + pixel.y, z + constant))
    case .row: return region.geometry.position(ofIndex: Vector3(x + pixel.x, y + constant, z + pixel.y))
    case .column: return region.geometry.position(ofIndex: Vector3(x + constant, y + pixel.x, z + pixel.y))
    }
  }
}

/// The highest and lowest point of closed outlines over each place at which a vertex lies. Between two such places the
/// extent runs along straight edges, so that its maximum lies at one of them.
private struct ChordSweep {
  let longest: (place: Double, low: Double, high: Double)

  init(_ outlines: [[SIMD2<Double>]]) {
    let all = outlines.flatMap { $0.map(\.x) }.sorted()
    var places: [Double] = []
    for place in all where place > (places.last ?? -.infinity) + 1e-9 { places.append(place) }
    var low = [Double](repeating: .infinity, count: places.count)
    var high = [Double](repeating: -.infinity, count: places.count)
    for outline in outlines {
      guard var previous = outline.last else { continue }
      for point in outline {
        let (a, b) = previous.x <= point.x ? (previous, point) : (point, previous)
        var index = Self.firstIndex(places, atLeast: a.x - 1e-9)
        while index < places.count, places[index] <= b.x + 1e-9 {
          let share = b.x - a.x > 1e-9 ? min(max((places[index] - a.x) / (b.x - a.x), 0), 1) : 0
          let height = a.y + (b.y - a.y) * share
          low[index] = min(low[index], height)
          high[index] = max(high[index], height)
          if b.x - a.x <= 1e-9 {
            low[index] = min(low[index], b.y)
            high[index] = max(high[index], b.y)
          }
          index += 1
        }
        previous = point
      }
    }
    var best = (place: 0.0, low: 0.0, high: 0.0)
    for index in places.indices where high[index] - low[index] > (best.high - best.low) * (1 + 1e-9) {
      best = (places[index], low[index], high[index])
    }
    longest = best
  }

  private static func firstIndex(_ places: [Double], atLeast value: Double) -> Int {
    var low = 0
    var high = places.count
    while low < high {
      let middle = (low + high) / 2
      if places[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
