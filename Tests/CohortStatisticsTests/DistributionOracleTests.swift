import CohortStatistics
import Distributions
import Testing

/// Literals from SciPy 1.17.1 (`scipy.stats`: norm, t, nct, chi2, f, beta), printed with all digits.
@Suite struct DistributionOracleTests {
  /// 1e-9 relative: both libraries claim some 1e-13; far tails lose a few digits in either.
  private func agrees(_ value: Double?, _ literal: Double) -> Bool {
    guard let value else { return false }
    return (value - literal).magnitude <= 1e-9 * literal.magnitude
  }

  @Test func `normal tails and quantiles are SciPy's`() {
    #expect(agrees(Distribution.normalUpper(1.2345678), 0.108495699527758))
    #expect(agrees(Distribution.normalUpper(37), 5.7255712225239266e-300))
    #expect(agrees(Distribution.normalQuantile(0.975), 1.959963984540054))
    #expect(agrees(Distribution.normalQuantile(1e-12), -7.034483825301131))
  }

  @Test func `Student tails and quantiles are SciPy's`() {
    #expect(agrees(Distribution.studentUpper(2.5, degrees: 7), 0.020496109292876444))
    #expect(agrees(Distribution.studentUpper(40, degrees: 168), 4.43090287901503e-88))
    #expect(agrees(Distribution.studentQuantile(0.975, degrees: 2), 4.302652729749462))
    #expect(agrees(Distribution.studentQuantile(0.975, degrees: 1), 12.706204736174694))
    #expect(agrees(Distribution.studentQuantile(0.975, degrees: 168.5), 1.974142692649033))
  }

  @Test func `non-central Student quantiles are SciPy's`() {
    let shift = 1.96 * 10.0.squareRoot()
    #expect(agrees(Distribution.noncentralStudentQuantile(0.025, degrees: 9, noncentrality: shift), 3.678389020754164))
    #expect(agrees(Distribution.noncentralStudentQuantile(0.975, degrees: 9, noncentrality: shift), 12.019705899110619))
    let large = 1.959963984540054 * 50.0.squareRoot()
    #expect(agrees(Distribution.noncentralStudentQuantile(0.975, degrees: 49, noncentrality: large), 17.92848371360663))
  }

  @Test func `chi-square, F and beta are SciPy's`() {
    #expect(agrees(Distribution.chiSquaredUpper(37.96, degrees: 1), 7.221000336475746e-10))
    #expect(agrees(Distribution.chiSquaredUpper(900, degrees: 1), 9.813427854296455e-198))
    #expect(agrees(Distribution.fisherUpper(3.3, numerator: 5, denominator: 12), 0.04184641969064765))
    #expect(agrees(Distribution.fisherQuantile(0.975, numerator: 5, denominator: 4.3), 8.51607778007801))
    #expect(agrees(Distribution.betaQuantile(0.025, alpha: 27, beta: 21), 0.4217847474246197))
    #expect(agrees(Distribution.betaQuantile(0.975, alpha: 0.6, beta: 2.4), 0.7116011643505624))
  }

  @Test func `arguments outside the domain have no value`() {
    #expect(Distribution.studentUpper(1, degrees: 0) == nil)
    #expect(Distribution.studentQuantile(1, degrees: 5) == nil)
    #expect(Distribution.normalQuantile(-0.1) == nil)
    #expect(Distribution.betaQuantile(0.5, alpha: -1, beta: 1) == nil)
    #expect(Distribution.chiSquaredUpper(.nan, degrees: 1) == nil)
  }
}
