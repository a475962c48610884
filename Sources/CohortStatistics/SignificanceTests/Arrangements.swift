/// The distinct orders of a list of labels.
enum Arrangements {
  /// N! / (n_1! n_2! ...), infinite when no double holds it.
  static func count(_ sizes: [Int]) -> Double {
    var result = 1.0
    var placed = 0
    for size in sizes {
      for step in stride(from: 1, through: size, by: 1) {
        placed += 1
        result *= Double(placed) / Double(step)
      }
    }
    return result.rounded()
  }

  /// Every distinct order once, in lexicographic order.
  static func forEach(_ labels: [Int], _ body: ([Int]) -> Void) {
    var current = labels.sorted()
    repeat { body(current) } while advance(&current)
  }

  private static func advance(_ labels: inout [Int]) -> Bool {
    guard labels.count > 1 else { return false }
    var pivot = labels.count - 2
    while labels[pivot] >= labels[pivot + 1] {
      if pivot == 0 { return false }
      pivot -= 1
    }
    var partner = labels.count - 1
    while labels[partner] <= labels[pivot] { partner -= 1 }
    labels.swapAt(pivot, partner)
    labels[(pivot + 1)...].reverse()
    return true
  }
}
