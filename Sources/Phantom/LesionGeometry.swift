import Foundation
package import Imaging

/// The lesion's outline cut by planes and lines, found by bisection to a hundredth of a millimetre.
package struct LesionGeometry: Sendable {
  let scene: PhantomScene
  let lesion: LesionModel

  package init(scene: PhantomScene, lesion: LesionModel) {
    self.scene = scene
    self.lesion = lesion
  }

  package struct Diameter: Sendable {
    package var length: Double
    var ends: (Vector3, Vector3)
    package var slice: Int
  }

  /// One stretch of a scan line inside the lesion.
  private struct Run {
    var start: Double
    var end: Double
    var component: Int
  }

  /// Maximum Feret diameter of the largest component in each plane of a stack; the largest over the planes.
  package func inSliceDiameter(_ geometry: VolumeGeometry) -> Diameter? {
    let found = concurrentMap(geometry.slices) { slice in inSlice(geometry, slice) }
    return found.compactMap { $0 }.max { $0.length < $1.length }
  }

  private func inSlice(_ geometry: VolumeGeometry, _ slice: Int) -> Diameter? {
    let origin = geometry.sliceOrigins[slice]
    let away = (lesion.boundingCenter - origin).dot(geometry.sliceDirection)
    guard abs(away) < lesion.boundingRadius else { return nil }
    let middle = lesion.boundingCenter - geometry.sliceDirection * away
    let reach = lesion.boundingRadius + 0.5
    let step = max(0.1, reach / 200)
    let count = Int(2 * reach / step) + 1
    var lines: [[Run]] = []
    for line in 0..<count {
      let start = middle + geometry.columnDirection * (Double(line) * step - reach)
      lines.append(
        runs(from: start, along: geometry.rowDirection, reach: reach, step: max(0.25, step * 2)).map {
          Run(start: $0.0, end: $0.1, component: -1)
        })
    }
    label(&lines)
    var areas: [Double] = []
    for line in lines {
      for run in line {
        while areas.count <= run.component { areas.append(0) }
        areas[run.component] += (run.end - run.start) * step
      }
    }
    guard let largest = areas.indices.max(by: { areas[$0] < areas[$1] }) else { return nil }
    var points: [SIMD2<Double>] = []
    for (line, runs) in lines.enumerated() {
      for run in runs where run.component == largest {
        points.append(SIMD2(run.start, Double(line) * step - reach))
        points.append(SIMD2(run.end, Double(line) * step - reach))
      }
    }
    let hull = Self.convexHull(points)
    var best = (0.0, hull[0], hull[0])
    for a in hull {
      for b in hull {
        let d = a - b
        let length = (d * d).sum().squareRoot()
        if length > best.0 { best = (length, a, b) }
      }
    }
    func world(_ p: SIMD2<Double>) -> Vector3 { middle + geometry.rowDirection * p.x + geometry.columnDirection * p.y }
    return Diameter(length: best.0, ends: (world(best.1), world(best.2)), slice: slice)
  }

  /// Stretches of a line (from -reach to reach about `start`) inside the lesion.
  private func runs(from start: Vector3, along: Vector3, reach: Double, step: Double) -> [(Double, Double)] {
    var result: [(Double, Double)] = []
    var hint = lesion.vertebra
    func inside(_ t: Double) -> Bool { scene.contains(lesion, start + along * t, hint: &hint) }
    func crossing(_ low: Double, _ high: Double, insideAtHigh: Bool) -> Double {
      var low = low
      var high = high
      for _ in 0..<7 {
        let middle = (low + high) / 2
        if inside(middle) == insideAtHigh { high = middle } else { low = middle }
      }
      return (low + high) / 2
    }
    let count = Int(2 * reach / step) + 1
    var was = false
    var entered = 0.0
    for index in 0...count {
      let t = Double(index) * step - reach
      let now = inside(t)
      if now != was {
        if now {
          entered = index == 0 ? t : crossing(t - step, t, insideAtHigh: true)
        } else {
          result.append((entered, crossing(t - step, t, insideAtHigh: false)))
        }
      }
      was = now
    }
    if was { result.append((entered, reach)) }
    return result
  }

  /// Joins runs of neighbouring lines that overlap into components numbered from 0.
  private func label(_ lines: inout [[Run]]) {
    var parents: [Int] = []
    func root(_ index: Int) -> Int {
      var index = index
      while parents[index] != index { index = parents[index] }
      return index
    }
    for line in lines.indices {
      for run in lines[line].indices {
        var component = -1
        if line > 0 {
          for other in lines[line - 1]
          where other.start < lines[line][run].end && other.end > lines[line][run].start {
            let found = root(other.component)
            if component < 0 { component = found } else { parents[max(component, found)] = min(component, found) }
            component = min(component, found)
          }
        }
        if component < 0 {
          component = parents.count
          parents.append(component)
        }
        lines[line][run].component = component
      }
    }
    for line in lines.indices {
      for run in lines[line].indices { lines[line][run].component = root(lines[line][run].component) }
    }
  }

  static func convexHull(_ points: [SIMD2<Double>]) -> [SIMD2<Double>] {
    let sorted = points.sorted { $0.x != $1.x ? $0.x < $1.x : $0.y < $1.y }
    if sorted.count < 3 { return sorted }
    func half(_ points: [SIMD2<Double>]) -> [SIMD2<Double>] {
      var chain: [SIMD2<Double>] = []
      for p in points {
        while chain.count >= 2 {
          let a = chain[chain.count - 1] - chain[chain.count - 2]
          let b = p - chain[chain.count - 2]
          if a.x * b.y - a.y * b.x > 0 { break }
          chain.removeLast()
        }
        chain.append(p)
      }
      return chain
    }
    return half(sorted) + half(sorted.reversed())
  }

  /// Size of the object in space and what it consists of.
  package struct Solid: Sendable {
    package var volume: Double
    package var maximumDiameter: Double?
    var centroid: Vector3
    package var extraosseousFraction: Double
    var epiduralFraction: Double
    var bodyShare: Double
    var posteriorShare: Double
    /// Levels whose bone holds at least a twentieth of the lesion.
    var levels: [VertebralLevel]
  }

  /// Scans the lesion with parallel lines; expected bone is the anatomy without the lesion.
  package func solid() -> Solid {
    let reach = lesion.boundingRadius + 0.5
    let step = max(0.25, min(1, reach / 45))
    let count = Int(2 * reach / step) + 1
    let planes = concurrentMap(count) {
      plane -> (ends: [Vector3], samples: [(Vector3, TissueSample)], length: Double) in
      var ends: [Vector3] = []
      var samples: [(Vector3, TissueSample)] = []
      var length = 0.0
      var hint = lesion.vertebra
      for line in 0..<count {
        let start =
          lesion.boundingCenter + Vector3(Double(plane) * step - reach, Double(line) * step - reach, 0)
        for (from, to) in runs(from: start, along: Vector3(0, 0, 1), reach: reach, step: step) {
          ends.append(start + Vector3(0, 0, from))
          ends.append(start + Vector3(0, 0, to))
          length += to - from
          let pieces = max(1, Int(((to - from) / step).rounded()))
          for piece in 0..<pieces {
            let point = start + Vector3(0, 0, from + (Double(piece) + 0.5) * (to - from) / Double(pieces))
            samples.append((point, scene.spine.tissue(at: point, hint: &hint)))
          }
        }
      }
      return (ends, samples, length)
    }
    let ends = planes.flatMap(\.ends)
    let samples = planes.flatMap(\.samples)
    let total = Double(max(samples.count, 1))
    var centroid = Vector3.zero
    var outside = 0.0
    var epidural = 0.0
    var body = 0.0
    var posterior = 0.0
    var byLevel = [Int](repeating: 0, count: 64)
    for (point, sample) in samples {
      centroid += point
      switch sample.structure {
      case .vertebralBody: body += 1
      case .posteriorElements: posterior += 1
      default:
        outside += 1
        if sample.structure == .spinalCanal { epidural += 1 }
      }
      if sample.structure == .vertebralBody || sample.structure == .posteriorElements, let level = sample.level {
        byLevel[Int(level.rawValue)] += 1
      }
    }
    return Solid(
      volume: planes.reduce(0) { $0 + $1.length } * step * step, maximumDiameter: Self.diameter(ends),
      centroid: samples.isEmpty ? lesion.boundingCenter : centroid / total, extraosseousFraction: outside / total,
      epiduralFraction: epidural / total, bodyShare: body / total, posteriorShare: posterior / total,
      levels: VertebralLevel.allCases.filter { Double(byLevel[Int($0.rawValue)]) >= 0.05 * total })
  }

  /// Greatest distance between two of the points, by the width along 600 directions and then along the found chord.
  static func diameter(_ points: [Vector3]) -> Double? {
    guard points.count > 1 else { return nil }
    var best = 0.0
    var direction = Vector3(0, 0, 1)
    func extremes(_ n: Vector3) -> (Vector3, Vector3) {
      var low = points[0]
      var high = points[0]
      for p in points {
        if p.dot(n) < low.dot(n) { low = p }
        if p.dot(n) > high.dot(n) { high = p }
      }
      return (low, high)
    }
    for index in 0..<300 {
      let z = 1 - (Double(index) + 0.5) / 300
      let angle = Double(index) * 2.399_963_229_728_653
      let r = (1 - z * z).squareRoot()
      let n = Vector3(r * cos(angle), r * sin(angle), z)
      let (low, high) = extremes(n)
      if (high - low).length > best {
        best = (high - low).length
        direction = (high - low) / max(best, 1e-9)
      }
    }
    for _ in 0..<5 {
      let (low, high) = extremes(direction)
      let length = (high - low).length
      if length <= best { break }
      best = length
      direction = (high - low) / length
    }
    return best
  }
}
