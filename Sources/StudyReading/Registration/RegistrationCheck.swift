public import Imaging

/// What the registration check may cost and what it reports. Search range and steps in millimetres.
public struct RegistrationParameters: Sendable, Codable, Equatable {
  /// Points drawn in the volume that both series show.
  public var samples = 3000
  /// Largest shift looked for along the slices' rows and columns; patients move by some millimetres between series.
  public var inPlaneRange = 6.0
  /// The same across the slices.
  public var throughPlaneRange = 4.0
  /// Step of the first search; it is halved down to `finestStep`.
  public var coarseStep = 2.0
  public var finestStep = 0.25
  /// Grey levels of the joint histogram along each axis; about the cube root of the number of samples.
  public var bins = 16
  /// A shift is told when mutual information rises by at least this share over no shift, and the shift is not smaller
  /// than `smallestShift`.
  public var reliableGain = 0.05
  public var smallestShift = 0.75

  public init() {}
}

/// A shift between two series of one study.
public struct SeriesShift: Sendable, Hashable {
  /// LPS millimetres by which the second series' anatomy lies off the first's.
  public let shift: Vector3
  /// Mutual information with the shift over that without, minus 1.
  public let gain: Double
  /// Mutual information without a shift, in nats.
  public let information: Double
  /// Points that both series hold.
  public let samples: Int
  /// Whether the shift is large and certain enough to be told.
  public let isReliable: Bool
}

/// Measures whether the patient moved between two series: the translation that makes one series say most about the
/// other (mutual information, Viola and Wells 1997, Maes 1997), which holds across T1, T2 and fat suppression.
///
/// Points are drawn at random places (not at voxel centres, where interpolation would favour whole-voxel shifts) with
/// a fixed seed. Cost is `samples` times some 300 evaluations, whatever the size of the volumes.
public enum RegistrationCheck {
  /// - Returns: `nil` where the series share too little volume or one of them is flat.
  public static func measure(
    first: Volume, second: Volume, parameters: RegistrationParameters = RegistrationParameters()
  ) -> SeriesShift? {
    guard let pair = SampledPair(first: first, second: second, parameters: parameters) else { return nil }
    let axes = [first.geometry.rowDirection, first.geometry.columnDirection, first.geometry.sliceDirection]
    let ranges = [parameters.inPlaneRange, parameters.inPlaneRange, parameters.throughPlaneRange]
    let vector = { (steps: [Double]) in axes[0] * steps[0] + axes[1] * steps[1] + axes[2] * steps[2] }
    let information = { (steps: [Double]) in pair.information(shift: vector(steps)) }
    let atRest = information([0, 0, 0])
    guard atRest > 0 else { return nil }
    var best = (steps: [0.0, 0, 0], value: atRest)
    let places = ranges.map { range in
      stride(from: -range, through: range, by: parameters.coarseStep).map { $0 }
    }
    for z in places[2] {
      for y in places[1] {
        for x in places[0] {
          let value = information([x, y, z])
          if value > best.value { best = ([x, y, z], value) }
        }
      }
    }
    var step = parameters.coarseStep / 2
    while step >= parameters.finestStep {
      climb(&best, step: step, ranges: ranges, information)
      step /= 2
    }
    let steps = refined(best, step: parameters.finestStep, information)
    let shift = vector(steps)
    let gain = best.value / atRest - 1
    return SeriesShift(
      shift: shift, gain: gain, information: atRest, samples: pair.count,
      isReliable: gain >= parameters.reliableGain && shift.length >= parameters.smallestShift)
  }

  /// Steps along the axes as long as the value rises.
  private static func climb(
    _ best: inout (steps: [Double], value: Double), step: Double, ranges: [Double], _ information: ([Double]) -> Double
  ) {
    for _ in 0..<8 {
      var moved = false
      for axis in 0..<3 {
        for side in [-step, step] {
          var steps = best.steps
          steps[axis] += side
          guard abs(steps[axis]) <= ranges[axis] + 1e-9 else { continue }
          let value = information(steps)
          if value > best.value {
            best = (steps, value)
            moved = true
          }
        }
      }
      if !moved { return }
    }
  }

  /// The top of a parabola through three values along each axis.
  private static func refined(
    _ best: (steps: [Double], value: Double), step: Double, _ information: ([Double]) -> Double
  ) -> [Double] {
    var result = best.steps
    for axis in 0..<3 {
      var low = best.steps
      var high = best.steps
      low[axis] -= step
      high[axis] += step
      let (below, above) = (information(low), information(high))
      let bend = below - 2 * best.value + above
      if bend < 0 { result[axis] += max(-0.5, min(0.5, 0.5 * (below - above) / bend)) * step }
    }
    return result
  }
}

/// Random points of the volume that two series share, with the grey levels of the first and the indices in the second.
private struct SampledPair {
  private let second: Volume
  private let firstBins: [UInt8]
  private let indices: [Vector3]
  private let bins: Int
  private let low: Float
  private let scale: Float

  var count: Int { indices.count }

  init?(first: Volume, second: Volume, parameters: RegistrationParameters) {
    self.second = second
    bins = parameters.bins
    var state: UInt64 = 0x5EED_0F_5B1
    let draw = { (count: Int) -> Double in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 53) * Double(count - 1)
    }
    var values: [Float] = []
    var points: [Vector3] = []
    let geometry = first.geometry
    for _ in 0..<(parameters.samples * 8) where points.count < parameters.samples {
      let index = Vector3(draw(geometry.columns), draw(geometry.rows), draw(geometry.slices))
      let other = second.geometry.index(ofPosition: geometry.position(ofIndex: index))
      guard other.x >= 0, other.x <= Double(second.geometry.columns - 1), other.y >= 0,
        other.y <= Double(second.geometry.rows - 1), other.z >= -0.5, other.z <= Double(second.geometry.slices) - 0.5
      else { continue }
      values.append(Self.interpolate(first, index))
      points.append(other)
    }
    guard points.count >= 500, let range = Self.range(values) else { return nil }
    guard let other = Self.range(points.map { Self.interpolate(second, $0) }) else { return nil }
    // Air says nothing about a shift: points dark in both are left out.
    let floor = range.low + 0.05 * (range.high - range.low)
    let otherFloor = other.low + 0.05 * (other.high - other.low)
    let kept = points.indices.filter { values[$0] > floor || Self.interpolate(second, points[$0]) > otherFloor }
    guard kept.count >= 500 else { return nil }
    let width = Float(parameters.bins) / (range.high - range.low)
    let last = Float(parameters.bins - 1)
    firstBins = kept.map { UInt8(min(last, max(0, (values[$0] - range.low) * width))) }
    indices = kept.map { points[$0] }
    low = other.low
    scale = Float(parameters.bins) / (other.high - other.low)
  }

  /// First and 99th percentile; `nil` for a flat sample.
  private static func range(_ values: [Float]) -> (low: Float, high: Float)? {
    let sorted = values.sorted()
    guard let low = sorted.dropFirst(sorted.count / 100).first, let high = sorted.dropLast(sorted.count / 100).last,
      high > low
    else { return nil }
    return (low, high)
  }

  /// Mutual information of both series' grey levels in nats, the second read `shift` away.
  func information(shift: Vector3) -> Double {
    let geometry = second.geometry
    let move = Vector3(
      shift.dot(geometry.rowDirection) / geometry.spacing.x, shift.dot(geometry.columnDirection) / geometry.spacing.y,
      shift.dot(geometry.sliceDirection) / geometry.spacing.z)
    var joint = [Double](repeating: 0, count: bins * bins)
    for place in indices.indices {
      let value = (Self.interpolate(second, indices[place] + move) - low) * scale
      // Shared between the two nearest levels, so that the sum changes smoothly with the shift.
      let level = Double(min(Float(bins) - 1.001, max(0, value - 0.5)))
      let lower = Int(level)
      let part = level - Double(lower)
      let row = Int(firstBins[place]) * bins
      joint[row + lower] += 1 - part
      joint[row + lower + 1] += part
    }
    return Self.mutualInformation(joint, bins: bins, total: Double(indices.count))
  }

  private static func mutualInformation(_ joint: [Double], bins: Int, total: Double) -> Double {
    var rows = [Double](repeating: 0, count: bins)
    var columns = rows
    for row in 0..<bins {
      for column in 0..<bins {
        rows[row] += joint[row * bins + column]
        columns[column] += joint[row * bins + column]
      }
    }
    return entropy(rows, total) + entropy(columns, total) - entropy(joint, total)
  }

  private static func entropy(_ counts: [Double], _ total: Double) -> Double {
    counts.reduce(0) { $1 > 0 ? $0 - $1 / total * NaturalLogarithm.of($1 / total) : $0 }
  }

  /// Linear along all three axes; indices outside are moved to the edge.
  @inline(__always) private static func interpolate(_ volume: Volume, _ index: Vector3) -> Float {
    let geometry = volume.geometry
    let x = min(max(index.x, 0), Double(geometry.columns - 1))
    let y = min(max(index.y, 0), Double(geometry.rows - 1))
    let z = min(max(index.z, 0), Double(geometry.slices - 1))
    let (column, row, slice) = (Int(x), Int(y), Int(z))
    let (fx, fy, fz) = (Float(x - Double(column)), Float(y - Double(row)), Float(z - Double(slice)))
    let right = column + 1 < geometry.columns ? 1 : 0
    let down = row + 1 < geometry.rows ? geometry.columns : 0
    let next = slice + 1 < geometry.slices ? geometry.columns * geometry.rows : 0
    let start = geometry.offset(column: column, row: row, slice: slice)
    let plane = { (at: Int) -> Float in
      let top = volume.voxels[at] + (volume.voxels[at + right] - volume.voxels[at]) * fx
      let bottom = volume.voxels[at + down] + (volume.voxels[at + down + right] - volume.voxels[at + down]) * fx
      return top + (bottom - top) * fy
    }
    let here = plane(start)
    return here + (plane(start + next) - here) * fz
  }
}
