import Foundation
import Imaging

// Signed distances in millimetres, negative inside, exact to first order near the surface.

extension Vertebra {
  /// The body's outline: (distance to the whole surface, distance to the side wall, distance to the endplates,
  /// relative radius). The side is an ellipse in front and squarer and slightly hollow behind; endplates are concave.
  @inline(__always) func body(_ q: Vector3) -> (surface: Double, wall: Double, plate: Double, radius: Double) {
    let slope = 0.5 - q.y / depth
    let full = posteriorHeight + (anteriorHeight - posteriorHeight) * min(max(slope, 0), 1)
    let relative = min(abs(2 * q.z / full), 1)
    let waist = 1 - 0.06 * (1 - relative * relative)
    let a = width / 2 * waist
    let su = abs(q.x / a)
    let r: Double
    if q.y < 0 {
      let sv = q.y / (depth / 2 * waist)
      r = (su * su + sv * sv).squareRoot()
    } else {
      let hollow = 1 - 0.10 * max(0, 1 - su * su)
      let sv = q.y / (depth / 2 * hollow)
      let u2 = su * su
      let v2 = sv * sv
      r = (u2 * u2 + v2 * v2).squareRoot().squareRoot()
    }
    let rho = (q.x * q.x + q.y * q.y).squareRoot()
    let wall = r > 1e-6 ? rho * (1 - 1 / r) : -a
    let concavity = min(1.8, 0.06 * full) * max(0, 1 - r * r)
    let plate = abs(q.z) - (full / 2 - concavity)
    return (max(wall, plate), wall, plate, r)
  }

  /// Arch and processes.
  @inline(__always) func posteriorElements(_ q: Vector3) -> Double {
    if level.region == .sacral { return sacralElements(q) }
    let cervical = level.region == .cervical
    let thoracic = level.region == .thoracic
    let cw = canalWidth / 2
    let cd = canalDepth / 2
    let vc = canalCenter
    let au = abs(q.x)
    var distance = 1e3
    // Pedicles.
    let pedicleCenter = cw + pedicleWidth / 2
    let pedicleLevel = height / 2 - pedicleHeight / 2 - 1
    distance = min(
      distance,
      max(
        Self.ellipse(au - pedicleCenter, q.z - pedicleLevel, pedicleWidth / 2, pedicleHeight / 2),
        max(depth / 2 - 4 - q.y, q.y - (vc + 0.5 * cd))))
    // Laminae: a band around the back half of the canal.
    let thickness = cervical ? 3.8 : (thoracic ? 5.5 : 6.5)
    let canal = Self.ellipse(q.x, q.y - vc, cw, cd)
    let laminaLevel = -0.10 * height - 0.45 * (q.y - vc) * (cervical ? 0.3 : 1)
    let laminaHalf = (thoracic ? 0.44 : 0.36) * height
    distance = min(
      distance, max(max(-canal, canal - thickness), max(abs(q.z - laminaLevel) - laminaHalf, vc - 0.15 * cd - q.y)))
    // Spinous process.
    let root = vc + cd + thickness - 2
    let rootLevel = -0.10 * height - 0.45 * cd * (cervical ? 0.3 : 1)
    let c = decline.x
    let s = decline.y
    let along = (q.y - root) * c - (q.z - rootLevel) * s
    let across = (q.y - root) * s + (q.z - rootLevel) * c
    let tip = min(max(along / spinousLength, 0), 1)
    let half = spinousHeight * (0.36 + 0.1 * tip)
    let rounding = min(4, half * 0.7)
    let corner = SIMD2(
      max(abs(across) - half + rounding, 0),
      max(abs(along - (spinousLength - 2) / 2) - (spinousLength + 2) / 2 + rounding, 0))
    let plate = (corner * corner).sum().squareRoot() - rounding
    distance = min(distance, max(plate, au - (3.0 + 1.2 * tip)))
    // Transverse processes.
    let start = pedicleCenter
    let out = au - start
    let transverseDepth = cervical ? depth / 2 - 3 : vc - 0.1 * cd + (thoracic ? 0.45 * out : 0.08 * out)
    let transverseLevel = cervical ? 0 : 0.12 * height
    let slim = 1 - 0.35 * min(max(out / 25, 0), 1)
    distance = min(
      distance,
      max(
        Self.ellipse(q.y - transverseDepth, q.z - transverseLevel, 4.5 * slim, 5.5 * slim),
        max(au - transverseSpan / 2, -out)))
    // Articular processes.
    if cervical {
      let du = abs(au - (cw + 5)) - 5.5
      let dv = abs(q.y - (vc - 1)) - 6
      distance = min(distance, max(max(du, dv), abs(q.z) - (height / 2 + 1.6)))
    } else {
      let side = thoracic ? cw + 1 : cw + 4
      let up = Vector3((au - side) / 5.5, (q.y - (vc + 0.35 * cd)) / 5, (q.z - height / 2) / 9)
      let down = Vector3((au - side + 3) / 5, (q.y - (vc + 0.95 * cd)) / 5, (q.z + height / 2 + 3) / 9)
      distance = min(distance, min((up.length - 1) * 5, (down.length - 1) * 5))
    }
    return distance
  }

  /// Ala and crest of the sacrum.
  @inline(__always) private func sacralElements(_ q: Vector3) -> Double {
    if level == .coccyx { return 1e3 }
    let cd = canalDepth / 2
    let vc = canalCenter
    let au = abs(q.x)
    let taper = transverseSpan / 2 - 0.12 * (height / 2 - q.z)
    let canal = Self.ellipse(q.x, q.y - vc, canalWidth / 2, cd)
    let wing = max(
      max(au - taper, abs(q.z) - height / 2 - 1.5),
      max(-0.15 * depth - 0.25 * au - q.y + 4, q.y - (vc + cd + 5 - 0.12 * au)))
    let foramen = Self.ellipse(au - (canalWidth / 2 + 6), q.z + height / 2, 4, 4)
    let crest = max(
      max(au - 3.5, q.y - (vc + cd + 4 + spinousLength * 0.6)), max(abs(q.z) - spinousHeight / 2, vc + cd - q.y))
    return min(max(wing, max(-canal, -foramen)), crest)
  }

  @inline(__always) static func ellipse(_ x: Double, _ y: Double, _ a: Double, _ b: Double) -> Double {
    let r = ((x / a) * (x / a) + (y / b) * (y / b)).squareRoot()
    if r < 1e-9 { return -min(a, b) }
    return (x * x + y * y).squareRoot() * (1 - 1 / r)
  }
}
