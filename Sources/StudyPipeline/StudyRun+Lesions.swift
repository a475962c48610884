internal import Anatomy
internal import Detection
internal import Findings
internal import Imaging
internal import LesionMeasurement
internal import StudyReading

/// Lesions that no mask gave: candidates where the study holds none, and masks around points.
extension StudyRun {
  var looksForCandidates: Bool { !lesions.wasGiven && options.automaticCandidates }

  var looksForLesions: Bool { looksForCandidates || !lesions.seeds.isEmpty }

  mutating func findLesions() {
    guard looksForLesions else { return }
    guard !blocks.isEmpty else {
      refuseSeeds(anatomyReason)
      if looksForCandidates { warnings.append("no candidates were looked for: \(anatomyReason)") }
      return
    }
    let (blocks, parameters) = (blocks, configuration.detection)
    var finders: [(block: SpineBlock, grid: Int, finder: LesionFinder)] = []
    var reason: String?
    for block in blocks {
      let series = detectionSeries(for: block)
      do throws(DetectionFailure) {
        let finder = try clock.measure("detection") { () throws(DetectionFailure) in
          try LesionFinder(series.map(\.series), map: block.map, parameters: parameters)
        }
        finders.append((block, series[0].index, finder))
      } catch {
        reason = "\(error)"
      }
    }
    if looksForCandidates {
      if let reason, finders.isEmpty { warnings.append("no candidates were looked for: \(reason)") }
      addCandidates(finders.map { ($0.grid, $0.finder) })
    }
    growSeeds(finders.map { ($0.block, $0.grid, $0.finder) }, reason)
    carryMasks()
  }

  private mutating func refuseSeeds(_ reason: String) {
    lesions.refusals += lesions.seeds.map {
      .init(subject: .lesion, name: "\($0.id)", reason: "the point cannot be grown to a mask: \(reason)")
    }
  }

  private mutating func addCandidates(_ finders: [(grid: Int, finder: LesionFinder)]) {
    let found = clock.measure("detection") {
      finders.flatMap { item in item.finder.candidates().map { (item.grid, $0) } }
    }
    for (number, (grid, lesion)) in found.enumerated() {
      add(lesion, id: number + 1, LesionSource(kind: .automatic, label: nil, confidence: lesion.score), grid: grid)
    }
  }

  private mutating func growSeeds(
    _ finders: [(block: SpineBlock, grid: Int, finder: LesionFinder)], _ reason: String?
  ) {
    for seed in lesions.seeds {
      guard let own = finders.first(where: { $0.block.covers(seed.point) }) ?? finders.first else {
        refuseSeeds(reason ?? "no anatomy lies there")
        return
      }
      do throws(DetectionFailure) {
        let lesion = try clock.measure("detection") { () throws(DetectionFailure) in
          try own.finder.lesion(at: seed.point)
        }
        add(lesion, id: seed.id, seed.source, grid: own.grid)
      } catch {
        lesions.refusals.append(.init(subject: .lesion, name: "\(seed.id)", reason: "\(error)"))
      }
    }
  }

  private mutating func add(_ lesion: DetectedLesion, id: Int, _ source: LesionSource, grid: Int) {
    var source = source
    source.evidence = lesion.evidence
    lesions.lesions.append(.init(id: id, source: source, region: lesion.region, drawnOn: grid))
  }

  /// The sagittal series of a stretch, one of each kind, the one that most vertebrae lie in; T1 first, since masks are
  /// drawn on its grid.
  private func detectionSeries(for block: SpineBlock) -> [(index: Int, series: DetectionSeries)] {
    let wanted: [(DetectionSeries.Kind, SeriesRole)] = [
      (.t1, .sagittalT1), (.t2, .sagittalT2), (.post, .sagittalT1Post),
    ]
    return wanted.compactMap { kind, role in
      let usable = set.indices(role: role).filter { index in
        guard store.slabs[index] != nil else { return false }
        let suppressed = set.entries[index].understanding.fatSuppressed
        return kind == .post ? suppressed != false : suppressed != true
      }
      let covered = usable.map { index -> (index: Int, count: Int) in
        let grid = set.entries[index].geometry
        return (index, block.outline.bodies.reduce(0) { $0 + (grid.nearestVoxel(to: $1.centroid) == nil ? 0 : 1) })
      }
      guard let best = covered.max(by: { ($0.count, $1.index) < ($1.count, $0.index) }), best.count > 0,
        let slab = store.slabs[best.index]
      else { return nil }
      return (
        best.index,
        DetectionSeries(
          kind: kind, volume: slab.volume, muscle: muscle.mean(series: best.index),
          muscleDepth: muscle.depth(series: best.index))
      )
    }
  }
}
