import Kernels
import Testing

@Suite struct LeastSquaresAnalyticTests {
  /// By hand: y = 1 + 2 x through 0, 1, 2 exactly; the covariance is the inverse of [[3, 3], [3, 5]].
  @Test func `a line through its points, and its covariance`() throws {
    var line = LeastSquares(unknowns: 2)
    for x in [0.0, 1, 2] { line.add([1, x], 1 + 2 * x) }
    let fit = try #require(line.solve())
    // Rounding of a 2 x 2 elimination.
    #expect(zip(fit.unknowns, [1, 2]).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(zip(fit.covariance.flatMap { $0 }, [5.0 / 6, -0.5, -0.5, 0.5]).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  /// By hand: values 0 and 4 with weights 3 and 1 have the mean 1; a prior of variance 1/4 halves it.
  @Test func `weights and priors`() throws {
    var mean = LeastSquares(unknowns: 1)
    mean.add([1], 0, weight: 3)
    mean.add([1], 4)
    #expect(try #require(mean.solve()).unknowns == [1])
    mean.addPrior(unknown: 0, variance: 0.25)
    #expect(try #require(mean.solve()).unknowns == [0.5])
  }

  @Test func `equations that do not determine the unknowns have no solution`() {
    var line = LeastSquares(unknowns: 2)
    line.add([1, 3], 5)
    line.add([1, 3], 6)
    #expect(line.solve()?.unknowns == nil)
    #expect(LeastSquares(unknowns: 1).solve()?.unknowns == nil)
  }
}
