/// Running means over one slice, edges repeated; cost independent of the width.
enum PlaneFilter {
  /// Mean over `2 * radius + 1` columns.
  static func meanAlongRows(_ image: [Float], columns: Int, rows: Int, radius: Int) -> [Float] {
    guard radius > 0 else { return image }
    var output = [Float](repeating: 0, count: image.count)
    let scale = 1 / Float(2 * radius + 1)
    for row in 0..<rows {
      let base = row * columns
      var sum: Float = 0
      for column in -radius...radius { sum += image[base + min(max(column, 0), columns - 1)] }
      for column in 0..<columns {
        output[base + column] = sum * scale
        sum += image[base + min(column + radius + 1, columns - 1)] - image[base + max(column - radius, 0)]
      }
    }
    return output
  }

  /// Mean over `2 * radius + 1` rows.
  static func meanAlongColumns(_ image: [Float], columns: Int, rows: Int, radius: Int) -> [Float] {
    guard radius > 0 else { return image }
    var output = [Float](repeating: 0, count: image.count)
    let scale = 1 / Float(2 * radius + 1)
    var sums = [Float](repeating: 0, count: columns)
    for row in -radius...radius {
      let base = min(max(row, 0), rows - 1) * columns
      for column in 0..<columns { sums[column] += image[base + column] }
    }
    for row in 0..<rows {
      let entering = min(row + radius + 1, rows - 1) * columns
      let leaving = max(row - radius, 0) * columns
      for column in 0..<columns {
        output[row * columns + column] = sums[column] * scale
        sums[column] += image[entering + column] - image[leaving + column]
      }
    }
    return output
  }

  static func mean(_ image: [Float], columns: Int, rows: Int, radius: Int) -> [Float] {
    meanAlongColumns(
      meanAlongRows(image, columns: columns, rows: rows, radius: radius), columns: columns, rows: rows, radius: radius)
  }
}
