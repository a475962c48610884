internal import Imaging
internal import StudyReading

/// Where each series shows muscle, compared: a patient's muscle lies in one place, whatever the weighting.
///
/// Fat behind the spine is as even as muscle, and on a series whose contrast is unusual it can pass for it. Where two
/// series agree and a third shows its muscle somewhere else, the two are believed.
struct MusclePlaces {
  /// Share of a series' muscle that lies in another's, from which they agree, and below which they do not.
  private static let agreeing = 0.4
  private static let apart = 0.1
  /// Voxels looked at, about.
  private static let wanted = 2_000

  private let compartments: [Int: [Region]]
  /// By pairs of series, in either order.
  private var shares: [Int: [Int: Double]] = [:]

  /// - Parameter compartments: by the series' index; the first is the muscle of the back.
  init(_ compartments: [Int: [Region]]) {
    self.compartments = compartments
    let points = compartments.mapValues { Self.points(of: $0[0]) }
    for (index, own) in points {
      for (other, theirs) in compartments where other != index {
        let share = Self.share(of: own, in: theirs)
        shares[index, default: [:]][other] = max(share, shares[other]?[index] ?? 0)
        shares[other, default: [:]][index] = shares[index]?[other]
      }
    }
  }

  /// The compartments of another series, carried to the grid of this one, where that one and a third agree and this one
  /// lies apart from both; `nil` for a series that is believed.
  func outvoted(_ index: Int) -> [Region]? {
    guard let own = compartments[index]?.first else { return nil }
    let others = (shares[index] ?? [:]).keys.sorted()
    for first in others {
      for second in others where second > first {
        guard (shares[first]?[second] ?? 0) >= Self.agreeing, (shares[index]?[first] ?? 1) < Self.apart,
          (shares[index]?[second] ?? 1) < Self.apart
        else { continue }
        let carried = (compartments[first] ?? []).compactMap {
          try? RegionCarrying.carry($0, to: own.geometry).region
        }
        if carried.contains(where: { !$0.isEmpty }) { return carried }
      }
    }
    return nil
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
