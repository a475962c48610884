import Foundation
import Imaging

extension SpineModel {
  func softTissue(
    at point: Vector3, place: CurvePoint, profile: SoftTissueProfile, fromSkin: Double
  ) -> TissueSample {
    let u = place.u
    let v = place.v
    if v > profile.depth / 2 - 3, let canal = canal(at: point, u: u, v: v, place: place, profile: profile) {
      return canal
    }
    if -fromSkin < profile.fatThickness && v > 0 { return subcutaneous(point) }
    if v > profile.muscleFront - 12, let back = back(at: point, u: u, v: v, place: place, profile: profile) {
      return back
    }
    if let foramen = foramen(u: u, v: v, place: place, profile: profile) { return foramen }
    if let side = psoas(at: point, u: u, v: v, profile: profile) { return side }
    var sample = front(at: point, u: u, v: v, place: place, profile: profile, fromSkin: fromSkin)
    // A saturation slab in front of the spine quiets bowel and heart, as protocols of the spine have it.
    sample.gain *= 0.25 + 0.75 * smoothStep(-42, -22, Float(v + profile.depth / 2))
    return sample
  }

  private func subcutaneous(_ point: Vector3) -> TissueSample {
    let septum = coarse.value(point.x / 7, point.y / 2.5, point.z / 7)
    return abs(septum) < 0.02 ? TissueSample(.ligament) : TissueSample(.fat)
  }

  // MARK: Canal

  private func canal(
    at point: Vector3, u: Double, v: Double, place: CurvePoint, profile: SoftTissueProfile
  ) -> TissueSample? {
    let a = profile.canalWidth / 2
    let b = profile.canalDepth / 2
    let dv = v - profile.canalCenter
    let level = vertebrae[place.vertebra].level
    let r2 = (u / a) * (u / a) + (dv / b) * (dv / b)
    if r2 > 1 {
      // Yellow ligament between the laminae.
      let outer = (u / (a + 3.2)) * (u / (a + 3.2)) + (dv / (b + 3.2)) * (dv / (b + 3.2))
      if outer < 1, dv > 0 { return TissueSample(.ligament, mixedWith: .muscle, weight: 0.25) }
      return nil
    }
    let sac = profile.sac
    if sac > 0.05 {
      let sa = a * 0.82 * sac
      let sb = b * 0.80 * sac
      let sv = dv + 0.08 * b
      let inSac = (u / sa) * (u / sa) + (sv / sb) * (sv / sb)
      if inSac < 1 { return sacContent(at: point, u: u, sv: sv, sa: sa, sb: sb, level: level, profile: profile) }
      if inSac < 1.08 { return TissueSample(.ligament, .spinalCanal, level: level) }
    }
    if dv < -0.35 * b, abs(u) > 3, abs(u) < 8 {
      return TissueSample(.venousBlood, .spinalCanal, level: level, mixedWith: .fat, weight: 0.5)
    }
    return TissueSample(.fat, .spinalCanal, level: level)
  }

  @inline(__always) private func sacContent(
    at point: Vector3, u: Double, sv: Double, sa: Double, sb: Double, level: VertebralLevel, profile: SoftTissueProfile
  ) -> TissueSample {
    let cw = min(profile.cordWidth / 2, sa * 0.8)
    let cd = min(profile.cordDepth / 2, sb * 0.8)
    if cw > 1, cd > 0.8, (u / cw) * (u / cw) + (sv / cd) * (sv / cd) < 1 {
      return TissueSample(.cord, .spinalCord, level: level)
    }
    if level >= .t12, level <= .s2, sv > -0.35 * sb {
      // Roots of the cauda equina lie in the back half, about 0.8 mm thick, 2.2 mm apart, drifting with height.
      let x = u + 0.02 * point.z
      let y = sv + 0.015 * point.z
      let cu = x / 2.2 - (x / 2.2).rounded(.down) - 0.5
      let cv = y / 2.2 - (y / 2.2).rounded(.down) - 0.5
      if (cu * cu + cv * cv).squareRoot() * 2.2 < 0.65 { return TissueSample(.nerve, .spinalCanal, level: level) }
    }
    return TissueSample(.cerebrospinalFluid, .spinalCanal, level: level)
  }

  /// The foramen between pedicles: fat around the root's ganglion.
  private func foramen(u: Double, v: Double, place: CurvePoint, profile: SoftTissueProfile) -> TissueSample? {
    let a = profile.canalWidth / 2
    let au = abs(u)
    guard au > a - 2, au < a + 14, abs(v - profile.canalCenter) < profile.canalDepth * 0.55 else { return nil }
    let height = vertebrae[place.vertebra].height
    let dw = (place.fraction - 0.5) * (height + vertebrae[place.vertebra].discBelow) + 0.22 * height
    if abs(au - a - 5) < 3, (v - profile.canalCenter + 1) * (v - profile.canalCenter + 1) + dw * dw < 7 {
      return TissueSample(.ganglion)
    }
    return TissueSample(.fat)
  }

  // MARK: Muscle

  private func back(
    at point: Vector3, u: Double, v: Double, place: CurvePoint, profile: SoftTissueProfile
  ) -> TissueSample? {
    let au = abs(u)
    let rear = profile.skinDepth - profile.fatThickness - 2
    // The compartment: from the laminae to the fascia, to the muscle's width, rounded at the side.
    let middle = (rear + profile.muscleFront) / 2
    let half = (rear - profile.muscleFront) / 2
    let sv = (v - middle) / half
    let su = au / profile.muscleWidth
    let shape = su * su * su * su + sv * sv * sv * sv
    guard half > 2, shape < 1 else { return nil }
    if shape > 0.9 { return TissueSample(.ligament, mixedWith: .fat, weight: 0.4) }
    if au < 2.6 {
      // Between the spinous processes: ligament, fat and a little fluid.
      return TissueSample(.ligament, mixedWith: .fat, weight: 0.45)
    }
    return posteriorMuscle(at: point, au: au, v: v, sv: sv, profile: profile)
  }

  /// Erector spinae and multifidus with the fat between and inside them.
  @inline(__always) private func posteriorMuscle(
    at point: Vector3, au: Double, v: Double, sv: Double, profile: SoftTissueProfile
  ) -> TissueSample {
    let bend = Double(coarse.value(point.x / 16, point.y / 16, point.z / 40)) * 3
    let firstPlane = profile.muscleWidth * 0.33 + 0.25 * (v - profile.muscleFront) + bend
    let secondPlane = profile.muscleWidth * 0.66 + bend
    let septum = 0.5 + 2.2 * anatomy.muscleFat
    if abs(au - firstPlane) < septum || abs(au - secondPlane) < septum * 0.7 {
      return TissueSample(.fat, mixedWith: .muscle, weight: 0.25)
    }
    // Infiltration follows the fibres (long in z), more in front (deep) and towards the sacrum.
    let deep = Float(0.5 - 0.5 * sv)
    let low: Float = profile.thorax > 0.5 || profile.neck > 0.5 ? 0.6 : 1
    let streak =
      coarse.value(point.x / 3.2, point.y / 3.2, point.z / 22) + 0.5
      * fine.value(point.x / 1.3, point.y / 1.3, point.z / 14)
    let amount = Float(anatomy.muscleFat) * low * (0.6 + 0.8 * deep)
    let threshold = 1.15 - 2.1 * amount
    let fat = smoothStep(threshold - 0.12, threshold + 0.12, streak)
    return TissueSample(
      .muscle, fat < 0.05 ? .posteriorParaspinalMuscle : (fat < 0.5 ? .posteriorParaspinalMuscle : .background),
      mixedWith: .fat, weight: fat, gain: 1 + 0.02 * streak)
  }

  private func psoas(at point: Vector3, u: Double, v: Double, profile: SoftTissueProfile) -> TissueSample? {
    let au = abs(u)
    if profile.psoas > 3 {
      let center = profile.width / 2 + profile.psoas * 0.85
      let shift = profile.psoas > 18 ? -6.0 : 0
      let d = ((au - center) * (au - center) * 1.2 + (v - 4 - shift) * (v - 4 - shift) * 0.8).squareRoot()
      if d < profile.psoas {
        let streak = coarse.value(point.x / 3, point.y / 3, point.z / 25)
        return streak > 0.93 ? TissueSample(.fat) : TissueSample(.muscle, .psoasMuscle, gain: 1 + 0.02 * streak)
      }
      let lateral = profile.width / 2 + 2 * profile.psoas + 12
      if Vertebra.ellipse(au - lateral, v - profile.canalCenter + 4, 13, 9) < 0 {
        return TissueSample(.muscle, .otherMuscle)
      }
    }
    if profile.neck > 0.5 {
      // Longus colli in front, scalenes and sternocleidomastoid at the side.
      if abs(au - 8) < 5, abs(v + profile.depth / 2 + 4) < 2.5 { return TissueSample(.muscle, .otherMuscle) }
      let d = ((au - 27) / 12) * ((au - 27) / 12) + ((v + 2) / 16) * ((v + 2) / 16)
      if d < 1 { return d > 0.9 ? TissueSample(.fat) : TissueSample(.muscle, .otherMuscle) }
    }
    return nil
  }

  // MARK: In front of the spine

  private func front(
    at point: Vector3, u: Double, v: Double, place: CurvePoint, profile: SoftTissueProfile, fromSkin: Double
  ) -> TissueSample {
    let wall = -profile.depth / 2
    // The anterior longitudinal ligament.
    if v < 0, v > wall - 1.2, abs(u) < profile.width * 0.35 { return TissueSample(.ligament) }
    if let vessel = vessel(u: u, v: v, wall: wall, place: place, profile: profile) { return vessel }
    if -fromSkin < profile.fatThickness { return subcutaneous(point) }
    if profile.neck > 0.5 {
      let airway = u * u + (v - wall + 22) * (v - wall + 22)
      if airway < 64 { return TissueSample(.air) }
      if airway < 110 { return TissueSample(.ligament, mixedWith: .muscle, weight: 0.5) }
      if u * u / 64 + (v - wall + 9) * (v - wall + 9) / 9 < 1 {
        return TissueSample(.muscle, mixedWith: .bowel, weight: 0.5)
      }
      return coarse.value(point.x / 8, point.y / 8, point.z / 20) > -0.05
        ? TissueSample(.muscle, .otherMuscle) : TissueSample(.fat)
    }
    if profile.thorax > 0.5 {
      if abs(u) > profile.width / 2 + 7 + 0.25 * max(0, v) || (v < wall - 26 && abs(u) > 18) {
        // Ribs cross the lung's back wall.
        if v > profile.canalCenter - 4 { return TissueSample(.muscle, .otherMuscle, mixedWith: .fat, weight: 0.2) }
        return TissueSample(.lung)
      }
      return v < wall - 38 ? TissueSample(.flowVoid) : TissueSample(.fat)
    }
    if v > wall - 4 { return TissueSample(.fat) }
    let organ = coarse.value(point.x / 17 + 7, point.y / 17, point.z / 21)
    let loop = coarse.value(point.x / 10, point.y / 10 + 9, point.z / 12)
    if v < wall - 24, organ > 0.18 { return TissueSample(.viscera, gain: 1 + 0.1 * loop) }
    if v < wall - 24, loop > 0.25 { return TissueSample(.bowel) }
    return TissueSample(.fat)
  }

  private func vessel(
    u: Double, v: Double, wall: Double, place: CurvePoint, profile: SoftTissueProfile
  ) -> TissueSample? {
    let lumbar = profile.psoas > 3
    if profile.aorta > 0.4 {
      let aorta = (u - 9) * (u - 9) + (v - wall + 11) * (v - wall + 11)
      if aorta < 72 { return TissueSample(.flowVoid, .vessel) }
      if aorta < 100 { return TissueSample(.ligament, .vessel) }
      if lumbar || profile.thorax < 0.5 {
        let cava = ((u + 15) / 10) * ((u + 15) / 10) + ((v - wall + 10) / 8) * ((v - wall + 10) / 8)
        if cava < 1 { return TissueSample(.flowVoid, .vessel, mixedWith: .venousBlood, weight: 0.25) }
      }
    } else if lumbar {
      for side in [-21.0, 20.0] {
        let d = (u - side) * (u - side) + (v - wall + 8) * (v - wall + 8)
        if d < 30 { return TissueSample(.flowVoid, .vessel) }
      }
    }
    if profile.thorax > 0.5 {
      let azygos = (u + 6) * (u + 6) + (v - wall + 5) * (v - wall + 5)
      if azygos < 7 { return TissueSample(.venousBlood, .vessel) }
    }
    return nil
  }
}
