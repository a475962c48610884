/// How strongly the signal rises and falls along the spine, coherently across the bodies, at each station.
///
/// Going down, the signal rises where a body begins (dark end plate to marrow) and falls where it ends. This holds for
/// T1 and T2 with and without fat suppression, and after contrast.
struct EndPlateProfile: Sendable {
  var rise: [Float]
  var fall: [Float]
  /// Tangent of the tilt at which the edge is strongest; positive where the front of the plate lies lower.
  var riseTilt: [Float]
  var fallTilt: [Float]
  /// Signal in front of the canal over its mean within a segment, 0.3 to 2.
  var signal: [Float]

  init(picture: StraightPicture, parameters: AnatomyParameters.Vertebrae) {
    let height = picture.height
    let depth = Int(parameters.plateDepth)
    let start = -depth / 2
    rise = [Float](repeating: 0, count: height)
    fall = rise
    riseTilt = rise
    fallTilt = rise
    // The local level over a segment, so that neither coil nor weighting matters.
    var level = [Double](repeating: 0, count: height)
    for s in 0..<height {
      var sum: Float = 0
      for offset in 0...depth { sum += picture.value(s: s, u: start + offset) }
      level[s] = Double(sum) / Double(depth + 1)
    }
    level = CanalPath.runningMean(level, radius: 20)
    signal = rise
    for s in 0..<height {
      var sum: Float = 0
      for offset in 0...depth { sum += picture.value(s: s, u: start + offset) }
      signal[s] = min(max(sum / Float(depth + 1) / Float(max(level[s], 1e-6)), 0.3), 2)
    }
    for tilt in parameters.plateTilts {
      var line = [Float](repeating: 0, count: height)
      for s in 0..<height {
        var sum: Float = 0
        for offset in start...(start + depth) {
          let shifted = s + Int((Double(offset) * tilt).rounded())
          sum += picture.value(s: shifted, u: offset)
        }
        line[s] = sum / Float(depth + 1)
      }
      for s in 0..<height {
        var above: Float = 0
        var below: Float = 0
        for offset in 1...3 {
          above += line[max(s - offset, 0)]
          below += line[min(s + offset - 1, height - 1)]
        }
        let edge = (below - above) / (3 * Float(max(level[s], 1e-6)))
        if edge > rise[s] {
          rise[s] = edge
          riseTilt[s] = Float(tilt)
        }
        if -edge > fall[s] {
          fall[s] = -edge
          fallTilt[s] = Float(tilt)
        }
      }
    }
    let strongest = zip(rise, fall).map { max($0, $1) }
    let floor = 0.5 * Self.percentile(strongest, 0.85)
    let reach = Int(parameters.edgeScaleReach)
    for s in 0..<height {
      let near = Array(strongest[max(0, s - reach)...min(height - 1, s + reach)])
      let scale = max(Self.percentile(near, 0.85), floor, 1e-3)
      rise[s] = min(rise[s] / scale, 1.5)
      fall[s] = min(fall[s] / scale, 1.5)
    }
  }

  /// The mean of several series' profiles; tilts come from the series whose edge is the strongest.
  init(joining profiles: [EndPlateProfile]) {
    var joint = profiles[0]
    for s in joint.rise.indices {
      joint.rise[s] = profiles.reduce(0) { $0 + $1.rise[s] } / Float(profiles.count)
      joint.fall[s] = profiles.reduce(0) { $0 + $1.fall[s] } / Float(profiles.count)
      joint.riseTilt[s] = (profiles.max { $0.rise[s] < $1.rise[s] } ?? joint).riseTilt[s]
      joint.fallTilt[s] = (profiles.max { $0.fall[s] < $1.fall[s] } ?? joint).fallTilt[s]
    }
    self = joint
  }

  private static func percentile(_ values: [Float], _ fraction: Double) -> Float {
    let sorted = values.sorted()
    return sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(Double(sorted.count) * fraction))]
  }
}
