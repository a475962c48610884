internal import Findings
internal import Foundation
internal import Reporting
internal import StudyPipeline

extension WorkerServices {
  /// The work as `spinemet` does it: headers by the DICOM reader, studies by the pipeline, one thread each because a
  /// batch is as parallel as its processes.
  public static let pipeline = WorkerServices(
    readHeader: { FileHeader.read(path: $0) },
    analyze: { task, stage in try analyze(task, stage) })

  private static func analyze(_ task: StudyTask, _ stage: StageReport) throws -> StudyResult {
    var options = task.options
    options.threads = 1
    options.studyInstanceUID = nil
    let analysis = options
    let configuration = try EngineConfiguration.load(options: analysis)
    return try withoutActuallyEscaping(stage) { stage in
      let study = try StudyAnalyzer.analyze(
        .files(task.files), options: analysis, configuration: configuration, onStage: stage)
      stage("write")
      let rows: String
      do {
        rows = try OutputFolder(URL(fileURLWithPath: task.output)).write(study, isDurable: false)
      } catch let failure as AtomicFile.Failure {
        throw StudyFailure(.cannotWrite, failure.description)
      }
      return result(study, rows: rows)
    }
  }

  private static func result(_ study: AnalyzedStudy, rows: String) -> StudyResult {
    var result = StudyResult()
    result.studyInstanceUID = study.document.study.studyInstanceUid
    result.patientKey = study.document.study.patientKey
    result.inputDigest = study.document.study.inputDigest
    result.lesionCount = study.document.lesions.count
    result.lesionRows = rows
    result.refusals = study.refusals.map {
      StudyResult.Refusal(subject: $0.subject.rawValue, name: $0.name, reason: $0.reason)
    }
    for (stage, seconds) in study.stageSeconds { result.stageSeconds[stage, default: 0] += seconds }
    return result
  }
}
