internal import Imaging

/// Paints what was found on the main series' own grid.
struct AnatomyPainter {
  let draft: SpineDraft
  private let records: [VertebraRecord]
  private let levelsAreOrdinal: Bool

  /// Records without an anchored count are numbered in order, so that the map still keeps the vertebrae apart.
  init(draft: SpineDraft, records: [VertebraRecord]) {
    self.draft = draft
    levelsAreOrdinal = records.allSatisfy { $0.level == nil }
    var numbered = records
    if levelsAreOrdinal {
      for index in numbered.indices { numbered[index].level = .ordinal(index, of: numbered.count) }
    }
    self.records = numbered
  }

  func map() -> AnatomyMap {
    let geometry = draft.input.volume.geometry
    let grid = draft.stack.geometry
    var coarse = [UInt8](repeating: 0, count: grid.count)
    var coarseLevels = coarse
    paintCanalAndArches(&coarse, &coarseLevels)
    paintDiscs(&coarse, &coarseLevels)
    var structures = [UInt8](repeating: 0, count: geometry.count)
    var levels = structures
    for slice in 0..<geometry.slices {
      let origin = grid.index(ofPosition: geometry.position(column: 0, row: 0, slice: slice))
      let right = grid.index(ofPosition: geometry.position(column: 1, row: 0, slice: slice)) - origin
      let down = grid.index(ofPosition: geometry.position(column: 0, row: 1, slice: slice)) - origin
      let target = Int(origin.z.rounded())
      guard target >= 0, target < grid.slices else { continue }
      for row in 0..<geometry.rows {
        var index = origin + down * Double(row)
        let base = (slice * geometry.rows + row) * geometry.columns
        for column in 0..<geometry.columns {
          let x = Int(index.x.rounded())
          let y = Int(index.y.rounded())
          if x >= 0, y >= 0, x < grid.columns, y < grid.rows {
            let offset = (target * grid.rows + y) * grid.columns + x
            structures[base + column] = coarse[offset]
            levels[base + column] = coarseLevels[offset]
          }
          index += right
        }
      }
      paintBodies(slice: slice, target: target, origin: origin, right: right, down: down, &structures, &levels)
    }
    return AnatomyMap(
      geometry: geometry, structures: structures, levels: levels, levelsAreOrdinal: levelsAreOrdinal,
      isFoundInPixels: true)
  }

  /// Bodies are tested voxel by voxel against their outlines, so that the fine grid's detail is kept.
  private func paintBodies(
    slice: Int, target: Int, origin: Vector3, right: Vector3, down: Vector3, _ structures: inout [UInt8],
    _ levels: inout [UInt8]
  ) {
    let geometry = draft.input.volume.geometry
    for (vertebra, record) in zip(draft.vertebrae, records) {
      guard let contour = vertebra.contours.first(where: { $0.slice == target }) else { continue }
      let reach = (contour.radii.max() ?? 0) + 1
      // Columns and rows of the source grid are the working grid's axes, in some order and direction.
      let corners = [(-reach, -reach), (reach, -reach), (-reach, reach), (reach, reach)].map { dx, dy -> Vector3 in
        let x = contour.column + dx - origin.x
        let y = contour.row + dy - origin.y
        let determinant = right.x * down.y - right.y * down.x
        return Vector3((x * down.y - y * down.x) / determinant, (right.x * y - right.y * x) / determinant, 0)
      }
      let columns = corners.map(\.x)
      let rows = corners.map(\.y)
      let firstColumn = max(0, Int((columns.min() ?? 0).rounded(.down)))
      let lastColumn = min(geometry.columns - 1, Int((columns.max() ?? 0).rounded(.up)))
      let firstRow = max(0, Int((rows.min() ?? 0).rounded(.down)))
      let lastRow = min(geometry.rows - 1, Int((rows.max() ?? 0).rounded(.up)))
      guard firstColumn <= lastColumn, firstRow <= lastRow else { continue }
      for row in firstRow...lastRow {
        for column in firstColumn...lastColumn {
          let index = origin + right * Double(column) + down * Double(row)
          guard contour.contains(column: index.x, row: index.y) else { continue }
          let offset = geometry.offset(column: column, row: row, slice: slice)
          structures[offset] = SpineStructure.vertebralBody.rawValue
          levels[offset] = record.level?.rawValue ?? 0
        }
      }
    }
  }

  /// The canal between its walls, and an envelope of the posterior elements behind the canal's front wall: pedicles
  /// and articular processes beside the canal (the foramina at disc height left out), laminae and spinous process
  /// behind it, scaled by the body's depth.
  private func paintCanalAndArches(_ structures: inout [UInt8], _ levels: inout [UInt8]) {
    let trace = draft.trace
    let spine = trace.spine
    let grid = draft.stack.geometry
    let settings = draft.parameters.arch
    let owners = ownersOfCanalStations()
    for half in 0..<(2 * spine.count - 1) {
      let s = Double(half) / 2
      let station = min(Int(s.rounded()), spine.count - 1)
      let owner = owners[station]
      let level = owner.index.flatMap { records[$0].level?.rawValue } ?? 0
      let depth = owner.index.map { records[$0].depth } ?? 30
      let scale = min(max(depth / settings.referenceDepth, 0.5), 1.3)
      let front = trace.walls.front[station]
      let back = trace.walls.back[station]
      let centre = spine.slice(s: s)
      for slice in 0..<grid.slices {
        let side = abs(Double(slice) - centre) * grid.spacing.z
        let inCanal = side <= settings.canalHalfWidth
        var u = -(back + settings.spinousReach * scale)
        while u <= front {
          defer { u += 0.5 }
          var structure: SpineStructure?
          if inCanal, u >= -back {
            structure = .spinalCanal
          } else if owner.index != nil {
            let behind = -back - u
            if side <= settings.canalHalfWidth + settings.pillarWidth * scale, behind <= settings.laminaDepth * scale,
              inCanal || !owner.atDisc || behind > -settings.foramenDepth
            {
              structure = .posteriorElements
            } else if side <= settings.spinousHalfWidth, behind > 0 {
              structure = .posteriorElements
            }
          }
          guard let structure else { continue }
          let place = spine.place(s: s, u: u)
          let column = Int(place.column.rounded())
          let row = Int(place.row.rounded())
          guard column >= 0, row >= 0, column < grid.columns, row < grid.rows else { continue }
          let offset = (slice * grid.rows + row) * grid.columns + column
          if structures[offset] == SpineStructure.spinalCanal.rawValue { continue }
          structures[offset] = structure.rawValue
          levels[offset] = structure == .posteriorElements ? level : 0
        }
      }
    }
  }

  /// For each canal station the vertebra at its height, and whether it lies at a disc.
  private func ownersOfCanalStations() -> [(index: Int?, atDisc: Bool)] {
    let trace = draft.trace
    var owners = [(index: Int?, atDisc: Bool)](repeating: (nil, false), count: trace.spine.count)
    for (station, axisStation) in trace.axisStationOfCanal.enumerated() {
      for (index, vertebra) in draft.vertebrae.enumerated() {
        // The arch hangs lower than the body: the upper third of the next body's height still belongs to this one's
        // inferior processes, but the level changes at the middle of the disc.
        let next = index + 1 < draft.vertebrae.count ? draft.vertebrae[index + 1].span.top : vertebra.span.bottom + 8
        let border = (vertebra.span.bottom + next) / 2
        let start = index > 0 ? (draft.vertebrae[index - 1].span.bottom + vertebra.span.top) / 2 : vertebra.span.top - 5
        if axisStation >= start, axisStation < border {
          // The pedicle leaves from the upper half of the body; below it is the foramen.
          let atDisc =
            axisStation > vertebra.span.top + vertebra.span.height * 6 / 10 || axisStation < vertebra.span.top
          owners[station] = (index, atDisc)
        }
      }
    }
    return owners
  }

  /// Between neighbouring outlines in each slice, over the depth of the bodies.
  private func paintDiscs(_ structures: inout [UInt8], _ levels: inout [UInt8]) {
    let grid = draft.stack.geometry
    let axis = draft.trace.axis
    for index in draft.vertebrae.indices.dropLast() {
      let upper = draft.vertebrae[index]
      let lower = draft.vertebrae[index + 1]
      guard lower.span.top - upper.span.bottom <= 20 else { continue }
      for above in upper.contours {
        guard let below = lower.contours.first(where: { $0.slice == above.slice }) else { continue }
        let middle = Double(upper.span.bottom + lower.span.top) / 2
        for step in 0...160 {
          let u = -40 + Double(step) * 0.5
          // From the middle of the gap upwards and downwards until a body is met on both sides.
          var marked: [Int] = []
          var met = 0
          for (contour, direction) in [(above, -1.0), (below, 1.0)] {
            for distance in 0...28 {
              let place = axis.place(s: middle + direction * Double(distance) * 0.5, u: u)
              if contour.contains(column: place.column, row: place.row) {
                met += 1
                break
              }
              let column = Int(place.column.rounded())
              let row = Int(place.row.rounded())
              guard column >= 0, row >= 0, column < grid.columns, row < grid.rows else { continue }
              marked.append((above.slice * grid.rows + row) * grid.columns + column)
            }
          }
          guard met == 2 else { continue }
          for offset in marked where structures[offset] != SpineStructure.spinalCanal.rawValue {
            structures[offset] = SpineStructure.intervertebralDisc.rawValue
            levels[offset] = records[index].level?.rawValue ?? 0
          }
        }
      }
    }
  }
}
