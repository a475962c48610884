import Findings
import Foundation
import Phantom
import StudyPipeline
import Testing

/// Masks without a label map: the anatomy is found in pixels that the drawn lesions have changed.
@Suite struct ReplacedVertebraAnalyticTests {
  @Test func `a replaced body is outlined as bone, and a thick mass of the arch is not bone`() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString, isDirectory: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var study = PhantomStudySpecification(name: "replaced", seed: 73)
    var whole = LesionSpecification()
    (whole.form, whole.level, whole.t1Ratio, whole.t2Ratio) = (.wholeVertebra, "L3", 0.7, 2.4)
    var mass = LesionSpecification()
    (mass.form, mass.part, mass.level, mass.diameter) = (.expansile, .posteriorElements, "T12", 38)
    var small = LesionSpecification()
    (small.level, small.diameter, small.t1Ratio) = ("L1", 12, 0.8)
    study.lesions = [whole, mass, small]
    study.series = [SeriesSpecification.Kind.sagittalT1, .sagittalT2, .sagittalT1Post].map { kind in
      var series = SeriesSpecification(kind: kind)
      (series.matrix, series.muscleSNR) = (256, 25)
      return series
    }
    _ = try PhantomStudy(study).write(to: folder)
    var options = AnalysisOptions()
    options.writeReport = false
    options.lesionFiles = [folder.appendingPathComponent("lesions.nii.gz").path]
    let lesions = try StudyAnalyzer.analyze(
      .folder(folder.appendingPathComponent("study").path), options: options, configuration: EngineConfiguration()
    ).document.lesions

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
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString, isDirectory: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var study = PhantomStudySpecification(name: "hidden", seed: 74)
    var lesion = LesionSpecification()
    (lesion.level, lesion.diameter, lesion.t1Ratio, lesion.t2Ratio) = ("L2", 22, 0.7, 0.5)
    study.lesions = [lesion]
    study.series = [SeriesSpecification.Kind.sagittalT1, .sagittalT2, .sagittalT1Post].map { kind in
      var series = SeriesSpecification(kind: kind)
      (series.matrix, series.muscleSNR) = (256, 25)
      return series
    }
    let truth = try PhantomStudy(study).write(to: folder).lesions[0]
    var options = AnalysisOptions()
    options.writeReport = false
    let lesions = try StudyAnalyzer.analyze(
      .folder(folder.appendingPathComponent("study").path), options: options, configuration: EngineConfiguration()
    ).document.lesions
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
