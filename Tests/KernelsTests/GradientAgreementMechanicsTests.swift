import Kernels
import Testing

@Suite struct GradientAgreementMechanicsTests {
  private func window(_ count: Int, seed: UInt32) -> [SIMD8<Float>] {
    var state = seed
    return (0..<count).map { _ in
      var lanes = SIMD8<Float>.zero
      for lane in 0..<8 {
        state = state &* 1_664_525 &+ 1_013_904_223
        lanes[lane] = Float(state >> 8) / Float(1 << 23) - 1
      }
      return lanes
    }
  }

  @Test(arguments: [(9, 1, 0), (9, 1, 1), (9, 2, 3), (16, 3, 2), (17, 0, 8), (1, 0, 0)])
  func `sums of squared products at every shift are those taken one by one`(side: Int, border: Int, range: Int) {
    let (x, y) = (window(side * side, seed: 1), window(side * side, seed: 2))
    let (movingX, movingY) = (window(side * side, seed: 3), window(side * side, seed: 4))
    let sums = GradientAgreement.atShifts(
      x: x, y: y, movingX: movingX, movingY: movingY, side: side, border: border, range: range)
    #expect(sums.count == (2 * range + 1) * (2 * range + 1))
    var place = 0
    for dy in -range...range {
      for dx in -range...range {
        for lane in 0..<8 {
          var expected = 0.0
          for row in 0..<side where row >= border + range && row < side - border - range {
            for column in 0..<side where column >= border + range && column < side - border - range {
              let (k, m) = (row * side + column, (row + dy) * side + column + dx)
              let product =
                Double(x[k][lane]) * Double(movingX[m][lane]) + Double(y[k][lane]) * Double(movingY[m][lane])
              expected += product * product
            }
          }
          // At most 289 terms of at most 4, each rounded to 24 bits.
          #expect(abs(Double(sums[place][lane]) - expected) <= 1e-6 * 289 * 4)
        }
        place += 1
      }
    }
  }
}
