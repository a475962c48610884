internal import Imaging
internal import StudyReading

/// Where each series shows muscle, compared: a patient's muscle lies in one place, whatever the weighting.
///
/// Fat behind the spine is as even as muscle, and on a series whose contrast is unusual it can pass for it; so can a mass in the
/// muscle that enhances. Where two series agree and a third shows its muscle somewhere else, or where two of its plane agree
/// and it shows hardly any of theirs, the two are believed.
struct MusclePlaces {
  /// Share of a series' muscle that lies in another's, from which they agree, and below which they do not.
  private static let agreeing = 0.4
  private static let apart = 0.1
  /// Voxels looked at, about.
  private static let wanted = 2_000

  private let compartments: [Int: [Region]]
  /// Share of the first series' muscle of the back that lies in the second one's muscle.
  private var shares: [Int: [Int: Double]] = [:]

  /// - Parameter compartments: by the series' index; the first is the muscle of the back.
  init(_ compartments: [Int: [Region]]) {
    self.compartments = compartments
    for (index, own) in compartments {
      let points = Self.points(of: own[0])
      for (other, theirs) in compartments where other != index {
        shares[index, default: [:]][other] = Self.share(of: points, in: theirs)
      }
    }
  }

  /// The compartments of another series, carried to the grid of this one, where that one and a third agree and this one
  /// lies apart from both, or lacks what both show in this one's plane; `nil` for a series that is believed.
  func outvoted(_ index: Int) -> [Region]? {
    guard let own = compartments[index]?.first else { return nil }
    let others = (shares[index] ?? [:]).keys.sorted()
    for first in others {
      for second in others where second > first && agreement(first, second) >= Self.agreeing {
        let both = [first, second]
        let isApart = both.allSatisfy { agreement(index, $0) < Self.apart }
        let lacksTheirs = both.allSatisfy { isInPlane(of: own, $0) && (shares[$0]?[index] ?? 1) < Self.apart }
        guard isApart || lacksTheirs else { continue }
        let carried = (compartments[first] ?? []).compactMap {
          try? RegionCarrying.carry($0, to: own.geometry).region
        }
        if carried.contains(where: { !$0.isEmpty }) { return carried }
      }
    }
    return nil
  }

  private func agreement(_ one: Int, _ other: Int) -> Double {
    max(shares[one]?[other] ?? 0, shares[other]?[one] ?? 0)
  }

  private func isInPlane(of region: Region, _ other: Int) -> Bool {
    guard let theirs = compartments[other]?.first else { return false }
    return abs(theirs.geometry.sliceDirection.dot(region.geometry.sliceDirection)) > 0.9
  }

  /// Centres of about as many voxels as are wanted.
  private static func points(of region: Region) -> [Vector3] {
    let offsets = region.offsets
    return stride(from: 0, to: offsets.count, by: max(1, offsets.count / wanted)).map {
      region.geometry.position(ofOffset: offsets[$0])
    }
  }

  private static func share(of points: [Vector3], in others: [Region]) -> Double {
    guard !points.isEmpty else { return 0 }
    let inside = points.count { point in others.contains { $0.contains(point) } }
    return Double(inside) / Double(points.count)
  }
}
