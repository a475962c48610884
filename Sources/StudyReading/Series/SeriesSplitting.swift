internal import DICOM
internal import Imaging

/// Splits the frames of one DICOM series into stacks.
///
/// First by what can never be one stack: frame of reference, matrix, pixel spacing, orientation, stack, kind of image,
/// echo time, diffusion weighting. Then by place: blocks side by side (cervical and lumbar under one UID). Last, where
/// several frames still lie at one position, by the first attribute that tells them apart (time point, acquisition,
/// echo, ...); what nothing tells apart is dropped when its pixels are the same, and else dealt out by instance number.
enum SeriesSplitting {
  struct Part {
    var label: String
    var candidates: [SliceCandidate]
    var warnings: [String] = []
  }

  /// Two frames closer than this along the normal lie at one position, millimetres. Positions are printed with at
  /// least two decimals; slices of spine MR are at least 0.5 mm apart.
  static let samePosition = 0.02

  static func split(_ candidates: [SliceCandidate], instances: [Instance]) -> [Part] {
    var parts: [Part] = []
    for group in groupedByKind(candidates) {
      for block in SeriesBlocks.blocks(group.candidates) {
        let label =
          block.label.isEmpty
          ? group.label
          : [group.label, block.label].filter { !$0.isEmpty }.joined(
            separator: ", ")
        parts += CoincidentFrames.separate(
          Part(label: label, candidates: block.candidates), instances: instances)
      }
    }
    return parts
  }

  // MARK: By kind

  /// What frames of one stack share, as sortable text; and which of it has a name worth printing.
  private struct Kind: Hashable, Comparable {
    var hidden: [String]
    var named: [String]

    static func < (left: Kind, right: Kind) -> Bool {
      left.named.lexicographicallyPrecedes(right.named)
        || (left.named == right.named && left.hidden.lexicographicallyPrecedes(right.hidden))
    }
  }

  private static func groupedByKind(_ candidates: [SliceCandidate]) -> [Part] {
    let sorted = candidates.sorted { $0.sortKey < $1.sortKey }
    var orientations: [(row: Vector3, column: Vector3)] = []
    var groups: [Kind: [SliceCandidate]] = [:]
    for candidate in sorted {
      let orientation = index(of: candidate.plane, in: &orientations)
      let attributes = candidate.attributes
      let kind = Kind(
        hidden: [
          candidate.frameOfReferenceUID ?? "", "\(candidate.columns) x \(candidate.rows)",
          rounded(candidate.plane.columnSpacing, 1e-4), rounded(candidate.plane.rowSpacing, 1e-4),
          String(orientation), attributes.acquisition.acquisitionContrast ?? "",
        ],
        named: [
          "stack \(attributes.stackID ?? "")",
          "image type \(attributes.imageType.joined(separator: "/"))",
          "component \(attributes.acquisition.complexComponent ?? "")",
          "echo time \(attributes.acquisition.echoTime.map { rounded($0, 0.01) } ?? "")",
          "b-value \(attributes.acquisition.diffusionBValue.map { rounded($0, 1) } ?? "")",
        ])
      groups[kind, default: []].append(candidate)
    }
    let kinds = groups.keys.sorted()
    return kinds.map { kind in
      let differing = kind.named.indices.filter { index in kinds.contains { $0.named[index] != kind.named[index] } }
      let orientationDiffers = kinds.contains { $0.hidden[4] != kind.hidden[4] }
      let names =
        (orientationDiffers ? ["orientation \((Int(kind.hidden[4]) ?? 0) + 1)"] : [])
        + differing.map { printable(kind.named[$0]) }
      return Part(label: names.joined(separator: ", "), candidates: groups[kind]!)
    }
  }

  /// Image types are defined terms, yet anything can stand there: only capitals, digits and separators are shown.
  private static func printable(_ text: String) -> String {
    String(
      text.unicodeScalars.filter {
        $0.isASCII && ($0.properties.isAlphabetic || "0123456789 ./_-".unicodeScalars.contains($0))
      }
      .prefix(80).map(Character.init))
  }

  /// Within half a degree in both directions.
  private static func index(of plane: ImagePlane, in known: inout [(row: Vector3, column: Vector3)]) -> Int {
    let limit = 0.999_96
    let row = plane.rowDirection / plane.rowDirection.length
    let column = plane.columnDirection / plane.columnDirection.length
    if let found = known.firstIndex(where: { $0.row.dot(row) > limit && $0.column.dot(column) > limit }) {
      return found
    }
    known.append((row, column))
    return known.count - 1
  }

  static func rounded(_ value: Double, _ unit: Double) -> String {
    let steps = (value / unit).rounded()
    guard abs(steps) < 1e15 else { return "\(value)" }
    // Whole steps, printed through integers so that 0.30000000000000004 cannot tell two equal values apart.
    let scale = Int((1 / unit).rounded())
    let whole = Int(steps) / scale
    let rest = abs(Int(steps) % scale)
    if rest == 0 { return "\(whole)" }
    var digits = String(rest)
    while digits.count < String(scale).count - 1 { digits = "0" + digits }
    while digits.hasSuffix("0") { digits.removeLast() }
    return (steps < 0 && whole == 0 ? "-" : "") + "\(whole).\(digits)"
  }
}

/// Blocks of one orientation that lie side by side, such as cervical and lumbar sagittal stacks under one UID.
enum SeriesBlocks {
  /// In-plane distance that slices of one stack may be apart whatever their depth, millimetres.
  static let lateralTolerance = 2.0

  static func blocks(_ candidates: [SliceCandidate]) -> [SeriesSplitting.Part] {
    guard let first = candidates.first, let normal = first.normal.normalized else { return [] }
    let origins = candidates.map { candidate -> (depth: Double, lateral: Vector3) in
      let depth = candidate.depth(along: normal)
      return (depth, candidate.plane.position - normal * depth)
    }
    let together = origins.allSatisfy { ($0.lateral - origins[0].lateral).length <= lateralTolerance }
    if together { return [SeriesSplitting.Part(label: "", candidates: candidates)] }
    var block = Array(repeating: -1, count: candidates.count)
    var count = 0
    for seed in candidates.indices where block[seed] < 0 {
      var queue = [seed]
      block[seed] = count
      while let current = queue.popLast() {
        for other in candidates.indices where block[other] < 0 {
          // A sheared stack (tilted gantry) moves sideways by less than it moves along the normal.
          let apart = (origins[other].lateral - origins[current].lateral).length
          if apart <= max(lateralTolerance, abs(origins[other].depth - origins[current].depth)) {
            block[other] = count
            queue.append(other)
          }
        }
      }
      count += 1
    }
    if count == 1 { return [SeriesSplitting.Part(label: "", candidates: candidates)] }
    // From head to feet, then left to right: a name that does not depend on the order of files.
    let parts = (0..<count).map { index in candidates.indices.filter { block[$0] == index }.map { candidates[$0] } }
    return parts.sorted { highest($0) > highest($1) }.enumerated().map {
      SeriesSplitting.Part(label: "block \($0.offset + 1)", candidates: $0.element)
    }
  }

  private static func highest(_ candidates: [SliceCandidate]) -> Double {
    candidates.map { $0.plane.position.z - 1e-6 * $0.plane.position.x }.max() ?? 0
  }
}
