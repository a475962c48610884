internal import Anatomy
internal import Imaging
internal import LesionMeasurement

/// One stretch of the spine with its label map, made ready for location and extent.
struct SpineBlock: Sendable {
  let map: AnatomyMap
  let outline: LocationOutline
  /// `nil` for a label map that the user gave.
  let spine: SpineAnatomy?

  init(map: AnatomyMap, spine: SpineAnatomy? = nil) {
    self.map = map
    self.spine = spine
    outline = LocationOutline(map)
  }

  func covers(_ point: Vector3) -> Bool { spine?.covers(point) ?? true }

  /// How sure the count of levels is at a point: a given label map is taken at its word.
  func levelConfidence(at point: Vector3) -> Double? {
    guard let spine else { return 1 }
    return spine.level(at: point)?.confidence
  }
}
