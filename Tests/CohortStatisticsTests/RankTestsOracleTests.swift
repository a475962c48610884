import CohortStatistics
import Testing

/// Literals from SciPy 1.17.1: `rankdata`, `kruskal`, `mannwhitneyu`, `permutation_test` over all permutations, and, for
/// exact Kruskal-Wallis and the dealing of patients, `kruskal` over every dealing.
@Suite struct RankTestsOracleTests {
  private let tied: [[Double]] = [[1.2, 3.4, 2.2, 2.2, 5], [2.2, 7.1, 3.4, 9], [0.2, 1.2, 1.2, 0.9, 2.2, 4.1]]

  @Test func `tied values share the mean of their ranks`() {
    let ranks = Ranks(tied.flatMap { $0 })
    #expect(ranks.doubled == [8, 21, 15, 15, 26, 15, 28, 21, 30, 2, 8, 8, 4, 15, 24])
    // Ties of 3, 4 and 2 values: 24 + 60 + 6.
    #expect(ranks.tieTerm == 90)
  }

  @Test func `Kruskal-Wallis with ties is SciPy's`() throws {
    let test = try #require(KruskalWallisTest.run(tied).value)
    #expect((test.statistic - 5.576452599388389).magnitude < 1e-9)
    #expect((test.pValue - 0.061530253414013844).magnitude < 1e-9)
    #expect(test.degreesOfFreedom == 2)
    #expect(test.exactPValue == nil, "630630 dealings are too many to walk")
  }

  @Test func `exact Kruskal-Wallis counts the dealings`() throws {
    let test = try #require(KruskalWallisTest.run([[1, 2, 2], [2, 5], [7, 7.5, 8]]).value)
    #expect((test.statistic - 5.833333333333328).magnitude < 1e-9)
    #expect((test.pValue - 0.05411376622282175).magnitude < 1e-9)
    #expect(test.exactPValue == 12.0 / 560)
  }

  @Test func `exact Mann-Whitney without ties is SciPy's`() throws {
    let test = try #require(
      MannWhitneyTest.run([1.1, 2.3, 4.5, 6.7, 8.9, 3.2], [0.5, 1.9, 2.1, 3.3, 0.1, 1.0, 2.2]).value)
    #expect(test.statistic == 36)
    #expect(test.method == .exact)
    #expect((test.pValue - 0.03496503496503496).magnitude < 1e-9)
  }

  @Test func `exact Mann-Whitney with ties is the permutation test`() throws {
    let first: [Double] = [10, 12, 12, 30, 45, 50]
    let second: [Double] = [5, 8, 10, 10, 12, 12, 15, 20, 9]
    let test = try #require(MannWhitneyTest.run(first, second).value)
    #expect(test.statistic == 43)
    #expect((test.pValue - 0.05874125874125874).magnitude < 1e-9)
    let reversed = try #require(MannWhitneyTest.run(second, first).value)
    #expect(reversed.pValue == test.pValue, "the order of the groups says nothing")
    #expect(reversed.statistic == 54 - 43)
  }

  @Test func `Mann-Whitney of large groups is SciPy's asymptotic one`() throws {
    let first: [Double] = [
      10, 8, 7, 10, 7, 14, 11, 10, 3, 1, 3, 11, 10, 2, 11, 5, 5, 19, 9, 11, 11, 2, 11, 35, 3, 15, 16, 16, 6, 7, 3, 9,
      22,
      5, 1, 9, 16, 7, 27, 8,
    ]
    let second: [Double] = [
      14, 5, 10, 24, 24, 31, 23, 19, 2, 7, 59, 9, 21, 13, 22, 14, 6, 7, 17, 9, 2, 20, 27, 26, 26, 3, 39, 12, 6, 10, 8,
      5,
      13, 15, 12,
    ]
    let test = try #require(MannWhitneyTest.run(first, second).value)
    #expect(test.method == .normal)
    #expect(test.statistic == 465)
    #expect((test.pValue - 0.012634348587165506).magnitude < 1e-9)
    // The exact one is near: the normal approximation of 75 tied values errs in the fourth digit.
    let exact = try #require(MannWhitneyTest.run(first, second, exactLimit: 75).value)
    #expect(exact.method == .exact)
    #expect((exact.pValue - test.pValue).magnitude < 1e-3)
  }

  @Test func `dealing the groups to patients keeps a patient's lesions together`() throws {
    let groups: [[[Double]]] = [[[10, 12], [30], [22, 18, 20]], [[5, 6], [7], [12, 3]]]
    let test = try #require(PatientPermutation.run(groups).value)
    #expect(test.isExact)
    #expect(test.arrangements == 20)
    #expect(test.pValue == 2.0 / 20)
  }

  @Test func `drawn dealings come near the walked ones and repeat to the bit`() throws {
    var drawn = CohortParameters()
    drawn.exactPermutations = 0
    let groups: [[[Double]]] = [[[10, 12], [30], [22, 18, 20]], [[5, 6], [7], [12, 3]]]
    let first = try #require(PatientPermutation.run(groups, parameters: drawn).value)
    let second = try #require(PatientPermutation.run(groups, parameters: drawn).value)
    #expect(first == second)
    #expect(!first.isExact)
    // Standard error of 9999 draws at 0.1: 0.003.
    #expect((first.pValue - 0.1).magnitude < 0.012)
  }

  @Test func `Holm's correction is statsmodels'`() {
    // statsmodels 0.15.0, multipletests(method='holm').
    let adjusted = Multiplicity.holm([0.01, 0.04, 0.03, 0.005, 0.2])
    for (value, literal) in zip(adjusted, [0.04, 0.09, 0.09, 0.025, 0.2]) {
      #expect((value - literal).magnitude < 1e-12)
    }
  }
}
