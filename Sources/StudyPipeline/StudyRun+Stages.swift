internal import Anatomy
internal import DICOM
internal import Findings
internal import Imaging
internal import LesionMeasurement
internal import StudyReading

extension StudyRun {
  /// The label map: the user's, else from the pixels of the sagittal series.
  mutating func findAnatomy() {
    if let givenAnatomy {
      blocks = clock.measure("outline") { [SpineBlock(map: givenAnatomy)] }
      return
    }
    guard options.automaticAnatomy else {
      anatomyReason = "no label map was given, and looking for one was switched off"
      return
    }
    let anchor = options.levelAnchor.flatMap { anchor in
      VertebralLevel(name: anchor.level).map {
        LevelAnchor(level: $0, point: Vector3(anchor.pointLPS[0], anchor.pointLPS[1], anchor.pointLPS[2]))
      }
    }
    let inputs = store.slabs.keys.sorted().compactMap { index -> AnatomyInput? in
      guard let slab = store.slabs[index] else { return nil }
      let entry = set.entries[index]
      let known = entry.understanding
      // A spine found on a post-contrast series alone is too often a wrong one.
      guard known.plane == .sagittal, known.role != .unused, known.role != .ct, known.contrast != .post else {
        return nil
      }
      return AnatomyInput(
        seriesInstanceUID: entry.uid, volume: slab.volume, plane: known.plane, weighting: known.weighting,
        contrast: known.contrast, fatSuppressed: known.fatSuppressed, wholeSpine: known.wholeSpine,
        lesions: lesions.lesions.compactMap { $0.carried[index] != nil ? $0.region : nil })
    }
    let finder = SpineFinder(parameters: configuration.anatomy)
    do throws(AnatomyFailure) {
      let spines = try clock.measure("anatomy") { () throws(AnatomyFailure) in
        try finder.spines(in: inputs, anchor: anchor)
      }
      blocks = clock.measure("outline") { spines.map { SpineBlock(map: $0.map, spine: $0) } }
      warnings += spines.flatMap(\.warnings)
    } catch {
      anatomyReason = "anatomy was not found: \(error)"
      warnings.append(anatomyReason)
    }
  }

  /// The muscle: a mask, the label map's, else patches found in the pixels.
  mutating func findMuscle() {
    let (set, store, configuration) = (set, store, configuration)
    let masks = carriedMuscle
    let isGiven = !muscleMasks.isEmpty
    let method = muscleMethod
    let centroids = lesions.lesions.compactMap(\.region.centroid)
    let spines = blocks.compactMap(\.spine)
    let canal = { (uid: String) in
      (spines.first { $0.seriesUsed.contains(uid) } ?? spines.first)?.canalCentreline
    }
    muscle = clock.measure("muscle") {
      if isGiven {
        return StudyMuscle(masks: masks, method: method, store: store, parameters: configuration.findings.signal)
      }
      return StudyMuscle(
        searching: set, store: store, canal: canal, lesions: centroids,
        anatomyParameters: configuration.anatomy, parameters: configuration.findings.signal)
    }
  }

  /// Measures each lesion and assembles the document.
  mutating func conclude() -> AnalyzedStudy {
    let findings = LesionFindings(configuration.findings)
    let regions = lesions.lesions.map(\.region)
    let map = blocks.first?.map
    var muscle = muscle!
    clock.measure("coil") { muscle.readCoil(anatomy: map, lesions: regions) }
    self.muscle = muscle
    let analysis = LesionAnalysis(
      set: set, store: store, muscle: muscle, findings: findings, shifts: shifts, blocks: blocks,
      anatomyReason: anatomyReason)
    let all = lesions.lesions
    let measured = clock.measure("measure") { all.map(analysis.analyze) }
    let digest = InputDigest.digest(set, store: store, maskFiles: lesions.files + extraFiles)
    var document = FeatureDocument(
      engine: EngineRecord(version: StudyAnalyzer.engineVersion, configDigest: configuration.digest),
      study: records.study(inputDigest: digest), referenceMuscle: muscle.record(set), patient: PatientRecord())
    document.series = records.series()
    document.lesions = measured.sorted { $0.lesionId < $1.lesionId }
    document.patient = findings.patient(document.lesions)
    document.warnings = contents.warnings + warnings + muscle.warnings + lesions.warnings
    document.warnings += refusals.map { "refused: \($0.subject.rawValue) \(privateName($0)): \($0.reason)" }
    document = document.withPseudonyms(keys)
    return AnalyzedStudy(
      document: document, dicomSource: options.writeDICOM ? dicomSource() : nil, refusals: refusals,
      scenes: options.writeReport ? scenes() : [], stageSeconds: clock.stages)
  }

  /// File names may carry patients' names; they stand in outputs only when identifiers are asked for.
  private func privateName(_ refusal: AnalyzedStudy.Refusal) -> String {
    refusal.subject == .file && !options.includeIdentifiers ? "" : keys.uid(refusal.name)
  }

  // MARK: Pictures and DICOM

  private func scenes() -> [AnalyzedStudy.Scene] {
    store.slabs.keys.sorted().compactMap { index in
      guard let slab = store.slabs[index] else { return nil }
      let entry = set.entries[index]
      let carried = lesions.lesions.compactMap { lesion -> (lesionID: Int, region: Region)? in
        guard let region = lesion.carried[index].map(slab.region), !region.isEmpty else { return nil }
        return (lesion.id, region)
      }
      return AnalyzedStudy.Scene(
        role: entry.understanding.role, seriesInstanceUID: keys.uid(entry.uid), volume: slab.volume, lesions: carried,
        muscle: muscle.regions(series: index), anatomy: block(series: entry.uid)?.map, firstSlice: slab.firstSlice)
    }
  }

  private func block(series uid: String) -> SpineBlock? {
    blocks.first { $0.spine?.seriesUsed.contains(uid) ?? true } ?? blocks.first
  }

  /// The series for SEG and SR: the one that most lesions were drawn on, else the first sagittal one.
  private func dicomSource() -> AnalyzedStudy.DICOMSource? {
    let measurable = set.readingOrder.lazy.filter {
      let role = set.entries[$0].understanding.role
      return role != .ct && role != .unused
    }
    guard let index = lesions.mostDrawnOn ?? measurable.first else { return nil }
    let series = set.entries[index].series
    guard series.slices.allSatisfy({ $0.frameNumber == nil }) else { return nil }
    let carried = lesions.lesions.compactMap { lesion -> (lesionID: Int, region: Region)? in
      guard let region = try? lesion.carried(on: index, series.geometry).region, !region.isEmpty else { return nil }
      return (lesion.id, region)
    }
    guard !carried.isEmpty else { return nil }
    let files = series.slices.map { series.instances[$0.instance].path }
    let first = series.representative
    return AnalyzedStudy.DICOMSource(
      referenceFile: files[0], seriesInstanceUID: series.seriesInstanceUID, sliceFiles: files,
      geometry: series.geometry, sliceThickness: series.frame(ofSlice: 0).plane?.thickness ?? series.geometry.spacing.z,
      lesions: carried,
      date: digits(first.series.date ?? first.study.date, count: 8) ?? "19700101",
      time: digits(first.series.time ?? first.study.time, count: 6) ?? "000000")
  }

  private func digits(_ text: String?, count: Int) -> String? {
    guard let text, text.count >= count, text.prefix(count).allSatisfy(\.isNumber) else { return nil }
    return String(text.prefix(count))
  }
}

extension FeatureDocument {
  /// The document with every UID replaced by its pseudonym; unchanged without a key.
  func withPseudonyms(_ keys: IdentityKeys) -> FeatureDocument {
    var document = self
    for index in document.lesions.indices { document.lesions[index].replaceUIDs(keys) }
    for index in document.referenceMuscle.perSeries.indices {
      document.referenceMuscle.perSeries[index].seriesInstanceUid =
        keys.uid(document.referenceMuscle.perSeries[index].seriesInstanceUid)
    }
    return document
  }
}

extension LesionRecord {
  mutating func replaceUIDs(_ keys: IdentityKeys) {
    size.seriesInstanceUid = size.seriesInstanceUid.map(keys.uid)
    size.sopInstanceUid = size.sopInstanceUid.map(keys.uid)
    margin.seriesInstanceUid = margin.seriesInstanceUid.map(keys.uid)
    enhancement.seriesInstanceUid = enhancement.seriesInstanceUid.map(keys.uid)
    enhancementAxial.seriesInstanceUid = enhancementAxial.seriesInstanceUid.map(keys.uid)
    for path in [
      \LesionRecord.signal.t1, \.signal.t2, \.signal.t1Post, \.signalAxial.t1, \.signalAxial.t2, \.signalAxial.t1Post,
    ] as [WritableKeyPath<LesionRecord, SignalRecord>] {
      self[keyPath: path].seriesInstanceUid = self[keyPath: path].seriesInstanceUid.map(keys.uid)
    }
  }
}
