internal import Kernels

/// Eight windows of pixels side by side, one a lane: what is done to all of them is done at once.
struct WindowPixels {
  typealias Lane = SIMD8<Float>
  /// Pixels along a side.
  let side: Int
  /// `side * side` pixels, the column running fastest.
  var pixels: [Lane]
  /// Which lanes hold a window.
  var used: Lane.MaskStorage

  init(side: Int) {
    self.side = side
    pixels = [Lane](repeating: .zero, count: side * side)
    used = .zero
  }
}

/// Gradients of windows, smoothed by 1, 4, 6, 4, 1 in both directions, over their length; where they are weaker than
/// the windows' typical gradient (noise, flat tissue) they shrink to 0.
struct UnitGradients {
  /// Pixels at the border of a window where there is no gradient.
  static let border = 3

  let side: Int
  private(set) var x: [SIMD8<Float>]
  private(set) var y: [SIMD8<Float>]

  /// Gradients of windows whose typical gradient is taken over all of them.
  static func of(_ windows: [WindowPixels]) -> [UnitGradients] {
    var gradients = windows.map(UnitGradients.init)
    var squares: [Float] = []
    for (window, gradient) in zip(windows, gradients) { gradient.squares(window.used, &squares) }
    guard !squares.isEmpty else { return gradients }
    let typical = OrderStatistics.value(of: squares, rank: squares.count / 2)
    // Where most of an image is perfectly flat, a tenth of its strong gradients is next to none.
    let strong = OrderStatistics.value(of: squares, rank: squares.count * 19 / 20)
    let floor = max(2 * typical, 0.01 * strong) + .leastNormalMagnitude
    for index in gradients.indices { gradients[index].normalize(floor) }
    return gradients
  }

  private init(_ window: WindowPixels) {
    side = window.side
    let smooth = Self.smoothed(Self.smoothed(window.pixels, step: 1, side: side), step: side, side: side)
    x = [SIMD8<Float>](repeating: .zero, count: side * side)
    y = x
    for row in Self.border..<side - Self.border {
      for column in Self.border..<side - Self.border {
        let k = row * side + column
        x[k] = smooth[k + 1] - smooth[k - 1]
        y[k] = smooth[k + side] - smooth[k - side]
      }
    }
  }

  private static func smoothed(_ values: [SIMD8<Float>], step: Int, side: Int) -> [SIMD8<Float>] {
    var output = values
    for k in 2 * step..<values.count - 2 * step {
      let near = values[k - step] + values[k + step]
      let far = values[k - 2 * step] + values[k + 2 * step]
      output[k] = (far + 4 * near + 6 * values[k]) * (1 / 16)
    }
    return output
  }

  /// Squared lengths of every second pixel's gradient.
  private func squares(_ used: SIMD8<Float>.MaskStorage, _ result: inout [Float]) {
    for row in stride(from: Self.border, to: side - Self.border, by: 2) {
      for column in stride(from: Self.border, to: side - Self.border, by: 2) {
        let k = row * side + column
        let square = x[k] * x[k] + y[k] * y[k]
        for lane in 0..<8 where used[lane] != 0 { result.append(square[lane]) }
      }
    }
  }

  private mutating func normalize(_ floor: Float) {
    for k in x.indices {
      let length = (x[k] * x[k] + y[k] * y[k] + floor).squareRoot()
      x[k] /= length
      y[k] /= length
    }
  }

  /// Sum of squared products of these and other unit gradients at each shift up to `range`, lane by lane, the columns'
  /// shift running fastest.
  func agreement(with moving: UnitGradients, range: Int) -> [SIMD8<Float>] {
    GradientAgreement.atShifts(
      x: x, y: y, movingX: moving.x, movingY: moving.y, side: side, border: Self.border, range: range)
  }
}
