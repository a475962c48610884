/// Which neighbours join two voxels. In one slice `faces` is the 4- and `corners` the 8-neighbourhood.
public enum Connectivity: Sendable, Hashable {
  /// 6 neighbours in space, 4 in a slice.
  case faces
  /// 18 neighbours in space, 8 in a slice.
  case edges
  /// 26 neighbours in space, 8 in a slice.
  case corners
}

/// The connected parts of a mask.
public struct ConnectedComponents: Sendable {
  /// One label a voxel, 0 outside; parts are numbered from 1 in the order in which memory meets their first voxel.
  public let labels: [Int32]
  /// Voxels of each part; `sizes[0]` belongs to label 1.
  public let sizes: [Int]

  public var count: Int { sizes.count }

  /// The label of the part with most voxels, the first of several; `nil` for an empty mask.
  public var largest: Int32? {
    guard let most = sizes.max(), let index = sizes.firstIndex(of: most) else { return nil }
    return Int32(index + 1)
  }

  /// Labels a mask (non-zero is inside; the column runs fastest, then the row, then the slice). The mask is read as
  /// runs along the columns, runs that touch are joined by union-find, so that the cost is linear in the voxels.
  /// Traps when the mask does not fill its grid.
  public init(mask: [UInt8], columns: Int, rows: Int, slices: Int, connectivity: Connectivity) {
    precondition(mask.count == columns * rows * slices, "a mask needs one value for each voxel")
    var runs = RunForest(mask: mask, offset: 0, columns: columns, lines: rows * slices)
    let diagonal: Int32 = connectivity == .faces ? 0 : 1
    let far: Int32 = connectivity == .corners ? 1 : 0
    for slice in 0..<slices {
      for row in 0..<rows {
        let line = slice * rows + row
        if runs.isEmpty(line) { continue }
        if row > 0 { runs.join(line, line - 1, reach: diagonal) }
        guard slice > 0 else { continue }
        runs.join(line, line - rows, reach: diagonal)
        guard connectivity != .faces else { continue }
        if row > 0 { runs.join(line, line - rows - 1, reach: far) }
        if row < rows - 1 { runs.join(line, line - rows + 1, reach: far) }
      }
    }
    (labels, sizes) = runs.labelled(columns: columns, count: mask.count)
  }

  /// The largest 8-connected part of one slice (`columns * rows` values from `offset` on) as zeros and ones; `nil` when
  /// the slice holds fewer than two parts, so that the common case costs one reading of the slice.
  public static func largestPart(of mask: [UInt8], offset: Int, columns: Int, rows: Int) -> [UInt8]? {
    var runs = RunForest(mask: mask, offset: offset, columns: columns, lines: rows)
    for row in 1..<max(rows, 1) where !runs.isEmpty(row) { runs.join(row, row - 1, reach: 1) }
    guard runs.partCount > 1 else { return nil }
    let (labels, sizes) = runs.labelled(columns: columns, count: columns * rows)
    guard let most = sizes.max(), let index = sizes.firstIndex(of: most) else { return nil }
    return labels.map { Int($0) == index + 1 ? 1 : 0 }
  }
}

/// Runs of inside voxels along the columns, and the forest that joins them.
private struct RunForest {
  private var starts: [Int32] = []
  private var ends: [Int32] = []
  private var parents: [Int32] = []
  /// Index of the first run of each line; one more at the end.
  private var firstRun: [Int32] = []

  init(mask: [UInt8], offset: Int, columns: Int, lines: Int) {
    firstRun.reserveCapacity(lines + 1)
    unsafe mask.withUnsafeBufferPointer { voxels in
      for line in 0..<lines {
        firstRun.append(Int32(starts.count))
        let base = offset + line * columns
        var column = 0
        while column < columns {
          if unsafe voxels[base &+ column] == 0 {
            column &+= 1
            continue
          }
          let start = column
          while column < columns, unsafe voxels[base &+ column] != 0 { column &+= 1 }
          starts.append(Int32(start))
          ends.append(Int32(column))
        }
      }
    }
    firstRun.append(Int32(starts.count))
    parents = (0..<Int32(starts.count)).map { $0 }
  }

  /// Number of connected parts.
  var partCount: Int { parents.indices.reduce(0) { $0 + (Int(parents[$1]) == $1 ? 1 : 0) } }

  func isEmpty(_ line: Int) -> Bool { firstRun[line] == firstRun[line + 1] }

  /// Joins the runs of two lines that overlap, or come within `reach` columns of it.
  mutating func join(_ line: Int, _ other: Int, reach: Int32) {
    var left = Int(firstRun[line])
    var right = Int(firstRun[other])
    let leftEnd = Int(firstRun[line + 1])
    let rightEnd = Int(firstRun[other + 1])
    while left < leftEnd, right < rightEnd {
      if starts[left] < ends[right] + reach, starts[right] < ends[left] + reach { unite(left, right) }
      if ends[left] < ends[right] { left += 1 } else { right += 1 }
    }
  }

  private mutating func root(_ run: Int) -> Int {
    var place = run
    while Int(parents[place]) != place {
      parents[place] = parents[Int(parents[place])]
      place = Int(parents[place])
    }
    return place
  }

  /// The older run becomes the root, so that labels follow memory order.
  private mutating func unite(_ left: Int, _ right: Int) {
    let a = root(left)
    let b = root(right)
    if a < b { parents[b] = Int32(a) } else { parents[a] = Int32(b) }
  }

  mutating func labelled(columns: Int, count: Int) -> ([Int32], [Int]) {
    var labels = [Int32](repeating: 0, count: count)
    var sizes: [Int] = []
    var names = [Int32](repeating: 0, count: starts.count)
    for line in 0..<(firstRun.count - 1) {
      for run in Int(firstRun[line])..<Int(firstRun[line + 1]) {
        let top = root(run)
        if names[top] == 0 {
          sizes.append(0)
          names[top] = Int32(sizes.count)
        }
        let name = names[top]
        sizes[Int(name) - 1] += Int(ends[run] - starts[run])
        let base = line * columns
        for place in (base + Int(starts[run]))..<(base + Int(ends[run])) { labels[place] = name }
      }
    }
    return (labels, sizes)
  }
}
