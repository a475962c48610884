public import Imaging

/// A square of pixels of one slice in which edges of two series are compared.
public struct ShiftWindow: Sendable, Hashable {
  /// First column, first row and slice on the reference's grid.
  public var column: Int
  public var row: Int
  public var slice: Int

  public init(column: Int, row: Int, slice: Int) {
    self.column = column
    self.row = row
    self.slice = slice
  }

  /// Windows around the boxes of lesions, side by side and in up to three slices of each; the same for the same boxes,
  /// whatever has been decoded.
  ///
  /// At most `parameters.windows`, taken evenly from all; fewer than `minimumWindows` where the grid is too small.
  public static func around(
    _ boxes: [VoxelBox], in grid: VolumeGeometry, _ parameters: RegistrationParameters
  ) -> [ShiftWindow] {
    let side = side(in: grid, parameters)
    guard grid.columns >= side, grid.rows >= side else { return [] }
    var found: [ShiftWindow] = []
    for box in boxes where !box.isEmpty {
      let columns = starts(box.columns, grid.columns, parameters.surroundings / grid.spacing.x, side, parameters)
      let rows = starts(box.rows, grid.rows, parameters.surroundings / grid.spacing.y, side, parameters)
      let depth = box.slices.count
      for slice in Set([1, 3, 5].map { box.slices.lowerBound + $0 * depth / 6 }).sorted() {
        for row in rows {
          for column in columns { found.append(ShiftWindow(column: column, row: row, slice: slice)) }
        }
      }
    }
    var seen: Set<ShiftWindow> = []
    found = found.filter { seen.insert($0).inserted }
    let kept = min(found.count, parameters.windows)
    return (0..<kept).map { found[(2 * $0 + 1) * found.count / (2 * kept)] }
  }

  /// The reference's voxels that windows need.
  public static func box(
    of windows: [ShiftWindow], in grid: VolumeGeometry, _ parameters: RegistrationParameters
  ) -> VoxelBox? {
    let side = side(in: grid, parameters)
    return VoxelBox.hull(
      of: windows.map {
        VoxelBox(
          columns: $0.column..<($0.column + side), rows: $0.row..<($0.row + side), slices: $0.slice..<($0.slice + 1))
      })
  }

  /// Pixels of the search in each direction.
  static func range(in grid: VolumeGeometry, _ parameters: RegistrationParameters) -> Int {
    let pixels = parameters.reach / min(grid.spacing.x, grid.spacing.y)
    return pixels.isFinite ? min(max(Int(pixels.rounded(.up)), 2), 12) : 2
  }

  /// Pixels around a window that the search, the gradient and its smoothing reach.
  static func margin(in grid: VolumeGeometry, _ parameters: RegistrationParameters) -> Int {
    range(in: grid, parameters) + UnitGradients.border
  }

  /// Side of a window with its margins, in pixels.
  static func side(in grid: VolumeGeometry, _ parameters: RegistrationParameters) -> Int {
    inner(parameters) + 2 * margin(in: grid, parameters)
  }

  /// Side of a window without its margins.
  private static func inner(_ parameters: RegistrationParameters) -> Int { max(parameters.windowSide, 8) }

  /// First pixels, margins included, of the windows that cover a range and its surroundings, moved into the grid.
  private static func starts(
    _ range: Range<Int>, _ count: Int, _ surroundings: Double, _ side: Int, _ parameters: RegistrationParameters
  ) -> [Int] {
    let low = max(Double(range.lowerBound) - surroundings, 0)
    let high = min(Double(range.upperBound) + surroundings, Double(count))
    let inner = Double(inner(parameters))
    let parts = max(1, ((high - low) / inner).rounded())
    let places = (0..<Int(parts)).map { part in
      let centre = low + (high - low) * (Double(part) + 0.5) / parts
      return min(max(Int((centre - Double(side) / 2).rounded()), 0), count - side)
    }
    return Set(places).sorted()
  }
}
