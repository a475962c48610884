import Findings
import Foundation

/// The lesions of many studies, joined with the group of their patients.
public struct Cohort: Sendable {
  package struct Patient: Sendable, Equatable {
    package var key: String
    /// Position in `groups`.
    package var group: Int
    package var studies: Int
    package var lesions: Int

    package init(key: String, group: Int, studies: Int, lesions: Int) {
      self.key = key
      self.group = group
      self.studies = studies
      self.lesions = lesions
    }
  }

  /// Something that was left out, or counted apart, and how often.
  package struct Exclusion: Sendable, Equatable {
    package var reason: String
    package var count: Int
    /// What `count` counts.
    package var unit: String
  }

  /// The groups in the order of the tables' columns; those without any lesion included.
  package var groups: [String] = []
  package var patients: [Patient] = []
  package var lesions: [CohortLesion] = []
  package var exclusions: [Exclusion] = []
  package var notes: [String] = []
  package var groupColumn = "primary"
  package var engines: [String] = []
  package var studies = 0

  package init() {}

  /// Whether a study, a row or a file was refused: the command then ends with exit code 2.
  public var hasRefusals: Bool { exclusions.contains { $0.unit != "lesions" && $0.unit != "patients" } }

  /// What was refused, in a sentence each, for standard error.
  public var refusals: [String] {
    exclusions.filter { $0.unit != "lesions" && $0.unit != "patients" }.map { "\($0.reason) (\($0.count) \($0.unit))" }
  }
}

extension Cohort {
  /// Reads and joins.
  ///
  /// - Parameters:
  ///   - folders: output folders of `analyze` and `batch`, searched for features.json.
  ///   - primaries: the CSV with the group of each patient or study.
  ///   - groupColumn: the column that names the group.
  ///   - pseudonymKeyFile: the key that the outputs were made with, if any.
  ///   - refused: called with a sentence for every file and row that is left out.
  public static func read(
    folders: [String], primaries: String, groupColumn: String = "primary", pseudonymKeyFile: String? = nil,
    refused: @escaping (String) -> Void = { _ in }
  ) throws(CohortError) -> Cohort {
    var key: [UInt8]?
    if let pseudonymKeyFile { key = [UInt8](try contents(pseudonymKeyFile)) }
    let keys = IdentityKeys(pseudonymKey: key)
    let table = try PrimariesTable(contents(primaries), file: primaries, groupColumn: groupColumn, keys: keys)
    let files = try FeatureFiles.find(folders)
    guard !files.isEmpty else { throw .nothingToUse("no features.json lies in \(folders.joined(separator: ", "))") }
    var join = CohortJoin(table: table, primariesFile: primaries, groupColumn: groupColumn, refused: refused)
    for file in files { try join.add(file) }
    return try join.finish()
  }
  private static func contents(_ file: String) throws(CohortError) -> Data {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw .unreadable(file: file, why: "it does not exist or is not readable")
    }
    return data
  }
}
