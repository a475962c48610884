import Findings
import Foundation
import Imaging
import Phantom
import StudyPipeline
import Testing

/// A phantom without lesion masks: truth is where its lesions were drawn.
@Suite struct LesionSearchAnalyticTests {
  private struct Study {
    let phantom: SagittalPhantom
    var truth: PhantomTruth { phantom.truth }

    init() throws {
      var study = PhantomStudySpecification(name: "search", seed: 51)
      study.coilFallOff = 0.2
      var lesion = LesionSpecification()
      (lesion.level, lesion.diameter, lesion.t1Ratio, lesion.t2Ratio) = ("L3", 16, 0.9, 1.9)
      study.lesions = [lesion]
      phantom = try SagittalPhantom(study, matrix: 224)
    }

    func remove() { phantom.remove() }

    func analyze(seeds: [Vector3] = [], candidates: Bool = true, anatomy: Bool = true) throws -> AnalyzedStudy {
      var options = AnalysisOptions()
      options.automaticCandidates = candidates
      options.automaticAnatomy = anatomy
      if anatomy { options.anatomy = phantom.path("anatomy.nii.gz") + ":spinemet" }
      if !seeds.isEmpty {
        let points = seeds.enumerated().map {
          "{\"id\": \"\($0 + 1)\", \"label\": \"F-\($0 + 1)\", \"position\": [\($1.x), \($1.y), \($1.z)]}"
        }
        let text =
          "{\"markups\": [{\"type\": \"Fiducial\", \"coordinateSystem\": \"LPS\", \"controlPoints\": ["
          + points.joined(separator: ", ") + "]}]}"
        let file = phantom.path("points.mrk.json")
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        options.lesionFiles = [file]
      }
      return try phantom.analyze(options)
    }
  }

  @Test func `candidates and seeds become measured lesions, with their source and reasons`() throws {
    let study = try Study()
    defer { study.remove() }
    let drawn = try #require(study.truth.lesions.first)
    let centre = Vector3(drawn.centroidLpsMm[0], drawn.centroidLpsMm[1], drawn.centroidLpsMm[2])
    let diameter = try #require(drawn.size.maximumSagittalDiameterMm)

    let found = try study.analyze().document.lesions
    let best = try #require(found.max { $0.source.confidence < $1.source.confidence })
    #expect(best.source.kind == .automatic)
    #expect(best.source.confidence > 0.5)
    #expect(best.source.evidence?.isEmpty == false)
    #expect(best.location.level == "L3")
    #expect(found.allSatisfy { $0.lesionId == best.lesionId || $0.source.confidence < 0.5 })
    // Edges smooth over 3 x 3 pixels of 1.4 mm, and the stub of a vein: four pixels.
    #expect(abs((best.size.maximumSagittalDiameterMm ?? 0) - diameter) < 5.6)

    let grown = try study.analyze(seeds: [centre, centre + Vector3(0, 0, 500)])
    let lesion = try #require(grown.document.lesions.first)
    #expect(grown.document.lesions.count == 1)
    #expect(lesion.source.kind == .seed)
    #expect(abs((lesion.size.maximumSagittalDiameterMm ?? 0) - diameter) < 5.6)
    #expect(grown.refusals.contains { $0.subject == .lesion && $0.reason.contains("outside the bones") })

    #expect(try study.analyze(candidates: false).document.lesions.isEmpty)
    let without = try study.analyze(anatomy: false).document
    #expect(without.lesions.isEmpty)
    #expect(without.warnings.contains { $0.contains("no candidates were looked for") })
  }
}
