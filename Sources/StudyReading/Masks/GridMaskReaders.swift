import Foundation
import Imaging

/// NIfTI files as masks: one mask a label; a fourth axis holds layers.
enum NIfTIMaskReader {
  static func read(path: String, limits: MaskLimits) throws(MaskError) -> MaskFile {
    let name = URL(fileURLWithPath: path).lastPathComponent
    let image = try NIfTIImage(path: path, limits: limits)
    let grid = try VoxelGrid(size: image.size, origin: image.origin, axes: image.axes, file: name)
    let count = grid.geometry.count
    var layers = LayeredLabels(file: name, limits: limits, warnings: image.warnings)
    for volume in 0..<image.volumes {
      try layers.add(
        image.voxels.labels((volume * count)..<((volume + 1) * count), file: name), grid: grid, layer: volume,
        of: image.volumes)
    }
    let masks = layers.found.map { LabelledMask(kind: .nifti, label: $0.label, shape: .voxels($0.region)) }
    return MaskFile(path: path, kind: .nifti, masks: masks, warnings: layers.warnings)
  }
}

/// NRRD files as masks, 3D Slicer's segments by their label values, layers and names.
enum NRRDMaskReader {
  static func read(path: String, limits: MaskLimits) throws(MaskError) -> MaskFile {
    let name = URL(fileURLWithPath: path).lastPathComponent
    let file = try NRRDFile(path: path, limits: limits)
    let (grid, layerLabels, warnings) = try layers(of: file, name: name)
    var layers = LayeredLabels(file: name, limits: limits, warnings: warnings)
    let segments = SlicerSegment.all(in: file.header.pairs)
    for layer in layerLabels.indices {
      try layers.add(
        layerLabels[layer], grid: grid, layer: layer, of: layerLabels.count, keepsLabels: !segments.isEmpty)
    }
    guard !segments.isEmpty else {
      let masks = layers.found.map { LabelledMask(kind: .nrrd, label: $0.label, shape: .voxels($0.region)) }
      return MaskFile(path: path, kind: .nrrd, masks: masks, warnings: layers.warnings)
    }
    return MaskFile(
      path: path, kind: .nrrd, masks: named(segments, layers.found, grid.geometry), warnings: layers.warnings)
  }

  /// Each layer's labels in the file's spatial order.
  static func layers(
    of file: NRRDFile, name: String
  ) throws(MaskError) -> (VoxelGrid, [(labels: [UInt16], warning: String?)], [String]) {
    let header = file.header
    let spatial = header.spatialAxes
    guard spatial.count == 3 else { throw MaskError(file: name, reason: "the NRRD file has no three axes in space") }
    let grid = try VoxelGrid(
      size: spatial.map { header.sizes[$0] }, origin: header.origin, axes: spatial.map { header.directions[$0]! },
      file: name)
    let all = try file.voxels.labels(0..<file.voxels.count, file: name)
    let others = header.sizes.indices.filter { header.directions[$0] == nil }
    let layerCount = others.map { header.sizes[$0] }.reduce(1, *)
    if layerCount == 1 { return (grid, [all], header.warnings) }
    guard others.count == 1, let axis = others.first, axis == 0 || axis == header.sizes.count - 1 else {
      throw MaskError(file: name, reason: "the NRRD layers are neither the first nor the last axis")
    }
    let count = grid.geometry.count
    var result: [(labels: [UInt16], warning: String?)] = []
    for layer in 0..<layerCount {
      let labels =
        axis == 0
        ? stride(from: layer, to: all.labels.count, by: layerCount).map { all.labels[$0] }
        : Array(all.labels[(layer * count)..<((layer + 1) * count)])
      result.append((labels, layer == 0 ? all.warning : nil))
    }
    return (grid, result, header.warnings)
  }

  private static func named(
    _ segments: [SlicerSegment], _ found: [LayeredLabels.Found], _ geometry: VolumeGeometry
  ) -> [LabelledMask] {
    var masks: [LabelledMask] = []
    let unique = Set(segments.map(\.labelValue)).count == segments.count
    for segment in segments {
      guard let region = found.first(where: { $0.layer == segment.layer && $0.value == segment.labelValue })?.region
      else { continue }
      masks.append(
        LabelledMask(
          kind: .nrrd, label: unique ? segment.labelValue : segment.index + 1, name: segment.name,
          reference: SegmentNaming.reference([segment.name, segment.type]), shape: .voxels(region)))
    }
    return masks
  }
}

/// `Segment0_Name:=...` and its like in a `.seg.nrrd` header.
struct SlicerSegment {
  let index: Int
  let name: String
  let labelValue: Int
  let layer: Int
  /// Meanings of the coded category, type and anatomic region.
  let type: String

  static func all(in pairs: [String: String]) -> [SlicerSegment] {
    let indices = pairs.keys.compactMap { key -> Int? in
      guard key.hasPrefix("Segment"), key.hasSuffix("_ID") else { return nil }
      return Int(key.dropFirst("Segment".count).dropLast("_ID".count))
    }
    return indices.sorted().map { index in
      let value = { (field: String) in pairs["Segment\(index)_\(field)"].map(NRRDHeader.trimmed) }
      return SlicerSegment(
        index: index, name: value("Name") ?? "", labelValue: value("LabelValue").flatMap { Int($0) } ?? index + 1,
        layer: value("Layer").flatMap { Int($0) } ?? 0, type: codedType(value("Tags") ?? ""))
    }
  }

  /// The meanings in `TerminologyEntry:list~scheme^code^meaning~...~anatomic list~...`; the lists' own names are not
  /// among them.
  private static func codedType(_ tags: String) -> String {
    guard let entry = tags.split(separator: "|").first(where: { $0.hasPrefix("TerminologyEntry:") }) else { return "" }
    return entry.split(separator: "~").compactMap { part -> String? in
      let code = part.split(separator: "^", omittingEmptySubsequences: false)
      return code.count == 3 ? String(code[2]) : nil
    }.joined(separator: " ")
  }
}

/// Regions of several label arrays on one grid.
struct LayeredLabels {
  struct Found {
    var layer: Int
    /// The value in the array.
    var value: Int
    /// The label that the mask goes by.
    var label: Int
    var region: Region
  }

  let file: String
  let limits: MaskLimits
  var warnings: [String]
  var found: [Found] = []

  init(file: String, limits: MaskLimits, warnings: [String]) {
    self.file = file
    self.limits = limits
    self.warnings = warnings
  }

  /// Layers of a binary stack go by their number from 1, so that equal values of different layers stay apart.
  mutating func add(
    _ values: (labels: [UInt16], warning: String?), grid: VoxelGrid, layer: Int, of layers: Int,
    keepsLabels: Bool = false
  ) throws(MaskError) {
    if let warning = values.warning, !warnings.contains(warning) { warnings.append(warning) }
    let regions = try LabelRegions.regions(
      geometry: grid.geometry, labels: grid.reordered(values.labels), limits: limits, file: file)
    if layers > 1, regions.count > 1, !keepsLabels {
      throw MaskError(file: file, reason: "a stack of label maps with several labels each is not read")
    }
    for entry in regions {
      let label = layers > 1 && !keepsLabels ? layer + 1 : entry.label
      found.append(Found(layer: layer, value: entry.label, label: label, region: entry.region))
    }
  }
}
