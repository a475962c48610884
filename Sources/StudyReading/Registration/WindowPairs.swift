internal import Imaging

/// The windows that two volumes both hold, on the pixels of the first.
struct WindowPairs {
  private var fixed: [WindowPixels] = []
  private var moving: [WindowPixels] = []
  private(set) var count = 0

  init(reference: Volume, other: Volume, windows: [ShiftWindow], _ parameters: RegistrationParameters) {
    let grid = reference.geometry
    let side = ShiftWindow.side(in: grid, parameters)
    for window in windows {
      guard window.column >= 0, window.row >= 0, window.slice >= 0, window.column + side <= grid.columns,
        window.row + side <= grid.rows, window.slice < grid.slices,
        let sampler = Sampler(other, on: grid, window: window, side: side, tolerance: parameters.sliceTolerance)
      else { continue }
      let lane = count % 8
      if lane == 0 {
        fixed.append(WindowPixels(side: side))
        moving.append(WindowPixels(side: side))
      }
      let last = fixed.count - 1
      fixed[last].used[lane] = -1
      moving[last].used[lane] = -1
      for row in 0..<side {
        let start = grid.offset(column: window.column, row: window.row + row, slice: window.slice)
        for column in 0..<side {
          fixed[last].pixels[row * side + column][lane] = reference.voxels[start + column]
          moving[last].pixels[row * side + column][lane] = sampler.value(column: column, row: row)
        }
      }
      count += 1
    }
  }

  /// Agreement of each window at each shift: once with the second volume moved under the first one's window, once the
  /// other way round, so that an edge at a window's border pulls to neither side.
  func scores(range: Int) -> [[Double]] {
    let pairs = zip(UnitGradients.of(fixed), UnitGradients.of(moving))
    return pairs.enumerated().flatMap { group, pair in
      let back = pair.1.agreement(with: pair.0, range: range).reversed()
      let lanes = zip(pair.0.agreement(with: pair.1, range: range), back).map { $0 + $1 }
      return (0..<min(8, count - 8 * group)).map { lane in lanes.map { Double($0[lane]) } }
    }
  }

  /// Bilinear values of one slice of the other volume, on the reference's pixels.
  private struct Sampler {
    private let volume: Volume
    private let slice: Int
    private let origin: Vector3
    private let alongRow: Vector3
    private let alongColumn: Vector3

    /// `nil` where the nearest slice is too far or the window reaches outside.
    init?(_ volume: Volume, on grid: VolumeGeometry, window: ShiftWindow, side: Int, tolerance: Double) {
      let geometry = volume.geometry
      func index(_ column: Int, _ row: Int) -> Vector3 {
        geometry.index(
          ofPosition: grid.position(
            column: Double(window.column + column), row: Double(window.row + row), slice: window.slice))
      }
      let (first, right, down) = (index(0, 0), index(side - 1, 0), index(0, side - 1))
      let last = right + down - first
      let depth = (first.z + last.z) / 2
      guard depth.isFinite, abs(depth - depth.rounded()) <= tolerance, depth.rounded() >= 0,
        depth.rounded() < Double(geometry.slices)
      else { return nil }
      // A thousandth of a pixel of rounding is no reason to lose a window.
      for corner in [first, right, down, last] {
        guard corner.x > -0.001, corner.y > -0.001, corner.x < Double(geometry.columns) - 0.999,
          corner.y < Double(geometry.rows) - 0.999
        else { return nil }
      }
      self.volume = volume
      slice = Int(depth.rounded())
      origin = first
      alongRow = (right - first) / Double(side - 1)
      alongColumn = (down - first) / Double(side - 1)
    }

    func value(column: Int, row: Int) -> Float {
      let geometry = volume.geometry
      let point = origin + alongRow * Double(column) + alongColumn * Double(row)
      let x = min(max(Int(point.x), 0), max(geometry.columns - 2, 0))
      let y = min(max(Int(point.y), 0), max(geometry.rows - 2, 0))
      let (fx, fy) = (Float(point.x - Double(x)), Float(point.y - Double(y)))
      let upper = geometry.offset(column: x, row: y, slice: slice)
      let lower = upper + (geometry.rows > 1 ? geometry.columns : 0)
      let next = geometry.columns > 1 ? 1 : 0
      let voxels = volume.voxels
      let above = voxels[upper] * (1 - fx) + voxels[upper + next] * fx
      let below = voxels[lower] * (1 - fx) + voxels[lower + next] * fx
      return above * (1 - fy) + below * fy
    }
  }
}
