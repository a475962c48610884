/// Corrections for many tests.
package enum Multiplicity {
  /// Bonferroni: P times the number of tests, at most 1.
  package static func bonferroni(_ pValue: Double, tests: Int) -> Double { min(1, pValue * Double(tests)) }

  /// Holm's step-down correction: never less strict than needed, never looser than Bonferroni.
  package static func holm(_ pValues: [Double]) -> [Double] {
    let order = pValues.indices.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
    var adjusted = pValues
    var running = 0.0
    for (position, index) in order.enumerated() {
      running = max(running, min(1, pValues[index] * Double(pValues.count - position)))
      adjusted[index] = running
    }
    return adjusted
  }
}
