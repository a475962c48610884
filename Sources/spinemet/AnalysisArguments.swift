import ArgumentParser
import Imaging
import StudyPipeline

/// The options that `analyze` and `batch` share, as the user types them.
struct AnalysisArguments: ParsableArguments {
  @Option(
    name: .long,
    help: "Lesion mask: DICOM SEG or RTSTRUCT, .nii[.gz], .nrrd, .mrk.json (repeatable). Default: what the study holds."
  )
  var lesions: [String] = []

  @Flag(name: .long, help: "Without lesions given, find none automatically.")
  var noAutomatic = false

  @Flag(name: .long, help: "Take each connected component of a label as a lesion of its own.")
  var splitComponents = false

  @Flag(name: .long, help: "Correct shifts between series of the lesions' plane before measuring.")
  var align = false

  @Option(name: .long, help: ArgumentHelp("Muscle reference: mask or Slicer curve.", valueName: "FILE[:LABEL]"))
  var muscle: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Label map of the spine; presets totalspineseg, totalsegmentator_mr, spineps, spinemet, or a JSON file.",
      valueName: "FILE[:PRESET]"))
  var anatomy: String?

  @Flag(name: .long, help: "Do not look for canal, vertebrae and levels in the pixels.")
  var noAutomaticAnatomy = false

  @Option(
    name: .long, help: ArgumentHelp("Level of the vertebra at a point (LPS millimetres).", valueName: "L5@x,y,z"))
  var levelAnchor: String?

  @Option(name: .long, help: "Study Instance UID to take where a folder holds several.")
  var study: String?

  @Option(
    name: .long, help: ArgumentHelp("Role of a series, such as sag_t1 (repeatable).", valueName: "ROLE=SERIES_UID"))
  var role: [String] = []

  @Option(name: .long, help: ArgumentHelp("Thresholds that override the published ones.", valueName: "FILE.json"))
  var config: String?

  @Flag(name: .long, help: "Also write DICOM SR (TID 1500) and SEG; these carry the study's own identifiers.")
  var dicom = false

  @Flag(name: .long, help: "Let header free text into the outputs.")
  var includeIdentifiers = false

  @Option(name: .long, help: ArgumentHelp("Key for pseudonyms (HMAC) of patients and UIDs.", valueName: "FILE"))
  var pseudonymKey: String?

  @Flag(name: .long, help: "Say nothing but errors.")
  var quiet = false

  @Flag(name: .long, help: "Say more, the effective thresholds included.")
  var verbose = false

  @Flag(name: .long, help: "Print the seconds by stage to standard error.")
  var profile = false

  @Option(name: .long, help: "Form of the talk on standard error.")
  var logFormat: LogFormat = .text

  enum LogFormat: String, ExpressibleByArgument, CaseIterable { case text, json }

  func validate() throws {
    _ = try parsedRoles()
    _ = try parsedAnchor()
  }

  /// The options as the pipeline takes them; relative paths stay relative to the working folder.
  func options() throws -> AnalysisOptions {
    var options = AnalysisOptions()
    options.lesionFiles = lesions
    options.muscle = muscle
    options.anatomy = anatomy
    options.levelAnchor = try parsedAnchor()
    options.studyInstanceUID = study
    options.roleOverrides = try parsedRoles()
    options.automaticCandidates = !noAutomatic
    options.automaticAnatomy = !noAutomaticAnatomy
    options.splitComponents = splitComponents
    options.align = align
    options.configurationFile = config
    options.includeIdentifiers = includeIdentifiers
    options.pseudonymKeyFile = pseudonymKey
    options.writeDICOM = dicom
    return options
  }

  private func parsedRoles() throws -> [AnalysisOptions.RoleOverride] {
    try role.map { text in
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[1].isEmpty, let role = SeriesRole(rawValue: String(parts[0])) else {
        let roles = SeriesRole.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("--role wants ROLE=SERIES_UID with one of \(roles); got '\(text)'")
      }
      return .init(role: role, seriesInstanceUID: String(parts[1]))
    }
  }

  private func parsedAnchor() throws -> AnalysisOptions.LevelAnchor? {
    guard let levelAnchor else { return nil }
    let parts = levelAnchor.split(separator: "@", maxSplits: 1)
    let numbers = parts.count == 2 ? parts[1].split(separator: ",").compactMap { Double($0) } : []
    guard numbers.count == 3, numbers.allSatisfy(\.isFinite), let level = VertebralLevel(name: String(parts[0])) else {
      throw ValidationError("--level-anchor wants a level and a point, as in L5@12.5,-30,101; got '\(levelAnchor)'")
    }
    return .init(level: level.name, pointLPS: numbers)
  }
}
