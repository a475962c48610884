public import Imaging

/// Contours as voxels of a grid.
public struct PlacedContours: Sendable {
  public let region: Region
  /// Share of the contours' corners that lie within the grid, 0 to 1.
  public let coveredFraction: Double
  /// Where no contour lies within the grid: millimetres from the contours to it.
  public let missDistance: Double?
  public let warnings: [String]
}

/// Fills closed planar contours on the grid of a series.
///
/// Contours in one plane are filled together by the even-odd rule (see `PolygonFill`). A plane stands for a slab that
/// reaches half way to its neighbours, but not further than three quarters of the usual distance between planes, so
/// that contours drawn on every second slice fill the slices between and a true gap stays a gap. A voxel belongs where
/// its centre, dropped along the planes' normal, is inside the nearest plane's contours.
public enum ContourPlacement {
  /// Two contours are in one plane when their depths differ by less than this, in millimetres.
  static let planeTolerance = 0.05

  /// - Throws: `MaskError` when there is no contour with an area.
  public static func place(
    _ contours: [PlanarContour], on geometry: VolumeGeometry
  ) throws(MaskError) -> PlacedContours {
    let usable = contours.filter { $0.points.count >= 3 && $0.areaVector.length > 1e-6 }
    guard let largest = usable.max(by: { $0.areaVector.length < $1.areaVector.length }),
      var normal = largest.areaVector.normalized
    else { throw MaskError(file: "", reason: "no closed contour with an area") }
    if normal.dot(geometry.sliceDirection) < 0 { normal = -normal }
    // Contours drawn on slices carry the print of the file's decimals: the slices' normal is the truer one.
    if normal.dot(geometry.sliceDirection) > 0.9999 { normal = geometry.sliceDirection }
    var warnings: [String] = []
    if usable.count < contours.count { warnings.append("\(contours.count - usable.count) contours without an area") }
    let planes = Planes(usable, normal: normal, geometry: geometry)
    if planes.bent > 0 { warnings.append("\(planes.bent) contours leave their plane by more than 0.5 mm") }
    if planes.turned > 0 { warnings.append("\(planes.turned) contours lie in planes turned against the others") }
    let region = planes.fill()
    let (covered, miss) = planes.coverage()
    return PlacedContours(
      region: region, coveredFraction: covered, missDistance: covered == 0 ? miss : nil, warnings: warnings)
  }
}

/// Contours sorted into parallel planes, with coordinates along the target's rows and columns.
private struct Planes {
  struct Plane {
    var depth: Double
    var contours: [[Vector3]]
  }

  let geometry: VolumeGeometry
  let normal: Vector3
  var planes: [Plane] = []
  private(set) var bent = 0
  private(set) var turned = 0
  private let first: Vector3
  private let second: Vector3

  init(_ contours: [PlanarContour], normal: Vector3, geometry: VolumeGeometry) {
    self.geometry = geometry
    self.normal = normal
    let seed = abs(normal.dot(geometry.rowDirection)) < 0.9 ? geometry.rowDirection : geometry.columnDirection
    first = (seed - normal * seed.dot(normal)).normalized ?? geometry.rowDirection
    second = normal.cross(first)
    var all: [(depth: Double, points: [Vector3])] = []
    for contour in contours {
      let depths = contour.points.map { $0.dot(normal) }
      let mean = depths.reduce(0, +) / Double(depths.count)
      if let own = contour.areaVector.normalized, abs(own.dot(normal)) < 0.995 { turned += 1 }
      if depths.contains(where: { abs($0 - mean) > 0.5 }) { bent += 1 }
      all.append((mean, contour.points))
    }
    all.sort { $0.depth < $1.depth }
    for entry in all {
      if let last = planes.last, entry.depth - last.depth < ContourPlacement.planeTolerance {
        planes[planes.count - 1].contours.append(entry.points)
      } else {
        planes.append(Plane(depth: entry.depth, contours: [entry.points]))
      }
    }
  }

  private var isParallel: Bool { normal.dot(geometry.sliceDirection) > 0.9999 }

  /// The usual distance between planes; for one plane the target's slice spacing.
  private var pitch: Double {
    let gaps = zip(planes.dropFirst(), planes).map { $0.depth - $1.depth }.sorted()
    return gaps.isEmpty ? geometry.spacing.z : gaps[gaps.count / 2]
  }

  /// Index of the plane whose slab holds a depth.
  private func plane(at depth: Double, pitch: Double) -> Int? {
    var low = 0
    var high = planes.count
    while low < high {
      let middle = (low + high) / 2
      if planes[middle].depth < depth { low = middle + 1 } else { high = middle }
    }
    // `low` is the first plane at or above; ties go to the plane below.
    let slack = 1e-3
    if low > 0, low < planes.count {
      let below = depth - planes[low - 1].depth
      let above = planes[low].depth - depth
      let nearest = below <= above + slack ? low - 1 : low
      return min(below, above) <= 0.75 * pitch ? nearest : nil
    }
    let end = low == 0 ? 0 : planes.count - 1
    // The first and the last slab end before half the pitch, lest a contour on every second slice grow by one.
    return abs(planes[end].depth - depth) < 0.5 * pitch - (planes.count > 1 ? slack : -slack) ? end : nil
  }

  func fill() -> Region { isParallel ? fillSlices() : fillAcross() }

  private func fillSlices() -> Region {
    let pitch = self.pitch
    var filled = RegionAssembly()
    for slice in 0..<geometry.slices {
      let origin = geometry.sliceOrigins[slice]
      guard let index = plane(at: origin.dot(normal), pitch: pitch) else { continue }
      let polygons = planes[index].contours.map { contour in
        contour.map { point in
          SIMD2(
            (point - origin).dot(geometry.rowDirection) / geometry.spacing.x,
            (point - origin).dot(geometry.columnDirection) / geometry.spacing.y)
        }
      }
      if let found = PolygonFill.fill(polygons, columns: geometry.columns, rows: geometry.rows) {
        filled.pieces.append(
          RegionAssembly.Piece(slice: slice, columns: found.columns, rows: found.rows, members: found.members))
      }
    }
    return filled.region(on: geometry)
  }

  /// Planes that cut across the target's slices: each voxel centre of the bounding box is tested.
  private func fillAcross() -> Region {
    let pitch = self.pitch
    let flat = planes.map { plane in
      plane.contours.map { $0.map { SIMD2($0.dot(first), $0.dot(second)) } }
    }
    guard let box = targetBox(reach: pitch / 2) else { return Region(emptyOn: geometry) }
    var members = [UInt8](repeating: 0, count: box.columns.count * box.rows.count * box.slices.count)
    var offset = 0
    for slice in box.slices {
      for row in box.rows {
        for column in box.columns {
          let point = geometry.position(column: Double(column), row: Double(row), slice: slice)
          if let index = plane(at: point.dot(normal), pitch: pitch),
            PolygonFill.contains(SIMD2(point.dot(first), point.dot(second)), flat[index])
          {
            members[offset] = 1
          }
          offset += 1
        }
      }
    }
    return Region(geometry: geometry, columns: box.columns, rows: box.rows, slices: box.slices, members: members)
  }

  private func targetBox(reach: Double) -> (columns: Range<Int>, rows: Range<Int>, slices: Range<Int>)? {
    var bounds = IndexBounds()
    for plane in planes {
      for contour in plane.contours {
        for corner in contour {
          for side in [-reach, reach] {
            bounds.add(geometry.index(ofPosition: corner + normal * side))
          }
        }
      }
    }
    let shear = GridMatch.shear(geometry)
    guard let columns = bounds.range(\.x, pad: shear / geometry.spacing.x, count: geometry.columns),
      let rows = bounds.range(\.y, pad: shear / geometry.spacing.y, count: geometry.rows),
      let slices = bounds.range(\.z, count: geometry.slices)
    else { return nil }
    return (columns, rows, slices)
  }

  /// Share of contours whose centre lies in the grid's cells, and the distance of the nearest corner.
  func coverage() -> (Double, Double) {
    let lookup = GridLookup(geometry)
    var inside = 0
    var total = 0
    var nearest = Double.infinity
    for plane in planes {
      for contour in plane.contours {
        for corner in contour {
          total += 1
          let distance = lookup.distance(to: corner)
          if distance < 1e-6 { inside += 1 }
          nearest = min(nearest, distance)
        }
      }
    }
    return (total == 0 ? 0 : Double(inside) / Double(total), nearest)
  }
}
