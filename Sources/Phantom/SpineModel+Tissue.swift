import Foundation
import Imaging

extension SpineModel {
  /// What lies at a point of the patient, tumours and mimics left out.
  ///
  /// - Parameter hint: index of a vertebra nearby; updated, so that a walk along a line costs little.
  func tissue(at point: Vector3, hint: inout Int) -> TissueSample {
    let place = curvePoint(point, hint: &hint)
    let profile = profile(place)
    if place.aboveSpine {
      let height = (point - topPoint).dot(topNormal)
      if height > 2 { return head(u: place.u, v: place.v, height: height, point: point) }
    }
    let fromSkin = skinDistance(place, profile)
    if fromSkin > 0 {
      var air = TissueSample(.air)
      air.remote = fromSkin > 5
      return air
    }
    if fromSkin > -2 { return TissueSample(.skin) }
    if let bone = bone(at: point, place: place, profile: profile) { return bone }
    var soft = softTissue(at: point, place: place, profile: profile, fromSkin: fromSkin)
    soft.remote = place.v < -profile.depth / 2 - 26 && fromSkin < -5
    return soft
  }

  /// Negative inside the patient. The outline is an oval that is flat behind.
  @inline(__always) private func skinDistance(_ place: CurvePoint, _ profile: SoftTissueProfile) -> Double {
    let neck = profile.neck
    let halfWidth = 168 - 108 * neck
    let halfDepth = 108 - 46 * neck
    let center = profile.skinDepth - halfDepth
    let su = place.u / halfWidth
    let sv = (place.v - center) / halfDepth
    let u2 = su * su
    let v2 = sv * sv
    let r = (u2 * u2 + v2 * v2).squareRoot().squareRoot()
    return (r - 1) * halfDepth
  }

  private func head(u: Double, v: Double, height: Double, point: Vector3) -> TissueSample {
    let r = (u * u / (72 * 72) + (v + 15) * (v + 15) / (92 * 92) + (height - 62) * (height - 62) / (72 * 72))
      .squareRoot()
    if u * u + (v - 6) * (v - 6) < 64, height < 40 { return TissueSample(.cord) }
    if r > 1.0 {
      return height < 20 && v < 45 && abs(u) < 50 && v > -60 ? TissueSample(.muscle, .otherMuscle) : TissueSample(.air)
    }
    if r > 0.95 { return TissueSample(.fat) }
    if r > 0.89 { return TissueSample(.cortex) }
    return TissueSample(
      .cord, mixedWith: .cerebrospinalFluid, weight: max(0, coarse.value(point.x / 9, point.y / 9, point.z / 9)) * 0.6)
  }

  // MARK: Bone and discs

  private func bone(at point: Vector3, place: CurvePoint, profile: SoftTissueProfile) -> TissueSample? {
    let k = place.vertebra
    let own = vertebrae[k]
    if abs(place.u) > profile.width / 2 + 40 || place.v < -profile.depth / 2 - 6 { return nil }
    let q = own.local(point)
    if place.v < profile.depth / 2 + 6 {
      let body = own.body(q)
      if body.surface < 0 {
        return boneTissue(depth: -body.surface, own: own, q: q, .vertebralBody, plateDepth: -body.plate)
      }
      if own.level == .c1, let arch = anteriorArch(own, q) { return arch }
      if let disc = disc(k: k, q: q, body: body, place: place, profile: profile) { return disc }
    }
    guard place.v > profile.depth / 2 - 6, place.v < profile.canalCenter + 62 else { return nil }
    let distance = own.posteriorElements(q)
    if distance < 0 { return boneTissue(depth: -distance, own: own, q: q, .posteriorElements, plateDepth: 1e3) }
    // Processes of the vertebra above reach down into this one's realm, articular ones of the one below up into it.
    guard place.v > profile.canalCenter - 3, abs(place.u) < profile.canalWidth / 2 + 14 else { return nil }
    for side in 0..<2 {
      let neighbour = side == 0 ? k - 1 : k + 1
      if neighbour < 0 || neighbour >= vertebrae.count { continue }
      let other = vertebrae[neighbour]
      let local = other.local(point)
      let distance = other.posteriorElements(local)
      if distance < 0 { return boneTissue(depth: -distance, own: other, q: local, .posteriorElements, plateDepth: 1e3) }
    }
    return nil
  }

  @inline(__always) private func boneTissue(
    depth: Double, own: Vertebra, q: Vector3, _ structure: SpineStructure, plateDepth: Double
  ) -> TissueSample {
    let shell = structure == .vertebralBody ? 0.6 : 0.9
    if depth < shell || plateDepth < 0.8 { return TissueSample(.cortex, structure, level: own.level) }
    return marrow(own: own, q: q, structure)
  }

  /// Marrow: fat fraction varies by a tenth over a centimetre and rises around the basivertebral vein and towards
  /// the endplates; vertical trabeculae stripe the signal by a few per cent.
  @inline(__always) private func marrow(own: Vertebra, q: Vector3, _ structure: SpineStructure) -> TissueSample {
    let slow = coarse.value(q.x / 9 + Double(own.level.rawValue) * 3.7, q.y / 9, q.z / 9)
    let stripe = fine.value(q.x / 1.1 + Double(own.level.rawValue) * 5.3, q.y / 1.1, q.z / 7)
    var fatFraction = anatomy.marrowFatFraction + 0.07 * Double(slow)
    if structure == .vertebralBody {
      let vein = Self.veinDistance(own, q)
      if vein < 0 {
        return TissueSample(.venousBlood, structure, level: own.level, mixedWith: .marrowFat, weight: 0.35)
      }
      fatFraction += 0.15 * exp(-vein / 4)
    } else {
      fatFraction += 0.1
    }
    return TissueSample(
      .marrowWater, structure, level: own.level, mixedWith: .marrowFat,
      weight: Float(min(max(fatFraction, 0.05), 0.95)),
      gain: 1 + 0.05 * stripe)
  }

  /// The basivertebral vein: a flat wedge from the middle of the back wall forward to the centre.
  @inline(__always) static func veinDistance(_ own: Vertebra, _ q: Vector3) -> Double {
    if own.level <= .c2 || own.level >= .s1 { return 50 }
    let along = (own.depth / 2 - q.y) / (own.depth * 0.45)
    if along < 0 || along > 1 { return 50 }
    let half = 1.5 * (1 - 0.6 * along)
    return max(abs(q.z) - half, abs(q.x) - 3.5 * (1 - 0.5 * along))
  }

  private func anteriorArch(_ own: Vertebra, _ q: Vector3) -> TissueSample? {
    let d = Vector3(q.x / 10, (q.y + own.depth / 2 + 5) / 3.5, q.z / 5)
    let r = d.length
    if r > 1 { return nil }
    return r > 0.7
      ? TissueSample(.cortex, .posteriorElements, level: .c1)
      : boneTissue(
        depth: 3, own: own, q: q, .posteriorElements, plateDepth: 1e3)
  }

  private func disc(
    k: Int, q: Vector3, body: (surface: Double, wall: Double, plate: Double, radius: Double), place: CurvePoint,
    profile: SoftTissueProfile
  ) -> TissueSample? {
    let owner = q.z < 0 ? k : k - 1
    guard owner >= 0, body.plate >= 0, body.wall < 1.2, place.v < profile.depth / 2 + 1 else { return nil }
    let above = vertebrae[owner]
    if above.level == .coccyx || above.level == .c1 { return TissueSample(.ligament) }
    let middle = abs((place.fraction < 0.5 ? place.fraction : 1 - place.fraction))
    let discShare = above.discBelow / (above.discBelow + above.height)
    let height = middle / max(discShare * 0.5, 0.02)
    if body.radius > 0.62 || height > 0.85 {
      let inner = 1 - smoothStep(0.62, 0.84, Float(body.radius))
      return TissueSample(
        .annulus, .intervertebralDisc, level: above.level, mixedWith: .degenerateNucleus,
        weight: height > 0.85 ? 0.2 : inner)
    }
    let cleft: Float = height < 0.12 ? 0.25 : 0
    return TissueSample(
      .nucleus, .intervertebralDisc, level: above.level, mixedWith: .degenerateNucleus,
      weight: min(1, Float(discDegeneration[owner]) + cleft))
  }
}
