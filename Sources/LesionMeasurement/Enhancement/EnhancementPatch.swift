import Imaging
import Kernels

/// One slice of the lesion with some of its surroundings, in muscle units, with each pixel's depth under the outline.
struct EnhancementPatch {
  let slice: Int
  let columns: Int
  let rows: Int
  let firstColumn: Int
  let firstRow: Int
  let columnSpacing: Double
  let rowSpacing: Double
  let mask: [UInt8]
  /// Signal over muscle.
  private(set) var signal: [Float]
  /// Mean variance of the signal's noise over that of its series: interpolation averages it.
  private(set) var noiseShare = 1.0
  /// Millimetres from the outline (which runs half a pixel outside the outermost centres): positive inside.
  let depth: [Float]
  let count: Int

  /// Geometric mean of the pixel's sides.
  var pixel: Double { (columnSpacing * rowSpacing).squareRoot() }
  var area: Double { Double(count) * columnSpacing * rowSpacing }

  /// `nil` where the lesion has no pixel on the slice.
  init?(_ input: EnhancementInput, slice: Int, padding: Int = 4) {
    let geometry = input.post.geometry
    let region = input.region
    let columnRange =
      max(region.columns.lowerBound - padding, 0)..<min(region.columns.upperBound + padding, geometry.columns)
    let rowRange = max(region.rows.lowerBound - padding, 0)..<min(region.rows.upperBound + padding, geometry.rows)
    var mask: [UInt8] = []
    var signal: [Float] = []
    let scale = Float(1 / input.muscle.mean)
    for row in rowRange {
      for column in columnRange {
        mask.append(region.contains(column: column, row: row, slice: slice) ? 1 : 0)
        signal.append(input.post[column, row, slice] * scale)
      }
    }
    let count = mask.reduce(0) { $0 + Int($1) }
    guard count > 0 else { return nil }
    self.slice = slice
    self.columns = columnRange.count
    self.rows = rowRange.count
    firstColumn = columnRange.lowerBound
    firstRow = rowRange.lowerBound
    columnSpacing = geometry.spacing.x
    rowSpacing = geometry.spacing.y
    self.mask = mask
    self.signal = signal
    self.count = count
    let half = Float((columnSpacing * rowSpacing).squareRoot() / 2)
    let spacing = SIMD3(columnSpacing, rowSpacing, 1)
    let inside = DistanceTransform.insideDistance(
      mask: mask, columns: columns, rows: rows, slices: 1, spacing: spacing, outsideIsBackground: true)
    let outside = DistanceTransform.outsideDistance(
      mask: mask, columns: columns, rows: rows, slices: 1, spacing: spacing)
    depth = mask.indices.map { mask[$0] != 0 ? inside[$0] - half : half - outside[$0] }
  }

  /// Whether a pixel lies one and a half to three pixels outside the outline.
  func isAround(_ index: Int) -> Bool {
    let pixels = Double(-depth[index]) / pixel
    return mask[index] == 0 && pixels > 1.5 && pixels < 3
  }

  /// The same pixels with another series' signal over its muscle, read at the same positions (bilinear in the nearest
  /// slice) with its known shift taken out; `nil` where a pixel of the mask lies outside that series.
  ///
  /// - Parameters:
  ///   - shift: further columns and rows by which the other series is taken to be displaced.
  ///   - margin: millimetres outside the outline that are read too, NaN where the series ends.
  func reading(
    _ companion: EnhancementInput.Companion, in grid: VolumeGeometry, shift: SIMD2<Double> = .zero, margin: Double = 0
  ) -> EnhancementPatch? {
    let target = companion.volume.geometry
    var copy = self
    let voxels = companion.volume.voxels
    let scale = Float(1 / companion.muscle.mean)
    var squares: Float = 0
    // Within a slice the places on the other grid advance evenly.
    let start = place(0, 0, on: target, in: grid, shift: shift, known: companion.shift ?? .zero)
    let right = place(1, 0, on: target, in: grid, shift: shift, known: companion.shift ?? .zero) - start
    let down = place(0, 1, on: target, in: grid, shift: shift, known: companion.shift ?? .zero) - start
    for index in mask.indices where mask[index] != 0 || Double(depth[index]) > -margin {
      let place = start + right * Double(index % columns) + down * Double(index / columns)
      let (c, r, s) = (place.x.rounded(.down), place.y.rounded(.down), place.z.rounded())
      guard c >= 0, r >= 0, s >= 0, c + 1 < Double(target.columns), r + 1 < Double(target.rows),
        s < Double(target.slices)
      else {
        if mask[index] != 0 { return nil }
        copy.signal[index] = .nan
        continue
      }
      let (fx, fy) = (Float(place.x - c), Float(place.y - r))
      let at = target.offset(column: Int(c), row: Int(r), slice: Int(s))
      let upper = voxels[at] * (1 - fx) + voxels[at + 1] * fx
      let lower = voxels[at + target.columns] * (1 - fx) + voxels[at + target.columns + 1] * fx
      copy.signal[index] = (upper * (1 - fy) + lower * fy) * scale
      if mask[index] != 0 { squares += ((1 - fx) * (1 - fx) + fx * fx) * ((1 - fy) * (1 - fy) + fy * fy) }
    }
    copy.noiseShare = Double(squares) / Double(count)
    return copy
  }

  private func place(
    _ column: Double, _ row: Double, on target: VolumeGeometry, in grid: VolumeGeometry, shift: SIMD2<Double>,
    known: Vector3
  ) -> Vector3 {
    target.index(
      ofPosition: known
        + grid.position(
          column: Double(firstColumn) + column + shift.x, row: Double(firstRow) + row + shift.y, slice: slice))
  }

  /// The pixels' signal less that of others of the same mask.
  func minus(_ other: EnhancementPatch, times factor: Float) -> EnhancementPatch {
    var copy = self
    for index in signal.indices { copy.signal[index] -= factor * other.signal[index] }
    return copy
  }

  /// The slices worth reading: those that are not mostly partial volume. The first and the last slice of a lesion are
  /// left out where three or more remain in between or beside, and so are slices much smaller than the largest.
  static func readable(_ input: EnhancementInput, _ parameters: EnhancementParameters) -> [EnhancementPatch] {
    var patches = input.region.slices.compactMap { EnhancementPatch(input, slice: $0) }
    if patches.count >= 3 { patches = Array(patches.dropFirst().dropLast()) }
    let largest = patches.map(\.count).max() ?? 0
    return patches.filter { Double($0.count) >= parameters.sliceAreaShare * Double(largest) }
  }

  /// The sector of each pixel of the mask about its centroid, of so many equal ones from the direction of -pi on; 0 for
  /// the other pixels.
  func sectors(_ count: Int) -> [Int] {
    var sum = (x: 0.0, y: 0.0)
    for index in mask.indices where mask[index] != 0 {
      sum.x += Double(index % columns)
      sum.y += Double(index / columns)
    }
    let centre = (x: sum.x / Double(self.count), y: sum.y / Double(self.count))
    // Directions at which the sectors of the upper and of the lower half plane begin: a pixel lies beyond those that it
    // is to the left of.
    let borders = (0..<max(1, count)).map { index in
      let angle = 2 * Double.pi * Double(index) / Double(max(1, count)) - .pi
      return (isUpper: angle >= 0, x: cosine(angle), y: sine(angle))
    }
    return mask.indices.map { index in
      guard mask[index] != 0 else { return 0 }
      let y = (Double(index / columns) - centre.y) * rowSpacing
      let x = (Double(index % columns) - centre.x) * columnSpacing
      let isUpper = y >= 0
      var (low, high) = (0, borders.count)
      while high - low > 1 {
        let middle = (low + high) / 2
        let border = borders[middle]
        let isBeyond = border.isUpper == isUpper ? border.x * y - border.y * x >= 0 : isUpper
        if isBeyond { low = middle } else { high = middle }
      }
      return low
    }
  }
}
