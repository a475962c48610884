/// Convex hulls of points in a plane, and the longest distance in them.
public enum ConvexHull {
  /// The corners of the hull, counter-clockwise, beginning with the smallest x (then y); no three on a line. One or two
  /// corners for points that coincide or lie on one line. Andrew's monotone chain, n log n.
  public static func hull(_ points: [SIMD2<Double>]) -> [SIMD2<Double>] {
    hull(ofSorted: points.sorted { $0.x != $1.x ? $0.x < $1.x : $0.y < $1.y })
  }

  /// The same for points that are sorted by x, then y.
  static func hull(ofSorted sorted: [SIMD2<Double>]) -> [SIMD2<Double>] {
    guard sorted.count > 1 else { return sorted }
    var chain: [SIMD2<Double>] = []
    chain.reserveCapacity(64)
    for point in sorted { push(point, onto: &chain, floor: 0) }
    let lower = chain.count
    for point in sorted.dropLast().reversed() { push(point, onto: &chain, floor: lower - 1) }
    chain.removeLast()
    return chain.isEmpty ? [sorted[0]] : chain
  }

  /// The two points of a set that lie farthest apart, by rotating calipers over the hull. Equal points for a set
  /// without extent; `nil` for no points. Of several such pairs the first along the hull.
  public static func farthestPair(_ points: [SIMD2<Double>]) -> (SIMD2<Double>, SIMD2<Double>)? {
    farthestPair(ofHull: hull(points))
  }

  /// The same for corners that already are a hull in its order.
  static func farthestPair(ofHull corners: [SIMD2<Double>]) -> (SIMD2<Double>, SIMD2<Double>)? {
    guard let first = corners.first else { return nil }
    if corners.count < 3 { return (first, corners[corners.count - 1]) }
    var best = (first, first)
    var longest = -1.0
    var opposite = 1
    for index in corners.indices {
      let next = (index + 1) % corners.count
      let edge = corners[next] - corners[index]
      // The opposite corner is the farthest from this edge; it only ever moves on.
      while true {
        let following = (opposite + 1) % corners.count
        if cross(edge, corners[following] - corners[opposite]) <= 0 { break }
        opposite = following
      }
      // On parallel edges the next corner is antipodal too.
      for end in [opposite, (opposite + 1) % corners.count] {
        for start in [index, next] {
          let distance = squaredLength(corners[end] - corners[start])
          if distance > longest * (1 + 1e-12) {
            longest = distance
            best = (corners[start], corners[end])
          }
        }
      }
    }
    return best
  }

  /// Area of a polygon, positive when its corners run counter-clockwise.
  public static func signedArea(_ polygon: [SIMD2<Double>]) -> Double {
    guard var previous = polygon.last else { return 0 }
    var sum = 0.0
    for point in polygon {
      sum += cross(previous, point)
      previous = point
    }
    return sum / 2
  }

  private static func push(_ point: SIMD2<Double>, onto chain: inout [SIMD2<Double>], floor: Int) {
    while chain.count >= floor + 2 {
      let last = chain[chain.count - 1]
      if cross(last - chain[chain.count - 2], point - last) > 0 { break }
      chain.removeLast()
    }
    if chain.last != point { chain.append(point) }
  }

  static func cross(_ a: SIMD2<Double>, _ b: SIMD2<Double>) -> Double { a.x * b.y - a.y * b.x }

  static func squaredLength(_ a: SIMD2<Double>) -> Double { a.x * a.x + a.y * a.y }
}
