import ArgumentParser
import Findings
import Foundation
import Reporting
import StudyPipeline

/// `spinemet inspect STUDY_DIR`: what each series is, and why.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show the series of a study: role, plane, weighting, contrast, geometry, warnings.")

  @Argument(help: "Folder that holds one study, in any layout.")
  var studyDir: String

  @Flag(name: .long, help: "Print JSON.")
  var json = false

  @Flag(name: .long, help: "Read each header a second time with DCMTK, and say where the two readings differ.")
  var checkHeaders = false

  @OptionGroup(title: "Analysis") var arguments: AnalysisArguments

  func run() throws {
    let console = Console(arguments)
    let options = try arguments.options()
    try console.exiting {
      let inspection = try StudyAnalyzer.inspect(
        .folder(studyDir), options: options, checkingHeaders: checkHeaders)
      if json {
        Console.emit(try FeatureJSON.data(inspection))
      } else {
        Console.emit(SeriesTable.text(inspection))
      }
      for refusal in inspection.refusals {
        console.warn("refused \(refusal.text)")
      }
      let differences = inspection.headerCheck?.differences ?? []
      for difference in differences {
        console.warn("DCMTK reads another header: \(difference)")
      }
      return inspection.refusals.isEmpty && differences.isEmpty ? .success : .finishedWithRefusals
    }
  }
}
