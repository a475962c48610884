internal import Imaging

/// A series turned to fixed axes at a coarse square pixel: a sagittal one so that columns run to the back and rows to
/// the feet, an axial one so that columns run to the left and rows to the back.
///
/// Every search of the room happens here: the orientation of the stack, its pixel size and its slice order no longer
/// matter. Slices stay slices (no interpolation across their thickness).
struct WorkingStack: Sendable {
  /// Where columns and rows point to, in LPS.
  struct Axes: Sendable {
    var columns: Vector3
    var rows: Vector3
    static let sagittal = Axes(columns: Vector3(0, 1, 0), rows: Vector3(0, 0, -1))
    static let axial = Axes(columns: Vector3(1, 0, 0), rows: Vector3(0, 1, 0))
  }

  let geometry: VolumeGeometry
  /// Signal above the picture's floor (its first percentile).
  var voxels: [Float]
  /// Signal below which a voxel is taken for air.
  let airLevel: Float

  var columns: Int { geometry.columns }
  var rows: Int { geometry.rows }
  var slices: Int { geometry.slices }
  /// Side of the square pixel in millimetres.
  var pixel: Double { geometry.spacing.x }

  @inline(__always) func value(_ column: Int, _ row: Int, _ slice: Int) -> Float {
    voxels[(slice * geometry.rows + row) * geometry.columns + column]
  }

  /// Bilinear value within a slice; outside the picture the nearest edge.
  @inline(__always) func value(x: Double, y: Double, slice: Int) -> Float {
    let px = min(max(x, 0), Double(columns - 1))
    let py = min(max(y, 0), Double(rows - 1))
    let left = min(Int(px), columns - 2)
    let top = min(Int(py), rows - 2)
    let fx = Float(px - Double(left))
    let fy = Float(py - Double(top))
    let offset = (slice * rows + top) * columns + left
    let upper = voxels[offset] * (1 - fx) + voxels[offset + 1] * fx
    let lower = voxels[offset + columns] * (1 - fx) + voxels[offset + columns + 1] * fx
    return upper * (1 - fy) + lower * fy
  }

  /// `nil` where the stack is too small to hold a spine (fewer than 8 pixels a side).
  init?(_ volume: Volume, pixel: Double, airFraction: Double, axes: Axes = .sagittal) {
    let source = volume.geometry
    let wanted = axes.columns
    let columnIsRowDirection = abs(source.rowDirection.dot(wanted)) >= abs(source.columnDirection.dot(wanted))
    let columnAxis = columnIsRowDirection ? source.rowDirection : source.columnDirection
    let rowAxis = columnIsRowDirection ? source.columnDirection : source.rowDirection
    let columnSign = columnAxis.dot(axes.columns) >= 0 ? 1.0 : -1.0
    let rowSign = rowAxis.dot(axes.rows) >= 0 ? 1.0 : -1.0
    let columnCount = columnIsRowDirection ? source.columns : source.rows
    let rowCount = columnIsRowDirection ? source.rows : source.columns
    let columnSpacing = columnIsRowDirection ? source.spacing.x : source.spacing.y
    let rowSpacing = columnIsRowDirection ? source.spacing.y : source.spacing.x
    let across = PixelWeights(count: columnCount, spacing: columnSpacing, pixel: pixel, reversed: columnSign < 0)
    let down = PixelWeights(count: rowCount, spacing: rowSpacing, pixel: pixel, reversed: rowSign < 0)
    guard across.outputs >= 8, down.outputs >= 8 else { return nil }
    let columnVector = columnAxis * columnSign
    let rowVector = rowAxis * rowSign
    let normal = columnVector.cross(rowVector)
    let reversed = normal.dot(source.sliceDirection) < 0
    let order = reversed ? Array((0..<source.slices).reversed()) : Array(0..<source.slices)
    let origins = order.map { slice in
      source.position(
        column: columnIsRowDirection ? across.firstCentre : down.firstCentre,
        row: columnIsRowDirection ? down.firstCentre : across.firstCentre, slice: slice)
    }
    guard
      let geometry = try? VolumeGeometry(
        columns: across.outputs, rows: down.outputs, rowDirection: columnVector, columnDirection: rowVector,
        spacing: Vector3(pixel, pixel, source.spacing.z), sliceOrigins: origins,
        frameOfReferenceUID: source.frameOfReferenceUID)
    else { return nil }
    var voxels = [Float](repeating: 0, count: geometry.count)
    var middle = [Float](repeating: 0, count: rowCount * across.outputs)
    let columnStride = columnIsRowDirection ? 1 : source.columns
    let rowStride = columnIsRowDirection ? source.columns : 1
    let input = volume.voxels
    for (target, slice) in order.enumerated() {
      let base = slice * source.columns * source.rows
      for line in 0..<rowCount {
        let start = base + line * rowStride
        for output in 0..<across.outputs {
          var sum: Float = 0
          for tap in across.taps[output] {
            sum += tap.weight * input[start + tap.index * columnStride]
          }
          middle[line * across.outputs + output] = sum
        }
      }
      for output in 0..<down.outputs {
        let row = (target * down.outputs + output) * across.outputs
        for tap in down.taps[output] {
          let line = tap.index * across.outputs
          for column in 0..<across.outputs { voxels[row + column] += tap.weight * middle[line + column] }
        }
      }
    }
    self.geometry = geometry
    let range = Self.range(of: voxels)
    for index in voxels.indices { voxels[index] = max(voxels[index] - range.floor, 0) }
    self.voxels = voxels
    self.airLevel = (range.high - range.floor) * Float(airFraction)
  }

  init(geometry: VolumeGeometry, voxels: [Float], airLevel: Float) {
    self.geometry = geometry
    self.voxels = voxels
    self.airLevel = airLevel
  }

  /// The 1st and 90th percentile: some scanners and converters add an offset, which the searches must not see.
  private static func range(of voxels: [Float]) -> (floor: Float, high: Float) {
    let step = max(1, voxels.count / 50_000)
    var sample = stride(from: 0, to: voxels.count, by: step).map { voxels[$0] }
    sample.sort()
    return (sample[sample.count / 100], sample[min(sample.count - 1, sample.count * 9 / 10)])
  }
}

/// For each output pixel the input pixels that it averages: area weights when coarsening, linear weights otherwise.
private struct PixelWeights {
  struct Tap {
    var index: Int
    var weight: Float
  }

  let outputs: Int
  let taps: [[Tap]]
  /// Continuous input index of the first output pixel's centre.
  let firstCentre: Double

  init(count: Int, spacing: Double, pixel: Double, reversed: Bool) {
    let extent = Double(count) * spacing
    outputs = max(1, Int((extent / pixel).rounded(.down)))
    let margin = (extent - Double(outputs) * pixel) / 2
    let inputIndex = { (centre: Double) in reversed ? Double(count) - 0.5 - centre / spacing : centre / spacing - 0.5 }
    firstCentre = inputIndex(margin + pixel / 2)
    var all: [[Tap]] = []
    for output in 0..<outputs {
      let index = inputIndex(margin + (Double(output) + 0.5) * pixel)
      let half = max(pixel / spacing, 1) / 2
      var taps: [Tap] = []
      var total: Float = 0
      let low = index - half
      let high = index + half
      for input in Int((low + 0.5).rounded(.down))...Int((high + 0.5).rounded(.down)) {
        let overlap = min(high, Double(input) + 0.5) - max(low, Double(input) - 0.5)
        guard overlap > 1e-9 else { continue }
        taps.append(Tap(index: min(max(input, 0), count - 1), weight: Float(overlap)))
        total += Float(overlap)
      }
      all.append(taps.map { Tap(index: $0.index, weight: $0.weight / total) })
    }
    taps = all
  }
}
