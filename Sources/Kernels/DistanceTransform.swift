/// The exact Euclidean distance transform on a grid with unequal spacing.
///
/// One pass of running distances along the columns, then lower envelopes of parabolas along the rows and the slices
/// (Felzenszwalb and Huttenlocher, Theory of Computing 2012). Only the box of the mask is worked on: the nearest
/// background voxel of a member always lies in the box grown by one voxel. Cost is linear in the box.
public enum DistanceTransform {
  /// Distance in millimetres from each inside voxel's centre to the centre of the nearest background voxel, 0 outside.
  /// - Parameters:
  ///   - mask: non-zero is inside; the column runs fastest, then the row, then the slice.
  ///   - spacing: millimetres between columns, rows, slices.
  ///   - outsideIsBackground: whether what lies beyond the grid counts as background (as if one more layer of
  ///     background voxels lay around it).
  /// - Returns: infinity inside a mask that has no background at all. Half-pixel outlines lie half a spacing nearer.
  public static func insideDistance(
    mask: [UInt8], columns: Int, rows: Int, slices: Int, spacing: SIMD3<Double>, outsideIsBackground: Bool = false
  ) -> [Float] {
    precondition(mask.count == columns * rows * slices, "a mask needs one value for each voxel")
    var squared = [Float](repeating: 0, count: mask.count)
    guard let box = GridBox(mask: mask, columns: columns, rows: rows, slices: slices)?.grown(columns, rows, slices)
    else { return squared }
    let grid = (columns: columns, rows: rows, slices: slices)
    alongColumns(mask, &squared, box, grid, Float(spacing.x), outsideIsBackground)
    envelopes(&squared, box, grid, spacing: Float(spacing.y), alongSlices: false, border: outsideIsBackground)
    if slices > 1 {
      // A mask in a stack of one slice is a plane figure: nothing lies above or below it.
      envelopes(&squared, box, grid, spacing: Float(spacing.z), alongSlices: true, border: outsideIsBackground)
    }
    for slice in box.slices {
      for row in box.rows {
        let base = (slice * rows + row) * columns
        for place in (base + box.columns.lowerBound)..<(base + box.columns.upperBound) {
          squared[place] = squared[place].squareRoot()
        }
      }
    }
    return squared
  }

  /// Distance in millimetres from each background voxel's centre to the nearest inside voxel's centre, 0 inside;
  /// infinity everywhere for an empty mask.
  public static func outsideDistance(
    mask: [UInt8], columns: Int, rows: Int, slices: Int, spacing: SIMD3<Double>
  ) -> [Float] {
    insideDistance(
      mask: mask.map { $0 == 0 ? 1 : 0 }, columns: columns, rows: rows, slices: slices, spacing: spacing)
  }

  private static func alongColumns(
    _ mask: [UInt8], _ squared: inout [Float], _ box: GridBox, _ grid: (columns: Int, rows: Int, slices: Int),
    _ spacing: Float, _ border: Bool
  ) {
    let width = box.columns.count
    for slice in box.slices {
      for row in box.rows {
        let base = (slice * grid.rows + row) * grid.columns + box.columns.lowerBound
        // Steps since the last background voxel; beyond the grid there is one only when asked for.
        var steps = border ? Float(0) : Float.infinity
        for index in 0..<width {
          steps = mask[base + index] == 0 ? 0 : steps + 1
          squared[base + index] = steps
        }
        steps = border ? 0 : Float.infinity
        for index in stride(from: width - 1, through: 0, by: -1) {
          steps = mask[base + index] == 0 ? 0 : steps + 1
          let distance = min(steps, squared[base + index]) * spacing
          squared[base + index] = distance * distance
        }
      }
    }
  }

  /// Columns that are worked on together, so that memory is read in whole cache lines.
  private static let tile = 16

  private static func envelopes(
    _ squared: inout [Float], _ box: GridBox, _ grid: (columns: Int, rows: Int, slices: Int), spacing: Float,
    alongSlices: Bool, border: Bool
  ) {
    let length = alongSlices ? box.slices.count : box.rows.count
    let step = alongSlices ? grid.columns * grid.rows : grid.columns
    var envelope = ParabolaEnvelope(length: length, spacing: spacing, border: border)
    var lines = [Float](repeating: 0, count: tile * length)
    unsafe squared.withUnsafeMutableBufferPointer { values in
      for outer in alongSlices ? box.rows : box.slices {
        var column = box.columns.lowerBound
        while column < box.columns.upperBound {
          let width = min(tile, box.columns.upperBound - column)
          let first =
            alongSlices
            ? (box.slices.lowerBound * grid.rows + outer) * grid.columns + column
            : (outer * grid.rows + box.rows.lowerBound) * grid.columns + column
          for index in 0..<length {
            for lane in 0..<width {
              lines[lane &* length &+ index] = unsafe values[first &+ index &* step &+ lane]
            }
          }
          for lane in 0..<width {
            guard envelope.transform(&lines, start: lane * length) else { continue }
            for index in 0..<length { unsafe values[first &+ index &* step &+ lane] = lines[lane &* length &+ index] }
          }
          column += width
        }
      }
    }
  }
}

/// The lower envelope of the parabolas d(i) + (spacing (x - i))^2 along one line.
private struct ParabolaEnvelope {
  private let length: Int
  private let spacing: Float
  private let border: Bool
  private var places: [Float]
  private var heights: [Float]
  private var bounds: [Float]

  init(length: Int, spacing: Float, border: Bool) {
    self.length = length
    self.spacing = spacing
    self.border = border
    places = [Float](repeating: 0, count: length + 2)
    heights = places
    bounds = [Float](repeating: 0, count: length + 3)
  }

  /// Replaces the squared distances of a line by those of the envelope; `false` when the line is all background.
  mutating func transform(_ lines: inout [Float], start: Int) -> Bool {
    var last = -1
    var some = false
    if border { push(-1, 0, &last) }
    for index in 0..<length {
      let height = lines[start + index]
      if height > 0 { some = true }
      if height < .infinity { push(Float(index), height, &last) }
    }
    guard some else { return false }
    if border { push(Float(length), 0, &last) }
    guard last >= 0 else { return true }
    bounds[last + 1] = .infinity
    var parabola = 0
    for index in 0..<length {
      let place = Float(index)
      while bounds[parabola + 1] < place { parabola += 1 }
      let distance = (place - places[parabola]) * spacing
      lines[start + index] = distance * distance + heights[parabola]
    }
    return true
  }

  private mutating func push(_ place: Float, _ height: Float, _ last: inout Int) {
    let square = spacing * spacing
    var crossing = -Float.infinity
    while last >= 0 {
      let gap = place - places[last]
      crossing = 0.5 * ((height - heights[last]) / (square * gap) + place + places[last])
      if crossing > bounds[last] { break }
      last -= 1
      crossing = -Float.infinity
    }
    last += 1
    places[last] = place
    heights[last] = height
    bounds[last] = crossing
  }
}

/// The bounding box of a mask's members.
struct GridBox {
  var columns: Range<Int>
  var rows: Range<Int>
  var slices: Range<Int>

  /// `nil` for an empty mask.
  init?(mask: [UInt8], columns: Int, rows: Int, slices: Int) {
    var low = SIMD3<Int>(columns, rows, slices)
    var high = SIMD3<Int>(repeating: -1)
    unsafe mask.withUnsafeBufferPointer { voxels in
      for slice in 0..<slices {
        for row in 0..<rows {
          let base = (slice * rows + row) * columns
          var first = 0
          while first < columns, unsafe voxels[base &+ first] == 0 { first &+= 1 }
          guard first < columns else { continue }
          var end = columns - 1
          while unsafe voxels[base &+ end] == 0 { end &-= 1 }
          low = SIMD3(min(low.x, first), min(low.y, row), min(low.z, slice))
          high = SIMD3(max(high.x, end), max(high.y, row), max(high.z, slice))
        }
      }
    }
    guard high.x >= 0 else { return nil }
    self.columns = low.x..<(high.x + 1)
    self.rows = low.y..<(high.y + 1)
    self.slices = low.z..<(high.z + 1)
  }

  /// The box with one more layer where the grid has one.
  func grown(_ columns: Int, _ rows: Int, _ slices: Int) -> Self {
    var box = self
    box.columns = max(0, self.columns.lowerBound - 1)..<min(columns, self.columns.upperBound + 1)
    box.rows = max(0, self.rows.lowerBound - 1)..<min(rows, self.rows.upperBound + 1)
    box.slices = max(0, self.slices.lowerBound - 1)..<min(slices, self.slices.upperBound + 1)
    return box
  }
}
