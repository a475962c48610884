/// Eigenvalues and eigenvectors of symmetric 3 x 3 matrices by Jacobi rotations.
public struct SymmetricEigen3: Sendable {
  /// Descending.
  public let values: SIMD3<Double>
  /// Unit vectors in the order of `values`; right-handed up to sign.
  public let vectors: [SIMD3<Double>]

  /// The matrix [[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]].
  public init(xx: Double, yy: Double, zz: Double, xy: Double, xz: Double, yz: Double) {
    var matrix = [[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]]
    var basis = [[1.0, 0, 0], [0, 1.0, 0], [0, 0, 1.0]]
    let scale = xx * xx + yy * yy + zz * zz + 2 * (xy * xy + xz * xz + yz * yz)
    for _ in 0..<32 {
      let off = matrix[0][1] * matrix[0][1] + matrix[0][2] * matrix[0][2] + matrix[1][2] * matrix[1][2]
      if off <= 1e-30 * scale { break }
      for (p, q) in [(0, 1), (0, 2), (1, 2)] where matrix[p][q] != 0 { Self.rotate(&matrix, &basis, p, q) }
    }
    let order = [0, 1, 2].sorted { matrix[$0][$0] > matrix[$1][$1] }
    values = SIMD3(matrix[order[0]][order[0]], matrix[order[1]][order[1]], matrix[order[2]][order[2]])
    vectors = order.map { SIMD3(basis[0][$0], basis[1][$0], basis[2][$0]) }
  }

  private static func rotate(_ matrix: inout [[Double]], _ basis: inout [[Double]], _ p: Int, _ q: Int) {
    let theta = (matrix[q][q] - matrix[p][p]) / (2 * matrix[p][q])
    let sign = theta >= 0 ? 1.0 : -1.0
    let tangent = sign / (abs(theta) + (theta * theta + 1).squareRoot())
    let cosine = 1 / (tangent * tangent + 1).squareRoot()
    let sine = tangent * cosine
    for k in 0..<3 {
      let (a, b) = (matrix[k][p], matrix[k][q])
      matrix[k][p] = cosine * a - sine * b
      matrix[k][q] = sine * a + cosine * b
    }
    for k in 0..<3 {
      let (a, b) = (matrix[p][k], matrix[q][k])
      matrix[p][k] = cosine * a - sine * b
      matrix[q][k] = sine * a + cosine * b
    }
    for k in 0..<3 {
      let (a, b) = (basis[k][p], basis[k][q])
      basis[k][p] = cosine * a - sine * b
      basis[k][q] = sine * a + cosine * b
    }
  }
}
