internal import Anatomy
internal import DICOM
public import Findings
internal import Foundation
internal import Imaging
internal import LesionMeasurement
internal import StudyReading

/// Strings the stages together for one study: files, series, roles, masks, volumes, anatomy, muscle, lesions, document.
public enum StudyAnalyzer {
  /// The engine's version, as `--version` and features.json say it.
  public static let engineVersion = "0.1.0"

  /// Analyses one study.
  ///
  /// - Parameters:
  ///   - configuration: thresholds; the published ones by default.
  ///   - onStage: called with each stage's name as it begins.
  /// - Throws: why nothing can be measured. What could not be measured of a usable study is a refusal or a `null` with
  ///   its reason instead.
  public static func analyze(
    _ input: StudyInput, options: AnalysisOptions, configuration: EngineConfiguration,
    onStage: (@Sendable (String) -> Void)? = nil
  ) throws(StudyFailure) -> AnalyzedStudy {
    var run = StudyRun(options: options, configuration: configuration)
    run.clock.onStage = onStage
    try run.read(input)
    try run.decode()
    run.measureShifts()
    run.findAnatomy()
    run.findMuscle()
    run.findLesions()
    return run.conclude()
  }

  /// What an analysis would do, without decoding pixels.
  public static func plan(
    _ input: StudyInput, options: AnalysisOptions, configuration: EngineConfiguration
  ) throws(StudyFailure) -> StudyPlan {
    var run = StudyRun(options: options, configuration: configuration)
    try run.read(input)
    return run.plan()
  }

  /// The series of a study as `inspect` shows them; with `checkingHeaders`, their headers are read by DCMTK too.
  public static func inspect(
    _ input: StudyInput, options: AnalysisOptions, checkingHeaders: Bool = false
  ) throws(StudyFailure) -> StudyInspection {
    var run = StudyRun(options: options, configuration: try EngineConfiguration.load(options: options))
    try run.readSeries(input)
    return StudyInspection(
      studyInstanceUid: run.keys.uid(run.contents.study.instanceUID), series: run.records.series(),
      warnings: run.contents.warnings, refusals: run.refusals,
      headerCheck: checkingHeaders ? HeaderCheck(of: run.set.entries.map(\.series), uid: run.keys.uid) : nil)
  }
}

/// A study's series without any measurement.
public struct StudyInspection: Sendable, Codable {
  public var studyInstanceUid: String
  public var series: [SeriesRecord]
  public var warnings: [String]
  public var refusals: [AnalyzedStudy.Refusal]
  /// `nil` when it was not asked for.
  public var headerCheck: HeaderCheck?
}
