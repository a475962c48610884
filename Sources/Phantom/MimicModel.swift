import Foundation
import Imaging

/// What looks like a metastasis and is none.
struct MimicModel: Sendable {
  let specification: MimicSpecification
  let vertebra: Int
  let center: Vector3
  let texture: NoiseField

  init?(_ specification: MimicSpecification, number: Int, spine: SpineModel, seed: UInt64) {
    guard let level = VertebralLevel(name: specification.level), let index = spine.index(of: level) else { return nil }
    self.specification = specification
    vertebra = index
    var random = RandomSequence(seed: seed, stream: 3000 + UInt64(number))
    let own = spine.vertebrae[index]
    let r = specification.diameter / 2
    switch specification.kind {
    case .haemangioma, .redMarrow:
      let room = Vector3(
        max(own.width * 0.42 - r, 0), max(own.depth * 0.4 - r, 0), max(own.height * 0.42 - r, 0))
      center = Vector3(random.uniform(-0.4...0.4), random.uniform(-1...0.6), random.uniform(-1...1)) * room
    case .schmorl: center = Vector3(random.uniform(-4...4), random.uniform(-3...5), -own.height / 2)
    case .edgeVessel: center = Vector3(random.uniform(-6...6), -own.depth / 2 - 3, 0)
    default: center = Vector3(0, 0, -own.height / 2)
    }
    texture = NoiseField(seed: seed, stream: 4000 + UInt64(number))
  }

  /// The tissue in place of `base`, or `nil` where the mimic does not reach.
  func tissue(at point: Vector3, base: TissueSample, spine: SpineModel) -> TissueSample? {
    let own = spine.vertebrae[vertebra]
    let q = own.local(point)
    let r = specification.diameter / 2
    guard abs(q.x) < 40, abs(q.y) < 40, abs(q.z) < 40 else { return nil }
    let level = own.level
    let inBody =
      base.structure == .vertebralBody && base.level == level && base.first != TissuePalette.Fixed.cortex.rawValue
    switch specification.kind {
    case .haemangioma:
      guard inBody, (q - center).length < r * (1 + 0.08 * Double(texture.value(q.x / 4, q.y / 4, q.z / 4))) else {
        return nil
      }
      // Thick vertical trabeculae stand in it: dark dots across, stripes along.
      let post = texture.value(q.x / 1.6, q.y / 1.6, q.z / 30)
      return TissueSample(
        .haemangioma, .vertebralBody, level: level, mixedWith: .cortex, weight: smoothStep(0.25, 0.5, post) * 0.85)
    case .redMarrow:
      let fade = (q - center).length - r
      guard inBody, fade < 2 else { return nil }
      return TissueSample(
        .redMarrow, .vertebralBody, level: level, mixedWith: .marrowFat,
        weight: Float(0.32 * smoothStep(-3, 2, Float(fade))))
    case .modic1, .modic2, .modic3:
      let height = r * 0.9 * (1 + 0.25 * Double(texture.value(q.x / 6, q.y / 6, 3)))
      guard inBody, q.z < -own.height / 2 + height, q.y < own.depth * 0.3 else { return nil }
      let kind: TissuePalette.Fixed =
        specification.kind == .modic1
        ? .endplateOedema : specification.kind == .modic2 ? .endplateFat : .endplateSclerosis
      return TissueSample(kind, .vertebralBody, level: level)
    case .schmorl:
      let d = (q - center) * Vector3(1, 1, 1.3)
      guard base.structure == .vertebralBody, base.level == level, d.length < r else { return nil }
      if d.length > r - 0.9 { return TissueSample(.cortex, .vertebralBody, level: level) }
      return TissueSample(.degenerateNucleus, .vertebralBody, level: level)
    case .basivertebralVein:
      let along = (own.depth / 2 - q.y) / (own.depth * 0.6)
      guard inBody, along > 0, along < 1, abs(q.z) < specification.diameter * 0.2 * (1 - 0.5 * along),
        abs(q.x) < specification.diameter * 0.4
      else { return nil }
      return TissueSample(.venousBlood, .vertebralBody, level: level)
    case .edgeVessel:
      let wave = 3 * sin(q.z / 7)
      let d = ((q.x - center.x - wave) * (q.x - center.x - wave) + (q.y - center.y) * (q.y - center.y)).squareRoot()
      guard base.structure == .background, d < max(1.2, min(r, 2.5)), abs(q.z) < 22 else { return nil }
      return TissueSample(.venousBlood, .vessel)
    }
  }
}
