import CStatistics

/// Tail probabilities and quantiles (Boost.Math). `nil` where the value does not exist: an argument outside the
/// domain, or a result that no double holds.
package enum Distribution {
  /// P(Z > x) for the standard normal.
  package static func normalUpper(_ x: Double) -> Double? { unsafe value { unsafe cstatistics_normal_upper(x, $0) } }

  package static func normalQuantile(_ probability: Double) -> Double? {
    unsafe value { unsafe cstatistics_normal_quantile(probability, $0) }
  }

  /// P(T > x) for Student's t.
  package static func studentUpper(_ x: Double, degrees: Double) -> Double? {
    unsafe value { unsafe cstatistics_student_upper(x, degrees, $0) }
  }

  package static func studentQuantile(_ probability: Double, degrees: Double) -> Double? {
    unsafe value { unsafe cstatistics_student_quantile(probability, degrees, $0) }
  }

  package static func noncentralStudentQuantile(
    _ probability: Double, degrees: Double, noncentrality: Double
  ) -> Double? {
    unsafe value { unsafe cstatistics_noncentral_student_quantile(probability, degrees, noncentrality, $0) }
  }

  /// P(X > x) for chi-square.
  package static func chiSquaredUpper(_ x: Double, degrees: Double) -> Double? {
    unsafe value { unsafe cstatistics_chi_squared_upper(x, degrees, $0) }
  }

  /// P(F > x) for Fisher's F.
  package static func fisherUpper(_ x: Double, numerator: Double, denominator: Double) -> Double? {
    unsafe value { unsafe cstatistics_fisher_f_upper(x, numerator, denominator, $0) }
  }

  package static func fisherQuantile(_ probability: Double, numerator: Double, denominator: Double) -> Double? {
    unsafe value { unsafe cstatistics_fisher_f_quantile(probability, numerator, denominator, $0) }
  }

  package static func betaQuantile(_ probability: Double, alpha: Double, beta: Double) -> Double? {
    unsafe value { unsafe cstatistics_beta_quantile(probability, alpha, beta, $0) }
  }

  /// P(|T| > |x|) for Student's t.
  package static func studentTwoSided(_ x: Double, degrees: Double) -> Double? {
    studentUpper(x.magnitude, degrees: degrees).map { min(1, 2 * $0) }
  }

  private static func value(_ body: (UnsafeMutablePointer<Double>) -> Int32) -> Double? {
    var result = 0.0
    return unsafe body(&result) == 0 ? result : nil
  }
}
