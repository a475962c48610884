internal import Imaging

/// Draws the outline of a vertebral body in each slice: starting from the box between its end plates, the radius is
/// moved to where the signal falls from marrow to the dark cortex, all angles together by dynamic programming around
/// the circle. Where there is no edge (pedicles, a body broken by tumour) the box or the neighbouring slice decides.
struct BodyOutliner {
  let parameters: AnatomyParameters.Outline
  /// All series on the grid of the first.
  let stacks: [WorkingStack]
  let axis: StraightSpine

  /// Outlines from one side to the other, in slice order; empty where the middle slice shows no body.
  func outlines(of body: BodyBox) -> [BodyContour] {
    let span = body.span
    let grid = stacks[0]
    let middle = Double(span.top + span.bottom) / 2
    let centre = axis.place(s: middle, u: (body.front + body.back) / 2)
    let middleSlice = axis.nearestSlice(s: middle, in: grid)
    let box = boxRadii(body, centre: centre)
    guard
      let first = outline(
        slice: middleSlice, column: centre.column, row: centre.row, prior: box, softness: parameters.boxSoftness,
        reach: parameters.boxReach)
    else { return [] }
    var all = [first]
    let limit = parameters.halfWidth * body.depth / grid.geometry.spacing.z
    for direction in [-1, 1] {
      var previous = first
      var slice = middleSlice + direction
      while slice >= 0, slice < grid.slices, Double(abs(slice - middleSlice)) <= limit {
        guard
          let next = outline(
            slice: slice, column: previous.column, row: previous.row, prior: previous.radii,
            softness: parameters.sliceSoftness, reach: parameters.sliceReach),
          continues(next, after: previous, first: first)
        else { break }
        all.append(next)
        previous = next
        slice += direction
      }
    }
    return all.sorted { $0.slice < $1.slice }
  }

  private func continues(_ next: BodyContour, after previous: BodyContour, first: BodyContour) -> Bool {
    guard next.area >= parameters.smallestArea * first.area else { return false }
    guard next.edge >= parameters.weakestEdge * first.edge else { return false }
    // In some series the inside still looks as it did in the middle (tumour in one series does not end the body).
    return zip(next.signal, first.signal).contains { value, reference in
      reference > 0 && value > reference * (1 - parameters.signalChange)
        && value < reference * (1 + parameters.signalChange)
    }
  }

  /// Radii of the box between two tilted end plates, `depth` deep, in pixels.
  private func boxRadii(_ body: BodyBox, centre: (column: Double, row: Double)) -> [Double] {
    let top = Double(body.span.top)
    let bottom = Double(body.span.bottom)
    let corners = [
      axis.place(s: top + body.topTilt * body.front, u: body.front),
      axis.place(s: bottom + body.bottomTilt * body.front, u: body.front),
      axis.place(s: bottom + body.bottomTilt * body.back, u: body.back),
      axis.place(s: top + body.topTilt * body.back, u: body.back),
    ]
    return BodyContour.directions.map { direction in
      var nearest = 60.0
      for index in 0..<4 {
        let one = corners[index]
        let two = corners[(index + 1) % 4]
        let ex = two.column - one.column
        let ey = two.row - one.row
        let determinant = direction.column * ey - direction.row * ex
        guard abs(determinant) > 1e-9 else { continue }
        let px = one.column - centre.column
        let py = one.row - centre.row
        let along = (px * ey - py * ex) / determinant
        let across = (px * direction.row - py * direction.column) / determinant
        if along > 0, across >= -1e-6, across <= 1 + 1e-6 { nearest = min(nearest, along) }
      }
      return nearest
    }
  }

  private func outline(
    slice: Int, column: Double, row: Double, prior: [Double], softness: Double, reach: ClosedRangeDouble
  ) -> BodyContour? {
    let step = parameters.radiusStep
    let moves = Int((reach.upper - reach.lower) / step) + 1
    let angles = BodyContour.count
    let pixel = stacks[0].pixel
    var gain = [Float](repeating: 0, count: angles * moves)
    var price = gain
    var signals: [Double] = []
    var views = 0
    for stack in stacks {
      let level = interior(stack, slice: slice, column: column, row: row, radii: prior)
      signals.append(level)
      guard level > Double(stack.airLevel) * 0.5 else { continue }
      views += 1
      for angle in 0..<angles {
        let direction = BodyContour.directions[angle]
        // Samples along the ray, every step, from 3 mm within to 3 mm beyond the reach.
        let margin = Int((3 / step).rounded(.up))
        let start = prior[angle] + reach.lower / pixel - Double(margin) * step / pixel
        var samples: [Float] = []
        samples.reserveCapacity(moves + 2 * margin)
        for index in 0..<(moves + 2 * margin) {
          let radius = max(start + Double(index) * step / pixel, 0)
          samples.append(
            min(
              stack.value(x: column + direction.column * radius, y: row + direction.row * radius, slice: slice)
                / Float(level), 2.5))
        }
        let width = max(1, Int((2 / step).rounded()))
        // What lies between the centre and the outline has to look like the body: an outline beyond a dark line pays
        // for having crossed it.
        var crossed: Float = 0
        for move in 0..<moves {
          let place = move + margin
          if move == 0 {
            for index in 0..<margin where start + Double(index) * step / pixel > 0 {
              crossed += max(abs(samples[index] - 1) - Float(parameters.tolerance), 0)
            }
          }
          crossed += max(abs(samples[max(place - 1, 0)] - 1) - Float(parameters.tolerance), 0)
          var inside: Float = 0
          var outside: Float = 0
          for offset in 1...width {
            inside += samples[place - offset]
            outside += samples[place + offset]
          }
          // Fluid or fat beyond the cortex does not undo the cortex: the darkest millimetre counts as well.
          var darkest = samples[place]
          for offset in 0...width { darkest = min(darkest, samples[place + offset]) }
          let drop = inside / Float(width) - 0.5 * (outside / Float(width) + darkest)
          gain[angle * moves + move] += max(min(drop, 0.6), -0.5)
          price[angle * moves + move] += crossed * Float(step * parameters.crossingWeight)
        }
      }
    }
    guard views > 0 else { return nil }
    var cost = gain
    for angle in 0..<angles {
      for move in 0..<moves {
        let shift = reach.lower + Double(move) * step
        cost[angle * moves + move] =
          (gain[angle * moves + move] - price[angle * moves + move]) / Float(views)
          - Float(shift * shift / (2 * softness * softness))
      }
    }
    let path = circularPath(cost, angles: angles, moves: moves)
    var edge = 0.0
    var radii: [Double] = []
    for angle in 0..<angles {
      edge += Double(gain[angle * moves + path[angle]]) / Double(views * angles)
      radii.append(max(prior[angle] + (reach.lower + Double(path[angle]) * step + parameters.outset) / pixel, 1))
    }
    return BodyContour(slice: slice, column: column, row: row, radii: radii, edge: edge, signal: signals)
  }

  /// Median of the samples within 70 per cent of the prior's radius.
  private func interior(_ stack: WorkingStack, slice: Int, column: Double, row: Double, radii: [Double]) -> Double {
    var samples: [Float] = []
    for angle in stride(from: 0, to: BodyContour.count, by: 3) {
      let direction = BodyContour.directions[angle]
      for fraction in [0.15, 0.3, 0.45, 0.6, 0.7] {
        let radius = radii[angle] * fraction
        samples.append(
          stack.value(x: column + direction.column * radius, y: row + direction.row * radius, slice: slice))
      }
    }
    samples.sort()
    return Double(samples[samples.count / 2])
  }

  /// The best closed path, one step between neighbouring angles; the start is the best place of a first open pass.
  private func circularPath(_ gain: [Float], angles: Int, moves: Int) -> [Int] {
    let open = path(gain, angles: angles, moves: moves, start: nil, first: 0)
    // Cut the circle where the first pass is surest of itself: a quarter turn away from its ends.
    let cut = angles / 4
    return path(gain, angles: angles, moves: moves, start: open[cut], first: cut)
  }

  private func path(_ gain: [Float], angles: Int, moves: Int, start: Int?, first: Int) -> [Int] {
    var best = [Float](repeating: -1e9, count: moves)
    if let start { best[start] = gain[first * moves + start] } else { best = Array(gain[0..<moves]) }
    var from = [Int](repeating: 0, count: (angles + 1) * moves)
    let reach = parameters.stepsPerAngle
    let stiffness = Float(parameters.stiffness)
    for index in 1...angles {
      let angle = (first + index) % angles
      var next = [Float](repeating: -1e9, count: moves)
      for move in 0..<moves {
        for previous in max(0, move - reach)...min(moves - 1, move + reach) {
          let value = best[previous] - stiffness * Float((previous - move) * (previous - move))
          if value > next[move] {
            next[move] = value
            from[index * moves + move] = previous
          }
        }
        if index < angles { next[move] += gain[angle * moves + move] }
      }
      best = next
      if start == nil, index == angles - 1 { break }
    }
    var output = [Int](repeating: 0, count: angles)
    if let start {
      var state = from[angles * moves + start]
      for index in stride(from: angles - 1, through: 1, by: -1) {
        output[(first + index) % angles] = state
        state = from[index * moves + state]
      }
      output[first] = start
    } else {
      var state = best.indices.max { best[$0] < best[$1] } ?? 0
      for index in stride(from: angles - 1, through: 0, by: -1) {
        output[index] = state
        if index > 0 { state = from[index * moves + state] }
      }
    }
    return output
  }
}

/// Lower and upper bound in millimetres, Codable as two numbers.
public struct ClosedRangeDouble: Sendable, Codable, Equatable {
  public var lower: Double
  public var upper: Double

  public init(_ lower: Double, _ upper: Double) {
    self.lower = lower
    self.upper = upper
  }
}
