import Imaging
import Kernels

/// The bone that a label map lets one expect around one lesion: bodies made convex, posterior elements closed, holes
/// that the lesion left in the labels filled; with distances from each. On a crop of the map's grid.
struct LocationBones {
  let map: AnatomyMap
  let columns: Range<Int>
  let rows: Range<Int>
  let slices: Range<Int>
  /// Level of the body expected at each voxel, 0 for none.
  private(set) var body: [UInt8]
  private(set) var posterior: [UInt8]
  private(set) var canal: [UInt8]
  /// Millimetres outside of all bone, of bodies, of posterior elements, of the canal; 0 inside.
  let outsideBone: [Float]
  let outsideBody: [Float]
  let outsidePosterior: [Float]
  let outsideCanal: [Float]

  var width: Int { columns.count }
  var height: Int { rows.count }
  var depth: Int { slices.count }

  /// - Parameter box: map indices that the lesion reaches.
  init(_ outline: LocationOutline, columns: Range<Int>, rows: Range<Int>, slices: Range<Int>, _ p: LocationParameters) {
    map = outline.map
    (self.columns, self.rows, self.slices) = (columns, rows, slices)
    let count = columns.count * rows.count * slices.count
    var labels = [UInt8](repeating: 0, count: count)
    var levels = [UInt8](repeating: 0, count: count)
    var at = 0
    for slice in slices {
      for row in rows {
        for column in columns {
          let offset = map.geometry.offset(column: column, row: row, slice: slice)
          labels[at] = map.structures[offset]
          levels[at] = map.levels[offset]
          at += 1
        }
      }
    }
    let grid = CropGrid(columns: columns.count, rows: rows.count, slices: slices.count, spacing: map.geometry.spacing)
    canal = labels.map {
      $0 == SpineStructure.spinalCanal.rawValue || $0 == SpineStructure.spinalCord.rawValue ? 1 : 0
    }
    let own = labels.map { $0 == SpineStructure.posteriorElements.rawValue ? UInt8(1) : 0 }
    body = Self.bodies(labels, levels, grid, outline, p)
    posterior = grid.closed(own, radius: p.posteriorClosingMm)
    for index in 0..<count where canal[index] != 0 {
      posterior[index] = 0
      body[index] = 0
    }
    for index in 0..<count where body[index] != 0 && own[index] == 0 { posterior[index] = 0 }
    let anyBody = body.map { $0 == 0 ? UInt8(0) : 1 }
    let bone = zip(anyBody, posterior).map { $0 | $1 }
    outsideBone = grid.outside(bone, sliceStep: p.contourToleranceMm * 0.95)
    outsideBody = grid.outside(anyBody)
    outsidePosterior = grid.outside(posterior)
    outsideCanal = grid.outside(canal)
  }

  /// Place in the crop of the voxel nearest to a point; `nil` outside the map.
  func place(_ point: Vector3) -> Int? {
    let index = map.geometry.index(ofPosition: point)
    let (x, y, z) = (index.x.rounded(), index.y.rounded(), index.z.rounded())
    guard x >= Double(columns.lowerBound), x < Double(columns.upperBound), y >= Double(rows.lowerBound),
      y < Double(rows.upperBound), z >= Double(slices.lowerBound), z < Double(slices.upperBound)
    else { return nil }
    return ((Int(z) - slices.lowerBound) * height + Int(y) - rows.lowerBound) * width + Int(x) - columns.lowerBound
  }

  /// Centre of a voxel of the crop.
  func position(_ place: Int) -> Vector3 {
    map.geometry.position(
      column: Double(columns.lowerBound + place % width), row: Double(rows.lowerBound + place / width % height),
      slice: slices.lowerBound + place / (width * height))
  }

  /// Which voxels lie deeper in the bodies than the outline is sure of: a slice's step counts for no more than that, so
  /// that the outermost slices, partial volume of the bone's side walls, are not core.
  func core(deeperThan tolerance: Double) -> [Bool] {
    let spacing = SIMD3(
      map.geometry.spacing.x, map.geometry.spacing.y, min(map.geometry.spacing.z, tolerance * 0.95))
    let inside = DistanceTransform.insideDistance(
      mask: body.map { $0 == 0 ? 0 : 1 }, columns: width, rows: height, slices: depth, spacing: spacing)
    let half = (spacing.x * spacing.y).squareRoot() / 2
    return inside.map { Double($0) - half > tolerance }
  }

  /// Each level's labelled body made convex in each slice; a body that lost much of its volume is completed from the
  /// convex outline that it shares with its neighbours and the discs between.
  private static func bodies(
    _ labels: [UInt8], _ levels: [UInt8], _ grid: CropGrid, _ outline: LocationOutline, _ p: LocationParameters
  ) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: labels.count)
    let bodyLabel = SpineStructure.vertebralBody.rawValue
    let discLabel = SpineStructure.intervertebralDisc.rawValue
    for (number, body) in outline.bodies.enumerated() {
      let level = body.level.rawValue
      let near = [number - 1, number + 1].filter { outline.bodies.indices.contains($0) }.map { outline.bodies[$0] }
      let usual = near.isEmpty ? body.volumeMm3 : near.reduce(0) { $0 + $1.volumeMm3 } / Double(near.count)
      var convex = grid.convex(labels.indices.filter { labels[$0] == bodyLabel && levels[$0] == level })
      if body.volumeMm3 < p.lostBodyShare * usual, near.count == 2 {
        let column = Set(near.map(\.level.rawValue) + [level])
        let shared = grid.convex(
          labels.indices.filter { (labels[$0] == bodyLabel || labels[$0] == discLabel) && column.contains(levels[$0]) })
        for index in shared.indices where shared[index] != 0 && labels[index] == 0 { convex[index] = 1 }
      }
      for index in convex.indices where convex[index] != 0 && result[index] == 0 {
        let isFree = labels[index] == 0 || labels[index] == bodyLabel && levels[index] == level
        if isFree { result[index] = level }
      }
    }
    // Bodies without a level, as some label maps give them, stay as they are drawn.
    for index in labels.indices where labels[index] == bodyLabel && result[index] == 0 { result[index] = 255 }
    return result
  }
}

/// Set operations on a small grid.
struct CropGrid {
  let columns: Int
  let rows: Int
  let slices: Int
  let spacing: Vector3

  /// Distance in mm to the set, 0 inside, a large number without a set. `sliceStep` caps what one slice counts for.
  func outside(_ mask: [UInt8], sliceStep: Double = .infinity) -> [Float] {
    guard mask.contains(1) else { return [Float](repeating: 1e6, count: mask.count) }
    return DistanceTransform.outsideDistance(
      mask: mask, columns: columns, rows: rows, slices: slices,
      spacing: SIMD3(spacing.x, spacing.y, min(spacing.z, sliceStep)))
  }

  /// Morphological closing with a ball.
  func closed(_ mask: [UInt8], radius: Double) -> [UInt8] {
    guard mask.contains(1) else { return mask }
    let grown = outside(mask).map { Double($0) <= radius ? UInt8(1) : 0 }
    let inside = DistanceTransform.insideDistance(
      mask: grown, columns: columns, rows: rows, slices: slices, spacing: spacing)
    return mask.indices.map { mask[$0] != 0 || Double(inside[$0]) > radius ? 1 : 0 }
  }

  /// The convex hull of the members in each slice: the voxels whose centres lie in it.
  func convex(_ members: [Int]) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: columns * rows * slices)
    var bySlice: [[SIMD2<Double>]] = Array(repeating: [], count: slices)
    for place in members {
      result[place] = 1
      bySlice[place / (columns * rows)].append(
        SIMD2(Double(place % columns), Double(place / columns % rows)))
    }
    for (slice, points) in bySlice.enumerated() where points.count >= 3 {
      let hull = ConvexHull.hull(points)
      guard hull.count >= 3 else { continue }
      fill(hull, slice: slice, &result)
    }
    return result
  }

  /// Rows of a convex polygon, from its edges.
  private func fill(_ hull: [SIMD2<Double>], slice: Int, _ result: inout [UInt8]) {
    let low = Int(hull.map(\.y).min()!.rounded(.up))
    let high = Int(hull.map(\.y).max()!.rounded(.down))
    guard low <= high else { return }
    for row in low...high {
      var (left, right) = (Double.infinity, -Double.infinity)
      for index in hull.indices {
        let (a, b) = (hull[index], hull[(index + 1) % hull.count])
        let y = Double(row)
        guard min(a.y, b.y) <= y, y <= max(a.y, b.y) else { continue }
        if a.y == b.y {
          left = min(left, a.x, b.x)
          right = max(right, a.x, b.x)
        } else {
          let x = a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y)
          left = min(left, x)
          right = max(right, x)
        }
      }
      guard left <= right else { continue }
      let (first, last) = (Int((left - 1e-9).rounded(.up)), Int((right + 1e-9).rounded(.down)))
      guard first <= last else { continue }
      for column in max(first, 0)...min(last, columns - 1) { result[(slice * rows + row) * columns + column] = 1 }
    }
  }
}
