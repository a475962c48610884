import ArgumentParser
import CohortStatistics

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
    let console = Console(quiet: quiet)
    try console.exiting {
      let cohort = try Cohort.read(
        folders: outputs, primaries: primaries, groupColumn: groupBy, pseudonymKeyFile: pseudonymKey,
        refused: { console.warn($0) })
      try Console.write(CohortTables(cohort).files(), to: folder)
      return cohort.hasRefusals ? .finishedWithRefusals : .success
    }
  }
}
