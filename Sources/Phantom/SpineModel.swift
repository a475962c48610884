import Foundation
import Imaging

/// One vertebra in place: its own axes (x left, y posterior, z superior) at the body's centre, millimetres.
struct Vertebra: Sendable {
  let level: VertebralLevel
  let center: Vector3
  let x: Vector3
  let y: Vector3
  let z: Vector3
  let width: Double
  let depth: Double
  let anteriorHeight: Double
  let posteriorHeight: Double
  let discBelow: Double
  let canalWidth: Double
  let canalDepth: Double
  let pedicleWidth: Double
  let pedicleHeight: Double
  let transverseSpan: Double
  let spinousLength: Double
  let spinousHeight: Double
  /// Cosine and sine of the spinous process's decline.
  let decline: SIMD2<Double>
  let skinDepth: Double
  /// Middle of the disc below, and the direction (upward) that parts this vertebra's realm from the next one's.
  var lowerPoint = Vector3.zero
  var lowerNormal = Vector3(0, 0, 1)

  var height: Double { 0.5 * (anteriorHeight + posteriorHeight) }
  /// Centre of the canal behind the body's centre.
  var canalCenter: Double { depth / 2 + canalDepth / 2 + 0.5 }

  @inline(__always) func local(_ point: Vector3) -> Vector3 {
    let d = point - center
    return Vector3(d.dot(x), d.dot(y), d.dot(z))
  }

  func world(_ local: Vector3) -> Vector3 { center + x * local.x + y * local.y + z * local.z }
}

/// The shapes of a spine in space: vertebrae on a curve, and the soft tissue around them in coordinates that follow it.
final class SpineModel: Sendable {
  let vertebrae: [Vertebra]
  /// Plane above the first vertebra.
  let topPoint: Vector3
  let topNormal: Vector3
  /// Soft-tissue measures at each vertebra and at each disc below one.
  let profiles: [SoftTissueProfile]
  let discProfiles: [SoftTissueProfile]
  let anatomy: AnatomySpecification
  /// Degeneration of the disc below each vertebra, 0 to 1.
  let discDegeneration: [Double]
  let coarse: NoiseField
  let fine: NoiseField

  func index(of level: VertebralLevel) -> Int? { vertebrae.firstIndex { $0.level == level } }

  init(anatomy: AnatomySpecification, tumourCollapse: [VertebralLevel: Double], seed: UInt64) {
    self.anatomy = anatomy
    coarse = NoiseField(seed: seed, stream: 11)
    fine = NoiseField(seed: seed, stream: 12)
    var random = RandomSequence(seed: seed, stream: 13)
    var placed = SpineCurve.place(anatomy: anatomy, tumourCollapse: tumourCollapse, random: &random)
    for k in placed.indices {
      let below = k + 1 < placed.count ? placed[k + 1] : placed[k]
      let direction = (placed[k].z + below.z).normalized!
      placed[k].lowerNormal = direction
      placed[k].lowerPoint =
        placed[k].center - placed[k].z * (placed[k].height / 2) - direction * (placed[k].discBelow / 2)
    }
    vertebrae = placed
    topNormal = placed[0].z
    topPoint = placed[0].center + placed[0].z * (placed[0].height / 2 + 1)
    let own = placed.map { SoftTissueProfile(vertebra: $0, anatomy: anatomy) }
    profiles = own
    discProfiles = own.indices.map { $0 + 1 < own.count ? own[$0].mixed(with: own[$0 + 1], weight: 0.5) : own[$0] }
    discDegeneration = placed.map { vertebra in
      let lumbarLow: Double = vertebra.level >= .l4 && vertebra.level <= .l5 ? 0.2 : 0
      return min(max(anatomy.degeneration + lumbarLow + random.normal(deviation: 0.15), 0), 1)
    }
  }

  /// A point in the coordinates of the curve.
  struct CurvePoint {
    /// Index of the vertebra whose realm it is.
    var vertebra: Int
    /// 0 at the middle of the disc below, 1 at that of the disc above.
    var fraction: Double
    /// To the left and to the back of the curve through the bodies' centres, millimetres.
    var u: Double
    var v: Double
    var aboveSpine: Bool
  }

  /// - Parameter hint: the vertebra of a point nearby; updated.
  @inline(__always) func curvePoint(_ point: Vector3, hint: inout Int) -> CurvePoint {
    var k = hint
    let last = vertebrae.count - 1
    while k < last, (point - vertebrae[k].lowerPoint).dot(vertebrae[k].lowerNormal) < 0 { k += 1 }
    while k > 0, (point - vertebrae[k - 1].lowerPoint).dot(vertebrae[k - 1].lowerNormal) >= 0 { k -= 1 }
    hint = k
    let upperPoint = k > 0 ? vertebrae[k - 1].lowerPoint : topPoint
    let upperNormal = k > 0 ? vertebrae[k - 1].lowerNormal : topNormal
    let low = max((point - vertebrae[k].lowerPoint).dot(vertebrae[k].lowerNormal), 0)
    let rawHigh = (upperPoint - point).dot(upperNormal)
    let high = max(rawHigh, 0)
    let f = low / max(low + high, 1e-9)
    // Quadratic Bezier through the middle of the lower disc, the body's centre and the middle of the upper disc.
    let lowerPoint = vertebrae[k].lowerPoint
    let control = vertebrae[k].center * 2 - (lowerPoint + upperPoint) * 0.5
    let q = lowerPoint * ((1 - f) * (1 - f)) + control * (2 * f * (1 - f)) + upperPoint * (f * f)
    let neighbour = f < 0.5 ? min(k + 1, last) : max(k - 1, 0)
    let share = abs(f - 0.5)
    let x = vertebrae[k].x * (1 - share) + vertebrae[neighbour].x * share
    let y = vertebrae[k].y * (1 - share) + vertebrae[neighbour].y * share
    let d = point - q
    return CurvePoint(
      vertebra: k, fraction: f, u: d.dot(x), v: d.dot(y), aboveSpine: k == 0 && rawHigh < 0)
  }

  @inline(__always) func profile(_ place: CurvePoint) -> SoftTissueProfile {
    let k = place.vertebra
    let f = place.fraction
    if f < 0.5 { return discProfiles[k].mixed(with: profiles[k], weight: 2 * f) }
    let upper = k > 0 ? discProfiles[k - 1] : profiles[0]
    return profiles[k].mixed(with: upper, weight: 2 * f - 1)
  }
}

/// Puts the vertebrae one under the other.
enum SpineCurve {
  static func place(
    anatomy: AnatomySpecification, tumourCollapse: [VertebralLevel: Double], random: inout RandomSequence
  ) -> [Vertebra] {
    let table = VertebraDimensions.all
    let anchor = table.firstIndex { $0.level == .l3 }!
    let tilts = table.map { tilt(of: $0, anatomy: anatomy) }
    let coronal = table.map { coronalTilt(of: $0.level, cobb: anatomy.scoliosisDegrees) }
    let jitter = table.map { _ in SIMD2(random.normal(deviation: 0.9), random.normal(deviation: 0.7)) }
    let sizes = table.map { _ in 1 + random.normal(deviation: 0.015) }
    var raw: [Vertebra] = []
    for (k, row) in table.enumerated() {
      let sagittal = (tilts[k] + jitter[k].x) * .pi / 180
      let side = (coronal[k].tilt + jitter[k].y) * .pi / 180
      let turn = coronal[k].rotation * .pi / 180
      let z = Vector3(sin(side), -sin(sagittal), cos(sagittal) * cos(side)).normalized!
      let back = Vector3(-sin(turn), cos(turn), 0)
      let y = (back - z * back.dot(z)).normalized!
      raw.append(
        vertebra(
          row, center: .zero, x: y.cross(z), y: y, z: z, anatomy: anatomy, size: sizes[k],
          collapse: tumourCollapse[row.level] ?? anatomy.collapsePercent[row.level.name] ?? 0))
    }
    var centers = [Vector3](repeating: .zero, count: raw.count)
    for k in (anchor + 1)..<raw.count { centers[k] = centers[k - 1] - step(raw[k - 1], raw[k]) }
    for k in stride(from: anchor - 1, through: 0, by: -1) { centers[k] = centers[k + 1] + step(raw[k], raw[k + 1]) }
    return raw.indices.map { k in
      vertebra(
        table[k], center: centers[k], x: raw[k].x, y: raw[k].y, z: raw[k].z, anatomy: anatomy, size: sizes[k],
        collapse: tumourCollapse[table[k].level] ?? anatomy.collapsePercent[table[k].level.name] ?? 0)
    }
  }

  /// From the centre of the lower vertebra to that of the upper.
  private static func step(_ upper: Vertebra, _ lower: Vertebra) -> Vector3 {
    let between = (upper.z + lower.z).normalized!
    return upper.z * (upper.height / 2) + between * upper.discBelow + lower.z * (lower.height / 2)
  }

  private static func tilt(of row: VertebraDimensions, anatomy: AnatomySpecification) -> Double {
    switch row.level {
    case .c1, .c2, .c3, .c4, .c5, .c6, .c7: 21 * anatomy.kyphosis + (row.tilt - 21) * anatomy.lordosis
    case .t1, .t2, .t3, .t4, .t5, .t6, .t7, .t8, .t9, .t10, .t11, .t12, .t13: row.tilt * anatomy.kyphosis
    case .l1, .l2, .l3, .l4, .l5, .l6: row.tilt * anatomy.lordosis
    default: 38 * anatomy.lordosis + (row.tilt - 38)
    }
  }

  /// A single curve with its apex at T12 to L1 and counter-curves that bring the head over the sacrum.
  private static func coronalTilt(of level: VertebralLevel, cobb: Double) -> (tilt: Double, rotation: Double) {
    let distance = Double(Int(level.rawValue) - Int(VertebralLevel.l1.rawValue))
    let tilt = cobb / 2 * sin(.pi * min(max(distance / 5, -2), 1.4) / 2) * exp(-abs(distance) / 14)
    let rotation = -cobb * 0.35 * exp(-distance * distance / 18)
    return (tilt, rotation)
  }

  private static func vertebra(
    _ row: VertebraDimensions, center: Vector3, x: Vector3, y: Vector3, z: Vector3, anatomy: AnatomySpecification,
    size: Double, collapse: Double
  ) -> Vertebra {
    let scale = anatomy.scale
    let s = scale * size
    let lost = min(max(collapse, 0), 75) / 100
    // Lumbar bodies are higher in front, thoracic ones lower (Panjabi); a collapsed one gives way in front.
    let wedge: Double =
      switch row.level {
      case .l4: 0.02
      case .l5: 0.07
      case .t5, .t6, .t7, .t8, .t9, .t10, .t11, .t12: -0.03
      default: 0
      }
    return Vertebra(
      level: row.level, center: center, x: x, y: y, z: z, width: row.width * s, depth: row.depth * s,
      anteriorHeight: row.height * s * (1 + wedge) * (1 - lost),
      posteriorHeight: row.height * s * (1 - wedge) * (1 - 0.5 * lost),
      discBelow: row.discBelow * scale, canalWidth: row.canalWidth * scale, canalDepth: row.canalDepth * scale,
      pedicleWidth: row.pedicleWidth * s, pedicleHeight: row.pedicleHeight * s,
      transverseSpan: row.transverseSpan * scale, spinousLength: row.spinousLength * s,
      spinousHeight: row.spinousHeight * s,
      decline: SIMD2(cos(row.spinousDecline * .pi / 180), sin(row.spinousDecline * .pi / 180)),
      skinDepth: row.skinDepth * scale + anatomy.subcutaneousFat - 14)
  }
}
