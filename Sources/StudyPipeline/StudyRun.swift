internal import Anatomy
internal import DICOM
internal import Findings
internal import Foundation
internal import Imaging
internal import LesionMeasurement
internal import StudyReading

/// One study on its way through the stages. Each stage fills in what the next one needs.
struct StudyRun {
  let options: AnalysisOptions
  let configuration: EngineConfiguration
  var clock = StageClock()
  var contents: StudyContents!
  var set = StudySeriesSet(entries: [])
  var lesions = LesionSet()
  /// Muscle masks on their own grids, the same on the series that may be measured, and how they were given.
  var muscleMasks: [Region] = []
  var carriedMuscle: [Int: [Region]] = [:]
  var muscleMethod = ReferenceMuscleRecord.Method.automatic
  /// A label map that the user gave.
  var givenAnatomy: AnatomyMap?
  var blocks: [SpineBlock] = []
  var anatomyReason = "no label map was given"
  var store = VolumeStore()
  /// How the series lie on the one that lesions were drawn on; `nil` before pixels were read.
  var shifts: SeriesShifts?
  var muscle: StudyMuscle!
  var keys = IdentityKeys()
  var extraFiles: [String] = []
  var warnings: [String] = []

  init(options: AnalysisOptions, configuration: EngineConfiguration) {
    self.options = options
    self.configuration = configuration
  }

  var refusals: [AnalyzedStudy.Refusal] { contents.refusals + lesions.refusals }

  var records: StudyRecords {
    StudyRecords(
      contents: contents, set: set, shifts: shifts, keys: keys, includeIdentifiers: options.includeIdentifiers)
  }

  // MARK: Reading

  /// Headers, series and roles.
  mutating func readSeries(_ input: StudyInput) throws(StudyFailure) {
    keys = try pseudonymKeys()
    let options = options
    contents = try clock.measure("read headers") { () throws(StudyFailure) in
      try StudyContents.read(input, studyInstanceUID: options.studyInstanceUID, threads: options.threads)
    }
    for override in options.roleOverrides
    where !contents.series.contains(where: { $0.seriesInstanceUID == override.seriesInstanceUID }) {
      throw StudyFailure(
        .usage, "--role \(override.role.rawValue): the study has no series \(override.seriesInstanceUID)")
    }
    let series = contents.series
    let parameters = configuration.roles
    let understandings = clock.measure("roles") {
      SeriesClassifier.classify(
        series, overrides: options.roleOverrides.map { ($0.role, $0.seriesInstanceUID) }, parameters: parameters,
        threads: options.threads)
    }
    set.entries = zip(series, understandings).map { StudySeriesSet.Entry(series: $0, understanding: $1) }
  }

  /// Everything that needs no pixels of the images.
  mutating func read(_ input: StudyInput) throws(StudyFailure) {
    try readSeries(input)
    let (contents, options) = (contents!, options)
    let order = set.readingOrder
    lesions = try clock.measure("masks") { () throws(StudyFailure) in
      try LesionSet.read(contents, order: order, options: options)
    }
    try readMuscle()
    try readAnatomy()
    carryMasks()
    refuseLesionsOutside()
    chooseVoxels()
    chooseShiftWindows()
  }

  private func pseudonymKeys() throws(StudyFailure) -> IdentityKeys {
    guard let path = options.pseudonymKeyFile else { return IdentityKeys() }
    guard let data = FileManager.default.contents(atPath: path), !data.isEmpty else {
      throw StudyFailure(.usage, "cannot read the pseudonym key \(StudyContents.fileName(path))")
    }
    return IdentityKeys(pseudonymKey: Array(data))
  }

  private mutating func readMuscle() throws(StudyFailure) {
    if let argument = options.muscle {
      do throws(MaskError) {
        let muscle = try MuscleMaskReader.read(argument: argument, series: set.entries.map(\.geometry))
        muscleMasks = muscle.regions
        extraFiles.append(muscle.path)
        muscleMethod = .mask
      } catch {
        throw StudyFailure(.noUsableInput, "cannot use the muscle reference \(error)")
      }
      return
    }
    let segments = lesions.references.filter { $0.kind == .muscle }.map(\.region)
    if !segments.isEmpty {
      muscleMasks = segments
      muscleMethod = .mask
    }
  }

  private mutating func readAnatomy() throws(StudyFailure) {
    guard let argument = options.anatomy else { return }
    do throws(MaskError) {
      let map = try AnatomyReader.read(argument: argument)
      givenAnatomy = map.anatomy
      warnings += map.warnings
      extraFiles += map.paths
    } catch {
      throw StudyFailure(.noUsableInput, "cannot use the label map \(error)")
    }
    guard muscleMasks.isEmpty, let map = givenAnatomy else { return }
    let muscle = map.region(.posteriorParaspinalMuscle)
    if !muscle.isEmpty {
      muscleMasks = [muscle, map.region(.psoasMuscle), map.region(.otherMuscle)]
      muscleMethod = .anatomy
    }
  }

  // MARK: Decoding

  mutating func decode() throws(StudyFailure) {
    if let limit = options.memoryLimitMegabytes {
      let needed = Self.megabytes(store.expectedBytes)
      if needed > limit {
        throw StudyFailure(.memoryLimit, "the study needs about \(needed) MB, \(limit) MB are allowed")
      }
    }
    if lesions.wasGiven, lesions.lesions.isEmpty, lesions.seeds.isEmpty, let first = lesions.refusals.first,
      !options.lesionFiles.isEmpty
    {
      throw StudyFailure(.noUsableInput, "no lesion of the masks fits a series; lesion \(first.name): \(first.reason)")
    }
    let (set, threads) = (set, options.threads)
    var store = store
    clock.measure("decode") { store.load(set, threads: threads) }
    self.store = store
    let failures = store.failures
    let refused = failures.map { index, error in
      AnalyzedStudy.Refusal(
        subject: .series, name: set.entries[index].uid, reason: error.message,
        files: error.path.map { [StudyContents.fileName($0)] } ?? [])
    }
    contents.refusals += refused
    if store.slabs.isEmpty, !refused.isEmpty {
      throw StudyFailure(.noUsableInput, "no series can be decoded; " + refused.map(\.text).joined(separator: "; "))
    }
  }

  static func megabytes(_ bytes: Int) -> Int { (bytes + 999_999) / 1_000_000 + 60 }

  func plan() -> StudyPlan {
    StudyPlan(
      studyInstanceUid: keys.uid(contents.study.instanceUID), series: records.series(), lesions: lesions.lesions.count,
      seeds: lesions.seeds.count, muscle: muscleMasks.isEmpty ? .automatic : muscleMethod,
      looksForCandidates: looksForCandidates,
      looksForAnatomy: givenAnatomy == nil && options.automaticAnatomy,
      memoryMegabytes: Self.megabytes(store.expectedBytes), refusals: refusals)
  }
}
