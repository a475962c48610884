import Findings
import Phantom
import StudyPipeline
import Testing

/// Masks without a label map: the anatomy is found in pixels that the drawn lesions have changed.
@Suite struct ReplacedVertebraAnalyticTests {
  @Test func `a replaced body is outlined as bone, and a thick mass of the arch is not bone`() throws {
    var study = PhantomStudySpecification(name: "replaced", seed: 73)
    var whole = LesionSpecification()
    (whole.form, whole.level, whole.t1Ratio, whole.t2Ratio) = (.wholeVertebra, "L3", 0.7, 2.4)
    var mass = LesionSpecification()
    (mass.form, mass.part, mass.level, mass.diameter) = (.expansile, .posteriorElements, "T12", 38)
    var small = LesionSpecification()
    (small.level, small.diameter, small.t1Ratio) = ("L1", 12, 0.8)
    study.lesions = [whole, mass, small]
    let phantom = try SagittalPhantom(study, matrix: 256)
    defer { phantom.remove() }
    var options = AnalysisOptions()
    options.lesionFiles = [phantom.path("lesions.nii.gz")]
    let lesions = try phantom.analyze(options).document.lesions

    #expect(lesions[0].location.wholeVertebra == true)
    #expect(lesions[0].size.status == .notMeasuredWholeVertebra)
    #expect(lesions[0].extent.class == .intraosseous)
    #expect(lesions[1].extent.class == .extraosseous)
    #expect(lesions[1].extent.massFormation == .expansile)
    #expect(lesions[1].extent.extraosseousFraction == nil)
    #expect(lesions[1].extent.reasons?["extraosseous_fraction"] != nil)
    #expect(lesions[2].location.wholeVertebra == false)
    #expect(lesions[2].extent.class == .intraosseous)
  }

  @Test func `a round tumour unlike marrow is found in its body when nothing is given`() throws {
    var study = PhantomStudySpecification(name: "hidden", seed: 74)
    var lesion = LesionSpecification()
    (lesion.level, lesion.diameter, lesion.t1Ratio, lesion.t2Ratio) = ("L2", 22, 0.7, 0.5)
    study.lesions = [lesion]
    let phantom = try SagittalPhantom(study, matrix: 256)
    defer { phantom.remove() }
    let truth = phantom.truth.lesions[0]
    let lesions = try phantom.analyze().document.lesions
    // Half the mask's mean diameter: the candidate's centre lies well inside.
    let found = try #require(
      lesions.first { found in
        zip(found.location.centroidLpsMm, truth.centroidLpsMm).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } < 25
      })
    #expect(found.location.level == "L2" && found.location.part == .vertebralBody)
    #expect(found.source.confidence > 0.8)
    #expect(found.extent.class == .intraosseous && found.location.wholeVertebra == false)
  }
}
