public import Imaging
import Foundation

/// Reads `--anatomy FILE[:PRESET]`: a spine label map of another tool, as structures and vertebral levels.
public enum AnatomyReader {
  /// - Parameter argument: a path, optionally followed by a colon and a preset's name or a JSON file that maps labels
  ///   to names. SPINEPS writes two maps (vertebra instances and subregions): either is given, the other is found
  ///   beside it by its name, or both are given with a comma between.
  /// - Returns: the map on its own grid, what a reader should know, and the files read.
  public static func read(
    argument: String, limits: MaskLimits = MaskLimits()
  ) throws(MaskError) -> (anatomy: AnatomyMap, warnings: [String], paths: [String]) {
    let (files, preset) = split(argument)
    let path = files[0]
    let name = URL(fileURLWithPath: path).lastPathComponent
    let source = try LabelSource(path: path, limits: limits)
    var warnings = source.warnings
    if let preset, preset.lowercased().hasSuffix(".json") {
      let meanings = try table(preset, limits: limits)
      return (try build(source, name: name, warnings: &warnings) { meanings[$0] }, warnings, [path, preset])
    }
    if preset == nil, !source.names.isEmpty {
      let names = source.names
      return (
        try build(source, name: name, warnings: &warnings) { names[$0].flatMap { AnatomyLabel(name: $0) } }, warnings,
        [path]
      )
    }
    let present = source.present
    let chosen: AnatomyPreset
    if let preset {
      guard let known = AnatomyPreset(rawValue: preset.lowercased()) else {
        let all = AnatomyPreset.allCases.map(\.rawValue).joined(separator: ", ")
        throw MaskError(file: name, reason: "no such preset; there are \(all), or a JSON file")
      }
      chosen = known
    } else if let found = AnatomyPreset.recognised(present) {
      chosen = found
      warnings.append("the label map was recognised as \(found.rawValue)")
    } else {
      throw MaskError(file: name, reason: "the labels do not say which tool they are of: add :PRESET")
    }
    if chosen == .spineps { return try spineps(source, files: files, name: name, warnings: warnings, limits: limits) }
    let map = try build(source, name: name, warnings: &warnings) { chosen.label($0, present: present) }
    return (map, warnings, [path])
  }

  /// `FILE`, `FILE:PRESET`, `FILE,FILE:PRESET`; a colon that belongs to an existing file's name stays with it.
  static func split(_ argument: String) -> (files: [String], preset: String?) {
    if FileManager.default.fileExists(atPath: argument) { return ([argument], nil) }
    var path = argument
    var preset: String?
    if let colon = argument.lastIndex(of: ":") {
      path = String(argument[..<colon])
      preset = String(argument[argument.index(after: colon)...])
    }
    if !FileManager.default.fileExists(atPath: path), path.contains(",") {
      return (path.split(separator: ",").map(String.init), preset)
    }
    return ([path], preset)
  }

  /// `{"1": "L5 vertebra", ...}` or `{"L5 vertebra": 1, ...}`, at the top or under "labels".
  private static func table(_ path: String, limits: MaskLimits) throws(MaskError) -> [Int: AnatomyLabel] {
    let name = URL(fileURLWithPath: path).lastPathComponent
    let bytes = try FileContents.bytes(path, maximum: limits.maximumTextBytes, name: name)
    let object = (try? JSONSerialization.jsonObject(with: Data(bytes))) as? [String: Any]
    guard let entries = object.map({ ($0["labels"] as? [String: Any]) ?? $0 }) else {
      throw MaskError(file: name, reason: "not a JSON object of labels and names")
    }
    var result: [Int: AnatomyLabel] = [:]
    for (key, value) in entries.sorted(by: { $0.key < $1.key }) {
      let label: Int
      let text: String
      if let number = Int(key), let name = value as? String {
        (label, text) = (number, name)
      } else if let number = value as? Int {
        (label, text) = (number, key)
      } else {
        throw MaskError(file: name, reason: "an entry is neither a label with a name nor a name with a label")
      }
      if let known = AnatomyLabel(name: text) { result[label] = known }
    }
    guard !result.isEmpty else { throw MaskError(file: name, reason: "none of the names is a structure of the spine") }
    return result
  }

  // MARK: Building

  private static func build(
    _ source: LabelSource, name: String, warnings: inout [String], _ meaning: (Int) -> AnatomyLabel?
  ) throws(MaskError) -> AnatomyMap {
    var parts = [AnatomyLabel?](repeating: nil, count: Int(UInt16.max) + 1)
    var unknown = 0
    for value in source.present.sorted() {
      parts[value] = meaning(value)
      if parts[value] == nil { unknown += 1 }
    }
    guard parts.contains(where: { $0 != nil }) else {
      throw MaskError(file: name, reason: "none of its labels is a structure of the spine under this preset")
    }
    if unknown > 0 { warnings.append("\(unknown) labels of the label map are no structures of the spine") }
    var builder = AnatomyBuilder(geometry: source.geometry)
    for (offset, value) in source.labels.enumerated() where value != 0 {
      if let label = parts[Int(value)] { builder.set(offset, label) }
    }
    return builder.finish(&warnings)
  }

  /// Structures from the subregions, levels from the instances, as far as each is there.
  private static func spineps(
    _ source: LabelSource, files: [String], name: String, warnings: [String], limits: MaskLimits
  ) throws(MaskError) -> (anatomy: AnatomyMap, warnings: [String], paths: [String]) {
    var warnings = warnings
    var sources = [source]
    var paths = [files[0]]
    let companion = files.count > 1 ? files[1] : sibling(of: files[0])
    if let companion {
      let other = try LabelSource(path: companion, limits: limits)
      guard GridMatch.isSame(other.geometry, source.geometry) else {
        throw MaskError(file: name, reason: "the two SPINEPS maps lie on different grids")
      }
      sources.append(other)
      paths.append(companion)
    }
    let semantic = sources.first { $0.isSubregionMap }
    let instance = sources.first { !$0.isSubregionMap }
    var builder = AnatomyBuilder(geometry: source.geometry)
    for offset in source.labels.indices {
      let level = instance.flatMap { AnatomyPreset.instance(Int($0.labels[offset])) }
      if let semantic {
        guard var label = AnatomyPreset.subregion(Int(semantic.labels[offset])) else { continue }
        label.level = label.level ?? level?.level
        if case .structure(let structure) = label.part, structure == .spinalCord || structure == .spinalCanal {
          label.level = nil
        }
        builder.set(offset, label)
      } else if let level {
        builder.set(offset, level)
      }
    }
    guard !builder.isEmpty else { throw MaskError(file: name, reason: "none of its labels is a SPINEPS label") }
    if instance == nil { warnings.append("no vertebra instances beside the SPINEPS subregions: levels are unknown") }
    return (builder.finish(&warnings), warnings, paths)
  }

  /// `..._seg-vert_msk.nii.gz` beside `..._seg-spine_msk.nii.gz` or `..._seg-subreg_msk.nii.gz`.
  private static func sibling(of path: String) -> String? {
    let url = URL(fileURLWithPath: path)
    let name = url.lastPathComponent
    for (from, targets) in [
      ("seg-vert", ["seg-spine", "seg-subreg"]), ("seg-spine", ["seg-vert"]), ("seg-subreg", ["seg-vert"]),
    ]
    where name.contains(from) {
      for target in targets {
        let other = url.deletingLastPathComponent().appendingPathComponent(
          name.replacingOccurrences(of: from, with: target))
        if FileManager.default.fileExists(atPath: other.path) { return other.path }
      }
    }
    return nil
  }
}

/// A label map's values on its grid, and the names of its labels where the file has them.
struct LabelSource {
  let geometry: VolumeGeometry
  /// `geometry.count` values.
  let labels: [UInt16]
  let present: Set<Int>
  let names: [Int: String]
  let warnings: [String]

  init(path: String, limits: MaskLimits) throws(MaskError) {
    let name = URL(fileURLWithPath: path).lastPathComponent
    let lower = name.lowercased()
    if [".nii", ".nii.gz", ".hdr", ".hdr.gz"].contains(where: lower.hasSuffix) {
      _ = try FileContents.size(path, name: name)
      let image = try NIfTIImage(path: path, limits: limits)
      guard image.volumes == 1 else { throw MaskError(file: name, reason: "a label map of several volumes") }
      let grid = try VoxelGrid(size: image.size, origin: image.origin, axes: image.axes, file: name)
      let found = try image.voxels.labels(0..<image.voxels.count, file: name)
      geometry = grid.geometry
      labels = grid.reordered(found.labels)
      names = [:]
      warnings = image.warnings + [found.warning].compactMap { $0 }
    } else {
      let file = try MaskReader.read(path: path, limits: limits)
      let regions = file.masks.compactMap { mask in mask.region.map { (mask, $0) } }
      guard let first = regions.first?.1 else { throw MaskError(file: name, reason: "no voxels in the label map") }
      var labels = [UInt16](repeating: 0, count: first.geometry.count)
      for (mask, region) in regions {
        guard region.geometry == first.geometry, let label = UInt16(exactly: mask.label) else { continue }
        region.forEachVoxel { column, row, slice in
          labels[first.geometry.offset(column: column, row: row, slice: slice)] = label
        }
      }
      geometry = first.geometry
      self.labels = labels
      names = Dictionary(
        file.masks.compactMap { mask in mask.name.map { (mask.label, $0) } }, uniquingKeysWith: { first, _ in first })
      warnings = file.warnings
    }
    var seen = [Bool](repeating: false, count: Int(UInt16.max) + 1)
    for label in labels { seen[Int(label)] = true }
    present = Set(seen.indices.dropFirst().filter { seen[$0] })
    guard present.count <= limits.maximumLabels else {
      throw MaskError(
        file: name, reason: "more than \(limits.maximumLabels) different values: an image, not a label map")
    }
    guard !present.isEmpty else { throw MaskError(file: name, reason: "the label map is empty") }
  }

  /// SPINEPS' subregions: processes and arch, and no vertebra numbers below 26.
  var isSubregionMap: Bool {
    present.contains { (41...50).contains($0) } && !present.contains { (1...25).contains($0) }
  }
}
