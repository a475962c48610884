import Foundation
import Phantom
import StudyPipeline

/// A phantom of the three sagittal series that lesions are looked for in, written to a folder of its own; muscle at an SNR of 25.
struct SagittalPhantom {
  let folder: URL
  let truth: PhantomTruth

  init(_ specification: PhantomStudySpecification, matrix: Int) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString, isDirectory: true)
    var study = specification
    study.series = [SeriesSpecification.Kind.sagittalT1, .sagittalT2, .sagittalT1Post].map { kind in
      var series = SeriesSpecification(kind: kind)
      (series.matrix, series.muscleSNR) = (matrix, 25)
      return series
    }
    truth = try PhantomStudy(study).write(to: folder)
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  /// A file beside the study.
  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  /// The study without a report.
  func analyze(_ given: AnalysisOptions = AnalysisOptions()) throws -> AnalyzedStudy {
    var options = given
    options.writeReport = false
    return try StudyAnalyzer.analyze(
      .folder(path("study")), options: options, configuration: EngineConfiguration())
  }
}
