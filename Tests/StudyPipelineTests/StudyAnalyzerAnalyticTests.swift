import Findings
import Foundation
import Phantom
import StudyPipeline
import TestSupport
import Testing

/// The bundled study against its own truth, which follows from how it was drawn.
struct StudyAnalyzerAnalyticTests {
  private func analyze(anatomy: Bool) throws -> AnalyzedStudy {
    var options = AnalysisOptions()
    options.writeReport = false
    if anatomy {
      options.anatomy = Repository.testImages.appendingPathComponent("anatomy.nii.gz").path + ":spinemet"
    }
    return try StudyAnalyzer.analyze(
      .folder(Repository.testImages.appendingPathComponent("study").path), options: options,
      configuration: EngineConfiguration())
  }

  private func truth() throws -> [[String: Any]] {
    let data = try Data(contentsOf: Repository.testImages.appendingPathComponent("truth.json"))
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    return try #require(object["lesions"] as? [[String: Any]])
  }

  @Test func `part, level, extent and pattern are those that were drawn, given masks and a label map`() throws {
    let document = try analyze(anatomy: true).document
    for (lesion, drawn) in zip(document.lesions, try truth()) {
      #expect(lesion.location.part.rawValue == drawn["part"] as? String)
      #expect(lesion.location.level == drawn["level"] as? String)
      #expect(lesion.extent.class.rawValue == (drawn["extent"] as? [String: Any])?["class"] as? String)
      #expect(lesion.enhancement.class.rawValue == (drawn["enhancement"] as? [String: Any])?["class"] as? String)
    }
  }

  @Test func `diameters lie within a pixel of the drawn ones`() throws {
    let document = try analyze(anatomy: true).document
    for (lesion, drawn) in zip(document.lesions, try truth()) {
      let size = try #require(drawn["size"] as? [String: Any])
      guard let wanted = size["maximum_sagittal_diameter_mm"] as? Double else { continue }
      let measured = try #require(lesion.size.maximumSagittalDiameterMm)
      #expect(abs(measured - wanted) <= 1.2)  // one pixel of the mask
    }
  }

  @Test(arguments: [false, true])
  func `pictures change no number, though only boxes around the masks are decoded without them`(
    anatomy: Bool
  ) throws {
    var options = AnalysisOptions()
    options.automaticAnatomy = anatomy
    options.writeReport = false
    options.muscle = Repository.testImages.appendingPathComponent("muscle.nii.gz").path
    let input = StudyInput.folder(Repository.testImages.appendingPathComponent("study").path)
    let lean = try StudyAnalyzer.analyze(input, options: options, configuration: EngineConfiguration())
    options.writeReport = true
    let whole = try StudyAnalyzer.analyze(input, options: options, configuration: EngineConfiguration())
    #expect(try lean.document.jsonData() == whole.document.jsonData())
    #expect(lean.scenes.isEmpty && !whole.scenes.isEmpty)
  }

  @Test func `every missing value has its reason`() throws {
    let document = try analyze(anatomy: false).document
    for lesion in document.lesions {
      for record in [lesion.signal.t1, lesion.signal.t2, lesion.signalAxial.t1, lesion.signalAxial.t2] {
        if record.ratioToMuscle == nil { #expect(record.reasons?["ratio_to_muscle"] != nil) }
      }
      if lesion.location.level == nil { #expect(lesion.location.reasons?["level"] != nil) }
      if lesion.size.sopInstanceUid == nil { #expect(lesion.size.reasons?["sop_instance_uid"] != nil) }
    }
  }
}
