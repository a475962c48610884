/// Front and back wall of the canal, millimetres from its centre, one each station.
struct CanalWalls: Sendable {
  /// To the front, positive.
  var front: [Double]
  /// To the back, positive.
  var back: [Double]

  /// The strongest edges on both sides of the centre, kept smooth along the canal by dynamic programming.
  init(picture: StraightPicture, fluidIsBright: Bool, parameters: AnatomyParameters.Canal) {
    let range = Int(parameters.nearestWall)...Int(max(parameters.nearestWall, parameters.farthestWall))
    front = Self.wall(picture, direction: 1, range: range, bright: fluidIsBright, stiffness: parameters.wallStiffness)
    back = Self.wall(picture, direction: -1, range: range, bright: fluidIsBright, stiffness: parameters.wallStiffness)
  }

  private static func wall(
    _ picture: StraightPicture, direction: Int, range: ClosedRange<Int>, bright: Bool, stiffness: Double
  ) -> [Double] {
    let count = range.count
    let height = picture.height
    var cost = [Float](repeating: 0, count: height * count)
    for s in 0..<height {
      var level: Float = 1e-6
      for u in -12...12 { level += picture.value(s: s, u: u) / 25 }
      for (index, distance) in range.enumerated() {
        var inside: Float = 0
        var outside: Float = 0
        for offset in 1...3 {
          inside += picture.value(s: s, u: direction * (distance - offset + 1))
          outside += picture.value(s: s, u: direction * (distance + offset))
        }
        let edge = (bright ? inside - outside : outside - inside) / (3 * level)
        cost[s * count + index] = max(min(edge, 1), -1)
      }
    }
    let wall = bestWall(cost, height: height, count: count, stiffness: stiffness)
    return CanalPath.runningMean(wall.map { Double(range.lowerBound) + $0 + 0.5 }, radius: 4)
  }

  /// Front border of the vertebral bodies: depth in millimetres in front of the canal's front wall at each station.
  ///
  /// The anterior longitudinal ligament and the cortex are dark in every weighting, so the signal falls where marrow
  /// and disc end. The border is kept smooth over a segment; a body's waist is averaged out.
  static func bodyDepth(picture: StraightPicture, walls: CanalWalls, range: ClosedRange<Int>) -> [Double] {
    let count = range.count
    let height = picture.height
    var cost = [Float](repeating: 0, count: height * count)
    for s in 0..<height {
      let wall = Int(walls.front[s].rounded())
      let marrow = (4...20).map { picture.value(s: s, u: wall + $0) }.sorted()
      let level = max(marrow[marrow.count / 2], 1e-6)
      // Fat in front may look like marrow; the way to it crosses the dark ligament.
      var crossed: Float = 0
      for (index, depth) in range.enumerated() {
        var inside: Float = 0
        var outside: Float = 0
        crossed += max(abs(picture.value(s: s, u: wall + depth - 1) / level - 1) - 0.3, 0)
        for offset in 1...3 {
          inside += picture.value(s: s, u: wall + depth - offset)
          outside += picture.value(s: s, u: wall + depth + offset - 1)
        }
        cost[s * count + index] = max(min((inside - outside) / (3 * level), 0.6), -0.6) - 0.1 * min(crossed, 3)
      }
    }
    // Averaged over 8 mm, so that a waist or a vessel does not draw the border in.
    var smooth = cost
    for index in 0..<count {
      let column = (0..<height).map { Double(cost[$0 * count + index]) }
      let mean = CanalPath.runningMean(column, radius: 4)
      for s in 0..<height { smooth[s * count + index] = Float(mean[s]) }
    }
    let border = bestWall(smooth, height: height, count: count, stiffness: 0.3)
    let depths = border.map { Double(range.lowerBound) + $0 - 0.5 }
    // A body is not much shallower than those around it: what draws the border in is epidural fat or a vessel.
    let floored = depths.indices.map { s -> Double in
      let near = depths[max(0, s - 90)...min(depths.count - 1, s + 90)].sorted()
      return max(depths[s], 0.75 * near[near.count / 2])
    }
    return CanalPath.runningMean(floored, radius: 8)
  }

  /// For each station the place along the wall's range on the path of the highest sum, one place a station at most.
  private static func bestWall(_ cost: [Float], height: Int, count: Int, stiffness: Double) -> [Double] {
    var best = Array(cost[0..<count])
    var from = [Int32](repeating: 0, count: height * count)
    for s in 1..<height {
      var next = [Float](repeating: -.infinity, count: count)
      for index in 0..<count {
        for previous in max(0, index - 1)...min(count - 1, index + 1) {
          let value = best[previous] - (previous == index ? 0 : Float(stiffness))
          if value > next[index] {
            next[index] = value
            from[s * count + index] = Int32(previous)
          }
        }
        next[index] += cost[s * count + index]
      }
      best = next
    }
    var state = best.indices.max { best[$0] < best[$1] } ?? 0
    var wall = [Double](repeating: 0, count: height)
    for s in stride(from: height - 1, through: 0, by: -1) {
      wall[s] = Double(state)
      if s > 0 { state = Int(from[s * count + state]) }
    }
    return wall
  }
}
