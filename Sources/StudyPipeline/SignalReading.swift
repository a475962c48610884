internal import Findings
internal import Imaging
internal import LesionMeasurement
internal import StudyReading

/// Reads a lesion's signal on the series of a role.
struct SignalReading {
  let set: StudySeriesSet
  let store: VolumeStore
  let muscle: StudyMuscle
  let findings: LesionFindings

  /// What was read, and what other readings build on.
  struct Outcome {
    var record: SignalRecord
    /// Index of the series, where one covers the lesion and was decoded.
    var series: Int?
    /// The lesion on the series' slab.
    var region: Region?
    var reference: MuscleReference?
    var measurement: SignalMeasurement?
  }

  func read(_ role: SeriesRole, lesion: LesionSet.Lesion) -> Outcome {
    guard let best = set.best(role, for: lesion) else { return missing(set.missing(role)) }
    let entry = set.entries[best.index]
    guard let slab = store.slabs[best.index] else {
      return missing(store.failure(best.index) ?? "the series was not decoded", entry: entry)
    }
    let region = slab.region(best.carried)
    guard !region.isEmpty else {
      return missing("no voxel of the series has its centre in the lesion", entry: entry)
    }
    let covered = best.carried.coveredFraction
    let reference = muscle.reference(series: best.index, near: lesion.region)
    let measurement = reference.flatMap {
      try? SignalMeasurement(volume: slab.volume, lesion: region, muscle: $0)
    }
    var record = findings.signal(
      measurement, seriesInstanceUID: entry.uid, coveredFraction: covered, reason: muscle.reason(series: best.index))
    record.lesionVoxels = region.count
    record.reasons?["lesion_voxels"] = nil
    record.coilFactor = measurement == nil ? nil : reference?.coilFactor
    if measurement == nil, let statistics = try? IntensitySummary(of: slab.volume, in: region) {
      record.lesionMean = statistics.mean
      record.lesionSd = statistics.standardDeviation
      record.lesionMedian = statistics.median
      for name in ["lesion_mean", "lesion_sd", "lesion_median"] { record.reasons?[name] = nil }
    }
    var warnings = record.warnings ?? []
    if covered < 0.999 { warnings.append("the series covers \(Int((covered * 100).rounded())) % of the lesion") }
    if !entry.series.scale.isRatioSafe { warnings += entry.series.scale.notes }
    record.warnings = warnings.isEmpty ? nil : warnings
    return Outcome(
      record: record, series: best.index, region: region, reference: reference, measurement: measurement)
  }

  private func missing(_ reason: String, entry: StudySeriesSet.Entry? = nil) -> Outcome {
    Outcome(record: findings.signal(nil, seriesInstanceUID: entry?.uid, coveredFraction: nil, reason: reason))
  }
}
