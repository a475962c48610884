import CohortStatistics
import Findings
import Foundation
import Testing

/// A folder that is gone when the test is over.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("cohort-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  @discardableResult
  func write(_ text: String, _ name: String) throws -> String {
    try write(Data(text.utf8), name)
  }

  @discardableResult
  func write(_ data: Data, _ name: String) throws -> String {
    let file = url.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: file)
    return file.path
  }

  func writeStudy(_ study: String, patient: String, lesions: Int, folder: String? = nil) throws {
    let records = (0..<lesions).map { TestLesion.record($0 + 1) }
    let document = TestLesion.document(study: study, patientKey: patient, lesions: records)
    try write(document.jsonData(), "\(folder ?? "out/\(study)")/features.json")
  }
}

@Suite struct CohortJoinMechanicsTests {
  private let folder: TemporaryFolder
  private let keys = IdentityKeys()

  init() throws {
    folder = try TemporaryFolder()
    try folder.writeStudy("1.2.1", patient: keys.patientKey(issuer: "", patientID: "P1"), lesions: 3)
    try folder.writeStudy("1.2.2", patient: keys.patientKey(issuer: "YUHS", patientID: "P2"), lesions: 2)
    try folder.writeStudy("1.2.3", patient: "00112233445566aa", lesions: 1, folder: "out/deep/er")
  }

  private func read(_ csv: String, column: String = "primary", refused: @escaping (String) -> Void = { _ in }) throws
    -> Cohort
  {
    let file = try folder.write(csv, "primaries.csv")
    return try Cohort.read(folders: [folder.path("out")], primaries: file, groupColumn: column, refused: refused)
  }

  private func lesionsByGroup(_ cohort: Cohort) -> [String: Int] {
    var result: [String: Int] = [:]
    for lesion in cohort.lesions {
      result[cohort.groups[cohort.patients[Int(lesion.patient)].group], default: 0] += 1
    }
    return result
  }

  @Test func `rows join by study, by patient key, and by patient identity with its issuer`() throws {
    let cohort = try read(
      """
      study_instance_uid,patient_key,patient_id,issuer,primary
      1.2.1,,,,Stomach
      ,,P2,YUHS,lung
      ,00112233445566AA,,,thyroid
      """)
    #expect(lesionsByGroup(cohort) == ["stomach": 3, "lung": 2, "thyroid": 1])
    #expect(cohort.groups == ["stomach", "lung", "thyroid"])
    #expect(!cohort.hasRefusals)
  }

  @Test func `a patient identity without its issuer does not join`() throws {
    let cohort = try read("patient_id,primary\n P1 ,hcc\nP2,lung\n")
    #expect(lesionsByGroup(cohort) == ["hcc": 3])
    #expect(cohort.hasRefusals)
    let reasons = cohort.exclusions.map { "\($0.reason): \($0.count) \($0.unit)" }
    #expect(reasons.contains("the study has no row in the primaries file: 2 studies"))
    #expect(reasons.contains("the study has no row in the primaries file: 3 lesions"))
    #expect(reasons.contains("a row's study or patient has no features.json: 1 rows"))
  }

  @Test func `refusals name the line and never the patient`() throws {
    var sentences: [String] = []
    _ = try read("patient_id,primary\nP1,hcc\nSECRET^NAME,lung\nP1,hcc\n,breast\n") { sentences.append($0) }
    #expect(
      sentences.contains { $0.hasPrefix("a row's study or patient has no features.json") && $0.hasSuffix("line 3") })
    #expect(sentences.contains { $0.hasPrefix("a row repeats an earlier one") && $0.hasSuffix("line 4") })
    #expect(sentences.contains { $0.hasPrefix("a row names no study or patient") && $0.hasSuffix("line 5") })
    #expect(!sentences.contains { $0.contains("SECRET") })
  }

  @Test func `two groups for one patient are an error with both lines`() throws {
    let error = #expect(throws: CohortError.self) { try read("patient_id,primary\nP1,hcc\nP9,lung\nP1,lung\n") }
    #expect(error?.description.contains("lines 2 and 4") == true)
    #expect(error?.description.contains("P1") == false)
  }

  @Test func `an empty group counts the study and its lesions as left out`() throws {
    let cohort = try read("study_instance_uid,primary\n1.2.1,\n1.2.2,lung\n1.2.3,lung\n")
    #expect(lesionsByGroup(cohort) == ["lung": 3])
    #expect(cohort.exclusions.contains { $0.reason.contains("is empty") && $0.count == 3 && $0.unit == "lesions" })
  }

  @Test func `any column may group, and its values stay as typed`() throws {
    let cohort = try read(
      "study_instance_uid,Scanner\n1.2.1,Trio\n1.2.2,LUNG\n1.2.3,Trio\n", column: "scanner")
    #expect(lesionsByGroup(cohort) == ["Trio": 4, "LUNG": 2])
    #expect(CohortTables(cohort).groupBy == "scanner")
  }

  @Test(arguments: [
    ("study_instance_uid,site\n1.2.1,x\n", "no column \"primary\""), ("name,primary\nx,lung\n", "none of the columns"),
    ("study_instance_uid,primary\n1.2.1,\n", "empty in every row"), ("", "the file is empty"),
    ("study_instance_uid,primary\n1.2.1,all\n", "total column"),
  ])
  func `a table that cannot be used is an error that says why`(_ csv: String, _ why: String) throws {
    let error = #expect(throws: CohortError.self) { try read(csv) }
    #expect(error?.description.contains(why) == true)
  }

  @Test func `nothing that joins is an error`() {
    #expect(throws: CohortError.self) { try read("study_instance_uid,primary\n9.9,lung\n") }
  }

  @Test func `a folder without features, and one that is not there, are errors`() throws {
    let file = try folder.write("study_instance_uid,primary\n1.2.1,lung\n", "primaries.csv")
    try FileManager.default.createDirectory(atPath: folder.path("empty"), withIntermediateDirectories: true)
    #expect(throws: CohortError.self) { try Cohort.read(folders: [folder.path("empty")], primaries: file) }
    #expect(throws: CohortError.self) { try Cohort.read(folders: [folder.path("absent")], primaries: file) }
  }

  @Test func `a broken features file is refused, the others are read`() throws {
    try folder.write("{\"schema_version\": \"1.0\"}", "out/broken/features.json")
    try folder.write("not json", "out/worse/features.json")
    var sentences: [String] = []
    let cohort = try read("study_instance_uid,primary\n1.2.1,lung\n1.2.2,lung\n1.2.3,lung\n") { sentences.append($0) }
    #expect(cohort.lesions.count == 6)
    #expect(cohort.exclusions.contains { $0.reason == "a features.json is not valid" && $0.count == 2 })
    #expect(sentences.contains { $0.contains("is missing") })
  }

  @Test func `the same study twice counts once, and contradicting itself is an error`() throws {
    let csv = "study_instance_uid,primary\n1.2.1,lung\n1.2.2,lung\n1.2.3,lung\n"
    let patient = keys.patientKey(issuer: "", patientID: "P1")
    try folder.writeStudy("1.2.1", patient: patient, lesions: 3, folder: "out/again")
    let cohort = try read(csv)
    #expect(cohort.lesions.count == 6 && cohort.hasRefusals)
    try folder.writeStudy("1.2.1", patient: patient, lesions: 4, folder: "out/other")
    #expect(throws: CohortError.self) { try read(csv) }
  }

  @Test func `with the pseudonym key, real identifiers still join`() throws {
    let key = Array("secret".utf8)
    let keyed = IdentityKeys(pseudonymKey: key)
    try folder.writeStudy(
      keyed.uid("1.2.4"), patient: keyed.patientKey(issuer: "", patientID: "P4"), lesions: 2, folder: "keyed/a")
    try folder.writeStudy(
      keyed.uid("1.2.5"), patient: keyed.patientKey(issuer: "", patientID: "P5"), lesions: 5, folder: "keyed/b")
    let csv = try folder.write("study_instance_uid,patient_id,primary\n1.2.4,,lung\n,P5,breast\n", "keyed.csv")
    let keyFile = try folder.write("secret\n", "key")
    let cohort = try Cohort.read(folders: [folder.path("keyed")], primaries: csv, pseudonymKeyFile: keyFile)
    #expect(lesionsByGroup(cohort) == ["lung": 2, "breast": 5])
  }

  @Test func `patients of several studies and without lesions are noted`() throws {
    try folder.writeStudy(
      "1.2.6", patient: keys.patientKey(issuer: "", patientID: "P1"), lesions: 2)
    try folder.writeStudy("1.2.7", patient: "00112233445566bb", lesions: 0)
    let cohort = try read(
      "study_instance_uid,primary\n1.2.1,lung\n1.2.2,lung\n1.2.3,lung\n1.2.6,lung\n1.2.7,lung\n")
    #expect(cohort.notes.contains { $0.hasPrefix("1 patients have more than one study") })
    #expect(cohort.exclusions.contains { $0.reason == "patients without lesions" && $0.count == 1 })
    #expect(!cohort.hasRefusals)
    let tables = CohortTables(cohort)
    #expect(tables.patients == 3 && tables.studies == 5 && tables.lesions == 8)
  }
}
