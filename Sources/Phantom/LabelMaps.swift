import Foundation
import Imaging

/// The label maps on a sagittal grid.
struct LabelMaps: Sendable {
  var lesions: [UInt16]
  /// Pure paraspinal muscle, away from fat and edges.
  var muscle: [UInt16]
  /// `level * 32 + structure`, the tumour left out.
  var anatomy: [UInt16]

  init(scene: PhantomScene, geometry: VolumeGeometry, thickness: Double) {
    let slices = concurrentMap(geometry.slices) { slice in
      Self.slice(slice, scene: scene, geometry: geometry, thickness: thickness)
    }
    lesions = slices.flatMap(\.lesions)
    muscle = slices.flatMap(\.muscle)
    anatomy = slices.flatMap(\.anatomy)
  }

  private static func slice(
    _ slice: Int, scene: PhantomScene, geometry: VolumeGeometry, thickness: Double
  ) -> (lesions: [UInt16], muscle: [UInt16], anatomy: [UInt16]) {
    let size = geometry.columns * geometry.rows
    var lesions = [UInt16](repeating: 0, count: size)
    var muscle = lesions
    var anatomy = lesions
    var hint = 0
    for row in 0..<geometry.rows {
      for column in 0..<geometry.columns {
        let offset = row * geometry.columns + column
        let center = geometry.position(column: Double(column), row: Double(row), slice: slice)
        lesions[offset] = lesion(
          column: column, row: row, slice: slice, center: center, scene: scene, geometry: geometry, hint: &hint)
        let sample = scene.spine.tissue(at: center, hint: &hint)
        // A mimic that is a vessel takes the place of fat; bone stays bone.
        anatomy[offset] = code(sample)
        if sample.structure == .posteriorParaspinalMuscle, lesions[offset] == 0 {
          muscle[offset] =
            isMuscle(center, scene: scene, geometry: geometry, thickness: thickness, hint: &hint) ? 1 : 0
        }
      }
    }
    return (lesions, eroded(muscle, geometry: geometry), anatomy)
  }

  static func code(_ sample: TissueSample) -> UInt16 {
    switch sample.structure {
    case .vertebralBody, .posteriorElements, .intervertebralDisc:
      UInt16(sample.level?.rawValue ?? 0) * 32 + UInt16(sample.structure.rawValue)
    default: UInt16(sample.structure.rawValue)
    }
  }

  /// The lesion that holds at least half of the pixel in the slice's middle plane.
  private static func lesion(
    column: Int, row: Int, slice: Int, center: Vector3, scene: PhantomScene, geometry: VolumeGeometry, hint: inout Int
  ) -> UInt16 {
    for lesion in scene.lesions {
      let away = center - lesion.boundingCenter
      let reach = lesion.boundingRadius + geometry.spacing.x + geometry.spacing.y
      if away.dot(away) > reach * reach { continue }
      var inside = 0
      for dy in [-1.0, 0, 1] {
        for dx in [-1.0, 0, 1] {
          let point = geometry.position(column: Double(column) + dx / 3, row: Double(row) + dy / 3, slice: slice)
          if scene.contains(lesion, point, hint: &hint) { inside += 1 }
        }
      }
      if inside >= 5 { return UInt16(lesion.identifier) }
    }
    return 0
  }

  /// Whether the slice holds nothing but muscle at a point.
  private static func isMuscle(
    _ center: Vector3, scene: PhantomScene, geometry: VolumeGeometry, thickness: Double, hint: inout Int
  ) -> Bool {
    for place in [0, -0.45, 0.45] {
      let point = center + geometry.sliceDirection * (place * thickness)
      let sample = scene.base(at: point, hint: &hint)
      if sample.structure != .posteriorParaspinalMuscle || sample.weight > 0.03 { return false }
      for lesion in scene.lesions where (point - lesion.boundingCenter).length < lesion.boundingRadius + 2 {
        if lesion.distance(point, scene.spine) < 2 + 2 * lesion.marginWidth { return false }
      }
    }
    return true
  }

  /// Members whose neighbours up to two pixels away along rows and columns are members too.
  private static func eroded(_ mask: [UInt16], geometry: VolumeGeometry) -> [UInt16] {
    let columns = geometry.columns
    var result = [UInt16](repeating: 0, count: mask.count)
    for row in 2..<max(geometry.rows - 2, 2) {
      for column in 2..<max(columns - 2, 2) {
        let offset = row * columns + column
        var all = mask[offset] != 0
        for step in 1...2 {
          all =
            all && mask[offset - step] != 0 && mask[offset + step] != 0
            && mask[offset - step * columns] != 0 && mask[offset + step * columns] != 0
        }
        if all { result[offset] = 1 }
      }
    }
    return result
  }
}
