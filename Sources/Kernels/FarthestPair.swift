/// The two points of a set in space that lie farthest apart.
public enum FarthestPair {
  /// Indices of the pair and its distance; `nil` for no points, the same index twice for a set without extent. Of
  /// several pairs within rounding the first that is met, which depends on the values and their order alone.
  ///
  /// Points are taken from the outside inwards: once |p - c| + R (R the largest such radius) falls below the best
  /// distance, no later point has a longer pair. Give only candidates (corners of plane hulls): the worst case stays quadratic.
  public static func inSpace(_ points: [SIMD3<Double>]) -> (first: Int, second: Int, distance: Double)? {
    guard var low = points.first else { return nil }
    var high = low
    for point in points {
      low.replace(with: point, where: point .< low)
      high.replace(with: point, where: point .> high)
    }
    let centre = (low + high) / 2
    let radii = points.map { squaredLength($0 - centre).squareRoot() }
    let order = points.indices.sorted { radii[$0] != radii[$1] ? radii[$0] > radii[$1] : $0 < $1 }
    let packed = PackedPoints(order.map { points[$0] - centre })
    var best = (first: order[0], second: order[0], distance: 0.0)
    for (rank, index) in order.enumerated() {
      // Partners stand before this point in the order; the first of them has the largest radius.
      if radii[index] + radii[order[0]] <= best.distance { break }
      guard let partner = packed.farther(than: best.distance, from: rank) else { continue }
      let distance = squaredLength(points[order[partner]] - points[index]).squareRoot()
      if distance > best.distance { best = (order[partner], index, distance) }
    }
    return best
  }

  static func squaredLength(_ a: SIMD3<Double>) -> Double { a.x * a.x + a.y * a.y + a.z * a.z }
}

/// Points in eights, in `Float`, relative to their centre.
private struct PackedPoints {
  private var x: [SIMD8<Float>] = []
  private var y: [SIMD8<Float>] = []
  private var z: [SIMD8<Float>] = []

  init(_ points: [SIMD3<Double>]) {
    for start in stride(from: 0, to: points.count, by: 8) {
      var (a, b, c) = (SIMD8<Float>(), SIMD8<Float>(), SIMD8<Float>())
      for lane in 0..<8 {
        // The last point fills the rest; it is no farther from anything than itself.
        let point = points[min(start + lane, points.count - 1)]
        a[lane] = Float(point.x)
        b[lane] = Float(point.y)
        c[lane] = Float(point.z)
      }
      x.append(a)
      y.append(b)
      z.append(c)
    }
  }

  /// The rank before `rank` whose point lies farthest from that of `rank`, if farther than `distance`.
  func farther(than distance: Double, from rank: Int) -> Int? {
    let (block, lane) = (rank >> 3, rank & 7)
    let a = SIMD8<Float>(repeating: x[block][lane])
    let b = SIMD8<Float>(repeating: y[block][lane])
    let c = SIMD8<Float>(repeating: z[block][lane])
    let limit = Float(distance * distance) * (1 - 1e-6)
    var farthest = SIMD8<Float>(repeating: limit)
    for index in 0...block {
      let square = squares(index, a, b, c)
      farthest.replace(with: square, where: square .> farthest)
    }
    let most = farthest.max()
    guard most > limit else { return nil }
    for index in 0...block {
      let square = squares(index, a, b, c)
      for lane in 0..<8 where square[lane] == most && index * 8 + lane <= rank { return index * 8 + lane }
    }
    return nil
  }

  @inline(__always)
  private func squares(
    _ index: Int, _ a: SIMD8<Float>, _ b: SIMD8<Float>, _ c: SIMD8<Float>
  ) -> SIMD8<Float> {
    let (dx, dy, dz) = (x[index] - a, y[index] - b, z[index] - c)
    return dx * dx + dy * dy + dz * dz
  }
}
