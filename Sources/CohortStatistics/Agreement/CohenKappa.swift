/// Cohen's kappa of two readers over the same lesions, weighted where the classes have an order.
///
/// kappa = (p_o - p_e) / (1 - p_e) with agreement weights w_ij = 1 on the diagonal, else 0 (unweighted),
/// 1 - |i - j| / (c - 1) (linear) or 1 - (i - j)^2 / (c - 1)^2 (quadratic). The interval is kappa +- 1.96 s with the
/// large-sample s of Fleiss, Cohen and Everitt (Psychol Bull 1969;72:323). Without pairs, or where both readers know only
/// one class (p_e = 1), kappa does not exist.
package struct CohenKappa: Sendable, Equatable {
  package enum Weighting: String, Codable, Sendable { case none, linear, quadratic }

  package var kappa: Double
  package var standardError: Double
  package var interval: Interval

  /// - Parameter counts: square; rows the first reader's classes, columns the second's.
  package static func run(_ counts: [[Int]], weighting: Weighting = .none) -> Estimate<CohenKappa> {
    let total = counts.reduce(0) { $0 + $1.reduce(0, +) }
    guard total > 0 else { return .unavailable("no lesion that both readings classify") }
    let n = Double(total)
    let shares = counts.map { $0.map { Double($0) / n } }
    let rows = shares.map { $0.reduce(0, +) }
    let columns = shares.indices.map { column in shares.reduce(0) { $0 + $1[column] } }
    let classes = counts.count
    func weight(_ i: Int, _ j: Int) -> Double {
      let distance = Double((i - j).magnitude) / Double(max(1, classes - 1))
      return switch weighting {
      case .none: i == j ? 1 : 0
      case .linear: 1 - distance
      case .quadratic: 1 - distance * distance
      }
    }
    let cells = (0..<classes).flatMap { i in (0..<classes).map { (i, $0) } }
    let observed = cells.reduce(0) { $0 + weight($1.0, $1.1) * shares[$1.0][$1.1] }
    let expected = cells.reduce(0) { $0 + weight($1.0, $1.1) * rows[$1.0] * columns[$1.1] }
    guard 1 - expected > 1e-12 else { return .unavailable("both readings know only one class") }
    let kappa = (observed - expected) / (1 - expected)
    // Mean agreement weight of a row and of a column.
    let rowWeights = (0..<classes).map { i in (0..<classes).reduce(0) { $0 + weight(i, $1) * columns[$1] } }
    let columnWeights = (0..<classes).map { j in (0..<classes).reduce(0) { $0 + weight($1, j) * rows[$1] } }
    let spread = cells.reduce(0) { sum, cell in
      let term = weight(cell.0, cell.1) - (rowWeights[cell.0] + columnWeights[cell.1]) * (1 - kappa)
      return sum + shares[cell.0][cell.1] * term * term
    }
    let offset = kappa - expected * (1 - kappa)
    let variance = max(0, spread - offset * offset) / (n * (1 - expected) * (1 - expected))
    let standardError = variance.squareRoot()
    let half = 1.959963984540054 * standardError
    return .value(
      CohenKappa(
        kappa: kappa, standardError: standardError, interval: Interval(max(-1, kappa - half), min(1, kappa + half))))
  }
}
