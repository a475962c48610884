internal import Foundation
internal import Imaging

/// Where the search for a step begins: the best of 17 centres times 12 widths, their steps tabulated once for all
/// profiles of an image.
///
/// With values free of their mean, a step p explains (sum p v)^2 / (sum p^2 - (sum p)^2 / n) of their squares; the
/// sums over p come from running totals, so that a candidate costs one product a place. Eight candidates share a
/// vector.
struct MarginEdgeGrid {
  /// Places to either side of the outline.
  let reach: Int
  /// Millimetres between places.
  let spacing: Double
  let pixel: Double
  /// Centres lie within so many millimetres of the outline.
  let centreReach: Double

  private static let centres = 17
  private static let widths = 12
  private static let ratio = 1.42
  private static let groups = (centres * widths + 7) / 8
  /// Steps of a group at each place, group after group.
  private let steps: [SIMD8<Float>]
  /// Sums of the steps and of their squares over the places before one, group after group.
  private let sums: [SIMD8<Float>]
  private let squares: [SIMD8<Float>]

  init(reach: Int, spacing: Double, pixel: Double, centreReach: Double) {
    self.reach = reach
    self.spacing = spacing
    self.pixel = pixel
    self.centreReach = centreReach
    let places = 2 * reach + 1
    var steps = [SIMD8<Float>](repeating: .zero, count: Self.groups * places)
    var sums = [SIMD8<Float>](repeating: .zero, count: Self.groups * (places + 1))
    var squares = sums
    for group in 0..<Self.groups {
      for lane in 0..<8 {
        let (centre, sigma) = Self.candidate(group * 8 + lane, pixel: pixel, centreReach: centreReach)
        var (sum, square) = (0.0, 0.0)
        for place in 0..<places {
          let step = NormalStep.value((Double(place - reach) * spacing - centre) / sigma)
          steps[group * places + place][lane] = Float(step)
          sum += step
          square += step * step
          sums[group * (places + 1) + place + 1][lane] = Float(sum)
          squares[group * (places + 1) + place + 1][lane] = Float(square)
        }
      }
    }
    self.steps = steps
    self.sums = sums
    self.squares = squares
  }

  /// Narrowest and widest step that is looked for, millimetres.
  var sigmas: ClosedRange<Double> {
    0.25 * pixel / Self.ratio...0.25 * pixel * pow(Self.ratio, Double(Self.widths))
  }

  /// The last candidates, beyond the grid, repeat its last one.
  private static func candidate(_ number: Int, pixel: Double, centreReach: Double) -> (centre: Double, sigma: Double) {
    let kept = min(number, centres * widths - 1)
    return (
      centreReach * (Double(kept / widths) / 8 - 1), 0.25 * pixel * pow(ratio, Double(kept % widths))
    )
  }

  /// The candidate that explains most; `nil` where none has a step within the places.
  ///
  /// - Parameters:
  ///   - values: free of their mean, one for each place of `range`.
  ///   - range: of places, counted from the innermost.
  func best(_ values: [Float], range: Range<Int>) -> (centre: Double, sigma: Double)? {
    let places = 2 * reach + 1
    let count = Float(range.count)
    var most = SIMD8<Float>(repeating: 0)
    var winner = SIMD8<Int32>(repeating: -1)
    for group in 0..<Self.groups {
      let base = group * places + range.lowerBound
      var product = SIMD8<Float>.zero
      for index in 0..<range.count { product += steps[base + index] * values[index] }
      let before = group * (places + 1) + range.lowerBound
      let sum = sums[before + range.count] - sums[before]
      let square = squares[before + range.count] - squares[before]
      let spread = square * count - sum * sum
      // Without a step inside the profile there is nothing to explain.
      let explained = (product * product * count / spread).replacing(
        with: 0, where: spread .<= 1e-4 * count * count)
      let isBetter = explained .> most
      most.replace(with: explained, where: isBetter)
      winner.replace(with: SIMD8(repeating: Int32(group)), where: isBetter)
    }
    var chosen: (number: Int, explained: Float)?
    for lane in 0..<8 where winner[lane] >= 0 {
      let number = Int(winner[lane]) * 8 + lane
      if let old = chosen, (old.explained, number) >= (most[lane], old.number) { continue }
      chosen = (number, most[lane])
    }
    return chosen.map { Self.candidate($0.number, pixel: pixel, centreReach: centreReach) }
  }
}

/// The normal distribution's integral and density from a table of cubics that agree with both at their ends; within
/// 1e-8 and 1e-6, and exactly 0 and 1 beyond 5 standard deviations.
enum NormalStep {
  static let perUnit = 32.0
  static let reach = 5.0

  /// Coefficients of 1, t, t^2, t^3 over each interval, t from 0 to 1.
  static let table: [SIMD4<Double>] = {
    let value = { (z: Double) in 0.5 * erfc(-z / 2.0.squareRoot()) }
    let slope = { (z: Double) in exp(-z * z / 2) / (2 * Double.pi).squareRoot() / perUnit }
    return (0..<Int(2 * reach * perUnit)).map { index in
      let low = Double(index) / perUnit - reach
      let high = low + 1 / perUnit
      let (rise, begin, end) = (value(high) - value(low), slope(low), slope(high))
      return SIMD4(value(low), begin, 3 * rise - 2 * begin - end, begin + end - 2 * rise)
    }
  }()

  static func value(_ z: Double) -> Double { at(z, table).value }

  /// Integral and density at `z`; the table is passed, so that loops need not fetch it again.
  @inline(__always) static func at(_ z: Double, _ table: [SIMD4<Double>]) -> (value: Double, density: Double) {
    let place = (z + reach) * perUnit
    guard place > 0 else { return (0, 0) }
    guard place < 2 * reach * perUnit else { return (1, 0) }
    let index = Int(place)
    let t = place - Double(index)
    let c = table[index]
    return (c.x + t * (c.y + t * (c.z + t * c.w)), (c.y + t * (2 * c.z + 3 * t * c.w)) * perUnit)
  }
}
