internal import Imaging
internal import LesionMeasurement

/// Voxels of tissues of one signal each, from which the coil's fall-off is read.
enum CoilSamples {
  /// At most about so many voxels a tissue set: medians of bins need no more.
  private static let wanted = 12_000
  /// Millimetres from a body's outline that are left out: cortex and partial volume.
  private static let border = 2.5

  /// Group 0, from the places of its voxels in the volume.
  static func muscle(_ voxels: [Int], volume: Volume) -> [CoilFallOff.Sample] {
    let step = max(1, voxels.count / wanted)
    return stride(from: step - 1, to: voxels.count, by: step).map { index in
      let place = voxels[index]
      let point = volume.geometry.position(ofOffset: place)
      return .init(group: 0, y: point.y, z: point.z, value: volume.voxels[place])
    }
  }

  /// Places of a drawn mask's voxels whose neighbours in the next slices belong too: a slice of several millimetres mixes a
  /// muscle that ends in it with the fat beside it. A mask on one or two slices was drawn where the muscle is whole.
  static func whole(_ drawn: [Region]) -> [Int] {
    drawn.flatMap { $0.slices.count > 2 ? $0.wholeAcrossSlices : $0.offsets }
  }

  /// One group a vertebra (1 + its level's raw value; bodies that the map does not tell apart share one); lesions and the
  /// bodies' borders are left out.
  static func marrow(_ anatomy: AnatomyMap, lesions: [Region], volume: Volume) -> [CoilFallOff.Sample] {
    let grid = anatomy.geometry
    let target = volume.geometry
    let (across, down) = (
      max(1, Int((border / grid.spacing.x).rounded(.up))), max(1, Int((border / grid.spacing.y).rounded(.up)))
    )
    let body = SpineStructure.vertebralBody.rawValue
    let sparse = max(1, Int((1.5 / min(grid.spacing.x, grid.spacing.y)).rounded()))
    var samples: [CoilFallOff.Sample] = []
    for slice in 0..<grid.slices {
      for row in stride(from: down, to: grid.rows - down, by: sparse) {
        for column in stride(from: across, to: grid.columns - across, by: sparse) {
          let offset = grid.offset(column: column, row: row, slice: slice)
          guard anatomy.structures[offset] == body,
            anatomy.structures[offset - across] == body, anatomy.structures[offset + across] == body,
            anatomy.structures[offset - down * grid.columns] == body,
            anatomy.structures[offset + down * grid.columns] == body
          else { continue }
          let point = grid.position(column: Double(column), row: Double(row), slice: slice)
          guard let value = value(of: volume, target, at: point), !lesions.contains(where: { $0.contains(point) })
          else {
            continue
          }
          samples.append(.init(group: 1 + Int(anatomy.levels[offset]), y: point.y, z: point.z, value: value))
        }
      }
    }
    return samples
  }

  private static func value(of volume: Volume, _ grid: VolumeGeometry, at point: Vector3) -> Float? {
    grid.nearestVoxel(to: point).map { volume[$0.column, $0.row, $0.slice] }
  }
}

extension Region {
  /// Places in a volume of members whose neighbours in the slices before and after are members too; beyond the
  /// volume's ends nothing is known, and nothing asked.
  fileprivate var wholeAcrossSlices: [Int] {
    let plane = columns.count * rows.count
    var places: [Int] = []
    for slice in slices {
      let before = slice == 0 ? 0 : -plane
      let after = slice == geometry.slices - 1 ? 0 : plane
      if before != 0, slice == slices.lowerBound { continue }
      if after != 0, slice == slices.upperBound - 1 { continue }
      for row in rows {
        let start = boxOffset(column: columns.lowerBound, row: row, slice: slice)
        let place = geometry.offset(column: columns.lowerBound, row: row, slice: slice)
        for column in 0..<columns.count {
          let offset = start + column
          if members[offset] != 0, members[offset + before] != 0, members[offset + after] != 0 {
            places.append(place + column)
          }
        }
      }
    }
    return places
  }
}
