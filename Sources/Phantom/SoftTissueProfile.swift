import Imaging

/// Measures of the soft tissue at one height, interpolated along the curve. Millimetres, from the curve's centre.
struct SoftTissueProfile: Sendable {
  /// width, depth, canalWidth, canalDepth, canalCenter, skinDepth, fatThickness, thorax (0 or 1)
  var a: SIMD8<Double>
  /// cordWidth, cordDepth, sacShare, psoas, muscleWidth, muscleFront, neck (0 or 1), aorta (0 or 1)
  var b: SIMD8<Double>

  @inline(__always) func mixed(with other: SoftTissueProfile, weight: Double) -> SoftTissueProfile {
    SoftTissueProfile(a: a + (other.a - a) * weight, b: b + (other.b - b) * weight)
  }

  var width: Double { a[0] }
  var depth: Double { a[1] }
  var canalWidth: Double { a[2] }
  var canalDepth: Double { a[3] }
  var canalCenter: Double { a[4] }
  var skinDepth: Double { a[5] }
  var fatThickness: Double { a[6] }
  var thorax: Double { a[7] }
  var cordWidth: Double { b[0] }
  var cordDepth: Double { b[1] }
  var sac: Double { b[2] }
  var psoas: Double { b[3] }
  var muscleWidth: Double { b[4] }
  var muscleFront: Double { b[5] }
  var neck: Double { b[6] }
  var aorta: Double { b[7] }

  init(a: SIMD8<Double>, b: SIMD8<Double>) {
    self.a = a
    self.b = b
  }

  init(vertebra: Vertebra, anatomy: AnatomySpecification) {
    let s = anatomy.scale
    let level = vertebra.level
    // Cord: 13 mm wide at C5, 8 in the chest, a conus of 9 that ends at the lower L1 (Kameyama 1996, rounded).
    let cord: (Double, Double) =
      switch level.region {
      case .cervical: level <= .c2 ? (12, 8.5) : (13, 7.5)
      case .thoracic: level >= .t11 ? (9.5, 7.8) : (8.6, 6.6)
      case .lumbar: level == .l1 ? (6, 5) : (0, 0)
      case .sacral: (0, 0)
      }
    let sac: Double =
      switch level {
      case .s1: 0.62
      case .s2: 0.35
      case .s3, .s4, .s5, .coccyx: 0
      default: 1
      }
    let psoas: Double =
      switch level {
      case .t12: 2
      case .l1: 7
      case .l2: 12
      case .l3: 16
      case .l4: 19
      case .l5: 21
      case .s1: 20
      default: 0
      }
    let muscleWidth: Double =
      switch level.region {
      case .cervical: 40
      case .thoracic: level >= .t9 ? 54 : 46
      case .lumbar: 62
      case .sacral: level <= .s2 ? 50 : 30
      }
    let fat =
      anatomy.subcutaneousFat
      * (level.region == .cervical ? 0.7 : level.region == .thoracic ? 0.75 : level <= .l3 ? 1 : 1.25)
    let front = vertebra.canalCenter - (level.region == .cervical ? 2 : 0.2 * vertebra.canalDepth)
    let thorax: Double = level >= .t1 && level <= .t11 ? 1 : 0
    let neck: Double = level.region == .cervical ? 1 : 0
    let aorta: Double = level >= .t5 && level <= .l4 ? 1 : 0
    a = SIMD8(
      vertebra.width, vertebra.depth, vertebra.canalWidth, vertebra.canalDepth, vertebra.canalCenter,
      vertebra.skinDepth, fat, thorax)
    b = SIMD8(cord.0 * s, cord.1 * s, sac, psoas * s, muscleWidth * s, front, neck, aorta)
  }
}
