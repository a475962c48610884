/// Cubic (Catmull-Rom) interpolation between the pixels of an image; beyond its border the outermost pixel is repeated.
public enum CubicSampling {
  /// The value at a continuous place of one image in a stack. Traps on a place outside the image's pixel centres.
  ///
  /// - Parameters:
  ///   - values: images of `columns * rows`, one after the other; `image` counts from 0.
  ///   - x, y: column and row, from 0 to `columns - 1` and `rows - 1`.
  public static func value(
    _ values: [Float], columns: Int, rows: Int, image: Int, x: Double, y: Double
  ) -> Double {
    let (column, row) = (Int(x), Int(y))
    let plane = image * rows * columns
    precondition(
      x >= 0 && y >= 0 && column < columns && row < rows && plane >= 0 && plane + rows * columns <= values.count,
      "the place must lie in the image")
    let across = weights(x - Double(column))
    let down = weights(y - Double(row))
    guard column >= 1, column + 2 < columns else {
      return atBorder(values, columns: columns, rows: rows, plane: plane, column, row, across, down)
    }
    var sum = 0.0
    unsafe values.withUnsafeBytes { bytes in
      for j in 0..<4 {
        let line = plane &+ min(max(row &+ j &- 1, 0), rows &- 1) &* columns
        let four = unsafe bytes.loadUnaligned(fromByteOffset: (line &+ column &- 1) &* 4, as: SIMD4<Float>.self)
        let products = SIMD4<Double>(four) * across
        sum += down[j] * ((products.x + products.y) + (products.z + products.w))
      }
    }
    return sum
  }

  private static func atBorder(
    _ values: [Float], columns: Int, rows: Int, plane: Int, _ column: Int, _ row: Int, _ across: SIMD4<Double>,
    _ down: SIMD4<Double>
  ) -> Double {
    var sum = 0.0
    for j in 0..<4 {
      let line = plane + min(max(row + j - 1, 0), rows - 1) * columns
      var products = SIMD4<Double>.zero
      for i in 0..<4 { products[i] = Double(values[line + min(max(column + i - 1, 0), columns - 1)]) * across[i] }
      sum += down[j] * ((products.x + products.y) + (products.z + products.w))
    }
    return sum
  }

  /// The scalar twin: the same sums, one pixel at a time.
  public static func valueScalar(
    _ values: [Float], columns: Int, rows: Int, image: Int, x: Double, y: Double
  ) -> Double {
    let (column, row) = (Int(x), Int(y))
    return atBorder(
      values, columns: columns, rows: rows, plane: image * rows * columns, column, row, weights(x - Double(column)),
      weights(y - Double(row)))
  }

  @inline(__always) private static func weights(_ t: Double) -> SIMD4<Double> {
    let (t2, t3) = (t * t, t * t * t)
    return SIMD4(-t + 2 * t2 - t3, 2 - 5 * t2 + 3 * t3, t + 4 * t2 - 3 * t3, -t2 + t3) / 2
  }
}
