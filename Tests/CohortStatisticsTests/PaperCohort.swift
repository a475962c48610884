import CohortStatistics
import Findings

/// The paper's 169 lesions as far as its tables fix them: every marginal of Table 1 and the rows of Table 2, per primary.
///
/// Table 2's columns add to 34 and 47 where the print totals 33 and 43, and Table 3 counts the latter; so one
/// osteoblastic and four osteolytic lesions carry their matrix without a CT here, where `asTable3Printed`.
enum PaperCohort {
  struct Primary {
    var name: String
    var lesionsPerPatient: [Int]
    var wellDefined: Int
    var t1High: Int
    var body: Int
    var intraosseous: Int
    /// Homogeneous, heterogeneous, non-enhancing, rim, worms, not applicable.
    var enhancement: [Int]
    /// Cervical, thoracic, lumbar, sacral.
    var levels: [Int]
    /// Matrix and T2 together: (matrix, T2 high, T2 iso to low).
    var matrix: [(MatrixRecord.MatrixClass, Int, Int)]
    /// Measured, whole vertebra, posterior infiltration.
    var sizes: [Int]
    var meanMm: Double

    var lesions: Int { lesionsPerPatient.reduce(0, +) }
  }

  static let primaries = [
    Primary(
      name: "stomach", lesionsPerPatient: [16, 16, 15], wellDefined: 27, t1High: 0, body: 43, intraosseous: 46,
      enhancement: [9, 2, 8, 28, 0, 0], levels: [6, 23, 16, 2],
      matrix: [(.osteoblastic, 2, 19), (.osteolytic, 6, 0), (.mixed, 3, 17)], sizes: [40, 7, 0], meanMm: 11.2),
    Primary(
      name: "colorectal", lesionsPerPatient: [3, 3, 3, 3, 3, 3, 2], wellDefined: 10, t1High: 0, body: 15,
      intraosseous: 9,
      enhancement: [1, 17, 2, 0, 0, 0], levels: [2, 6, 11, 1],
      matrix: [(.osteolytic, 6, 0), (.mixed, 2, 3), (.indeterminate, 9, 0)], sizes: [13, 6, 1], meanMm: 20.2),
    Primary(
      name: "hcc", lesionsPerPatient: [3, 3, 3, 2, 2, 2, 2], wellDefined: 6, t1High: 0, body: 6, intraosseous: 5,
      enhancement: [7, 4, 0, 0, 6, 0], levels: [2, 5, 9, 1],
      matrix: [(.osteoblastic, 1, 3), (.osteolytic, 8, 0), (.mixed, 1, 0), (.indeterminate, 4, 0)], sizes: [9, 5, 3],
      meanMm: 34.3),
    Primary(
      name: "lung", lesionsPerPatient: [8, 8, 8, 8, 8, 8, 8], wellDefined: 44, t1High: 16, body: 46, intraosseous: 43,
      enhancement: [18, 26, 0, 0, 0, 12], levels: [5, 18, 31, 2],
      matrix: [(.osteoblastic, 1, 3), (.osteolytic, 19, 5), (.mixed, 4, 4), (.indeterminate, 11, 9)],
      sizes: [38, 15, 3],
      meanMm: 10.5),
    Primary(
      name: "breast", lesionsPerPatient: [5, 5, 5, 5, 5, 4], wellDefined: 24, t1High: 0, body: 26, intraosseous: 27,
      enhancement: [6, 4, 0, 0, 0, 19], levels: [2, 9, 16, 2],
      matrix: [(.osteoblastic, 1, 4), (.osteolytic, 2, 1), (.mixed, 5, 5), (.indeterminate, 9, 2)], sizes: [19, 9, 1],
      meanMm: 10.8),
  ]

  static func cohort(asTable3Printed: Bool = true) -> Cohort {
    var cohort = Cohort()
    cohort.groups = primaries.map(\.name)
    for (group, primary) in primaries.enumerated() {
      let first = cohort.patients.count
      for (index, count) in primary.lesionsPerPatient.enumerated() {
        cohort.patients.append(.init(key: "\(primary.name)\(index)", group: group, studies: 1, lesions: count))
      }
      let patients = primary.lesionsPerPatient.enumerated().flatMap { [Int](repeating: first + $0, count: $1) }
      cohort.lesions += records(primary).enumerated().map { CohortLesion(patient: Int32(patients[$0]), lesion: $1) }
    }
    cohort.studies = cohort.patients.count
    if asTable3Printed { withholdFive(&cohort) }
    return cohort
  }

  /// One osteoblastic lesion of low and four osteolytic of high T2 signal lose their CT.
  private static func withholdFive(_ cohort: inout Cohort) {
    func withhold(_ count: Int, _ matrix: MatrixRecord.MatrixClass, _ t2: SignalRecord.SignalClass) {
      for index in cohort.lesions.indices.filter({ cohort.lesions[$0].matrix == matrix && cohort.lesions[$0].t2 == t2 })
        .prefix(count)
      {
        cohort.lesions[index].matrixBasis = .t2Signal
      }
    }
    withhold(1, .osteoblastic, .isoToHypointense)
    withhold(4, .osteolytic, .hyperintense)
  }

  /// The lesions of one primary; findings are dealt in blocks, which leaves the marginals exact.
  static func records(_ primary: Primary) -> [LesionRecord] {
    let patterns: [EnhancementRecord.Pattern] = [
      .homogeneous, .heterogeneous, .nonEnhancing, .rimEnhancing, .wormsInABag, .notApplicable,
    ]
    let enhancement = zip(patterns, primary.enhancement).flatMap {
      [EnhancementRecord.Pattern](repeating: $0, count: $1)
    }
    let regions = zip(["cervical", "thoracic", "lumbar", "sacral"], primary.levels)
      .flatMap { [String](repeating: $0, count: $1) }
    let matrix = primary.matrix.flatMap { entry in
      [(MatrixRecord.MatrixClass, Bool)](repeating: (entry.0, true), count: entry.1)
        + [(MatrixRecord.MatrixClass, Bool)](repeating: (entry.0, false), count: entry.2)
    }
    let statuses: [SizeRecord.Status] = zip(
      [.measured, .notMeasuredWholeVertebra, .notMeasuredPosteriorInfiltration], primary.sizes
    ).flatMap { [SizeRecord.Status](repeating: $0, count: $1) }
    return (0..<primary.lesions).map { index in
      var lesion = TestLesion.record(index + 1)
      lesion.margin.class = index < primary.wellDefined ? .wellDefined : .illDefined
      lesion.signal.t1.class = index < primary.t1High ? .hyperintense : .isoToHypointense
      lesion.location.part = index < primary.body ? .vertebralBody : .posteriorElements
      lesion.location.region = regions[index]
      lesion.extent.class = index < primary.intraosseous ? .intraosseous : .extraosseous
      lesion.enhancement.class = enhancement[index]
      lesion.matrix.class = matrix[index].0
      lesion.matrix.basis = matrix[index].0 == .indeterminate ? .none : .ct
      lesion.signal.t2.class = matrix[index].1 ? .hyperintense : .isoToHypointense
      lesion.size.status = statuses[index]
      if statuses[index] == .measured {
        // Symmetric about the mean, so that the mean is exact.
        let position = 2 * Double(index) / Double(max(1, primary.sizes[0] - 1)) - 1
        lesion.size.maximumSagittalDiameterMm = primary.meanMm * (1 + 0.6 * position)
      }
      return lesion
    }
  }
}

/// Lesions and documents with nothing in them but what a test sets.
enum TestLesion {
  static func record(_ identifier: Int) -> LesionRecord {
    let signals = SignalRecords(t1: SignalRecord(), t2: SignalRecord(), t1Post: SignalRecord())
    return LesionRecord(
      lesionId: identifier, source: LesionSource(kind: .nifti, label: identifier, confidence: 1),
      location: LocationRecord(centroidLpsMm: [0, 0, 0]), size: SizeRecord(status: .notMeasurable), signal: signals,
      signalAxial: signals, margin: MarginRecord(), extent: ExtentRecord(),
      enhancement: EnhancementRecord(class: .notApplicable), enhancementAxial: EnhancementRecord(class: .notApplicable),
      matrix: MatrixRecord())
  }

  static func document(study: String, patientKey: String, lesions: [LesionRecord]) -> FeatureDocument {
    var patient = PatientRecord()
    patient.lesionCount = lesions.count
    var document = FeatureDocument(
      engine: EngineRecord(version: "0.1.0", configDigest: "sha256:0"),
      study: StudyRecord(studyInstanceUid: study, patientKey: patientKey, inputDigest: "sha256:\(study)"),
      referenceMuscle: ReferenceMuscleRecord(method: .none), patient: patient)
    document.lesions = lesions
    return document
  }
}
