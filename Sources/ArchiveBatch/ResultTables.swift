internal import Foundation

/// Writes lesions.csv and patients.csv from the ledger, one study at a time, in the order of patient key and study UID.
enum ResultTables {
  static let patientColumns = ["patient_key", "study_instance_uid", "primary"]

  static func write(_ ledger: Ledger, run: Int64, lesionsHeader: String, into root: String) throws {
    let primaries = enteredPrimaries(root + "/patients.csv")
    var lesions = try StreamedFile(path: root + "/lesions.csv")
    var patients = try StreamedFile(path: root + "/patients.csv")
    try lesions.write(lesionsHeader)
    try patients.write(CSV.row(patientColumns))
    try ledger.forEach(run: run) { record in
      guard record.outcome.hasResult else { return }
      try lesions.write(record.lesionRows)
      let primary = primaries[[record.patientKey, record.studyInstanceUID]] ?? ""
      try patients.write(CSV.row([record.patientKey, record.studyInstanceUID, primary]))
    }
    try lesions.finish()
    try patients.finish()
  }

  /// What a user has entered into the last column of an earlier patients.csv, which a later run must not lose.
  private static func enteredPrimaries(_ path: String) -> [[String]: String] {
    guard let data = FileManager.default.contents(atPath: path) else { return [:] }
    let records = CSV.records(String(decoding: data, as: UTF8.self))
    guard let header = records.first, let key = header.firstIndex(of: patientColumns[0]),
      let uid = header.firstIndex(of: patientColumns[1]), let primary = header.firstIndex(of: patientColumns[2])
    else { return [:] }
    var entered: [[String]: String] = [:]
    for record in records.dropFirst() where record.count > max(key, uid, primary) && !record[primary].isEmpty {
      entered[[record[key], record[uid]]] = record[primary]
    }
    return entered
  }
}
