import Findings
import Imaging

/// Documents for the tests of schema, table and evidence.
enum FeatureDocumentSamples {
  static let digest = "sha256:" + String(repeating: "0", count: 64)

  static func document(_ lesions: [LesionRecord]) -> FeatureDocument {
    var document = FeatureDocument(
      engine: EngineRecord(version: "0.1.0", configDigest: digest),
      study: StudyRecord(studyInstanceUid: "1.2.3", patientKey: "0123456789abcdef", inputDigest: digest),
      referenceMuscle: ReferenceMuscleRecord(method: .mask), patient: LesionFindings().patient(lesions))
    document.series = [
      SeriesRecord(
        seriesInstanceUid: "1.2.3.4", modality: "MR", role: .sagittalT1, plane: .sagittal, weighting: .t1,
        contrast: .pre, slices: 15)
    ]
    document.series[0].shift = SeriesRecord.Shift(
      referenceSeriesInstanceUid: "1.2.3.5", lpsMm: [0, 0.5, -0.25], inPlaneMm: [0.5, 0.25],
      standardErrorMm: [0.1, 0.1], corrected: false)
    document.referenceMuscle.perSeries = [.init(seriesInstanceUid: "1.2.3.4", role: .sagittalT1)]
    document.lesions = lesions
    return document
  }

  /// A lesion of which nothing but its place is known.
  static func empty(id: Int = 1) -> LesionRecord {
    let findings = LesionFindings()
    let reason = "no such series"
    let signal = findings.signal(nil, seriesInstanceUID: nil, coveredFraction: nil, reason: reason)
    let signals = SignalRecords(t1: signal, t2: signal, t1Post: signal)
    return LesionRecord(
      lesionId: id, source: LesionSource(kind: .nifti, label: id, confidence: 1),
      location: findings.location(centroid: .zero, nil, levelConfidence: nil, reason: reason),
      size: findings.size(
        sagittal: nil, space: nil, inPlane: nil, meshInPlane: nil, location: nil, seriesInstanceUID: nil,
        sopInstanceUID: nil, frameNumber: nil, reason: reason), signal: signals, signalAxial: signals,
      margin: MarginRecord(),
      extent: findings.extent(nil, hasCanal: false, reason: reason),
      enhancement: findings.enhancement(nil, seriesInstanceUID: nil, reason: reason),
      enhancementAxial: findings.enhancement(nil, seriesInstanceUID: nil, reason: reason),
      matrix: findings.matrix(ct: nil, t2: nil, reason: reason))
  }

  /// What the paper calls characteristic of hepatocellular carcinoma.
  static func wormy(id: Int = 1) -> LesionRecord {
    var lesion = empty(id: id)
    lesion.location.part = .posteriorElements
    lesion.location.level = "L3"
    lesion.location.levelsInvolved = ["L2", "L3"]
    lesion.extent.class = .extraosseous
    lesion.extent.massFormation = .expansile
    lesion.enhancement.class = .wormsInABag
    lesion.enhancement.evidence = ["30 bright lines, \"long\"", "bag even"]
    lesion.enhancement.scores = .init(
      homogeneous: 0, heterogeneous: 0.25, nonEnhancing: 0, rimEnhancing: 0, wormsInABag: 0.75)
    lesion.signal.t1.class = .isoToHypointense
    lesion.signal.t2.class = .hyperintense
    lesion.size.status = .measured
    lesion.size.maximumSagittalDiameterMm = 45.25
    lesion.size.endpointsLpsMm = [[1, 2, 3], [4, 5, 6.5]]
    lesion.patternEvidence = LesionFindings().evidence(lesion)
    return lesion
  }
}
