internal import Imaging

/// Finds the spinal canal as a path from head to feet through a stack of sagittal slices.
///
/// Two signs are added up and the best path is taken by dynamic programming (one point a row):
/// - the canal is a tube some 10 mm deep whose signal stands out from both flanks: bright where cerebrospinal fluid is
///   bright (T2), dark where it is dark (T1 before and after contrast);
/// - in front of it lies a column of end plates: edges across the spine that stay coherent over 20 mm, again and again.
///   No other tissue has these, whatever the weighting, and tumour in a body leaves its neighbours' end plates.
struct CanalFinder {
  let parameters: AnatomyParameters.Canal

  /// The canal's course through `stack` (columns and slices per row), or `nil` where no path scores well enough.
  func path(in stack: WorkingStack, fluidIsBright: Bool) -> CanalPath? {
    let columns = stack.columns
    let rows = stack.rows
    var unary: [[Float]] = []
    var tubes: [[Float]] = []
    var plates: [[Float]] = []
    for slice in 0..<stack.slices {
      let flat = flattened(stack, slice: slice)
      tubes.append(tubeScore(flat, stack, fluidIsBright: fluidIsBright))
      plates.append(plateEnergy(flat, stack))
    }
    let tubeScale = max(Self.percentile(tubes, 0.98), 1e-3)
    let plateScale = max(Self.percentile(plates, 0.98), 1e-3)
    let near = Int((parameters.bodyOffsets[0] / stack.pixel).rounded())
    let far = Int((parameters.bodyOffsets[1] / stack.pixel).rounded())
    for slice in 0..<stack.slices {
      var score = [Float](repeating: -.infinity, count: columns * rows)
      // End plates reach equally far to both sides of the canal's slice.
      let lateral = max(1, Int((parameters.lateralReach / stack.geometry.spacing.z).rounded()))
      let lower = slice - lateral >= 0 ? slice - lateral : slice
      let upper = slice + lateral < stack.slices ? slice + lateral : slice
      let sideways = max(1, Int((parameters.layerReach / stack.geometry.spacing.z).rounded()))
      let aside = (
        slice - sideways >= 0 ? slice - sideways : min(slice + sideways, stack.slices - 1),
        slice + sideways < stack.slices ? slice + sideways : max(slice - sideways, 0)
      )
      for row in 0..<rows {
        guard let skin = posteriorSkin(stack, row: row, slice: slice) else { continue }
        let deepest = skin - Int(parameters.shallowest / stack.pixel)
        let last = min(deepest, columns - 1)
        let first = max(0, skin - Int(parameters.deepest / stack.pixel))
        guard first <= last else { continue }
        for column in first...last {
          let offset = row * columns + column
          // End plates at both depths: behind the laminae only the farther one finds them.
          let nearby = row * columns + max(column - near, 0)
          let beyond = row * columns + max(column - far, 0)
          let here = min(plates[slice][nearby], plates[slice][beyond])
          let left = min(plates[lower][nearby], plates[lower][beyond])
          let right = min(plates[upper][nearby], plates[upper][beyond])
          let plate = (here + min(left, right)) / 2
          // A canal ends to both sides; layers of fat go on.
          let beside =
            column + 2 < columns && column >= 2
            ? max(
              max(tubes[aside.0][offset - 2], tubes[aside.0][offset + 2], tubes[aside.0][offset]),
              max(tubes[aside.1][offset - 2], tubes[aside.1][offset + 2], tubes[aside.1][offset])) : 0
          let tube = tubes[slice][offset] - Float(parameters.layerWeight) * max(beside, 0)
          score[offset] =
            max(min(tube / tubeScale, 1.0), -0.5)
            + Float(parameters.plateWeight) * min(plate / plateScale, 1)
        }
      }
      unary.append(score)
    }
    return bestPath(unary, stack)
  }

  /// Signal over its own mean within 30 mm: the fall-off of a surface coil cancels.
  private func flattened(_ stack: WorkingStack, slice: Int) -> [Float] {
    let count = stack.columns * stack.rows
    let image = Array(stack.voxels[(slice * count)..<((slice + 1) * count)])
    let radius = Int(parameters.flatteningRadius / stack.pixel)
    let air = stack.airLevel
    // The mean is over tissue only, so that the edge of the body does not brighten.
    let mask = image.map { $0 > air ? Float(1) : 0 }
    let masked = image.map { $0 > air ? $0 : 0 }
    let sums = PlaneFilter.mean(masked, columns: stack.columns, rows: stack.rows, radius: radius)
    let weights = PlaneFilter.mean(mask, columns: stack.columns, rows: stack.rows, radius: radius)
    var flat = [Float](repeating: 0, count: count)
    for index in 0..<count where weights[index] > 0.01 {
      flat[index] = min(image[index] / max(sums[index] / weights[index], air), 4)
    }
    return flat
  }

  private func tubeScore(_ flat: [Float], _ stack: WorkingStack, fluidIsBright: Bool) -> [Float] {
    let columns = stack.columns
    let rows = stack.rows
    let half = max(1, Int((parameters.tubeDepth / 2 / stack.pixel).rounded(.down)))
    let flank = 1
    let centre = PlaneFilter.meanAlongRows(flat, columns: columns, rows: rows, radius: half)
    let sides = PlaneFilter.meanAlongRows(flat, columns: columns, rows: rows, radius: flank)
    let shift = half + flank + 1
    var score = [Float](repeating: 0, count: flat.count)
    for row in 0..<rows {
      for column in shift..<max(shift, columns - shift) {
        let offset = row * columns + column
        let front = sides[offset - shift]
        let back = sides[offset + shift]
        // Behind the cord lies epidural fat, as bright as fluid on T2; the front wall is always dark.
        let rear = fluidIsBright ? min(back, (front + back) / 2) : max(back, (front + back) / 2)
        let contrast = fluidIsBright ? centre[offset] - max(front, rear) : min(front, rear) - centre[offset]
        score[offset] = max(min(contrast, 0.6), -0.3)
      }
    }
    // Mean and weakest third along the tube, at the slope that suits it best.
    let radius = Int(parameters.tubeLength / 2 / stack.pixel)
    var best = [Float](repeating: -.infinity, count: flat.count)
    let roughness = Float(parameters.roughnessWeight)
    for slope in parameters.tubeSlopes {
      var sheared = [Float](repeating: 0, count: flat.count)
      var along = sheared
      let shifts = (0..<rows).map { Int((Double($0) * slope).rounded()) }
      for row in 0..<rows {
        for column in 0..<columns {
          // Columns wrap around: a sheared line that leaves the picture comes back elsewhere and is not averaged twice.
          let source = (column + shifts[row]) % columns
          let offset = row * columns + (source < 0 ? source + columns : source)
          sheared[row * columns + column] = score[offset]
          along[row * columns + column] = centre[offset]
        }
      }
      // Fluid and cord change little along the canal; spinous processes and foramina alternate with fat.
      for row in 0..<rows {
        let before = max(row - 3, 0) * columns
        let after = min(row + 3, rows - 1) * columns
        for column in 0..<columns {
          let change = abs(along[after + column] - along[before + column])
          sheared[row * columns + column] -= roughness * min(change, 1)
        }
      }
      let thirds = PlaneFilter.meanAlongColumns(sheared, columns: columns, rows: rows, radius: radius / 3)
      for row in 0..<rows {
        for column in 0..<columns {
          let source = (column + shifts[row]) % columns
          let offset = row * columns + (source < 0 ? source + columns : source)
          let middle = thirds[row * columns + column]
          let above = thirds[max(row - 2 * radius / 3, 0) * columns + column]
          let below = thirds[min(row + 2 * radius / 3, rows - 1) * columns + column]
          // Foraminal fat shines between dark pedicles; fluid goes through.
          let value = ((middle + above + below) / 3 + min(middle, above, below)) / 2
          best[offset] = max(best[offset], value)
        }
      }
    }
    return best
  }

  /// Mean over 50 mm along the spine of the strength of edges that are coherent over 20 mm across it.
  private func plateEnergy(_ flat: [Float], _ stack: WorkingStack) -> [Float] {
    let columns = stack.columns
    let rows = stack.rows
    let half = Int(parameters.plateDepth / 2 / stack.pixel)
    let step = max(1, Int((parameters.plateStep / stack.pixel).rounded()))
    var energy = [Float](repeating: 0, count: flat.count)
    for tilt in parameters.plateTilts {
      // Shear by whole pixels, average along the row, take the difference along the column.
      let offsets = (-half...half).map { Int((Double($0) * tilt).rounded()) }
      var sheared = [Float](repeating: 0, count: flat.count)
      for (index, shift) in offsets.enumerated() {
        let across = index - half
        for row in 0..<rows {
          let source = min(max(row + shift, 0), rows - 1) * columns
          let low = max(0, -across)
          let high = min(columns, columns - across)
          guard low < high else { continue }
          for column in low..<high { sheared[row * columns + column] += flat[source + column + across] }
        }
      }
      let scale = 1 / Float(offsets.count)
      for row in step..<(rows - step) {
        for column in 0..<columns {
          let below = sheared[(row + step) * columns + column]
          let above = sheared[(row - step) * columns + column]
          let edge = abs(below - above) * scale
          let offset = row * columns + column
          if edge > energy[offset] { energy[offset] = edge }
        }
      }
    }
    for index in energy.indices { energy[index] = min(energy[index], 0.5) }
    let spread = PlaneFilter.meanAlongColumns(
      energy, columns: columns, rows: rows, radius: Int(parameters.plateLength / 2 / stack.pixel))
    return PlaneFilter.meanAlongRows(spread, columns: columns, rows: rows, radius: 2)
  }

  /// The last column with tissue that is followed by air only (a run of 4 mm counts as tissue).
  private func posteriorSkin(_ stack: WorkingStack, row: Int, slice: Int) -> Int? {
    var run = 0
    for column in stride(from: stack.columns - 1, through: 0, by: -1) {
      run = stack.value(column, row, slice) > stack.airLevel ? run + 1 : 0
      if run >= 3 { return column + 2 }
    }
    return nil
  }

  private func bestPath(_ unary: [[Float]], _ stack: WorkingStack) -> CanalPath? {
    let columns = stack.columns
    let rows = stack.rows
    let plane = columns * stack.slices
    let reach = parameters.columnReach
    var best = [Float](repeating: 0, count: plane)
    var from = [Int32](repeating: 0, count: plane * rows)
    let blank: Float = Float(parameters.blankScore)
    func score(_ row: Int, _ column: Int, _ slice: Int) -> Float {
      let value = unary[slice][row * columns + column]
      return value.isFinite ? value : blank
    }
    for slice in 0..<stack.slices {
      for column in 0..<columns { best[slice * columns + column] = score(0, column, slice) }
    }
    var next = best
    let bends = (0...reach).map { Float(parameters.columnChangePenalty) * Float($0 * $0) }
    let sliceChange = Float(parameters.sliceChangePenalty)
    for row in 1..<rows {
      for slice in 0..<stack.slices {
        for column in 0..<columns {
          var top = -Float.infinity
          var choice: Int32 = 0
          for neighbour in max(0, slice - 1)...min(stack.slices - 1, slice + 1) {
            let slicePenalty: Float = neighbour == slice ? 0 : sliceChange
            for previous in max(0, column - reach)...min(columns - 1, column + reach) {
              let bend = bends[abs(previous - column)]
              let value = best[neighbour * columns + previous] - slicePenalty - bend
              if value > top {
                top = value
                choice = Int32(neighbour * columns + previous)
              }
            }
          }
          next[slice * columns + column] = top + score(row, column, slice)
          from[row * plane + slice * columns + column] = choice
        }
      }
      swap(&best, &next)
    }
    guard var state = best.indices.max(by: { best[$0] < best[$1] }) else { return nil }
    var points: [CanalPath.Point] = []
    for row in stride(from: rows - 1, through: 0, by: -1) {
      let column = state % columns
      let slice = state / columns
      points.append(
        CanalPath.Point(
          row: Double(row), column: Double(column), slice: Double(slice),
          score: Double(max(score(row, column, slice), blank))))
      if row > 0 { state = Int(from[row * plane + state]) }
    }
    points.reverse()
    return CanalPath(points: points, pixel: stack.pixel).trimmed(
      minimumScore: parameters.minimumScore, minimumLength: parameters.minimumLength)
  }

  private static func percentile(_ images: [[Float]], _ fraction: Double) -> Float {
    var sample: [Float] = []
    for image in images {
      for index in stride(from: 0, to: image.count, by: 7) where image[index] != 0 { sample.append(image[index]) }
    }
    sample.sort()
    guard !sample.isEmpty else { return 0 }
    return sample[min(sample.count - 1, Int(Double(sample.count) * fraction))]
  }
}

/// The canal's course: one point a row of the working stack, ordered from head to feet.
struct CanalPath: Sendable {
  struct Point: Sendable {
    var row: Double
    var column: Double
    var slice: Double
    var score: Double
  }

  var points: [Point]
  /// Millimetres a row and a column.
  var pixel: Double

  /// Drops the ends where the evidence, averaged over 30 mm, is below `minimumScore`; `nil` when too little is left.
  func trimmed(minimumScore: Double, minimumLength: Double) -> CanalPath? {
    let radius = Int(15 / pixel)
    let scores = points.map(\.score)
    let smooth = Self.runningMean(scores, radius: radius)
    // The longest run above the threshold; gaps shorter than 40 mm (a destroyed segment) do not break it.
    let bridge = Int(40 / pixel)
    var bestRun = 0..<0
    var start: Int?
    var lastGood = 0
    for index in points.indices {
      if smooth[index] >= minimumScore {
        if start == nil { start = index }
        lastGood = index
      }
      if let first = start, index - lastGood > bridge || index == points.count - 1 {
        if lastGood + 1 - first > bestRun.count { bestRun = first..<(lastGood + 1) }
        if index - lastGood > bridge { start = nil }
      }
    }
    guard Double(bestRun.count) * pixel >= minimumLength else { return nil }
    return CanalPath(points: Array(points[bestRun]), pixel: pixel)
  }

  /// Continuous indices (column, row, slice) along the course, averaged over 20 mm.
  func smoothed() -> [Vector3] {
    let radius = Int(10 / pixel)
    let columns = Self.runningMean(points.map(\.column), radius: radius)
    let slices = Self.runningMean(points.map(\.slice), radius: 3 * radius)
    return points.indices.map { Vector3(columns[$0], points[$0].row, slices[$0]) }
  }

  /// Mean over `2 * radius + 1` values, fewer at the ends (symmetric, so that a slope is kept).
  static func runningMean(_ values: [Double], radius: Int) -> [Double] {
    var sums = [0.0]
    sums.reserveCapacity(values.count + 1)
    for value in values { sums.append(sums[sums.count - 1] + value) }
    return values.indices.map { index in
      let reach = min(radius, index, values.count - 1 - index)
      return (sums[index + reach + 1] - sums[index - reach]) / Double(2 * reach + 1)
    }
  }
}
