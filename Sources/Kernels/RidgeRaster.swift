/// One slice of intensities for the in-plane filters: rows by columns, the column running fastest, with its pixel size.
public struct RidgeRaster: Sendable {
  public let columns: Int
  public let rows: Int
  public var pixels: [Float]
  /// Millimetres between columns and between rows.
  public let columnSpacing: Double
  public let rowSpacing: Double

  /// Traps when `pixels` does not fill the raster or a spacing is not positive.
  public init(columns: Int, rows: Int, pixels: [Float], columnSpacing: Double, rowSpacing: Double) {
    precondition(pixels.count == columns * rows, "a raster needs one value for each pixel")
    precondition(columnSpacing > 0 && rowSpacing > 0, "pixel sizes are positive")
    self.columns = columns
    self.rows = rows
    self.pixels = pixels
    self.columnSpacing = columnSpacing
    self.rowSpacing = rowSpacing
  }
}
