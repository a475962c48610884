import Foundation
import Imaging

extension LesionModel {
  /// Puts a lesion of a specification into a spine; `nil` where the spine has no such level.
  init?(_ specification: LesionSpecification, identifier: Int, spine: SpineModel, seed: UInt64) {
    guard let level = VertebralLevel(name: specification.level), let index = spine.index(of: level) else { return nil }
    var random = RandomSequence(seed: seed, stream: 1000 + UInt64(identifier))
    let own = spine.vertebrae[index]
    self.identifier = identifier
    self.specification = specification
    vertebra = index
    let radius = specification.diameter / 2
    let aspect = specification.aspect + [1, 1]
    let axes: Vector3
    switch random.integer(0...2) {
    case 0: axes = Vector3(aspect[1], 1, aspect[0])
    case 1: axes = Vector3(aspect[1], aspect[0], 1)
    default: axes = Vector3(aspect[0], 1, aspect[1])
    }
    let semi = axes * radius
    semiAxes = semi
    center = Self.center(specification, own: own, semiAxes: semi, random: &random)
    let world = own.world(center)
    switch specification.form {
    case .wholeVertebra:
      boundingCenter = own.center
      boundingRadius = own.width / 2 + own.height / 2 + 4
    case .posteriorInfiltration:
      boundingCenter = own.world(Vector3(0, own.canalCenter + 5, -5))
      boundingRadius = own.transverseSpan / 2 + own.spinousLength + 8
    case .subligamentous:
      boundingCenter = own.center
      boundingRadius = 75
    default:
      boundingCenter = world
      boundingRadius = radius * (1 + 2 * specification.lobulation) + 1
    }
    switch specification.form {
    case .wholeVertebra, .posteriorInfiltration: marginWidth = 0
    default:
      marginWidth = specification.marginWidth ?? (specification.margin == .illDefined ? random.uniform(3...5) : 0)
    }
    let rim = specification.rimThickness ?? min(max(radius * 0.28, 1.5), 5)
    rimThickness = rim
    scleroticCore = specification.scleroticCenter ?? (specification.pattern == .rimEnhancing)
    let count = specification.lobulation > 0 ? 5 : 0
    waves = (0..<count).map { _ in
      Wave(
        direction: Vector3(random.normal(), random.normal(), random.normal()).normalized ?? Vector3(1, 0, 0),
        frequency: random.uniform(2.5...5.5), phase: random.uniform(0...6.28))
    }
    worms =
      specification.pattern == .wormsInABag
      ? WormField(
        center: specification.form == .wholeVertebra ? .zero : center,
        semiAxes: specification.form == .wholeVertebra ? Vector3(own.width, own.depth, own.height) * 0.5 : semi,
        random: &random) : nil
    texture = NoiseField(seed: seed, stream: 2000 + UInt64(identifier))
  }

  /// The ellipsoid's centre in the vertebra's axes.
  private static func center(
    _ specification: LesionSpecification, own: Vertebra, semiAxes: Vector3, random: inout RandomSequence
  ) -> Vector3 {
    let drawn = (0..<3).map { _ in random.uniform(-1...1) }
    let place = specification.place ?? drawn
    let side = Vector3(place[0], place.count > 1 ? place[1] : 0, place.count > 2 ? place[2] : 0)
    switch (specification.form, specification.part) {
    case (.wholeVertebra, _), (.posteriorInfiltration, _): return .zero
    case (.subligamentous, _): return Vector3(0, -own.depth * 0.2, 0)
    case (.focal, .vertebralBody):
      // As far from the centre as the wall leaves room; a lesion larger than the room sits in the middle.
      let room = Vector3(own.width * 0.42, own.depth * 0.42, own.height * 0.44) - semiAxes
      return Vector3(max(room.x, 0), max(room.y, 0), max(room.z, 0)) * side
    case (.focal, .posteriorElements):
      let thickness = 6.0
      let root = own.canalCenter + own.canalDepth / 2 + thickness
      let reach = own.spinousLength * (0.35 + 0.3 * side.y)
      return Vector3(
        0, root + reach * own.decline.x,
        -0.10 * own.height - 0.2 * own.canalDepth - reach * own.decline.y)
    case (_, .vertebralBody):
      // Out of the wall on one side: front, or towards the back and the side.
      let outward = specification.form == .infiltrative ? 0.32 : -0.34
      return Vector3(own.width * 0.3 * side.x, own.depth * outward, own.height * 0.2 * side.z)
    case (_, .posteriorElements):
      let sideways = own.canalWidth * 0.35 * side.x
      return Vector3(
        sideways, own.canalCenter + own.canalDepth / 2 + semiAxes.y * (0.4 + 0.2 * side.y), -own.height * 0.15)
    }
  }
}
