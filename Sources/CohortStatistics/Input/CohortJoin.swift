import Findings
import Foundation

/// Takes feature files one after the other and keeps only the columns that the tables need.
struct CohortJoin {
  private struct StudySeen {
    var file: String
    var fingerprint: Int
  }

  private struct PatientKey: Hashable {
    var key: String
    var group: Int
  }

  private var table: PrimariesTable
  private let primariesFile: String
  private let refused: (String) -> Void
  private var cohort = Cohort()
  private var groupIndex: [String: Int] = [:]
  private var patientIndex: [PatientKey: Int32] = [:]
  private var studiesSeen: [String: StudySeen] = [:]
  private var engines = Set<String>()
  private var counts: [String: Int] = [:]
  /// (patient key, study, lesion number) of each lesion: the order of the tables, whatever that of the files.
  private var order: [(key: String, study: String, lesion: Int)] = []

  init(table: PrimariesTable, primariesFile: String, groupColumn: String, refused: @escaping (String) -> Void) {
    self.table = table
    self.primariesFile = primariesFile
    self.refused = refused
    cohort.groupColumn = groupColumn
    cohort.groups = table.groups
    for (index, group) in table.groups.enumerated() { groupIndex[group] = index }
  }

  mutating func add(_ file: URL) throws(CohortError) {
    guard let data = FileManager.default.contents(atPath: file.path) else {
      return refuse("a features.json cannot be read", file.path)
    }
    let document: FeatureDocument
    do { document = try FeatureDocument(jsonData: data) } catch {
      return refuse("a features.json is not valid", "\(file.path): \(Self.explain(error))")
    }
    guard document.schemaVersion.split(separator: ".").first == "1" else {
      return refuse("a features.json has an unknown schema version", "\(file.path): \(document.schemaVersion)")
    }
    let fingerprint = [UInt8](data).hashValue
    if let seen = studiesSeen[document.study.studyInstanceUid] {
      guard seen.fingerprint == fingerprint else {
        throw .contradictoryStudies(first: seen.file, second: file.path)
      }
      return refuse("the same study again, with the same findings", "\(file.path) repeats \(seen.file)")
    }
    studiesSeen[document.study.studyInstanceUid] = StudySeen(file: file.path, fingerprint: fingerprint)
    join(document, file)
  }

  private mutating func join(_ document: FeatureDocument, _ file: URL) {
    let study = document.study
    switch table.match(studyInstanceUID: study.studyInstanceUid, patientKey: study.patientKey) {
    case .noRow: refuse("the study has no row in the primaries file", file.path, lesions: document.lesions.count)
    case .emptyGroup:
      refuse("the study's row in the primaries file is empty", file.path, lesions: document.lesions.count)
    case .group(let group): add(document, group: groupIndex[group]!)
    }
  }

  private mutating func add(_ document: FeatureDocument, group: Int) {
    cohort.studies += 1
    engines.insert("\(document.engine.name) \(document.engine.version), configuration \(document.engine.configDigest)")
    let key = PatientKey(key: document.study.patientKey, group: group)
    let index: Int32
    if let known = patientIndex[key] {
      index = known
    } else {
      index = Int32(cohort.patients.count)
      patientIndex[key] = index
      cohort.patients.append(Cohort.Patient(key: key.key, group: group, studies: 0, lesions: 0))
    }
    cohort.patients[Int(index)].studies += 1
    cohort.patients[Int(index)].lesions += document.lesions.count
    for lesion in document.lesions {
      cohort.lesions.append(CohortLesion(patient: index, lesion: lesion))
      order.append((key.key, document.study.studyInstanceUid, lesion.lesionId))
    }
  }

  private mutating func refuse(_ reason: String, _ detail: String, lesions: Int? = nil) {
    counts[reason, default: 0] += 1
    refused("\(reason): \(detail)")
    if let lesions, lesions > 0 { counts["lesions: " + reason, default: 0] += lesions }
  }

  private static func explain(_ error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, let context):
      "the field \((context.codingPath + [key]).map(\.stringValue).joined(separator: ".")) is missing"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      "the field \(context.codingPath.map(\.stringValue).joined(separator: ".")) has the wrong type"
    case DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty:
      "the field \(context.codingPath.map(\.stringValue).joined(separator: ".")) has a value that is not known"
    default: "it is not JSON"
    }
  }
}

extension CohortJoin {
  mutating func finish() throws(CohortError) -> Cohort {
    refuseRows()
    guard !cohort.patients.isEmpty else {
      throw .nothingToUse(
        "none of \(studiesSeen.count) studies has a group in \(primariesFile); "
          + "rows by patient_id match only with the issuer (column issuer) and the pseudonym key of the outputs")
    }
    sort()
    countPatients()
    cohort.engines = engines.sorted()
    if engines.count > 1 {
      cohort.notes.append(
        "The features come from \(engines.count) engine versions or configurations; they are not measured alike.")
    }
    cohort.exclusions =
      counts.sorted { $0.key < $1.key }.map { reason, count in
        reason.hasPrefix("lesions: ")
          ? Cohort.Exclusion(reason: String(reason.dropFirst(9)), count: count, unit: "lesions")
          : Cohort.Exclusion(reason: reason, count: count, unit: reason.hasPrefix("a row") ? "rows" : "studies")
      } + cohort.exclusions
    return cohort
  }

  private mutating func refuseRows() {
    for line in table.duplicateLines { refuse("a row repeats an earlier one", "\(primariesFile) line \(line)") }
    for line in table.keylessLines { refuse("a row names no study or patient", "\(primariesFile) line \(line)") }
    for line in table.unusedLines {
      refuse("a row's study or patient has no features.json", "\(primariesFile) line \(line)")
    }
  }

  private mutating func countPatients() {
    let withoutLesions = cohort.patients.count { $0.lesions == 0 }
    if withoutLesions > 0 {
      cohort.exclusions.append(
        Cohort.Exclusion(reason: "patients without lesions", count: withoutLesions, unit: "patients"))
    }
    let repeated = cohort.patients.count { $0.studies > 1 }
    if repeated > 0 {
      cohort.notes.append(
        "\(repeated) patients have more than one study; the lesions of all their studies are counted.")
    }
    let keys = Set(cohort.patients.map(\.key))
    if keys.count < cohort.patients.count {
      cohort.notes.append(
        "\(cohort.patients.count - keys.count) patients stand in more than one group; each group counts them.")
    }
  }

  /// Patients and lesions in the order of their keys, so that the order of the files leaves no trace.
  private mutating func sort() {
    let patientOrder = cohort.patients.indices.sorted {
      (cohort.patients[$0].group, cohort.patients[$0].key) < (cohort.patients[$1].group, cohort.patients[$1].key)
    }
    var position = [Int32](repeating: 0, count: patientOrder.count)
    for (new, old) in patientOrder.enumerated() { position[old] = Int32(new) }
    let lesionOrder = order.indices.sorted { order[$0] < order[$1] }
    cohort.patients = patientOrder.map { cohort.patients[$0] }
    cohort.lesions = lesionOrder.map {
      var lesion = cohort.lesions[$0]
      lesion.patient = position[Int(lesion.patient)]
      return lesion
    }
  }
}
