import Findings
import Foundation
import Testing

@Suite struct PatternEvidenceAnalyticTests {
  @Test func `worms, posterior, extraosseous and large speak for hepatocellular carcinoma`() throws {
    let evidence = LesionFindings().evidence(FeatureDocumentSamples.wormy())
    let best = try #require(evidence.max { ($0.log10LikelihoodRatio ?? -9) < ($1.log10LikelihoodRatio ?? -9) })
    #expect(best.primary == .hcc)
    #expect(try #require(best.ci95)[0] > 0)
    #expect(best.findings.first == "for: worms-in-a-bag")
    #expect(best.findings.contains("for: posterior"))
    #expect(best.findings.contains("for: extraosseous"))
  }

  @Test func `a rim speaks for stomach cancer`() {
    var lesion = FeatureDocumentSamples.empty()
    lesion.enhancement.class = .rimEnhancing
    let evidence = LesionFindings().evidence(lesion)
    #expect(evidence.max { ($0.log10LikelihoodRatio ?? -9) < ($1.log10LikelihoodRatio ?? -9) }?.primary == .stomach)
  }

  /// One finding by hand: T2 signal of breast (17 bright, 12 not, 6 patients), Jeffreys' 0.5, correlation 0.3.
  @Test func `one finding gives the ratio computed by hand`() throws {
    var lesion = FeatureDocumentSamples.empty()
    lesion.signal.t2.class = .hyperintense
    func share(_ bright: Double, _ dark: Double, _ patients: Double) -> Double {
      let weight = 1 / (1 + ((bright + dark) / patients - 1) * 0.3)
      return (bright * weight + 0.5) / ((bright + dark) * weight + 1)
    }
    let others = (share(11, 36, 3) + share(17, 3, 7) + share(14, 3, 7) + share(35, 21, 7)) / 4
    let expected = 0.7 * log10(share(17, 12, 6) / others)
    let breast = try #require(LesionFindings().evidence(lesion).first { $0.primary == .breast })
    // The same arithmetic in another order.
    #expect(abs(try #require(breast.log10LikelihoodRatio) - expected) < 1e-9)
  }

  @Test func `no finding gives no ratio but a reason`() {
    for item in LesionFindings().evidence(FeatureDocumentSamples.empty()) {
      #expect(item.log10LikelihoodRatio == nil && item.ci95 == nil)
      #expect(item.reasons?["log10_likelihood_ratio"] != nil)
    }
  }

  @Test func `ten like lesions are less than ten times the evidence of one`() throws {
    func hcc(_ count: Int) throws -> Double {
      let lesions = (1...count).map { FeatureDocumentSamples.wormy(id: $0) }
      return try #require(
        LesionFindings().patient(lesions).patternEvidence.first { $0.primary == .hcc }?.log10LikelihoodRatio)
    }
    #expect(try hcc(10) < 4 * hcc(1))
  }

  @Test func `a matrix read from T2 does not count twice`() {
    var lesion = FeatureDocumentSamples.wormy()
    let before = LesionFindings().evidence(lesion)
    lesion.matrix.class = .osteoblastic
    lesion.matrix.basis = .t2Signal
    #expect(LesionFindings().evidence(lesion) == before)
    lesion.matrix.basis = .ct
    #expect(LesionFindings().evidence(lesion) != before)
  }
}
