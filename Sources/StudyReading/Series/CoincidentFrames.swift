internal import DICOM
internal import Imaging

/// Frames of one kind that lie at one position: time points, echoes, repeated acquisitions, or copies.
enum CoincidentFrames {
  static func separate(_ part: SeriesSplitting.Part, instances: [Instance]) -> [SeriesSplitting.Part] {
    let places = places(part.candidates)
    guard places.contains(where: { $0.count > 1 }) else { return [part] }
    for (name, value) in attributes {
      if let parts = split(part, places, by: value, named: name) { return parts }
    }
    return dealtOut(part, places, instances: instances)
  }

  /// Candidates by position along the normal, each list in a fixed order.
  static func places(_ candidates: [SliceCandidate]) -> [[SliceCandidate]] {
    guard let normal = candidates.first?.normal.normalized else { return [] }
    let sorted = candidates.map { ($0.depth(along: normal), $0) }
      .sorted { ($0.0, $0.1.sopInstanceUID, $0.1.frame) < ($1.0, $1.1.sopInstanceUID, $1.1.frame) }
    var places: [[SliceCandidate]] = []
    var last = -Double.infinity
    for (depth, candidate) in sorted {
      if depth - last <= SeriesSplitting.samePosition {
        places[places.count - 1].append(candidate)
      } else {
        places.append([candidate])
        last = depth
      }
    }
    return places.map { $0.sorted(by: byNumber) }
  }

  /// By instance number, then by UID.
  private static func byNumber(_ left: SliceCandidate, _ right: SliceCandidate) -> Bool {
    (left.instanceNumber ?? .max, left.sopInstanceUID, left.frame)
      < (right.instanceNumber ?? .max, right.sopInstanceUID, right.frame)
  }

  // MARK: Attributes that may tell frames apart

  private typealias Attribute = (name: String, value: (SliceCandidate) -> String?)

  private static var attributes: [Attribute] {
    [
      ("time point", { $0.attributes.temporalPosition.map { padded($0) } }),
      ("echo", { $0.attributes.acquisition.echoNumber.map { padded($0) } }),
      ("inversion time", { $0.attributes.acquisition.inversionTime.map { sortable($0) } }),
      ("flip angle", { $0.attributes.acquisition.flipAngle.map { sortable($0) } }),
      ("repetition time", { $0.attributes.acquisition.repetitionTime.map { sortable($0) } }),
      ("contrast", { $0.attributes.acquisition.contrastAdministered.map { $0 ? "given" : "before" } }),
      ("acquisition", { $0.attributes.acquisitionNumber.map { padded($0) } }),
      ("trigger time", { $0.attributes.triggerTime.map { sortable($0) } }),
      ("acquisition time", { $0.attributes.acquisitionTime }),
      ("content time", { $0.attributes.contentTime }),
    ]
  }

  private static func padded(_ value: Int) -> String {
    String(repeating: "0", count: max(0, 12 - String(value).count)) + String(value)
  }

  private static func sortable(_ value: Double) -> String { padded(Int((max(0, min(value, 1e8)) * 1000).rounded())) }

  /// Parts by the values of one attribute; `nil` unless each part then has one frame at each of its positions and all
  /// parts are equally long (a part that lost a slice is allowed for: 80 %).
  private static func split(
    _ part: SeriesSplitting.Part, _ places: [[SliceCandidate]], by value: (SliceCandidate) -> String?,
    named name: String
  ) -> [SeriesSplitting.Part]? {
    var groups: [String: [SliceCandidate]] = [:]
    for place in places {
      var seen: Set<String> = []
      for candidate in place {
        guard let value = value(candidate), seen.insert(value).inserted else { return nil }
        groups[value, default: []].append(candidate)
      }
    }
    let longest = groups.values.map(\.count).max() ?? 0
    guard groups.count > 1, groups.values.allSatisfy({ $0.count * 10 >= longest * 8 }) else { return nil }
    return groups.keys.sorted().enumerated().map { index, key in
      SeriesSplitting.Part(
        label: [part.label, "\(name) \(index + 1) of \(groups.count)"].filter { !$0.isEmpty }.joined(separator: ", "),
        candidates: groups[key]!, warnings: part.warnings)
    }
  }

  // MARK: No attribute tells

  private static func dealtOut(
    _ part: SeriesSplitting.Part, _ places: [[SliceCandidate]], instances: [Instance]
  ) -> [SeriesSplitting.Part] {
    var copies = 0
    let distinct = places.map { place -> [SliceCandidate] in
      guard place.count > 1 else { return place }
      var seen: Set<String> = []
      let kept = place.filter { candidate in
        guard let digest = pixelDigest(candidate, instances) else { return true }
        return seen.insert(digest).inserted
      }
      copies += place.count - kept.count
      return kept
    }
    var warnings = part.warnings
    if copies > 0 { warnings.append("\(copies) slices repeat another's position and pixels and were left out") }
    let depth = distinct.map(\.count).max() ?? 1
    if depth == 1 {
      return [SeriesSplitting.Part(label: part.label, candidates: distinct.flatMap { $0 }, warnings: warnings)]
    }
    warnings.append(
      "several slices lie at one position and no attribute tells them apart: dealt out by instance number")
    return (0..<depth).map { layer in
      SeriesSplitting.Part(
        label: [part.label, "layer \(layer + 1) of \(depth)"].filter { !$0.isEmpty }.joined(separator: ", "),
        candidates: distinct.compactMap { layer < $0.count ? $0[layer] : nil }, warnings: warnings)
    }
  }

  /// Hash of a frame's stored values; `nil` when it cannot be decoded.
  private static func pixelDigest(_ candidate: SliceCandidate, _ instances: [Instance]) -> String? {
    var bytes: [UInt8] = []
    guard let index = try? FrameIndex(instances[candidate.instance]), var reader = try? FrameReader(index),
      (try? reader.read(frame: candidate.frame + 1, into: &bytes)) != nil
    else { return nil }
    return FileDigest.xxh3(bytes)
  }
}
