/// The branches of a one-pixel-wide skeleton: chains of pixels between ends and junctions.
///
/// Pixels with three or more eight-neighbours are junctions, with one an end; a closed loop without a junction is one
/// branch that ends where it began. A junction pixel belongs to each chain that reaches it, and touching junction
/// pixels count as one crossing.
public struct SkeletonGraph: Sendable {
  public struct Branch: Sendable {
    /// Offsets into the raster (row * columns + column), in order along the branch.
    public let pixels: [Int]
    /// Millimetres along the branch, the pixel staircase smoothed.
    public let length: Double
    /// Millimetres between the two ends.
    public let chord: Double
    /// Whether each end is free rather than at a junction.
    public let startsFree: Bool
    public let endsFree: Bool
  }

  public let branches: [Branch]
  /// Number of crossings.
  public let junctions: Int

  /// - Parameters:
  ///   - skeleton: `columns * rows` values, as `SkeletonThinning` gives them.
  ///   - columnSpacing, rowSpacing: pixel size in millimetres.
  public init(skeleton: [UInt8], columns: Int, rows: Int, columnSpacing: Double, rowSpacing: Double) {
    var walker = SkeletonWalker(
      skeleton: skeleton, columns: columns, rows: rows, columnSpacing: columnSpacing, rowSpacing: rowSpacing)
    self.branches = walker.branches()
    self.junctions = walker.crossings()
  }

  /// The skeleton without free-ended branches shorter than `length` mm (the hairs that thinning leaves on a wide
  /// line). A branch free at both ends is a line of its own and stays.
  public static func pruned(
    _ skeleton: [UInt8], columns: Int, rows: Int, columnSpacing: Double, rowSpacing: Double, shorterThan length: Double
  ) -> [UInt8] {
    var result = skeleton
    let graph = SkeletonGraph(
      skeleton: skeleton, columns: columns, rows: rows, columnSpacing: columnSpacing, rowSpacing: rowSpacing)
    for branch in graph.branches where branch.startsFree != branch.endsFree && branch.length < length {
      let kept = branch.startsFree ? branch.pixels.last : branch.pixels.first
      for pixel in branch.pixels where pixel != kept { result[pixel] = 0 }
    }
    return SkeletonThinning.thin(result, columns: columns, rows: rows)
  }
}

/// Follows the chains of a skeleton.
private struct SkeletonWalker {
  let skeleton: [UInt8]
  let columns: Int
  let rows: Int
  let columnSpacing: Double
  let rowSpacing: Double
  let places: [Int]
  var degree: [Int: Int] = [:]

  init(skeleton: [UInt8], columns: Int, rows: Int, columnSpacing: Double, rowSpacing: Double) {
    self.skeleton = skeleton
    self.columns = columns
    self.rows = rows
    self.columnSpacing = columnSpacing
    self.rowSpacing = rowSpacing
    places = skeleton.indices.filter { skeleton[$0] != 0 }
    for place in places { degree[place] = neighbours(place).count }
  }

  /// Eight-neighbours; a diagonal one is left out where a straight neighbour already leads to it, so that a staircase
  /// is a chain and no junction.
  func neighbours(_ place: Int) -> [Int] {
    let row = place / columns
    let column = place % columns
    func isSet(_ dc: Int, _ dr: Int) -> Bool {
      let (c, r) = (column + dc, row + dr)
      return c >= 0 && c < columns && r >= 0 && r < rows && skeleton[r * columns + c] != 0
    }
    var found: [Int] = []
    for (dc, dr) in [(0, -1), (1, 0), (0, 1), (-1, 0)] where isSet(dc, dr) { found.append(place + dr * columns + dc) }
    for (dc, dr) in [(1, -1), (1, 1), (-1, 1), (-1, -1)]
    where isSet(dc, dr) && !isSet(dc, 0) && !isSet(0, dr) {
      found.append(place + dr * columns + dc)
    }
    return found
  }

  mutating func branches() -> [SkeletonGraph.Branch] {
    var result: [SkeletonGraph.Branch] = []
    var walkedEdges = Set<[Int]>()
    func edge(_ a: Int, _ b: Int) -> [Int] { a < b ? [a, b] : [b, a] }
    func walk(from start: Int, to second: Int) {
      var path = [start, second]
      walkedEdges.insert(edge(start, second))
      while degree[path[path.count - 1]] == 2, path[path.count - 1] != start {
        let here = path[path.count - 1]
        guard
          let next = neighbours(here).first(where: {
            $0 != path[path.count - 2] && !walkedEdges.contains(edge(here, $0))
          })
        else { break }
        walkedEdges.insert(edge(here, next))
        path.append(next)
      }
      result.append(branch(path))
    }
    for place in places where degree[place] != 2 {
      if degree[place] == 0 { result.append(branch([place])) }
      for next in neighbours(place) where !walkedEdges.contains(edge(place, next)) { walk(from: place, to: next) }
    }
    for place in places where degree[place] == 2 {
      for next in neighbours(place) where !walkedEdges.contains(edge(place, next)) { walk(from: place, to: next) }
    }
    return result
  }

  func crossings() -> Int {
    var seen = Set<Int>()
    var count = 0
    for place in places where (degree[place] ?? 0) >= 3 && !seen.contains(place) {
      count += 1
      var queue = [place]
      seen.insert(place)
      while let here = queue.popLast() {
        for next in neighbours(here) where (degree[next] ?? 0) >= 3 && seen.insert(next).inserted { queue.append(next) }
      }
    }
    return count
  }

  private func branch(_ path: [Int]) -> SkeletonGraph.Branch {
    let points = path.map { (Double($0 % columns) * columnSpacing, Double($0 / columns) * rowSpacing) }
    var length = 0.0
    let smooth = Self.smoothed(points)
    for index in smooth.indices.dropFirst() {
      let (dx, dy) = (smooth[index].0 - smooth[index - 1].0, smooth[index].1 - smooth[index - 1].1)
      length += (dx * dx + dy * dy).squareRoot()
    }
    let (dx, dy) = (points[points.count - 1].0 - points[0].0, points[points.count - 1].1 - points[0].1)
    return SkeletonGraph.Branch(
      pixels: path, length: length, chord: (dx * dx + dy * dy).squareRoot(),
      startsFree: degree[path[0]] == 1, endsFree: degree[path[path.count - 1]] == 1)
  }

  /// Mean of each point with two neighbours on either side (fewer toward the ends, which stay in place).
  private static func smoothed(_ points: [(Double, Double)]) -> [(Double, Double)] {
    points.indices.map { index in
      let reach = min(2, index, points.count - 1 - index)
      var sum = (0.0, 0.0)
      for k in (index - reach)...(index + reach) { sum = (sum.0 + points[k].0, sum.1 + points[k].1) }
      let count = Double(2 * reach + 1)
      return (sum.0 / count, sum.1 / count)
    }
  }
}
