internal import Foundation
internal import Imaging
internal import Kernels

/// A closed outline in a slice plane, in millimetres, evenly resampled and freed of the pixels' staircase.
struct MarginOutline {
  /// Evenly spaced points, counter-clockwise (columns right, rows up).
  let points: [SIMD2<Double>]
  /// Unit normals that point outward.
  let normals: [SIMD2<Double>]
  let perimeter: Double

  /// - Parameters:
  ///   - vertices: of a half-level outline, in millimetres, with a positive area.
  ///   - smoothing: standard deviation along the outline, in millimetres.
  init?(vertices: [SIMD2<Double>], step: Double, smoothing: Double) {
    guard let (even, length) = Self.resample(vertices, step: step) else { return nil }
    let spacing = length / Double(even.count)
    points = Self.smooth(even, sigma: smoothing / spacing)
    let count = points.count
    var normals: [SIMD2<Double>] = []
    for index in 0..<count {
      let tangent = points[(index + 1) % count] - points[(index + count - 1) % count]
      let size = (tangent.x * tangent.x + tangent.y * tangent.y).squareRoot()
      guard size > 0 else { return nil }
      normals.append(SIMD2(tangent.y, -tangent.x) / size)
    }
    self.normals = normals
    perimeter = Self.length(points)
  }

  /// How regular the outline is, from 0 to 1: perimeter over root of area of the outline when only its coarse form is
  /// left (smoothed over a twentieth of its length, at most 3 mm), divided by that of the outline itself. A circle has 1,
  /// a smooth ellipse or the joint form of a bone and what bulges from it nearly 1, spicules and notches much less.
  var regularity: Double {
    let spacing = perimeter / Double(points.count)
    let coarse = Self.smooth(points, sigma: min(Double(points.count) / 20, 3 / spacing))
    let shape = { (outline: [SIMD2<Double>]) in
      Self.length(outline) / max(ConvexHull.signedArea(outline), 1e-12).squareRoot()
    }
    return min(1, shape(coarse) / shape(points))
  }

  private static func length(_ closed: [SIMD2<Double>]) -> Double {
    var sum = 0.0
    for index in closed.indices {
      let gap = closed[(index + 1) % closed.count] - closed[index]
      sum += (gap.x * gap.x + gap.y * gap.y).squareRoot()
    }
    return sum
  }

  private static func resample(_ vertices: [SIMD2<Double>], step: Double) -> ([SIMD2<Double>], Double)? {
    let total = length(vertices)
    guard vertices.count >= 3, total > 0 else { return nil }
    let count = max(24, Int((total / step).rounded(.up)))
    var result: [SIMD2<Double>] = []
    var walked = 0.0
    for index in vertices.indices {
      let next = vertices[(index + 1) % vertices.count]
      let gap = next - vertices[index]
      let size = (gap.x * gap.x + gap.y * gap.y).squareRoot()
      while result.count < count, Double(result.count) * total / Double(count) <= walked + size, size > 0 {
        let share = (Double(result.count) * total / Double(count) - walked) / size
        result.append(vertices[index] + gap * share)
      }
      walked += size
    }
    return result.count >= 3 ? (result, total) : nil
  }

  /// Gaussian smoothing around a closed outline; sigma in points.
  private static func smooth(_ closed: [SIMD2<Double>], sigma: Double) -> [SIMD2<Double>] {
    guard sigma > 0.05 else { return closed }
    let radius = min(closed.count / 2, Int((3 * sigma).rounded(.up)))
    let taps = (-radius...radius).map { exp(-Double($0 * $0) / (2 * sigma * sigma)) }
    let sum = taps.reduce(0, +)
    return closed.indices.map { index in
      var point = SIMD2<Double>.zero
      for (tap, weight) in taps.enumerated() {
        point += closed[(index + tap - radius + closed.count) % closed.count] * weight
      }
      return point / sum
    }
  }
}
