/// Pairs the lesions of two readings of one study.
///
/// Two lesions may be a pair when their centroids are no farther apart than 10 mm or the radius of the larger one (as a
/// ball of its volume), whichever is more. Of the allowed pairs as many as possible are made, one to one, with the least
/// sum of distances. Where a reading gives no centroid, equal lesion numbers are a pair.
public struct MatchingParameters: Codable, Sendable, Equatable {
  /// Readers place the centre of one lesion within a centimetre (half a vertebral body); their lesions of neighbouring
  /// vertebrae are farther apart.
  public var minimumGateMm = 10.0

  public init() {}
}

struct LesionPair: Sendable {
  var first: ReadLesion
  var second: ReadLesion
  var distanceMm: Double?
}

struct LesionMatching: Sendable {
  var pairs: [LesionPair] = []
  var onlyFirst: [ReadLesion] = []
  var onlySecond: [ReadLesion] = []

  init(_ first: [ReadLesion], _ second: [ReadLesion], parameters: MatchingParameters) {
    // In the order of their numbers, so that the order in a file decides nothing.
    let first = first.sorted { $0.identifier < $1.identifier }
    let second = second.sorted { $0.identifier < $1.identifier }
    let costs = first.map { one in second.map { Self.cost(one, $0, parameters) } }
    let columns = second.isEmpty ? [Int?](repeating: nil, count: first.count) : Assignment.optimal(costs)
    var taken = Set<Int>()
    for (row, column) in columns.enumerated() {
      guard let column else {
        onlyFirst.append(first[row])
        continue
      }
      taken.insert(column)
      pairs.append(
        LesionPair(first: first[row], second: second[column], distanceMm: first[row].distance(to: second[column])))
    }
    onlySecond = second.indices.filter { !taken.contains($0) }.map { second[$0] }
  }

  private static func cost(_ one: ReadLesion, _ other: ReadLesion, _ parameters: MatchingParameters) -> Double? {
    guard let distance = one.distance(to: other) else { return one.identifier == other.identifier ? 0 : nil }
    let gate = max(parameters.minimumGateMm, one.radius ?? 0, other.radius ?? 0)
    return distance <= gate ? distance : nil
  }
}
