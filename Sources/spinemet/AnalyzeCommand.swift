import ArgumentParser
import Findings
import Foundation
import Reporting
import StudyPipeline

/// `spinemet analyze STUDY_DIR -o OUT_DIR`: one study.
struct AnalyzeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analyze", abstract: "Measure the lesions of one study.",
    discussion: "Writes features.json, lesions.csv, report.html and overlays/*.png into OUT_DIR.")

  @Argument(help: "Folder that holds one study, in any layout.")
  var studyDir: String

  @Option(name: .shortAndLong, help: "Output folder; - writes the features JSON to standard output and nothing else.")
  var output: String

  @Flag(name: .long, help: "Print the plan with its memory, decode nothing and write nothing.")
  var dryRun = false

  @Option(name: .long, help: ArgumentHelp("Refuse a study that would need more.", valueName: "MB"))
  var memoryLimit: Int?

  @Option(name: .long, help: "Threads.")
  var jobs = 2

  @OptionGroup(title: "Analysis") var arguments: AnalysisArguments

  func validate() throws {
    guard jobs >= 1 else { throw ValidationError("--jobs wants a number from 1") }
    if let memoryLimit, memoryLimit < 1 { throw ValidationError("--memory-limit wants a number from 1") }
  }

  func run() throws {
    let console = Console(arguments)
    var options = try arguments.options()
    options.threads = jobs
    options.memoryLimitMegabytes = memoryLimit
    options.writeReport = output != "-"
    let analysis = options
    try console.exiting {
      let configuration = try EngineConfiguration.load(options: analysis)
      if arguments.verbose { console.say(String(decoding: configuration.jsonData(), as: UTF8.self)) }
      if dryRun {
        let plan = try StudyAnalyzer.plan(.folder(studyDir), options: analysis, configuration: configuration)
        Console.emit(try FeatureJSON.data(plan))
        return plan.refusals.isEmpty ? .success : .finishedWithRefusals
      }
      if output != "-" { try OutputFolder(URL(fileURLWithPath: output)).checkWritable() }
      let study = try StudyAnalyzer.analyze(.folder(studyDir), options: analysis, configuration: configuration)
      if output == "-" {
        Console.emit(try study.document.jsonData())
      } else {
        let folder = OutputFolder(URL(fileURLWithPath: output))
        try folder.write(study)
        console.say(LesionSummary.table(study.document))
        console.say("features: \(folder.featuresFile.relativePath)\nreport:   \(folder.reportFile.relativePath)")
      }
      if arguments.profile {
        for (stage, seconds) in study.stageSeconds { Console.say("\(stage): \((seconds * 1000).rounded()) ms") }
      }
      for refusal in study.refusals {
        console.warn("refused \(refusal.text)")
      }
      return study.refusals.isEmpty ? .success : .finishedWithRefusals
    }
  }
}
