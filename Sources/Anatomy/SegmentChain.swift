/// One vertebral body along the canal: stations of its upper and lower end plate.
struct BodySpan: Sendable, Hashable {
  var top: Int
  var bottom: Int
  /// Evidence of the two end plates, 0 to 1.5 each.
  var topScore: Float
  var bottomScore: Float
  var height: Int { bottom - top }
}

/// Cuts the canal's length into bodies and discs: the sequence with the strongest end plates at its cuts, the fewest
/// edges inside its bodies and heights that change slowly, by dynamic programming over (lower end plate, height).
struct SegmentChain {
  let parameters: AnatomyParameters.Vertebrae

  func bodies(profile: EndPlateProfile, bodyDepth: [Double]) -> [BodySpan] {
    let rise = profile.rise
    let fall = profile.fall
    let length = rise.count
    // Two stations within each end plate are left out of a body's spread, so that no configuration may go below 5.
    let lowest = max(5, Int(parameters.bodyHeights[0]))
    let heights = lowest...max(lowest, Int(parameters.bodyHeights[1]))
    let gaps = Int(parameters.discHeights[0])...Int(parameters.discHeights[1])
    let width = heights.count
    var inner = [Float](repeating: 0, count: length + 1)
    for s in 0..<length {
      let excess = max(max(rise[s], fall[s]) - Float(parameters.innerFloor), 0)
      inner[s + 1] = inner[s] + excess * excess
    }
    let spread = RunningSpread(profile.signal, reach: Int(parameters.edgeScaleReach))
    var best = [Float](repeating: -.infinity, count: length * width)
    var from = [Int32](repeating: -1, count: length * width)
    for bottom in 0..<length {
      for (index, height) in heights.enumerated() {
        let top = bottom - height
        guard top >= 0 else { continue }
        let margin = max(3, height / 8)
        let inside = max(inner[bottom - margin + 1] - inner[min(top + margin, bottom)], 0)
        let aspect = Float(height) / Float(bodyDepth[(top + bottom) / 2])
        let squat = max(0, Float(parameters.aspects[0]) - aspect, aspect - Float(parameters.aspects[1]))
        let own =
          rise[top] + fall[bottom] - Float(parameters.innerWeight) * inside
          - Float(parameters.bodyCost) - Float(parameters.aspectWeight) * squat
          - Float(parameters.spreadWeight) * min(spread.relative(from: top + 2, to: bottom - 2), 2)
        // The first body of the picture: no more than a body and a disc may be left over above it.
        var value: Float = -Float(parameters.leftOverCost) * Float(max(0, top - height)) / Float(height)
        var origin: Int32 = -1
        for gap in gaps {
          let end = top - gap
          guard end > 0 else { break }
          let tooWide = max(0, Float(gap) / Float(height) - Float(parameters.discRatio))
          for (previousIndex, previousHeight) in heights.enumerated() {
            let before = best[end * width + previousIndex]
            guard before > -.infinity else { continue }
            let ratio = Float(abs(height - previousHeight)) / Float(min(height, previousHeight))
            let candidate =
              before - Float(parameters.heightChangeWeight) * min(ratio, 0.6) - Float(parameters.discWeight) * tooWide
            if candidate > value {
              value = candidate
              origin = Int32(end * width + previousIndex)
            }
          }
        }
        best[bottom * width + index] = value + own
        from[bottom * width + index] = origin
      }
    }
    var top: Float = -.infinity
    var state = -1
    for bottom in 0..<length {
      for (index, height) in heights.enumerated() {
        let leftOver = Float(max(0, length - 1 - bottom - height)) / Float(height)
        let value = best[bottom * width + index] - Float(parameters.leftOverCost) * leftOver
        if value > top {
          top = value
          state = bottom * width + index
        }
      }
    }
    var bodies: [BodySpan] = []
    while state >= 0 {
      let bottom = state / width
      let height = heights.lowerBound + state % width
      bodies.append(
        BodySpan(
          top: bottom - height, bottom: bottom, topScore: rise[bottom - height], bottomScore: fall[bottom]))
      state = Int(from[state])
    }
    return bodies.reversed()
  }
}

/// Variance of a signal over stretches of it, relative to its variance around them.
private struct RunningSpread {
  private let sums: [Double]
  private let squares: [Double]
  private let around: [Double]

  init(_ signal: [Float], reach: Int) {
    var sums = [0.0]
    var squares = [0.0]
    for value in signal {
      sums.append(sums[sums.count - 1] + Double(value))
      squares.append(squares[squares.count - 1] + Double(value * value))
    }
    let last = signal.count
    around = signal.indices.map { index in
      let low = max(0, index - reach)
      let high = min(last, index + reach + 1)
      let count = Double(high - low)
      let mean = (sums[high] - sums[low]) / count
      return max((squares[high] - squares[low]) / count - mean * mean, 1e-6)
    }
    self.sums = sums
    self.squares = squares
  }

  func relative(from low: Int, to high: Int) -> Float {
    guard high > low else { return 0 }
    let count = Double(high - low + 1)
    let mean = (sums[high + 1] - sums[low]) / count
    return Float(max((squares[high + 1] - squares[low]) / count - mean * mean, 0) / around[(low + high) / 2])
  }
}
