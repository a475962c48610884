internal import Imaging

/// Centre, end plates, heights and depth of a body from its outlines.
struct BodyMeasurement {
  let contours: [BodyContour]
  let box: BodyBox
  let axis: StraightSpine
  let stack: WorkingStack

  func record() -> VertebraRecord {
    let middle = Double(box.span.top + box.span.bottom) / 2
    let middleSlice = Int(axis.slice(s: middle).rounded())
    let ordered = contours.sorted { abs($0.slice - middleSlice) < abs($1.slice - middleSlice) }
    let central = Array(ordered.prefix(3))
    let centreU = (box.front + box.back) / 2
    let third = box.depth / 3
    let heights = [third, 0, -third].map { offset -> Double in
      let values = central.compactMap { extent($0, u: centreU + offset) }.map { $0.bottom - $0.top }
      return values.isEmpty ? Double(box.span.height) : values.reduce(0, +) / Double(values.count)
    }
    let plane = ordered[0]
    let front = extent(plane, u: centreU + third)
    let back = extent(plane, u: centreU - third)
    let point = { (s: Double, u: Double) -> Vector3 in
      let place = axis.place(s: s, u: u)
      return stack.geometry.position(column: place.column, row: place.row, slice: plane.slice)
    }
    let top = Double(box.span.top)
    let bottom = Double(box.span.bottom)
    let evidence = Double(min(box.span.topScore, 1) + min(box.span.bottomScore, 1)) / 2
    return VertebraRecord(
      level: nil, levelConfidence: 0, centre: centre(),
      superiorEndPlate: [point(front?.top ?? top, centreU + third), point(back?.top ?? top, centreU - third)],
      inferiorEndPlate: [
        point(front?.bottom ?? bottom, centreU + third), point(back?.bottom ?? bottom, centreU - third),
      ],
      anteriorHeight: heights[0], middleHeight: heights[1], posteriorHeight: heights[2], depth: depth(central),
      collapsePercent: nil, evidence: evidence,
      isCut: box.span.top <= 1 || box.span.bottom >= axis.count - 2)
  }

  /// Stations at which the line at `u` enters and leaves an outline.
  private func extent(_ contour: BodyContour, u: Double) -> (top: Double, bottom: Double)? {
    let low = Double(box.span.top) - 15
    let high = Double(box.span.bottom) + 15
    var first: Double?
    var last: Double?
    var s = low
    while s <= high {
      let place = axis.place(s: s, u: u)
      if contour.contains(column: place.column, row: place.row) {
        if first == nil { first = s }
        last = s
      }
      s += 0.25
    }
    guard let first, let last, last > first else { return nil }
    return (first, last)
  }

  private func depth(_ central: [BodyContour]) -> Double {
    let middle = Double(box.span.top + box.span.bottom) / 2
    let centreU = (box.front + box.back) / 2
    let values = central.map { contour -> Double in
      var inside = 0
      for step in 0...160 {
        let place = axis.place(s: middle, u: centreU - 40 + Double(step) * 0.5)
        if contour.contains(column: place.column, row: place.row) { inside += 1 }
      }
      return Double(inside) * 0.5
    }
    return values.isEmpty ? box.depth : values.reduce(0, +) / Double(values.count)
  }

  /// Area-weighted mean of the outlines' centroids.
  private func centre() -> Vector3 {
    var sum = Vector3.zero
    var total = 0.0
    for contour in contours {
      var column = 0.0
      var row = 0.0
      var weight = 0.0
      for index in 0..<BodyContour.count {
        let radius = contour.radii[index]
        let direction = BodyContour.directions[index]
        // Centroid of the sector's triangle lies at two thirds of its radius.
        column += radius * radius * (contour.column + direction.column * radius * 2 / 3)
        row += radius * radius * (contour.row + direction.row * radius * 2 / 3)
        weight += radius * radius
      }
      guard weight > 0 else { continue }
      sum += stack.geometry.position(column: column / weight, row: row / weight, slice: contour.slice) * contour.area
      total += contour.area
    }
    return total > 0 ? sum / total : .zero
  }
}

/// Loss of height against the neighbours.
enum CollapseMeasurement {
  /// Expected is the mean, over the nearest complete neighbours above and below that are not sacral, of the larger of
  /// anterior and posterior height; the loss is (expected - smallest height) / expected. The larger height is taken
  /// because a wedge or a second collapsed body must not lower what is expected.
  static func fill(_ records: inout [VertebraRecord]) {
    let source = records
    for index in records.indices where !source[index].isCut && !isSacral(source[index]) {
      var expected: [Double] = []
      for direction in [-1, 1] {
        // Two neighbours on a side: the taller counts, in case the nearest is collapsed itself.
        var side: [Double] = []
        var other = index + direction
        while source.indices.contains(other), side.count < 2 {
          if !source[other].isCut, !isSacral(source[other]) {
            side.append(max(source[other].anteriorHeight, source[other].posteriorHeight))
          }
          other += direction
        }
        if let tallest = side.max() { expected.append(tallest) }
      }
      guard !expected.isEmpty else { continue }
      let reference = expected.reduce(0, +) / Double(expected.count)
      let own = source[index]
      let smallest = min(own.anteriorHeight, own.middleHeight, own.posteriorHeight)
      guard reference > 0 else { continue }
      records[index].collapsePercent = max(0, 100 * (reference - smallest) / reference)
    }
  }

  private static func isSacral(_ record: VertebraRecord) -> Bool { record.level?.region == .sacral }
}
