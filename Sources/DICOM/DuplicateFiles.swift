/// Several files under one SOP Instance UID.
///
/// Copies are dropped. Of files that differ in bytes but claim to be the same image (series, number and place agree),
/// the one whose bytes hash lowest stays, so that the choice does not depend on names. Files that show something else
/// under the same UID, as careless anonymizers leave them, all stay.
enum DuplicateFiles {
  struct Counts {
    /// Files with the bytes of another.
    var copies = 0
    /// Files of the same image with other bytes.
    var conflicts = 0
    /// Files of another image under a UID that is taken.
    var shared = 0
  }

  /// What an image claims to be.
  private struct Claim: Hashable, Comparable {
    let texts: [String]

    init(_ instance: Instance) {
      let place = instance.frames.first?.plane?.position
      texts = [
        instance.sopInstanceUID, instance.study.instanceUID, instance.series.instanceUID,
        instance.instanceNumber.map(String.init) ?? "", place.map { "\($0.x) \($0.y) \($0.z)" } ?? "",
      ]
    }

    static func < (left: Claim, right: Claim) -> Bool { left.texts.lexicographicallyPrecedes(right.texts) }
  }

  /// Ascending SOP Instance UIDs, and what was found, by Series Instance UID.
  static func removed(from instances: [Instance]) -> (instances: [Instance], counts: [String: Counts]) {
    let sorted = instances.map { (Claim($0), $0) }.sorted { ($0.0, $0.1.path) < ($1.0, $1.1.path) }
    var kept: [Instance] = []
    var counts: [String: Counts] = [:]
    var start = 0
    while start < sorted.count {
      var end = start + 1
      while end < sorted.count, sorted[end].0 == sorted[start].0 { end += 1 }
      let series = sorted[start].1.series.instanceUID
      if kept.last?.sopInstanceUID == sorted[start].1.sopInstanceUID { counts[series, default: Counts()].shared += 1 }
      if end - start == 1 {
        kept.append(sorted[start].1)
      } else {
        let hashed = sorted[start..<end].map { (FileDigest.xxh3(path: $0.1.path) ?? "", $0.1) }
          .sorted { ($0.0, $0.1.path) < ($1.0, $1.1.path) }
        let distinct = Set(hashed.map(\.0)).count
        kept.append(hashed[0].1)
        counts[series, default: Counts()].copies += hashed.count - distinct
        counts[series, default: Counts()].conflicts += distinct - 1
      }
      start = end
    }
    return (kept, counts)
  }
}
