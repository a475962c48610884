/// A smooth random field in space, periodic over 32 cells, with values about -1 to 1.
struct NoiseField: Sendable {
  private static let size = 32
  private let values: [Float]

  init(seed: UInt64, stream: UInt64) {
    let random = CounterRandom(seed: seed, stream: stream)
    values = (0..<Self.size * Self.size * Self.size).map { Float(random.uniform(UInt64($0)) * 2 - 1) }
  }

  /// Trilinear interpolation with a smoothed weight at a place given in cells.
  @inline(__always) func value(_ x: Double, _ y: Double, _ z: Double) -> Float {
    let fx = x.rounded(.down)
    let fy = y.rounded(.down)
    let fz = z.rounded(.down)
    let tx = Self.smooth(Float(x - fx))
    let ty = Self.smooth(Float(y - fy))
    let tz = Self.smooth(Float(z - fz))
    let mask = Self.size - 1
    let x0 = Int(fx) & mask
    let x1 = (x0 + 1) & mask
    let y0 = (Int(fy) & mask) * Self.size
    let y1 = ((Int(fy) + 1) & mask) * Self.size
    let z0 = (Int(fz) & mask) * Self.size * Self.size
    let z1 = ((Int(fz) + 1) & mask) * Self.size * Self.size
    let a = values[z0 + y0 + x0] + (values[z0 + y0 + x1] - values[z0 + y0 + x0]) * tx
    let b = values[z0 + y1 + x0] + (values[z0 + y1 + x1] - values[z0 + y1 + x0]) * tx
    let c = values[z1 + y0 + x0] + (values[z1 + y0 + x1] - values[z1 + y0 + x0]) * tx
    let d = values[z1 + y1 + x0] + (values[z1 + y1 + x1] - values[z1 + y1 + x0]) * tx
    let low = a + (b - a) * ty
    let high = c + (d - c) * ty
    return low + (high - low) * tz
  }

  @inline(__always) private static func smooth(_ t: Float) -> Float { t * t * (3 - 2 * t) }
}

/// 0 below `low`, 1 above `high`, smooth between.
@inline(__always) func smoothStep(_ low: Float, _ high: Float, _ value: Float) -> Float {
  let t = min(max((value - low) / (high - low), 0), 1)
  return t * t * (3 - 2 * t)
}
