internal import Anatomy
internal import DICOM
internal import Findings
internal import Imaging
internal import LesionMeasurement
internal import StudyReading

/// Everything that is measured and concluded about one lesion.
struct LesionAnalysis {
  let set: StudySeriesSet
  let store: VolumeStore
  let muscle: StudyMuscle
  let findings: LesionFindings
  let shifts: SeriesShifts?
  /// Stretches of the spine with their label maps; empty without anatomy, and why.
  let blocks: [SpineBlock]
  let anatomyReason: String

  /// The lesion's readings on the three roles of one plane.
  private struct Readings {
    var t1: SignalReading.Outcome
    var t2: SignalReading.Outcome
    var post: SignalReading.Outcome

    var records: SignalRecords { SignalRecords(t1: t1.record, t2: t2.record, t1Post: post.record) }
  }

  func analyze(_ lesion: LesionSet.Lesion) -> LesionRecord {
    let configuration = findings.configuration
    let centroid = lesion.region.centroid ?? .zero
    let block = blocks.first { $0.covers(centroid) }
    let location = block.flatMap { LocationReader.measure(lesion.region, $0.outline, configuration.location) }
    let reason = blocks.isEmpty ? anatomyReason : "the anatomy does not cover the lesion"
    let size = SizeReading(set: set, findings: findings).read(lesion, location: location)
    let sagittal = readings(lesion, [.sagittalT1, .sagittalT2, .sagittalT1Post])
    let axial = readings(lesion, [.axialT1, .axialT2, .axialT1Post])
    let pattern = enhancement(sagittal)
    let axialPattern = enhancement(axial)
    var record = LesionRecord(
      lesionId: lesion.id, source: lesion.source,
      location: findings.location(
        centroid: centroid, location, levelConfidence: block?.levelConfidence(at: centroid), reason: reason),
      size: size.record, signal: sagittal.records, signalAxial: axial.records,
      margin: margin(lesion, sagittal, location, anatomy: block?.map),
      extent: findings.extent(location, hasCanal: block?.outline.hasCanal ?? false, reason: reason),
      enhancement: pattern, enhancementAxial: axialPattern, matrix: matrix(lesion, sagittal, axial))
    if record.location.level == nil, let why = block?.spine?.levelReason {
      for name in ["level", "region", "level_confidence"] { record.location.reasons?[name] = why }
    }
    record.warnings = lesion.warnings + size.warnings + disagreements(record)
    record.patternEvidence = findings.evidence(record)
    return record
  }

  private func readings(_ lesion: LesionSet.Lesion, _ roles: [SeriesRole]) -> Readings {
    let reading = SignalReading(set: set, store: store, muscle: muscle, findings: findings)
    return Readings(
      t1: reading.read(roles[0], lesion: lesion),
      t2: reading.read(roles[1], lesion: lesion),
      post: reading.read(roles[2], lesion: lesion))
  }

  // MARK: Enhancement

  private func enhancement(_ readings: Readings) -> EnhancementRecord {
    guard let index = readings.post.series, let region = readings.post.region, let slab = store.slabs[index] else {
      let reason = readings.post.record.reasons?["ratio_to_muscle"] ?? "there is no post-gadolinium series"
      return findings.enhancement(nil, seriesInstanceUID: nil, reason: reason)
    }
    let entry = set.entries[index]
    guard let reference = readings.post.reference.flatMap(Self.reference) else {
      var record = findings.enhancement(nil, seriesInstanceUID: entry.uid, reason: muscle.reason(series: index))
      record.class = .indeterminate
      return record
    }
    let input = EnhancementInput(
      post: slab.volume, region: region, muscle: reference, fatSuppressed: entry.understanding.fatSuppressed,
      pre: preContrast(readings.t1, post: entry), t1: companion(readings.t1, post: index),
      t2: companion(readings.t2, post: index))
    let measured = EnhancementReader.measure(input, findings.configuration.enhancement)
    return findings.enhancement(measured, seriesInstanceUID: entry.uid, reason: "")
  }

  private static func reference(_ muscle: LesionMeasurement.MuscleReference) -> EnhancementInput.Reference? {
    guard muscle.mean > 0 else { return nil }
    return EnhancementInput.Reference(
      mean: muscle.mean, relativeStandardError: muscle.relativeStandardError, noise: muscle.noise?.sigma ?? 0)
  }

  private func companion(_ outcome: SignalReading.Outcome, post: Int) -> EnhancementInput.Companion? {
    guard let index = outcome.series, let slab = store.slabs[index],
      let reference = outcome.reference.flatMap(Self.reference)
    else { return nil }
    return EnhancementInput.Companion(
      volume: slab.volume, muscle: reference, shift: shifts?.between(post, and: index))
  }

  private func preContrast(
    _ outcome: SignalReading.Outcome, post: StudySeriesSet.Entry
  ) -> EnhancementInput.PreContrast? {
    guard let index = outcome.series, let ratio = outcome.measurement?.ratio, ratio > 0 else { return nil }
    let entry = set.entries[index]
    let interval = outcome.measurement?.ratioInterval95
    let error = interval.map { ($0.upperBound - $0.lowerBound) / (2 * 1.96 * ratio) } ?? 0.1
    return EnhancementInput.PreContrast(
      ratioToMuscle: ratio, relativeStandardError: error, fatSuppressed: entry.understanding.fatSuppressed,
      matchesPost: entry.matchesAcquisition(of: post))
  }

  // MARK: Margin and matrix

  private func margin(
    _ lesion: LesionSet.Lesion, _ readings: Readings, _ location: LocationMeasurement?,
    anatomy: AnatomyMap?
  ) -> MarginRecord {
    let outcomes = [readings.t1, readings.t2, readings.post].filter { $0.series != nil && $0.region != nil }
    let isSagittal = Plane(normal: lesion.region.geometry.sliceDirection) == .sagittal
    guard let region = isSagittal ? lesion.region : outcomes.first?.region, !outcomes.isEmpty else {
      return findings.margin(nil, seriesInstanceUID: nil, reason: "no sagittal series covers the lesion")
    }
    let images = outcomes.compactMap { outcome in
      outcome.series.flatMap { index in
        store.slabs[index].map {
          MarginImage(
            volume: $0.volume, box: $0.box, of: set.entries[index].geometry,
            noiseSigma: outcome.reference?.noise?.sigma)
        }
      }
    }
    let measured = MarginMeasurement(
      of: region, on: images, anatomy: anatomy, borderless: location?.borderless,
      parameters: findings.configuration.margin)
    let uid = measured.mainImage.flatMap { outcomes[$0].series }.map { set.entries[$0].uid }
    return findings.margin(measured, seriesInstanceUID: uid, reason: "")
  }

  private func matrix(_ lesion: LesionSet.Lesion, _ sagittal: Readings, _ axial: Readings) -> MatrixRecord {
    let parameters = findings.configuration.matrix
    var ct: MatrixMeasurement?
    if let best = set.best(.ct, for: lesion), let slab = store.slabs[best.index] {
      let region = slab.region(best.carried)
      if !region.isEmpty { ct = MatrixMeasurement(ct: slab.volume, lesion: region, parameters) }
    }
    let t2 = sagittal.t2.series == nil ? axial.t2 : sagittal.t2
    let signal = t2.measurement.flatMap { measurement in
      MatrixMeasurement(
        t2Mean: measurement.lesion.mean, standardDeviation: measurement.lesion.standardDeviation,
        voxels: measurement.lesion.count, muscleMean: measurement.muscleMean,
        noise: t2.reference?.noise?.sigma ?? 0, limit: 1 + findings.configuration.signal.hyperintenseBand, parameters)
    }
    return findings.matrix(
      ct: ct, t2: signal, reason: t2.record.reasons?["ratio_to_muscle"] ?? "no CT and no T2 series covers the lesion")
  }

  // MARK: Planes that disagree

  private func disagreements(_ record: LesionRecord) -> [String] {
    var warnings: [String] = []
    let (sagittal, axial) = (record.enhancement.class, record.enhancementAxial.class)
    let silent: [EnhancementRecord.Pattern] = [.notApplicable, .indeterminate]
    if sagittal != axial, !silent.contains(sagittal), !silent.contains(axial) {
      warnings.append("enhancement reads \(sagittal.rawValue) on sagittal and \(axial.rawValue) on axial images")
    }
    for (name, first, second) in [
      ("T1", record.signal.t1, record.signalAxial.t1), ("T2", record.signal.t2, record.signalAxial.t2),
    ] {
      if let first = first.class, let second = second.class, first != second, first != .indeterminate,
        second != .indeterminate
      {
        warnings.append("\(name) reads \(first.rawValue) on sagittal and \(second.rawValue) on axial images")
      }
    }
    return warnings
  }
}

extension StudySeriesSet.Entry {
  /// Whether another series has the same sequence times, fat suppression and grid, so that signals may be subtracted.
  func matchesAcquisition(of other: Self) -> Bool {
    let (first, second) = (series.acquisition, other.series.acquisition)
    guard let tr1 = first.repetitionTime, let tr2 = second.repetitionTime, let te1 = first.echoTime,
      let te2 = second.echoTime
    else { return false }
    return abs(tr1 - tr2) <= 0.01 * tr2 && abs(te1 - te2) <= 0.01 * te2
      && understanding.fatSuppressed != nil && understanding.fatSuppressed == other.understanding.fatSuppressed
      && GridMatch.isSame(series.geometry, other.series.geometry)
  }
}
