internal import Imaging

/// The canal's centre as a function of the height (LPS z), for asking where a point lies relative to the spine.
struct SpineCourse: Sendable {
  /// Ordered by falling z.
  private let points: [Vector3]

  /// `nil` with fewer than two points.
  init?(_ centreline: [Vector3]) {
    let ordered = centreline.sorted { $0.z > $1.z }
    guard ordered.count >= 2 else { return nil }
    points = ordered
  }

  /// Linear between points, constant beyond the ends.
  func centre(z: Double) -> Vector3 {
    if z >= points[0].z { return points[0] }
    if z <= points[points.count - 1].z { return points[points.count - 1] }
    var low = 0
    var high = points.count - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if points[middle].z >= z { low = middle } else { high = middle }
    }
    let span = points[low].z - points[high].z
    let fraction = span > 0 ? (points[low].z - z) / span : 0
    return points[low] + (points[high] - points[low]) * fraction
  }

  /// Whether `z` lies within `margin` millimetres of the course.
  func covers(z: Double, margin: Double) -> Bool {
    z <= points[0].z + margin && z >= points[points.count - 1].z - margin
  }
}
