import ArgumentParser
import CohortStatistics
import Foundation

struct AgreeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "agree", abstract: "Agreement of two readings of the same lesions.",
    discussion: """
      A reading is a features.json, a folder that holds some, or a CSV with the columns of lesions.csv. Lesions of a study \
      are matched by the distance of their centroids. Prints JSON, or with -o writes agreement.json, agreement.md, \
      matches.csv and agreement.html. Studies that only one reading has end in exit code 2.
      """)

  @Argument(help: "First reading.") var first: String
  @Argument(help: "Second reading.") var second: String

  @Option(
    name: [.customShort("o"), .customLong("output")], help: ArgumentHelp("Folder to write into.", valueName: "DIR"))
  var folder: String?

  @Flag(help: "Print Markdown in place of JSON.") var markdown = false
  @Flag(help: "Say nothing but errors.") var quiet = false

  func run() throws {
    let console = Console(quiet: quiet)
    try console.exiting {
      let agreement = try Agreement(first: first, second: second, refused: { console.warn($0) })
      if let folder {
        try Console.write(agreement.files(), to: folder)
      } else {
        Console.emit(markdown ? Data(agreement.markdown().utf8) : try agreement.jsonData())
      }
      return agreement.hasRefusals ? .finishedWithRefusals : .success
    }
  }
}
