/// What a voxel of the spine belongs to. Raw values are stable: the phantom's `anatomy.nii.gz` is
/// `level.rawValue * 32 + structure.rawValue` for bones and discs, and `structure.rawValue` for what has no level.
public enum SpineStructure: UInt8, Sendable, Hashable, CaseIterable {
  case background = 0
  /// Vertebral body, cortex included; for S1 to S5 the sacral bodies.
  case vertebralBody = 1
  /// Pedicles, laminae, articular, transverse and spinous processes; sacral ala and crest.
  case posteriorElements = 2
  /// The disc below the vertebra whose level it carries.
  case intervertebralDisc = 3
  /// Spinal canal without the cord: cerebrospinal fluid, nerve roots, epidural fat.
  case spinalCanal = 4
  case spinalCord = 5
  /// Erector spinae and multifidus.
  case posteriorParaspinalMuscle = 6
  case psoasMuscle = 7
  case otherMuscle = 8
  case vessel = 9
}

/// Structures and vertebral levels on a grid, from an outside label map, from the pixels, or from the phantom's truth.
public struct AnatomyMap: Sendable {
  public let geometry: VolumeGeometry
  /// Raw values of `SpineStructure`, one a voxel, the column running fastest.
  public let structures: [UInt8]
  /// Raw values of `VertebralLevel`, 0 where no level is known or none applies.
  public let levels: [UInt8]
  /// The levels only keep the vertebrae apart and in order from head to feet: nothing anchors their count, so that
  /// their names mean nothing.
  public let levelsAreOrdinal: Bool
  /// The outlines were found in pixels rather than drawn or given: they are sure to a millimetre or two, not to a voxel.
  public let isFoundInPixels: Bool

  /// Traps when an array does not fill the grid.
  public init(
    geometry: VolumeGeometry, structures: [UInt8], levels: [UInt8], levelsAreOrdinal: Bool = false,
    isFoundInPixels: Bool = false
  ) {
    precondition(structures.count == geometry.count && levels.count == geometry.count, "one value for each voxel")
    self.geometry = geometry
    self.structures = structures
    self.levels = levels
    self.levelsAreOrdinal = levelsAreOrdinal
    self.isFoundInPixels = isFoundInPixels
  }

  /// The structure of a voxel; `background` for an unknown raw value.
  public func structure(column: Int, row: Int, slice: Int) -> SpineStructure {
    SpineStructure(rawValue: structures[geometry.offset(column: column, row: row, slice: slice)]) ?? .background
  }

  /// The voxels of one structure, of one level where given; empty where there are none.
  public func region(_ structure: SpineStructure, level: VertebralLevel? = nil) -> Region {
    var mask = [UInt8](repeating: 0, count: geometry.count)
    for offset in mask.indices where structures[offset] == structure.rawValue {
      if let level, levels[offset] != level.rawValue { continue }
      mask[offset] = 1
    }
    return Region(geometry: geometry, mask: mask)
  }
}
