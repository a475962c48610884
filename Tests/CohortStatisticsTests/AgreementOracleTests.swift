import CohortStatistics
import Testing

/// Statistics of two readings against published examples and other tools.
///
/// Provenance, computed once: statsmodels 0.15.0 `cohens_kappa` (its intervals are Fleiss, Cohen and Everitt's), SciPy
/// 1.17.1 `f.ppf`, `t.ppf`, `nct.ppf` in McGraw and Wong's and Carkeet's formulas, pingouin 0.7.0 `intraclass_corr`
/// (which prints two digits of the intervals), SciPy `linear_sum_assignment`.
@Suite struct AgreementOracleTests {
  /// Double rounding over a few hundred operations, and Boost's non-central t, stay well below 1e-9.
  private func agrees(_ value: Double?, _ expected: Double) -> Bool {
    guard let value else { return false }
    return (value - expected).magnitude <= 1e-9 * max(1, expected.magnitude)
  }

  // MARK: Kappa

  /// Fleiss, Statistical Methods for Rates and Proportions, table 13.1: 100 patients, three diagnoses.
  private let fleiss = [[75, 1, 4], [5, 4, 1], [0, 0, 10]]
  private let grades = [[11, 3, 1, 0], [2, 17, 4, 1], [0, 5, 9, 3], [1, 0, 2, 14]]

  @Test(arguments: [
    (CohenKappa.Weighting.none, 0.676470588235294, 0.08770295347521254, 0.5045759580860855, 0.8483652183845026),
    (.linear, 0.7222222222222223, 0.08430095392318866, 0.556995388670402, 0.8874490557740426),
    (.quadratic, 0.7553191489361702, 0.08670713249380735, 0.5853762920455652, 0.9252620058267753),
  ])
  func `Fleiss's table has the kappas of statsmodels`(
    weighting: CohenKappa.Weighting, kappa: Double, error: Double, low: Double, high: Double
  ) {
    let result = CohenKappa.run(fleiss, weighting: weighting).value
    #expect(agrees(result?.kappa, kappa) && agrees(result?.standardError, error))
    #expect(agrees(result?.interval.lower, low) && agrees(result?.interval.upper, high))
  }

  @Test(arguments: [
    (CohenKappa.Weighting.none, 0.5924892159350419, 0.4496230018397447, 0.7353554300303391),
    (.linear, 0.6983471074380165, 0.5751764006925332, 0.8215178141834999),
    (.quadratic, 0.7811823480432972, 0.6496449753977984, 0.912719720688796),
  ])
  func `four ordered grades have the kappas of statsmodels`(
    weighting: CohenKappa.Weighting, kappa: Double, low: Double, high: Double
  ) {
    let result = CohenKappa.run(grades, weighting: weighting).value
    #expect(agrees(result?.kappa, kappa))
    #expect(agrees(result?.interval.lower, low) && agrees(result?.interval.upper, high))
  }

  @Test func `with two classes every weighting is the plain kappa`() {
    let counts = [[20, 5], [10, 15]]
    let plain = CohenKappa.run(counts).value?.kappa
    // By hand: (0.7 - 0.5) / (1 - 0.5).
    #expect(agrees(plain, 0.4))
    for weighting in [CohenKappa.Weighting.linear, .quadratic] {
      #expect(agrees(CohenKappa.run(counts, weighting: weighting).value?.kappa, plain!))
    }
  }

  @Test func `kappa is 1 in full agreement, -1 in full opposition, and missing where there is no chance to disagree`() {
    #expect(CohenKappa.run([[4, 0], [0, 6]]).value?.kappa == 1)
    #expect(agrees(CohenKappa.run([[0, 5], [5, 0]]).value?.kappa, -1))
    #expect(CohenKappa.run([[7, 0], [0, 0]]).reason == "both readings know only one class")
    #expect(CohenKappa.run([[0, 0], [0, 0]]).reason == "no lesion that both readings classify")
  }

  // MARK: ICC(2,1)

  @Test func `Shrout and Fleiss's judges have their ICC`() {
    // Psychol Bull 1979;86:420, table 2: six targets, four judges; table 4 prints 0.29. R psych and pingouin: 0.02, 0.76.
    let judges: [[Double]] = [
      [9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7],
    ]
    let result = IntraclassCorrelation.run(judges).value
    #expect(agrees(result?.value, 0.2897637795275591))
    #expect(agrees(result?.interval.value?.lower, 0.018786513374712016))
    #expect(agrees(result?.interval.value?.upper, 0.7610843696489529))
  }

  /// Bland and Altman, Lancet 1986;327:307, table 1: peak flow of 17 subjects by two meters, l/min.
  private let wright: [Double] = [
    494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427,
  ]
  private let mini: [Double] = [
    512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451,
  ]

  @Test func `two flow meters have pingouin's ICC`() {
    let result = IntraclassCorrelation.run(zip(wright, mini).map { [$0, $1] }).value
    #expect(agrees(result?.value, 0.94592840557731))
    #expect(agrees(result?.interval.value?.lower, 0.8574111712349921))
    #expect(agrees(result?.interval.value?.upper, 0.9800786591462587))
  }

  @Test func `equal readings of unequal lesions have ICC 1, whatever rounding leaves`() {
    let result = IntraclassCorrelation.run([[14.2, 14.2], [9.1, 9.1], [33.7, 33.7], [0.1, 0.1]]).value
    #expect(result?.value == 1)
    #expect(result?.interval.reason == "the readings agree on every lesion")
  }

  @Test func `an ICC that does not exist says why`() {
    #expect(IntraclassCorrelation.run([[1, 2]]).reason == "fewer than two lesions measured by both readings")
    #expect(IntraclassCorrelation.run([[5, 5], [5, 5], [5, 5]]).reason == "all readings are equal")
    #expect(
      IntraclassCorrelation.run([[1, 2], [2, 1]]).reason == "neither lesions nor readers differ in their means")
  }

  @Test func `a constant shift lowers the agreement, not only the consistency`() throws {
    // By hand: MSR 2 (values 1, 2, 3 twice), MSC 1.5 (shift 1), MSE 0: 2 / (2 + 2 * 1.5 / 3).
    let result = IntraclassCorrelation.run([[1, 2], [2, 3], [3, 4]]).value
    #expect(agrees(result?.value, 2.0 / 3))
  }

  // MARK: Limits of agreement

  @Test func `Bland and Altman's example has their limits and Carkeet's intervals`() {
    let result = BlandAltman.run(zip(wright, mini).map { $0 - $1 }).value
    // The paper prints -2.1 and 38.8 (and limits of two standard deviations).
    #expect(agrees(result?.bias, -2.1176470588235294) && agrees(result?.standardDeviation, 38.76512987360738))
    #expect(agrees(result?.biasInterval.lower, -22.04883769664517))
    #expect(agrees(result?.biasInterval.upper, 17.81354357899811))
    #expect(agrees(result?.lowerLimit, -78.09590546711173) && agrees(result?.upperLimit, 73.86061134946466))
    #expect(agrees(result?.lowerLimitInterval.lower, -124.16079829467598))
    #expect(agrees(result?.lowerLimitInterval.upper, -53.0949314166675))
    #expect(agrees(result?.upperLimitInterval.lower, 48.85963729902044))
    #expect(agrees(result?.upperLimitInterval.upper, 119.92550417702891))
  }

  @Test func `five thousand lesions still have exact intervals`() throws {
    // nct.ppf(0.025 and 0.975, 4999, 1.96 sqrt 5000) = 135.2953979782717, 141.9971272726757; differences +-1.
    let result = try #require(BlandAltman.run((0..<5000).map { $0 % 2 == 0 ? 1.0 : -1.0 }).value)
    let scale = result.standardDeviation / 5000.0.squareRoot()
    #expect((result.upperLimitInterval.lower / scale - 135.2953979782717).magnitude < 1e-6)
    #expect((result.upperLimitInterval.upper / scale - 141.9971272726757).magnitude < 1e-6)
  }

  @Test func `one difference has no limits`() {
    #expect(BlandAltman.run([3]).reason == "fewer than two lesions measured by both readings")
    #expect(BlandAltman.run([2, 2]).value?.standardDeviation == 0)
  }

  // MARK: Patients as the unit

  @Test func `the jackknife of a mean over equal patients is Student's interval`() throws {
    // Leaving one out of k values: v = s^2 / k; SciPy t.ppf(0.975, 4) = 2.7764451051977987.
    let values = [3.0, 5, 8, 9, 15]
    let interval = try #require(
      Jackknife.interval(patients: 5) { leftOut in
        let kept = values.enumerated().filter { $0.offset != leftOut }.map(\.element)
        return kept.reduce(0, +) / Double(kept.count)
      }.value)
    let spread = (values.reduce(0) { $0 + ($1 - 8) * ($1 - 8) } / 4 / 5).squareRoot()
    #expect(agrees(interval.lower, 8 - 2.7764451051977987 * spread))
    #expect(agrees(interval.upper, 8 + 2.7764451051977987 * spread))
    #expect(Jackknife.interval(patients: 1) { _ in 1 }.reason?.contains("one patient") == true)
  }

  // MARK: Matching

  @Test func `the assignment is SciPy's, and forbidden pairs never win`() {
    let costs: [[Double?]] = [[4, 1, 3, 9], [2, 0, 5, 8], [2.9, 2, 2, 7], [6, 4, 1, 1.5], [2.5, 3.5, 4.5, 0.5]]
    #expect(Assignment.optimal(costs) == [nil, 1, 0, 2, 3])
    // Two pairs at 9 and 9 rather than one at 0.
    #expect(Assignment.optimal([[0, 9], [9, nil]]) == [1, 0])
    #expect(Assignment.optimal([[nil, nil], [nil, 3]]) == [nil, 1])
    #expect(Assignment.optimal([[], []]) == [nil, nil])
  }
}
