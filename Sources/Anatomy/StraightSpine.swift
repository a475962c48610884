internal import Imaging

/// The canal's course resampled every millimetre of its length, with the frame in which vertebrae are sought:
/// `s` runs along the canal from head to feet, `u` from the canal's centre to the front, in the sagittal plane.
struct StraightSpine: Sendable {
  struct Station: Sendable {
    /// Continuous index in the working stack.
    var column: Double
    var row: Double
    var slice: Double
    /// Unit vector to the front, in pixels of the working stack.
    var frontColumn: Double
    var frontRow: Double
  }

  let stations: [Station]
  /// Millimetres between stations, and per pixel of the working stack.
  let step: Double
  let pixel: Double

  /// `course` holds continuous indices of `stack`; `nil` where it is shorter than 30 mm.
  init?(course: [Vector3], stack: WorkingStack, tangentReach: Double) {
    let points = course
    var length = [0.0]
    for index in points.indices.dropFirst() {
      let dx = points[index].x - points[index - 1].x
      let dy = points[index].y - points[index - 1].y
      length.append(length[index - 1] + (dx * dx + dy * dy).squareRoot() * stack.pixel)
    }
    guard let total = length.last, total >= 30 else { return nil }
    var resampled: [Vector3] = []
    var segment = 0
    for index in 0...Int(total) {
      let target = Double(index)
      while segment + 2 < points.count, length[segment + 1] < target { segment += 1 }
      let span = length[segment + 1] - length[segment]
      let fraction = span > 0 ? min(max((target - length[segment]) / span, 0), 1) : 0
      resampled.append(points[segment] + (points[segment + 1] - points[segment]) * fraction)
    }
    let reach = max(1, Int(tangentReach))
    stations = resampled.indices.map { index in
      let low = max(0, index - reach)
      let high = min(resampled.count - 1, index + reach)
      let dx = resampled[high].x - resampled[low].x
      let dy = resampled[high].y - resampled[low].y
      let norm = max((dx * dx + dy * dy).squareRoot(), 1e-9)
      // The front is a quarter turn from the tangent, towards falling columns.
      return Station(
        column: resampled[index].x, row: resampled[index].y, slice: resampled[index].z, frontColumn: -dy / norm,
        frontRow: dx / norm)
    }
    step = 1
    pixel = stack.pixel
  }

  var count: Int { stations.count }

  /// Continuous (column, row) of a place; `s` beyond the ends is carried on along the last tangent.
  func place(s: Double, u: Double) -> (column: Double, row: Double) {
    let clamped = min(max(s, 0), Double(count - 1))
    let low = min(Int(clamped), count - 2)
    let fraction = clamped - Double(low)
    let one = stations[low]
    let two = stations[low + 1]
    let frontColumn = one.frontColumn + (two.frontColumn - one.frontColumn) * fraction
    let frontRow = one.frontRow + (two.frontRow - one.frontRow) * fraction
    let beyond = (s - clamped) / pixel
    // The tangent is the front turned back by a quarter.
    return (
      one.column + (two.column - one.column) * fraction + frontColumn * u / pixel + frontRow * beyond,
      one.row + (two.row - one.row) * fraction + frontRow * u / pixel - frontColumn * beyond
    )
  }

  /// For each station the index of the nearest of `points`, which run the same way.
  func nearestStations(of points: [Vector3]) -> [Int] {
    var index = 0
    return stations.map { station in
      let distance = { (point: Vector3) in
        (point.x - station.column) * (point.x - station.column) + (point.y - station.row) * (point.y - station.row)
      }
      while index + 1 < points.count, distance(points[index + 1]) <= distance(points[index]) { index += 1 }
      return index
    }
  }

  /// How far the line runs backwards (LPS y) for each millimetre downwards at a station; at most 20.
  func backwardTilt(at s: Int, stack: WorkingStack) -> Double {
    let station = stations[min(max(s, 0), count - 1)]
    // The tangent is the front turned back by a quarter.
    let direction =
      stack.geometry.rowDirection * station.frontRow - stack.geometry.columnDirection * station.frontColumn
    let down = -direction.z
    let back = direction.y
    return down > 0.05 ? back / down : 20
  }

  func slice(s: Double) -> Double {
    stations[min(max(Int(s.rounded()), 0), count - 1)].slice
  }
}

/// The midline picture along the canal: rows are stations, columns are `u` from `firstU` on, every millimetre.
struct StraightPicture: Sendable {
  let firstU: Int
  let width: Int
  let height: Int
  var values: [Float]

  /// Mean over the slices within `halfThickness` millimetres of the canal's slice.
  init(_ spine: StraightSpine, stack: WorkingStack, firstU: Int, lastU: Int, halfThickness: Double) {
    self.firstU = firstU
    width = lastU - firstU + 1
    height = spine.count
    values = [Float](repeating: 0, count: width * height)
    let reach = Int(halfThickness / stack.geometry.spacing.z)
    for s in 0..<height {
      let centre = Int(spine.slice(s: Double(s)).rounded())
      let slices = max(0, centre - reach)...min(stack.slices - 1, centre + reach)
      for index in 0..<width {
        let place = spine.place(s: Double(s), u: Double(firstU + index))
        var sum: Float = 0
        for slice in slices { sum += stack.value(x: place.column, y: place.row, slice: slice) }
        values[s * width + index] = sum / Float(slices.count)
      }
    }
  }

  /// Nearest value, clamped to the picture.
  @inline(__always) func value(s: Int, u: Int) -> Float {
    values[min(max(s, 0), height - 1) * width + min(max(u - firstU, 0), width - 1)]
  }
}
