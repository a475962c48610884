/// Thinning of a binary raster to lines one pixel wide, connectivity kept.
///
/// Zhang and Suen's two-pass parallel thinning (Commun ACM 1984;27:236), the result independent of the scan order.
/// Pixels outside the raster are background. Cost: one visit of each remaining pixel per layer peeled.
public enum SkeletonThinning {
  /// - Parameter mask: `columns * rows` values, non-zero is set.
  /// - Returns: 1 on the skeleton, 0 elsewhere. Traps when the mask does not fill the raster.
  public static func thin(_ mask: [UInt8], columns: Int, rows: Int) -> [UInt8] {
    precondition(mask.count == columns * rows, "a mask needs one value for each pixel")
    let stride = columns + 2
    var image = [UInt8](repeating: 0, count: stride * (rows + 2))
    var active: [Int] = []
    for row in 0..<rows {
      for column in 0..<columns where mask[row * columns + column] != 0 {
        let place = (row + 1) * stride + column + 1
        image[place] = 1
        active.append(place)
      }
    }
    let around = [-stride, -stride + 1, 1, stride + 1, stride, stride - 1, -1, -stride - 1]
    var changed = true
    while changed {
      changed = false
      for pass in 0..<2 {
        let removed = active.filter { isRemovable(image, at: $0, around: around, pass: pass) }
        guard !removed.isEmpty else { continue }
        changed = true
        for place in removed { image[place] = 0 }
        active.removeAll { image[$0] == 0 }
      }
    }
    var result = [UInt8](repeating: 0, count: mask.count)
    for place in active { result[(place / stride - 1) * columns + place % stride - 1] = 1 }
    return result
  }

  private static func isRemovable(_ image: [UInt8], at place: Int, around: [Int], pass: Int) -> Bool {
    var neighbours = 0
    var transitions = 0
    var previous = image[place + around[7]]
    var values: (UInt8, UInt8, UInt8, UInt8) = (0, 0, 0, 0)
    for index in 0..<8 {
      let value = image[place + around[index]]
      neighbours += Int(value)
      if previous == 0, value == 1 { transitions += 1 }
      previous = value
      switch index {
      case 0: values.0 = value  // north
      case 2: values.1 = value  // east
      case 4: values.2 = value  // south
      case 6: values.3 = value  // west
      default: break
      }
    }
    guard neighbours >= 2, neighbours <= 6, transitions == 1 else { return false }
    let (north, east, south, west) = values
    return pass == 0
      ? north * east * south == 0 && east * south * west == 0
      : north * east * west == 0 && north * south * west == 0
  }
}
