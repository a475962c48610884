internal import Anatomy
internal import Findings
internal import Imaging
internal import LesionMeasurement
internal import StudyReading

/// The muscle that a study's ratios refer to: a mask, the muscle of a label map, or muscle found in the pixels.
struct StudyMuscle: Sendable {
  /// Muscle on one series.
  private struct OnSeries: Sendable {
    var patches: MusclePatches
    /// Further muscle at other depths, which shows the coil's fall-off.
    var deeper: [Region] = []
    /// All of it; for a mask this is the reference of every lesion.
    var whole: LesionMeasurement.MuscleReference
    /// How it was found automatically.
    var found: Anatomy.MuscleReference?
    var slab: VolumeStore.Slab

    /// The muscle near a level; `nil` where there is little.
    func near(_ z: Double, _ parameters: SignalParameters) -> LesionMeasurement.MuscleReference? {
      let near = patches.regions.map { $0.within(parameters.muscleWindow, ofLevel: z) }
      guard near.reduce(0, { $0 + $1.count }) >= StudyMuscle.fewestNear else { return nil }
      return try? LesionMeasurement.MuscleReference(
        volume: slab.volume, patches: near, tiles: slab.tiles, parameters: parameters)
    }
  }

  private(set) var method: ReferenceMuscleRecord.Method = .none
  private(set) var warnings: [String] = []
  private var series: [Int: OnSeries] = [:]
  private var reasons: [Int: String] = [:]
  /// The coil's fall-off as each series shows it at each lesion's centroid.
  private var fallOffs: [Int: [Vector3: CoilFallOff]] = [:]
  private let parameters: SignalParameters
  /// Fewest voxels of muscle near a lesion's level: twelve blocks of sixteen.
  private static let fewestNear = 192

  /// Takes a mask's or a label map's muscle on every decoded series.
  ///
  /// - Parameter masks: the muscle on each series' grid, by the series' index. A label map's are compartments, of which
  ///   the muscle without its fat is taken: the first is the reference, the others only show the coil's fall-off.
  init(masks: [Int: [Region]], method: ReferenceMuscleRecord.Method, store: VolumeStore, parameters: SignalParameters) {
    self.parameters = parameters
    self.method = method
    // Series often share a grid, and with it a mask's voxels.
    var known: [VolumeGeometry: MusclePatches] = [:]
    for index in store.slabs.keys.sorted() {
      guard let slab = store.slabs[index] else { continue }
      let regions = (masks[index] ?? []).map(slab.region)
      if method == .anatomy {
        add(
          index, compartments: regions, slab: slab, found: nil,
          reason: "the muscle of the label map lies outside the series")
        continue
      }
      let patches = known[slab.volume.geometry] ?? MusclePatches(regions, parameters: parameters)
      known[slab.volume.geometry] = patches
      add(index, patches: patches, slab: slab, found: nil, reason: "the muscle reference lies outside the series")
    }
  }

  /// Looks for muscle in every decoded series that holds a role.
  init(
    searching set: StudySeriesSet, store: VolumeStore, canal: (String) -> [Vector3]?, lesions: [Vector3],
    anatomyParameters: AnatomyParameters, parameters: SignalParameters
  ) {
    self.parameters = parameters
    method = .automatic
    let finder = MuscleFinder(parameters: anatomyParameters)
    var found: [Int: Anatomy.MuscleReference] = [:]
    for (index, slab) in store.slabs {
      let understanding = set.entries[index].understanding
      guard understanding.role != .ct, understanding.role != .unused else { continue }
      found[index] = finder.reference(
        in: slab.volume, plane: understanding.plane, weighting: understanding.weighting,
        fatSuppressed: understanding.fatSuppressed, canalCentreline: canal(set.entries[index].uid), lesions: lesions)
    }
    let places = MusclePlaces(found.mapValues(\.compartments).filter { !$0.value.isEmpty })
    for (index, reference) in found.sorted(by: { $0.key < $1.key }) {
      guard let slab = store.slabs[index] else { continue }
      let role = set.entries[index].understanding.role.rawValue
      warnings += reference.warnings.map { "muscle on \(role): \($0)" }
      if let other = places.outvoted(index) {
        warnings.append(
          "muscle on \(role): what was found lies where other series show none; their muscle was taken")
        add(
          index, compartments: other, slab: slab, found: nil, reason: "the muscle of other series lies outside this one"
        )
        continue
      }
      add(
        index, compartments: reference.compartments, slab: slab, found: reference,
        reason: reference.reason ?? "no muscle was found")
    }
    if series.isEmpty { method = .none }
  }

  /// Takes the muscle without its fat: of the first compartment as the reference, of the others for the coil.
  private mutating func add(
    _ index: Int, compartments: [Region], slab: VolumeStore.Slab, found: Anatomy.MuscleReference?, reason: String
  ) {
    let pure = PureMuscle.regions(compartments, in: slab.volume, parameters: parameters)
    let patches = MusclePatches(Array(pure.prefix(1)), parameters: parameters)
    add(index, patches: patches, slab: slab, found: found, reason: reason)
    series[index]?.deeper = Array(pure.dropFirst())
  }

  private mutating func add(
    _ index: Int, patches: MusclePatches, slab: VolumeStore.Slab, found: Anatomy.MuscleReference?, reason: String
  ) {
    guard
      let whole = try? LesionMeasurement.MuscleReference(
        volume: slab.volume, patches: patches, tiles: slab.tiles)
    else {
      reasons[index] = reason
      return
    }
    series[index] = OnSeries(patches: patches, whole: whole, found: found, slab: slab)
  }

  /// The reference for a lesion on a series: a mask as it is, other muscle near the lesion's level; the coil's
  /// fall-off between muscle and lesion is taken out where the tissues show it.
  func reference(series index: Int, near lesion: Region) -> LesionMeasurement.MuscleReference? {
    guard let entry = series[index] else { return nil }
    guard let centroid = lesion.centroid else { return entry.whole }
    var reference = entry.whole
    if method != .mask { reference = entry.near(centroid.z, parameters) ?? reference }
    let fallOffs = fallOffs(near: centroid, inPlaneOf: entry.slab)
    return reference.moved(to: centroid.y, by: CoilConsensus(fallOffs, parameters: parameters))
  }

  /// What every series of the same plane shows of the coil near a lesion: one coil received them all.
  private func fallOffs(near place: Vector3, inPlaneOf slab: VolumeStore.Slab) -> [CoilFallOff] {
    let normal = slab.volume.geometry.sliceDirection
    return series.keys.sorted().compactMap { index in
      guard let other = series[index], abs(other.slab.volume.geometry.sliceDirection.dot(normal)) > 0.8 else {
        return nil
      }
      return fallOffs[index]?[place]
    }
  }

  /// Reads the tissues that show the coil's fall-off: this muscle, and the marrow of each vertebra without lesions.
  mutating func readCoil(anatomy: AnatomyMap?, lesions: [Region]) {
    let places = Set(lesions.compactMap(\.centroid))
    for (index, entry) in series {
      let volume = entry.slab.volume
      let voxels = method == .mask ? CoilSamples.whole(entry.patches.regions) : entry.patches.voxels
      var samples = CoilSamples.muscle(voxels, volume: volume)
      samples += CoilSamples.muscle(entry.deeper.flatMap(\.offsets), volume: volume)
      if let anatomy { samples += CoilSamples.marrow(anatomy, lesions: lesions, volume: volume) }
      let profile = CoilProfile(samples, parameters: parameters)
      for place in places {
        fallOffs[index, default: [:]][place] = CoilFallOff(profile, near: place, parameters: parameters)
      }
    }
  }

  /// Mean signal of all of it on a series.
  func mean(series index: Int) -> Double? { series[index]?.whole.mean }

  /// Its mean posterior coordinate, LPS y.
  func depth(series index: Int) -> Double? { series[index]?.whole.posteriorCoordinate }

  func reason(series index: Int) -> String { reasons[index] ?? "there is no muscle reference on the series" }

  func regions(series index: Int) -> [Region] { series[index]?.patches.regions ?? [] }

  /// The record of features.json, for every series that holds a role and was decoded.
  func record(_ set: StudySeriesSet) -> ReferenceMuscleRecord {
    var record = ReferenceMuscleRecord(method: method)
    for index in set.entries.indices {
      let role = set.entries[index].understanding.role
      guard series[index] != nil || reasons[index] != nil, role != .ct, role != .unused else { continue }
      var row = ReferenceMuscleRecord.PerSeries(seriesInstanceUid: set.entries[index].uid, role: role)
      if let entry = series[index] {
        row.mean = entry.whole.mean
        row.sd = entry.whole.standardDeviation
        row.voxels = entry.whole.voxels
        row.patches = entry.found?.patches.count ?? entry.whole.patches
        row.patchSpreadPercent = entry.found?.spreadPercent ?? entry.whole.patchSpreadPercent
        row.snr = entry.whole.signalToNoise
        row.meanDepthDifferenceMm = entry.found?.meanDepthDifference
        var missing: [String: String] = [:]
        if row.patchSpreadPercent == nil { missing["patch_spread_percent"] = "the muscle is a single block" }
        if row.snr == nil { missing["snr"] = "the muscle is too small to show the noise" }
        if row.meanDepthDifferenceMm == nil {
          missing["mean_depth_difference_mm"] = "depths are known for muscle found automatically, with lesions"
        }
        row.reasons = missing.isEmpty ? nil : missing
      } else {
        let reason = reasons[index] ?? ""
        row.reasons = Dictionary(
          uniqueKeysWithValues: ["mean", "sd", "patch_spread_percent", "snr", "mean_depth_difference_mm"].map {
            ($0, reason)
          })
      }
      record.perSeries.append(row)
    }
    if method == .none {
      record.reasons = ["per_series": reasons.isEmpty ? "no series holds a role" : "muscle was found on no series"]
    }
    return record
  }
}

extension Region {
  /// The members whose centres lie within a distance of a level (LPS z), millimetres.
  fileprivate func within(_ distance: Double, ofLevel z: Double) -> Region {
    guard !isEmpty else { return self }
    var inside = members
    let along = geometry.rowDirection.z * geometry.spacing.x
    for slice in slices {
      for row in rows {
        let start = geometry.position(column: 0, row: Double(row), slice: slice).z - z
        for column in columns where abs(start + along * Double(column)) > distance {
          inside[boxOffset(column: column, row: row, slice: slice)] = 0
        }
      }
    }
    return Region(geometry: geometry, columns: columns, rows: rows, slices: slices, members: inside)
  }
}
