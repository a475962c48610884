/// How well the gradients of two square windows agree at each shift of one against the other, eight windows at once.
///
/// Each lane of a `SIMD8` is a window of its own; a window has `side * side` pixels, the column running fastest.
public enum GradientAgreement {
  /// Sums of (x mx + y my) squared over the pixels that lie at least `border + range` inside, (mx, my) read at a shift of
  /// up to `range` columns and rows: `(2 range + 1)²` sums, the columns' shift running fastest.
  ///
  /// Traps when a window is not filled, or when `range` or `border` is negative; all sums are 0 where no pixel lies
  /// that far inside.
  public static func atShifts(
    x: [SIMD8<Float>], y: [SIMD8<Float>], movingX: [SIMD8<Float>], movingY: [SIMD8<Float>], side: Int, border: Int,
    range: Int
  ) -> [SIMD8<Float>] {
    precondition(
      [x, y, movingX, movingY].allSatisfy { $0.count == side * side }, "one gradient for each pixel of a window")
    precondition(range >= 0 && border >= 0, "a range and a border are not negative")
    let shifts = 2 * range + 1
    var sums = [SIMD8<Float>](repeating: .zero, count: shifts * shifts)
    let (first, end) = (border + range, side - border - range)
    guard first < end else { return sums }
    for row in first..<end {
      for dy in 0..<shifts {
        let moved = (dy - range) * side - range
        for dx in 0..<shifts {
          // A row's sum first: float sums of a few pixels lose less than those of a window.
          var sum = SIMD8<Float>.zero
          for k in row * side + first..<row * side + end {
            let product = x[k] * movingX[k + moved + dx] + y[k] * movingY[k + moved + dx]
            sum += product * product
          }
          sums[dy * shifts + dx] += sum
        }
      }
    }
    return sums
  }
}
