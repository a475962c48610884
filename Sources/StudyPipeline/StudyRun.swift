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
  /// Muscle masks on their own grids, and how they were given.
  var muscleMasks: [Region] = []
  var muscleMethod = ReferenceMuscleRecord.Method.automatic
  /// A label map that the user gave.
  var givenAnatomy: AnatomyMap?
  var blocks: [SpineBlock] = []
  var anatomyReason = "no label map was given"
  var store = VolumeStore()
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
    StudyRecords(contents: contents, set: set, keys: keys, includeIdentifiers: options.includeIdentifiers)
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
    let understandings = clock.measure("roles") {
      SeriesClassifier.classify(series, overrides: options.roleOverrides.map { ($0.role, $0.seriesInstanceUID) })
    }
    set.entries = zip(series, understandings).map { StudySeriesSet.Entry(series: $0, understanding: $1) }
  }

  /// Everything that needs no pixels of the images.
  mutating func read(_ input: StudyInput) throws(StudyFailure) {
    try readSeries(input)
    let (contents, options) = (contents!, options)
    lesions = try clock.measure("masks") { () throws(StudyFailure) in
      try LesionSet.read(contents, options: options)
    }
    try readMuscle()
    try readAnatomy()
    refuseLesionsOutside()
    chooseSlices()
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
        let (path, label) = Self.split(argument)
        let file = try MaskReader.read(path: path)
        muscleMasks = try muscleRegions(of: file, label: label)
        extraFiles.append(path)
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

  /// `FILE` or `FILE:LABEL`; a file whose own name ends so is taken whole.
  static func split(_ argument: String) -> (path: String, label: Int?) {
    guard !FileManager.default.fileExists(atPath: argument), let colon = argument.lastIndex(of: ":"),
      let label = Int(argument[argument.index(after: colon)...])
    else { return (argument, nil) }
    return (String(argument[..<colon]), label)
  }

  /// The voxels of a muscle file: one label, else what it calls muscle, else all of it. Outlines (a closed curve, an
  /// RTSTRUCT) are filled on the series that holds them.
  private func muscleRegions(of file: MaskFile, label: Int?) throws(MaskError) -> [Region] {
    let named = file.references.filter { $0.reference == .muscle }
    let chosen = label.map { label in file.masks.filter { $0.label == label } } ?? (named.isEmpty ? file.masks : named)
    var regions: [Region] = []
    for mask in chosen {
      if let region = mask.region {
        regions.append(region)
        continue
      }
      let placed = set.entries.compactMap { try? MaskPlacement.place(mask, on: $0.geometry).region }
      if let largest = placed.max(by: { $0.count < $1.count }), !largest.isEmpty { regions.append(largest) }
    }
    guard regions.contains(where: { !$0.isEmpty }) else {
      throw MaskError(file: StudyContents.fileName(file.path), reason: "it holds no muscle voxels on any series")
    }
    return regions
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
      muscleMasks = [muscle]
      muscleMethod = .anatomy
    }
  }

  // MARK: Decoding

  var needsWholeVolumes: Bool {
    (givenAnatomy == nil && options.automaticAnatomy) || muscleMasks.isEmpty
  }

  /// Series that any measurement may take.
  private var usefulSeries: [Int] {
    self.set.entries.indices.filter { set.entries[$0].understanding.role != .unused }
  }

  /// Only series that a role needs are decoded, and only the slices that masks, muscle or anatomy need. Where no series
  /// has a role, the ones that lesions were drawn on are decoded for their picture.
  private mutating func chooseSlices() {
    if usefulSeries.isEmpty {
      for lesion in lesions.lesions {
        guard let index = lesion.drawnOn else { continue }
        let slices = lesion.region.geometry.slices
        store.want(index, slices: 0..<slices, of: set.entries[index].geometry.slices)
      }
    }
    for index in usefulSeries {
      let geometry = set.entries[index].geometry
      if needsWholeVolumes, set.entries[index].understanding.role != .ct {
        store.want(index, slices: 0..<geometry.slices, of: geometry.slices)
        continue
      }
      for region in lesions.lesions.map(\.region) + muscleMasks {
        guard let carried = try? RegionCarrying.carry(region, to: geometry).region, !carried.isEmpty else { continue }
        store.want(
          index, slices: carried.slices.lowerBound - 1..<carried.slices.upperBound + 1, of: geometry.slices)
      }
    }
  }

  mutating func decode() throws(StudyFailure) {
    if let limit = options.memoryLimitMegabytes {
      let needed = Self.megabytes(store.expectedBytes(set))
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
    for (index, reason) in store.failures.sorted(by: { $0.key < $1.key }) {
      contents.refusals.append(.init(subject: .series, name: set.entries[index].uid, reason: reason))
    }
    if store.slabs.isEmpty, let first = store.failures.sorted(by: { $0.key < $1.key }).first {
      throw StudyFailure(.noUsableInput, "no series can be decoded: \(first.value)")
    }
  }

  static func megabytes(_ bytes: Int) -> Int { (bytes + 999_999) / 1_000_000 + 60 }

  func plan() -> StudyPlan {
    StudyPlan(
      studyInstanceUid: keys.uid(contents.study.instanceUID), series: records.series(), lesions: lesions.lesions.count,
      seeds: lesions.seeds.count, muscle: muscleMasks.isEmpty ? .automatic : muscleMethod,
      looksForCandidates: false,
      looksForAnatomy: givenAnatomy == nil && options.automaticAnatomy,
      memoryMegabytes: Self.megabytes(store.expectedBytes(set)), refusals: refusals)
  }
}
