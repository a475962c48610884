public import Imaging
import Foundation

/// Reads `--muscle FILE[:LABEL]`: the muscle that signal ratios refer to, as a mask or an outline.
public enum MuscleMaskReader {
  /// - Parameters:
  ///   - argument: a path, optionally followed by a colon and a label's number or name.
  ///   - series: grids on which outlines may be filled; an outline is taken on the grid where it holds most voxels.
  /// - Returns: one region a label. Without LABEL the segments named muscle, else all of the file.
  public static func read(
    argument: String, series: [VolumeGeometry], limits: MaskLimits = MaskLimits()
  ) throws(MaskError) -> (regions: [Region], path: String) {
    let (path, label) = split(argument)
    let name = URL(fileURLWithPath: path).lastPathComponent
    let file = try MaskReader.read(path: path, limits: limits)
    let masks = try chosen(file, label: label, name: name)
    var regions: [Region] = []
    for mask in masks {
      if let region = mask.region {
        regions.append(region)
        continue
      }
      var best: Region?
      for geometry in series {
        guard let placed = try? MaskPlacement.place(mask, on: geometry).region else { continue }
        if placed.count > best?.count ?? 0 { best = placed }
      }
      if let best { regions.append(best) }
    }
    regions.removeAll(where: \.isEmpty)
    guard !regions.isEmpty else {
      throw MaskError(file: name, reason: "the muscle reference holds no voxels on any series")
    }
    return (regions, path)
  }

  private static func split(_ argument: String) -> (path: String, label: String?) {
    if FileManager.default.fileExists(atPath: argument) { return (argument, nil) }
    guard let colon = argument.lastIndex(of: ":") else { return (argument, nil) }
    return (String(argument[..<colon]), String(argument[argument.index(after: colon)...]))
  }

  private static func chosen(_ file: MaskFile, label: String?, name: String) throws(MaskError) -> [LabelledMask] {
    guard let label, !label.isEmpty else {
      let named = file.masks.filter { $0.reference == .muscle }
      let all = named.isEmpty ? file.masks : named
      guard !all.isEmpty else { throw MaskError(file: name, reason: "no mask in it") }
      return all
    }
    let found = file.masks.filter { Int(label) == $0.label || $0.name?.lowercased() == label.lowercased() }
    guard !found.isEmpty else {
      let labels = file.masks.map { String($0.label) }.joined(separator: ", ")
      throw MaskError(file: name, reason: "it has no such label; there are \(labels)")
    }
    return found
  }
}
