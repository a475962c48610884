import ArgumentParser
import CohortStatistics
import Foundation
import Reporting

struct CohortCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cohort", abstract: "The paper's tables, tests and figures over many features.json.",
    discussion: """
      Joins the features.json below the folders with the group of each patient and writes tables.json, tables.md, \
      table1.csv to table3.csv, size.csv, size_pairs.csv, levels.csv and cohort.html. Studies and rows that do not join \
      are named on standard error, counted in the tables, and end in exit code 2.
      """)

  @Argument(help: "Output folders of analyze or batch, or features.json files.") var outputs: [String]

  @Option(
    help: ArgumentHelp(
      "CSV with the group and one of study_instance_uid, patient_key, patient_id (and issuer); batch writes patients.csv.",
      valueName: "FILE.csv"))
  var primaries: String

  @Option(
    name: [.customShort("o"), .customLong("output")], help: ArgumentHelp("Folder to write into.", valueName: "DIR"))
  var folder: String

  @Option(help: ArgumentHelp("Column that names the group.", valueName: "COLUMN")) var groupBy = "primary"

  @Option(help: ArgumentHelp("Key that the outputs were made with, to join real identifiers.", valueName: "FILE"))
  var pseudonymKey: String?

  @Flag(help: "Say nothing but errors.") var quiet = false

  func validate() throws {
    if outputs.isEmpty { throw ValidationError("name at least one output folder") }
  }

  func run() throws {
    try CohortExit.translating {
      let quiet = quiet
      let cohort = try Cohort.read(
        folders: outputs, primaries: primaries, groupColumn: groupBy, pseudonymKeyFile: pseudonymKey,
        refused: { if !quiet { CohortExit.say($0) } })
      try CohortExit.write(CohortTables(cohort).files(), to: folder)
      if cohort.hasRefusals { throw ExitCode(2) }
    }
  }
}

/// What `cohort` and `agree` share: their files, their talk, their exit codes.
enum CohortExit {
  static func say(_ text: String) { FileHandle.standardError.write(Data("spinemet: \(text)\n".utf8)) }

  static func write(_ files: [(name: String, data: Data)], to path: String) throws(AtomicFile.Failure) {
    let folder = URL(fileURLWithPath: path, isDirectory: true)
    try AtomicFile.makeFolder(folder)
    for file in files { try AtomicFile.write(file.data, to: folder.appendingPathComponent(file.name)) }
  }

  static func translating(_ body: () throws -> Void) throws {
    do { try body() } catch let error as CohortError {
      say(error.description)
      throw ExitCode(65)
    } catch let error as AtomicFile.Failure {
      say(error.description)
      throw ExitCode(73)
    }
  }
}
