internal import DICOM
internal import Findings
internal import Foundation
internal import Imaging
internal import StudyReading

/// The lesions of a study as regions on their own grids, and what else the mask files held.
struct LesionSet: Sendable {
  struct Lesion: Sendable {
    var id: Int
    var source: LesionSource
    /// The mask on its own grid (for contours: the grid of the series they were drawn on).
    var region: Region
    /// Index of the series whose lattice the grid shares; `nil` where it shares none.
    var drawnOn: Int?
    /// The lesion on the grids of the series that may be measured, by the series' index; each is carried once.
    var carried: [Int: CarriedRegion] = [:]
    var warnings: [String] = []

    /// The lesion on a series' grid, carried now for a series that nothing is measured on.
    func carried(on index: Int, _ geometry: VolumeGeometry) throws(MaskError) -> CarriedRegion {
      if let known = carried[index] { return known }
      return try RegionCarrying.carry(region, to: geometry)
    }
  }

  var lesions: [Lesion] = []
  /// Seeds that still have to be grown.
  var seeds: [(id: Int, source: LesionSource, point: Vector3)] = []
  /// References by kind, each on its own grid.
  var references: [(kind: ReferenceKind, region: Region)] = []
  var refusals: [AnalyzedStudy.Refusal] = []
  var warnings: [String] = []
  /// The mask files that were used, for the input's digest.
  var files: [String] = []
  /// Whether any file held lesions, so that no candidates are looked for.
  var wasGiven = false

  /// The series that most lesions were drawn on.
  var mostDrawnOn: Int? {
    var counts: [Int: Int] = [:]
    for lesion in lesions { if let index = lesion.drawnOn { counts[index, default: 0] += 1 } }
    return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }

  /// Reads the masks that the user named, or those of the study folder: SEG, else RTSTRUCT, else `lesions.*`.
  ///
  /// - Throws: `noUsableInput` for a named file that cannot be read or fits no series. Masks of the study folder that
  ///   fail are refusals instead.
  ///
  /// - Parameter order: the series' indices, in the order in which they are taken for the one that a mask was drawn on
  ///   where its file names none and several share its voxels.
  static func read(
    _ contents: StudyContents, order: [Int], options: AnalysisOptions
  ) throws(StudyFailure) -> LesionSet {
    var set = LesionSet()
    if !options.lesionFiles.isEmpty {
      for path in options.lesionFiles {
        let file: MaskFile
        do throws(MaskError) { file = try MaskReader.read(path: path) } catch {
          throw StudyFailure(.noUsableInput, "cannot use the mask \(error)")
        }
        set.add(file, contents: contents, order: order, split: options.splitComponents)
      }
      set.wasGiven = true
      if set.lesions.isEmpty, set.seeds.isEmpty {
        let reason = set.refusals.first.map { "\($0.name): \($0.reason)" } ?? "no label is a lesion"
        throw StudyFailure(.noUsableInput, "the masks given hold no usable lesion: \(reason)")
      }
    } else {
      let found = MaskDiscovery.discover(study: contents.study, strangers: contents.strangers)
      var seen: Set<String> = []
      for file in found.lesionFiles + found.otherFiles {
        if let content = FileDigest.xxh3(path: file.path), !seen.insert(content).inserted {
          set.warnings.append("a copy of a mask file was left out")
          continue
        }
        set.add(file, contents: contents, order: order, split: options.splitComponents)
      }
      set.warnings += found.warnings
      set.refusals += found.failures.map {
        .init(subject: .file, name: StudyContents.fileName($0.file), reason: $0.reason)
      }
      set.wasGiven = !(found.lesionFiles.isEmpty && found.failures.isEmpty)
    }
    set.number()
    return set
  }

  private mutating func add(_ file: MaskFile, contents: StudyContents, order: [Int], split: Bool) {
    files.append(file.path)
    warnings += file.warnings
    for mask in file.masks where !mask.isEmpty {
      let source = LesionSource(kind: Self.kind(mask.kind), label: mask.label, confidence: 1)
      switch mask.shape {
      case .points(let points):
        guard mask.reference == nil else { continue }
        seeds += points.map { (mask.label, source, $0) }
      case .voxels(let region):
        let own = MaskPlacement.ownSeries(of: mask, among: order.map { contents.series[$0] })
        place(mask, region: region, drawnOn: own.map { order[$0] }, source, split)
      case .contours(let contours):
        guard let (index, placed) = Self.bestSeries(for: mask, contours: contours, series: contents.series) else {
          refusals.append(
            .init(subject: .lesion, name: "\(mask.label)", reason: "its frame of reference is that of no series"))
          continue
        }
        warnings += placed.warnings
        guard !placed.region.isEmpty else {
          let miss = placed.missDistance.map { "; it misses by \(($0 * 10).rounded() / 10) mm" } ?? ""
          refusals.append(.init(subject: .lesion, name: "\(mask.label)", reason: "it lies outside every series\(miss)"))
          continue
        }
        place(mask, region: placed.region, drawnOn: index, source, split)
      }
    }
  }

  private mutating func place(
    _ mask: LabelledMask, region: Region, drawnOn: Int?, _ source: LesionSource, _ split: Bool
  ) {
    if let reference = mask.reference {
      references.append((reference, region))
    } else {
      let parts = split ? region.components() : [region]
      lesions += parts.map { Lesion(id: mask.label, source: source, region: $0, drawnOn: drawnOn) }
    }
  }

  /// The series that holds most of a set of contours: one that the file names, else one of the same frame of reference.
  private static func bestSeries(
    for mask: LabelledMask, contours: [PlanarContour], series: [ImageSeries]
  ) -> (Int, PlacedContours)? {
    let named = series.indices.filter { mask.referencedSeriesUIDs.contains(series[$0].seriesInstanceUID) }
    let fitting = series.indices.filter { index in
      guard let frame = mask.frameOfReferenceUID else { return true }
      return series[index].geometry.frameOfReferenceUID.map { $0 == frame } ?? true
    }
    let candidates = named.isEmpty ? fitting : named
    let placed = candidates.compactMap { index in
      (try? ContourPlacement.place(contours, on: series[index].geometry)).map { (index, $0) }
    }
    return placed.max { first, second in
      (first.1.coveredFraction, second.0) < (second.1.coveredFraction, first.0)
    }
  }

  /// Lesion numbers: the labels where they tell lesions apart, else 1, 2, ... in order.
  private mutating func number() {
    let labels = lesions.map(\.id) + seeds.map(\.id)
    guard Set(labels).count != labels.count || labels.contains(where: { $0 < 1 }) else { return }
    for index in lesions.indices { lesions[index].id = index + 1 }
    for index in seeds.indices { seeds[index].id = lesions.count + index + 1 }
  }

  private static func kind(_ kind: LabelledMask.Kind) -> LesionSource.Kind {
    switch kind {
    case .dicomSegmentation: .dicomSeg
    case .rtStructureSet: .rtstruct
    case .nifti: .nifti
    case .nrrd: .nrrd
    case .seed: .seed
    }
  }
}
