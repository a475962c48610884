import CohortStatistics
import Testing

/// Literals from SciPy 1.17.1 (`ttest_1samp` of a 0/1 column, `binomtest().proportion_ci`, `chi2_contingency`,
/// `fisher_exact`) and statsmodels 0.15.0 (`OLS` with cluster-robust covariance, times k / (k - 1)).
@Suite struct ProportionOracleTests {
  private func agrees(_ value: Double?, _ literal: Double) -> Bool {
    guard let value else { return false }
    return (value - literal).magnitude <= 1e-9 * literal.magnitude
  }

  @Test(arguments: [
    (27, 47, 1.0215275417327327, 0.31234708831630253), (6, 17, -1.2309149097933272, 0.23614329729664107),
    (43, 56, 4.705076617331039, 1.7527581502292255e-05), (136, 169, 9.964039620630647, 1.1480986659080472e-18),
    (16, 169, -17.944836495848744, 6.709869190725286e-41),
  ])
  func `the paper's t-test is SciPy's of the column`(_ count: Int, _ total: Int, _ statistic: Double, _ pValue: Double)
  {
    let test = ProportionTest.run(count: count, total: total).value
    #expect(agrees(test?.statistic, statistic))
    #expect(agrees(test?.pValue, pValue))
  }

  @Test func `exact binomial intervals are SciPy's`() {
    let middle = ExactBinomial.interval(count: 27, total: 47).value
    #expect(agrees(middle?.lower, 0.4217847474246163) && agrees(middle?.upper, 0.7174209932161161))
    let none = ExactBinomial.interval(count: 0, total: 47).value
    #expect(none?.lower == 0 && agrees(none?.upper, 0.07548573369105858))
    let all = ExactBinomial.interval(count: 47, total: 47).value
    #expect(agrees(all?.lower, 0.9245142663089414) && all?.upper == 1)
  }

  private let patients = [(9, 10), (1, 4), (3, 3), (0, 2), (5, 6)].map {
    ClusteredProportion.Patient(count: $0.0, total: $0.1)
  }

  @Test func `the clustered variance is the sandwich's`() {
    let proportion = ClusteredProportion(patients)
    #expect(agrees(proportion.variance, 0.020032))
    #expect(agrees(proportion.pValue().value, 0.19506090871705845))
  }

  @Test func `the clustered interval is Korn and Graubard's`() {
    let interval = ClusteredProportion(patients).interval().value
    #expect(agrees(interval?.lower, 0.24626941909943245) && agrees(interval?.upper, 0.9773270359368103))
  }

  @Test func `lesions that are all alike count as one a patient`() {
    let alike = [(10, 10), (4, 4), (3, 3)].map { ClusteredProportion.Patient(count: $0.0, total: $0.1) }
    let interval = ClusteredProportion(alike).interval()
    #expect(interval == ExactBinomial.interval(count: 3, total: 3))
  }

  @Test func `one lesion a patient is the unclustered case`() {
    let single = (0..<40).map { ClusteredProportion.Patient(count: $0 < 12 ? 1 : 0, total: 1) }
    let clustered = ClusteredProportion(single)
    // The sandwich of single observations is the t-test's variance.
    #expect(agrees(clustered.pValue().value, ProportionTest.run(count: 12, total: 40).value!.pValue))
    let exact = ExactBinomial.interval(count: 12, total: 40).value!
    let interval = clustered.interval().value!
    // n* = n - 1 there, from the n - 1 of the variance: a hair wider.
    #expect(interval.lower <= exact.lower && exact.lower - interval.lower < 0.005)
    #expect(interval.upper >= exact.upper && interval.upper - exact.upper < 0.005)
  }

  @Test func `chi-square with and without continuity correction is SciPy's`() {
    let table = FourfoldTable([[5, 28], [37, 6]])
    #expect(agrees(table.chiSquare(continuityCorrected: false).value?.statistic, 37.95761800139365))
    #expect(agrees(table.chiSquare(continuityCorrected: false).value?.pValue, 7.229821881658972e-10))
    #expect(agrees(table.chiSquare(continuityCorrected: true).value?.statistic, 35.14420341780123))
    #expect(agrees(table.chiSquare(continuityCorrected: true).value?.pValue, 3.061714072955345e-09))
  }

  @Test func `Fisher's exact test is SciPy's`() {
    #expect(agrees(FourfoldTable([[5, 28], [37, 6]]).fisherExact().value, 3.411748709225461e-10))
    #expect(agrees(FourfoldTable([[3, 1], [2, 6]]).fisherExact().value, 0.2222222222222222))
    #expect(agrees(FourfoldTable([[8, 2], [1, 5]]).fisherExact().value, 0.034965034965034975))
  }

  @Test func `the clustered difference of shares is the sandwich's`() {
    let patients: [ClusteredDifference.Patient] = [
      ((3, 4), (1, 5)), ((2, 2), (0, 3)), ((5, 6), (0, 0)), ((0, 1), (2, 4)),
    ].map { (.init(count: $0.0.0, total: $0.0.1), .init(count: $0.1.0, total: $0.1.1)) }
    let test = ClusteredDifference.run(patients).value
    #expect(agrees(test?.difference, 0.5192307692307692))
    #expect(agrees(test?.pValue, 0.08368522967162656))
    #expect(agrees(test?.interval.lower, -0.12788452639928216))
    #expect(test?.interval.upper == 1, "statsmodels gives 1.166; a difference of shares ends at 1")
  }

  @Test func `the clustered mean's interval is the sandwich's`() {
    let interval = ClusteredMean.interval([[10, 12, 14], [30], [8, 9], [22, 18, 20, 25]]).value
    #expect(agrees(interval?.lower, 5.331412519769458) && agrees(interval?.upper, 28.268587480230543))
  }
}
