internal import Imaging
internal import StudyReading

/// stand-in until the label map room lands
enum AnatomyReader {
  static func read(argument: String) throws(MaskError) -> (anatomy: AnatomyMap, warnings: [String], paths: [String]) {
    let path = argument.hasSuffix(":spinemet") ? String(argument.dropLast(9)) : argument
    let file = try MaskReader.read(path: path)
    guard let first = file.masks.compactMap(\.region).first else { throw MaskError(file: path, reason: "empty") }
    var structures = [UInt8](repeating: 0, count: first.geometry.count)
    var levels = structures
    for mask in file.masks {
      mask.region?.forEachVoxel { column, row, slice in
        let offset = first.geometry.offset(column: column, row: row, slice: slice)
        structures[offset] = UInt8(mask.label % 32)
        levels[offset] = UInt8(truncatingIfNeeded: mask.label / 32)
      }
    }
    return (AnatomyMap(geometry: first.geometry, structures: structures, levels: levels), [], [path])
  }
}
