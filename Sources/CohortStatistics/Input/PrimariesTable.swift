package import Findings
package import Foundation

/// Which group each study or patient belongs to: the CSV of `--primaries`.
///
/// A row is keyed by the first of `study_instance_uid`, `patient_key` and `patient_id` (hashed with the column `issuer`,
/// if any) that it fills. A study takes the row of its UID, else the row of its patient.
package struct PrimariesTable: Sendable {
  /// The paper's primaries in the order of its Table 1; they are recognised in any letter case.
  package static let paperGroups = ["stomach", "colorectal", "hcc", "lung", "breast"]
  package static let totalGroup = "all"

  package enum Key: Hashable, Sendable {
    case study(String)
    case patient(String)
  }

  private struct Entry {
    var line: Int
    var group: String?
  }

  package private(set) var groups: [String] = []
  /// Lines that repeat an earlier key with the same group.
  package private(set) var duplicateLines: [Int] = []
  /// Lines that fill no key column.
  package private(set) var keylessLines: [Int] = []
  private var entries: [Key: Entry] = [:]
  private var used: Set<Key> = []

  package init(
    _ data: Data, file: String, groupColumn: String, keys: IdentityKeys
  ) throws(CohortError) {
    let table: NamedColumns
    do { table = try NamedColumns(CommaSeparatedValues(data)) } catch {
      throw CohortError.table(file: file, why: error.description)
    }
    let columns = try Columns(table, file: file, groupColumn: groupColumn)
    var groups = Set<String>()
    for row in table.rows {
      guard let key = columns.key(row, keys) else {
        keylessLines.append(row.line)
        continue
      }
      let group = columns.group(row)
      guard group != Self.totalGroup else {
        throw .table(file: file, why: "line \(row.line): \"all\" is the name of the total column and cannot be a group")
      }
      if let group { groups.insert(group) }
      try add(Entry(line: row.line, group: group), for: key, file: file)
    }
    self.groups = Self.paperGroups.filter(groups.contains) + groups.subtracting(Self.paperGroups).sorted()
    guard !groups.isEmpty else {
      throw .table(file: file, why: "the column \"\(groupColumn)\" is empty in every row; fill it in")
    }
  }

  private mutating func add(_ entry: Entry, for key: Key, file: String) throws(CohortError) {
    guard let earlier = entries[key] else {
      entries[key] = entry
      return
    }
    if let first = earlier.group, let second = entry.group, first != second {
      throw .table(
        file: file, why: "lines \(earlier.line) and \(entry.line) give different groups to the same patient or study")
    }
    duplicateLines.append(entry.line)
    if earlier.group == nil { entries[key] = entry }
  }

  package enum Match: Sendable, Equatable {
    case group(String)
    /// The row is there, its group is empty.
    case emptyGroup
    case noRow
  }

  package mutating func match(studyInstanceUID: String, patientKey: String) -> Match {
    for key in [Key.study(studyInstanceUID), .patient(patientKey)] {
      guard let entry = entries[key] else { continue }
      used.insert(key)
      return entry.group.map(Match.group) ?? .emptyGroup
    }
    return .noRow
  }

  /// Lines whose study or patient no features.json had, so far.
  package var unusedLines: [Int] { entries.filter { !used.contains($0.key) }.map(\.value.line).sorted() }
}

extension PrimariesTable {
  private struct Columns {
    let group: Int
    let study: Int?
    let patientKey: Int?
    let patientID: Int?
    let issuer: Int?
    let recognisesPaperGroups: Bool

    init(_ table: NamedColumns, file: String, groupColumn: String) throws(CohortError) {
      guard let group = table.column(groupColumn) else {
        throw .table(
          file: file,
          why: "it has no column \"\(groupColumn)\"; its columns are \(table.header.joined(separator: ", "))")
      }
      self.group = group
      recognisesPaperGroups = groupColumn == "primary"
      study = table.column("study_instance_uid")
      patientKey = table.column("patient_key")
      patientID = table.column("patient_id")
      issuer = table.column("issuer") ?? table.column("issuer_of_patient_id")
      guard study != nil || patientKey != nil || patientID != nil else {
        throw .table(
          file: file, why: "it has none of the columns study_instance_uid, patient_key and patient_id to join by")
      }
    }

    func key(_ row: CommaSeparatedValues.Row, _ keys: IdentityKeys) -> Key? {
      if let uid = cell(row, study) { return .study(keys.uid(uid)) }
      if let key = cell(row, patientKey) { return .patient(key.lowercased()) }
      if let identifier = cell(row, patientID) {
        return .patient(keys.patientKey(issuer: cell(row, issuer) ?? "", patientID: identifier))
      }
      return nil
    }

    func group(_ row: CommaSeparatedValues.Row) -> String? {
      guard let text = cell(row, group) else { return nil }
      let lowercased = text.lowercased()
      return recognisesPaperGroups && PrimariesTable.paperGroups.contains(lowercased) ? lowercased : text
    }

    private func cell(_ row: CommaSeparatedValues.Row, _ column: Int?) -> String? {
      guard let column else { return nil }
      let text = row.fields[column].trimmingCharacters(in: .whitespacesAndNewlines)
      return text.isEmpty ? nil : text
    }
  }
}
