import Imaging
import Kernels

/// One series against the patient's own marrow: how far each voxel of a bone grid lies from what marrow there would show.
///
/// Log signals, so that coil and contrast are factors. What marrow shows is a line through the bodies' medians along the
/// spine (Theil-Sen: up to a quarter of the bodies may be tumour) and one slope from front to back (the median over the bodies),
/// which also holds between the bodies of a curved spine where it brings them much nearer together.
struct MarrowModel {
  let kind: DetectionSeries.Kind
  /// Log signal less the marrow's, smoothed over 3 x 3 pixels; NaN where the series does not reach or has no signal.
  var departure: [Float]
  /// Spread of marrow: within a body, and between the bodies.
  let spread: Double
  /// Logarithm of marrow over muscle at the middle of the stretch, as if both lay at one depth; `nil` without muscle.
  let aboveMuscle: Double?
  /// The coil's fall-off towards the front, log signal per millimetre of LPS y; 0 where the bodies do not show it.
  private let fallOff: Double

  init?(_ series: DetectionSeries, _ bones: BoneGrid, _ parameters: DetectionParameters) {
    kind = series.kind
    let signal = Self.logSignal(series.volume, on: bones.geometry)
    var levels: [(z: Double, y: Double, median: Double, slope: Double?, values: [(offset: Int, y: Double)])] = []
    for body in bones.bodies {
      let inside = body.offsets.filter { bones.depth[$0] >= Float(parameters.marrowDepth) && signal[$0].isFinite }
      guard inside.count >= parameters.minimumBodyVoxels else { continue }
      let places = inside.map { (offset: $0, y: (bones.position($0) - body.centroid).dot(body.back)) }
      guard let median = lowerMedian(inside.map { Double(signal[$0]) }) else { continue }
      levels.append((body.centroid.z, body.centroid.y, median, Self.slope(places, signal), places))
    }
    guard levels.count >= parameters.minimumBodies else { return nil }
    let slope = lowerMedian(levels.compactMap(\.slope)) ?? 0
    // A curved spine carries its bodies through the coil's fall-off: the slope within bodies may hold between them too.
    let lines = [0, slope].map { across in Line(levels.map { ($0.z, $0.median - across * $0.y) }, across: across) }
    let isCurved =
      lines[0].spread > parameters.minimumSpread && lines[1].spread <= parameters.curvedSpread * lines[0].spread
    let line = lines[isCurved ? 1 : 0]
    let within = levels.compactMap { body -> Double? in
      lowerMedian(body.values.map { abs(Double(signal[$0.offset]) - body.median - slope * $0.y) })
    }
    let inner = lowerMedian(within) ?? 0
    spread = max(parameters.minimumSpread, 1.4826 * (line.spread * line.spread + inner * inner).squareRoot())
    var departure = signal
    for offset in departure.indices where signal[offset].isFinite {
      let point = bones.position(offset)
      let (body, y) = Self.place(point, bones)
      departure[offset] -= Float(line.level(z: point.z, y: body) + slope * y)
    }
    self.departure = departure
    fallOff = line.across
    let middle = levels.map(\.z).reduce(0, +) / Double(levels.count)
    let depth = levels.map(\.y).reduce(0, +) / Double(levels.count)
    aboveMuscle = series.muscle.map {
      line.level(z: middle, y: series.muscleDepth ?? depth) - naturalLogarithm($0)
    }
  }

  /// The nearest body's own depth and the depth in it, of which the front-to-back slope holds; beyond the body its edge stands.
  private static func place(_ point: Vector3, _ bones: BoneGrid) -> (body: Double, inside: Double) {
    let body = bones.bodies.min { abs($0.centroid.z - point.z) < abs($1.centroid.z - point.z) }!
    let inside = min(max((point - body.centroid).dot(body.back), body.depths.lowerBound), body.depths.upperBound)
    return (body.centroid.y, inside)
  }

  /// Log signal of a place in the arches over muscle at its depth; `nil` without muscle or signal.
  func aboveMuscle(at offset: Int, _ bones: BoneGrid) -> Double? {
    let own = Double(departure[offset])
    guard let aboveMuscle, own.isFinite else { return nil }
    let point = bones.position(offset)
    let (body, inside) = Self.place(point, bones)
    return own + aboveMuscle + fallOff * (body + inside - point.y)
  }

  /// What the bodies' marrow shows along the spine, by Theil and Sen.
  private struct Line {
    /// By height, LPS z, and by depth, LPS y.
    let along: Double
    let across: Double
    let height: Double
    /// Median distance of the bodies from it.
    let spread: Double

    /// - Parameter levels: z, and log signal freed of `across` times y.
    init(_ levels: [(z: Double, value: Double)], across: Double) {
      var slopes: [Double] = []
      for i in levels.indices {
        for j in levels.indices where j > i && abs(levels[i].z - levels[j].z) > 1 {
          slopes.append((levels[i].value - levels[j].value) / (levels[i].z - levels[j].z))
        }
      }
      let along = lowerMedian(slopes) ?? 0
      let height = lowerMedian(levels.map { $0.value - along * $0.z }) ?? 0
      spread = lowerMedian(levels.map { abs($0.value - along * $0.z - height) }) ?? 0
      (self.along, self.across, self.height) = (along, across, height)
    }

    func level(z: Double, y: Double) -> Double { height + along * z + across * y }
  }

  /// Difference of the medians of a body's back and front halves over their distance.
  private static func slope(_ places: [(offset: Int, y: Double)], _ signal: [Float]) -> Double? {
    let back = places.filter { $0.y > 2 }
    let front = places.filter { $0.y < -2 }
    guard back.count >= 10, front.count >= 10, let high = lowerMedian(back.map { Double(signal[$0.offset]) }),
      let low = lowerMedian(front.map { Double(signal[$0.offset]) })
    else { return nil }
    let distance =
      back.reduce(0) { $0 + $1.y } / Double(back.count) - front.reduce(0) { $0 + $1.y } / Double(front.count)
    return (high - low) / distance
  }

  /// The series' signal at the grid's places (bilinear in the nearest slice), averaged over 3 x 3 pixels, as logarithm.
  private static func logSignal(_ volume: Volume, on geometry: VolumeGeometry) -> [Float] {
    let target = volume.geometry
    let (columns, rows) = (geometry.columns, geometry.rows)
    var values = [Float](repeating: .nan, count: geometry.count)
    for slice in 0..<geometry.slices {
      let start = target.index(ofPosition: geometry.position(column: 0, row: 0, slice: slice))
      let right = target.index(ofPosition: geometry.position(column: 1, row: 0, slice: slice)) - start
      let down = target.index(ofPosition: geometry.position(column: 0, row: 1, slice: slice)) - start
      for row in 0..<rows {
        for column in 0..<columns {
          let place = start + right * Double(column) + down * Double(row)
          let (c, r, s) = (place.x.rounded(.down), place.y.rounded(.down), place.z.rounded())
          guard c >= 0, r >= 0, s >= 0, c + 1 < Double(target.columns), r + 1 < Double(target.rows),
            s < Double(target.slices)
          else { continue }
          let (fx, fy) = (Float(place.x - c), Float(place.y - r))
          let at = target.offset(column: Int(c), row: Int(r), slice: Int(s))
          let upper = volume.voxels[at] * (1 - fx) + volume.voxels[at + 1] * fx
          let lower = volume.voxels[at + target.columns] * (1 - fx) + volume.voxels[at + target.columns + 1] * fx
          values[geometry.offset(column: column, row: row, slice: slice)] = upper * (1 - fy) + lower * fy
        }
      }
    }
    var result = [Float](repeating: .nan, count: geometry.count)
    for slice in 0..<geometry.slices {
      for row in 0..<rows {
        for column in 0..<columns {
          var (sum, count): (Float, Float) = (0, 0)
          for y in max(row - 1, 0)...min(row + 1, rows - 1) {
            for x in max(column - 1, 0)...min(column + 1, columns - 1) {
              let value = values[geometry.offset(column: x, row: y, slice: slice)]
              if value.isFinite { (sum, count) = (sum + value, count + 1) }
            }
          }
          if count > 0, sum > 0 {
            result[geometry.offset(column: column, row: row, slice: slice)] = Float(
              naturalLogarithm(Double(sum / count)))
          }
        }
      }
    }
    return result
  }
}
