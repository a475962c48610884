import Imaging
import Kernels

/// Series of one stretch of the spine on a common, coarse sagittal grid.
struct TissueGrid {
  /// Columns run backwards (to posterior), rows downwards (to inferior); the slices are those of one of the series.
  let geometry: VolumeGeometry
  /// Signals by the series' index; NaN where a series does not reach.
  private(set) var signals: [Int: [Float]] = [:]

  /// - Returns: `nil` for a stack whose rows and columns run neither backwards nor downwards.
  init?(like stack: VolumeGeometry, step: Double) {
    let swaps = abs(stack.rowDirection.y) < abs(stack.columnDirection.y)
    let (backwards, downwards) =
      swaps ? (stack.columnDirection, stack.rowDirection) : (stack.rowDirection, stack.columnDirection)
    guard abs(backwards.y) > 0.7, abs(downwards.z) > 0.7 else { return nil }
    let flipsBack = backwards.y < 0
    let flipsDown = downwards.z > 0
    let (width, height) =
      swaps
      ? (Double(stack.rows) * stack.spacing.y, Double(stack.columns) * stack.spacing.x)
      : (Double(stack.columns) * stack.spacing.x, Double(stack.rows) * stack.spacing.y)
    let (flipsColumns, flipsRows) = swaps ? (flipsDown, flipsBack) : (flipsBack, flipsDown)
    var origins = (0..<stack.slices).map {
      stack.position(
        column: flipsColumns ? Double(stack.columns - 1) : 0, row: flipsRows ? Double(stack.rows - 1) : 0, slice: $0)
    }
    let back = backwards * (flipsBack ? -1 : 1)
    let down = downwards * (flipsDown ? -1 : 1)
    if back.cross(down).dot(stack.sliceDirection) < 0 { origins.reverse() }
    guard
      let geometry = try? VolumeGeometry(
        columns: Int(width / step), rows: Int(height / step), rowDirection: back, columnDirection: down,
        spacing: Vector3(step, step, stack.spacing.z), sliceOrigins: origins,
        frameOfReferenceUID: stack.frameOfReferenceUID)
    else { return nil }
    self.geometry = geometry
  }

  /// Puts a series on the grid.
  mutating func add(_ index: Int, _ volume: Volume) { signals[index] = Self.sample(volume, on: geometry) }

  mutating func remove(_ index: Int) { signals[index] = nil }

  /// The share of the grid that a series reaches.
  func coverage(_ index: Int) -> Double {
    guard let values = signals[index] else { return 0 }
    return Double(values.count { !$0.isNaN }) / Double(max(values.count, 1))
  }

  /// The voxels where one of the series shows signal.
  func body(of indices: [Int], _ parameters: PixelParameters) -> [Bool] {
    var body = [Bool](repeating: false, count: geometry.count)
    for index in indices {
      guard let values = signals[index] else { continue }
      let order = OrderStatistics(values.filter { !$0.isNaN })
      guard let high = order.percentile(0.99) else { continue }
      let limit = Float(parameters.bodyShare * high)
      for place in values.indices where values[place] > limit { body[place] = true }
    }
    return body
  }

  /// A series over the Gaussian mean of its surroundings within the body and the slice.
  ///
  /// - Parameter sigma: millimetres.
  func overSurroundings(_ index: Int, body: [Bool], sigma: Double) -> [Float] {
    guard let values = signals[index] else { return [] }
    let weights = values.indices.map { body[$0] && !values[$0].isNaN ? Float(1) : 0 }
    let blur = { (image: [Float]) in
      SeparableConvolution.gaussian(
        image, columns: geometry.columns, rows: geometry.rows, slices: geometry.slices,
        sigma: SIMD3(sigma / geometry.spacing.x, sigma / geometry.spacing.y, 0))
    }
    let sums = blur(values.indices.map { weights[$0] > 0 ? values[$0] : 0 })
    let shares = blur(weights)
    return values.indices.map { weights[$0] > 0 && sums[$0] > 0 ? values[$0] * shares[$0] / sums[$0] : .nan }
  }

  /// The median of a series over some voxels; `nil` where it reaches too few of them.
  func median(_ index: Int, over voxels: [Int], _ parameters: PixelParameters) -> Double? {
    guard let values = signals[index] else { return nil }
    let reached = voxels.lazy.map { values[$0] }.filter { !$0.isNaN }
    let kept = Array(reached)
    return kept.count >= parameters.fewestVoxels ? OrderStatistics.median(of: kept) : nil
  }

  /// Means of the pixels around each voxel of the grid (at least the nearest), from the nearest slice; NaN beyond the
  /// picture, or three quarters of a slice away from the stack.
  private static func sample(_ volume: Volume, on grid: VolumeGeometry) -> [Float] {
    let source = volume.geometry
    var output = [Float](repeating: .nan, count: grid.count)
    let reachX = max(0.5, grid.spacing.x / 2 / source.spacing.x)
    let reachY = max(0.5, grid.spacing.x / 2 / source.spacing.y)
    for slice in 0..<grid.slices {
      for row in 0..<grid.rows {
        for column in 0..<grid.columns {
          let index = source.index(ofPosition: grid.position(column: Double(column), row: Double(row), slice: slice))
          let nearest = index.z.rounded()
          guard abs(index.z - nearest) <= 0.75, nearest >= 0, nearest < Double(source.slices) else { continue }
          let columns = window(index.x, reachX, source.columns)
          let rows = window(index.y, reachY, source.rows)
          guard !columns.isEmpty, !rows.isEmpty else { continue }
          var sum: Float = 0
          for y in rows { for x in columns { sum += volume[x, y, Int(nearest)] } }
          output[grid.offset(column: column, row: row, slice: slice)] = sum / Float(columns.count * rows.count)
        }
      }
    }
    return output
  }

  /// The pixels whose centres lie within `reach` of a place; empty for a place outside the picture.
  private static func window(_ place: Double, _ reach: Double, _ count: Int) -> Range<Int> {
    guard place > -0.5, place < Double(count) - 0.5 else { return 0..<0 }
    let first = max(0, Int((place - reach).rounded(.up)))
    let last = min(count - 1, Int((place + reach).rounded(.down)))
    return first <= last ? first..<(last + 1) : 0..<0
  }
}
