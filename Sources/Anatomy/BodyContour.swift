internal import Imaging

/// Outline of one vertebral body in one slice of the working stack, as radii about a centre.
struct BodyContour: Sendable {
  var slice: Int
  /// Continuous column and row of the centre.
  var column: Double
  var row: Double
  /// Radius in pixels at each of `count` equal angles, from the front (falling columns) turning towards the feet.
  var radii: [Double]
  /// Mean strength of the outline's edge, in units of the body's own signal.
  var edge: Double
  /// Mean signal inside, per series.
  var signal: [Double]

  static let count = 72
  static let directions: [(column: Double, row: Double)] = (0..<count).map { index in
    let angle = 2 * Double.pi * Double(index) / Double(count)
    return (-CircleTable.cosine(angle), CircleTable.sine(angle))
  }

  /// Whether a continuous column and row lie inside.
  func contains(column x: Double, row y: Double) -> Bool {
    let dx = x - column
    let dy = y - row
    let distance = (dx * dx + dy * dy).squareRoot()
    if distance < 0.5 { return true }
    let place = CircleTable.turn(front: -dx, foot: dy) * Double(Self.count)
    let low = Int(place) % Self.count
    let high = (low + 1) % Self.count
    let fraction = place - Double(Int(place))
    return distance <= radii[low] + (radii[high] - radii[low]) * fraction
  }

  /// Area in pixels.
  var area: Double {
    var sum = 0.0
    let sine = CircleTable.sine(2 * Double.pi / Double(Self.count))
    for index in 0..<Self.count { sum += radii[index] * radii[(index + 1) % Self.count] * sine / 2 }
    return sum
  }
}

/// Trigonometry for outlines.
enum CircleTable {
  static func sine(_ angle: Double) -> Double { cosine(angle - Double.pi / 2) }

  /// Taylor series about the nearest quarter turn, error below 1e-12: the same bits on every processor.
  static func cosine(_ angle: Double) -> Double {
    let quarter = (angle / (Double.pi / 2)).rounded()
    let rest = angle - quarter * (Double.pi / 2)
    let square = rest * rest
    var even = 0.0
    var odd = 0.0
    for term in stride(from: 7, through: 0, by: -1) {
      even = 1 - (term == 7 ? 0 : square / Double((2 * term + 1) * (2 * term + 2)) * even)
      odd = 1 - (term == 7 ? 0 : square / Double((2 * term + 2) * (2 * term + 3)) * odd)
    }
    odd *= rest
    switch ((Int(quarter) % 4) + 4) % 4 {
    case 0: return even
    case 1: return -odd
    case 2: return -even
    default: return odd
    }
  }

  /// Angle from the front towards the feet as a fraction of a turn, 0 to 1 (polynomial, error below 1e-5).
  static func turn(front: Double, foot: Double) -> Double {
    let largest = max(abs(front), abs(foot))
    guard largest > 0 else { return 0 }
    let ratio = min(abs(front), abs(foot)) / largest
    let square = ratio * ratio
    var angle =
      ((((-0.013_480_470 * square + 0.057_477_314) * square - 0.121_239_071) * square + 0.195_635_925) * square
        - 0.332_994_597) * square + 0.999_995_630
    angle *= ratio
    if abs(foot) > abs(front) { angle = Double.pi / 2 - angle }
    if front < 0 { angle = Double.pi - angle }
    if foot < 0 { angle = 2 * Double.pi - angle }
    return min(angle / (2 * Double.pi), 0.999_999_999)
  }
}
