internal import Imaging
internal import StudyReading

/// Which voxels are decoded: only those of series that a role needs, and of these only what masks, muscle or anatomy
/// need.
extension StudyRun {
  /// What a measurement may look at beyond a mask, in the plane: the margin's profiles reach 5 mm and a pixel of
  /// another series beyond the outline, interpolation and the patches of the enhancement up to four pixels more.
  private static let surroundings = (millimetres: 9.0, pixels: 6)
  /// Whole slices of a series in which air is looked for; a slice has hundreds of tiles.
  private static let airSlices = 2

  var needsWholeVolumes: Bool {
    (givenAnatomy == nil && options.automaticAnatomy) || muscleMasks.isEmpty || looksForLesions
  }

  /// Pictures show whole slices, and marrow is read all over the anatomy.
  private var needsWholeSlices: Bool { options.writeReport || givenAnatomy != nil }

  /// Series that any measurement may take. Where no series has a role, the ones that lesions were drawn on are decoded
  /// for their picture.
  var usefulSeries: [Int] {
    let useful = set.entries.indices.filter { set.entries[$0].understanding.role != .unused }
    return useful.isEmpty ? Set(lesions.lesions.compactMap(\.drawnOn)).sorted() : useful
  }

  /// Carries each mask once to each grid that may be measured; series often share one.
  mutating func carryMasks() {
    var done: [VolumeGeometry: Int] = [:]
    for index in usefulSeries {
      let geometry = set.entries[index].geometry
      if let same = done[geometry] {
        for lesion in lesions.lesions.indices {
          lesions.lesions[lesion].carried[index] = lesions.lesions[lesion].carried[same]
        }
        carriedMuscle[index] = carriedMuscle[same]
        continue
      }
      done[geometry] = index
      for lesion in lesions.lesions.indices {
        lesions.lesions[lesion].carried[index] = try? RegionCarrying.carry(lesions.lesions[lesion].region, to: geometry)
      }
      carriedMuscle[index] = muscleMasks.map { mask in
        (try? RegionCarrying.carry(mask, to: geometry).region) ?? Region(emptyOn: geometry)
      }
    }
  }

  mutating func chooseVoxels() {
    let useful = usefulSeries
    for index in useful {
      let entry = set.entries[index]
      let beside = slicesBeside(index, among: useful)
      let whole = VoxelBox(entry.geometry)
      let masks = lesions.lesions.compactMap { $0.carried[index]?.region } + (carriedMuscle[index] ?? [])
      let around = masks.filter { !$0.isEmpty }.map { surroundings(of: $0.box, in: entry.geometry, slices: beside) }
      let hull = VoxelBox.hull(of: around)
      // The choice of slices for air depends on nothing but the masks, so that pictures change no number.
      let air = Self.spread(Self.airSlices, over: muscleMasks.isEmpty ? whole.slices : hull?.slices ?? whole.slices)
      let isDrawnOnly = entry.understanding.role == .unused
      if isDrawnOnly || (needsWholeVolumes && entry.understanding.role != .ct) {
        store.want(index, whole, tiled: air)
      } else if var box = hull {
        if needsWholeSlices { box = VoxelBox(columns: whole.columns, rows: whole.rows, slices: box.slices) }
        store.want(index, box, tiled: air.filter(box.slices.contains))
      }
    }
  }

  /// Slices beyond the masks that may be looked at: none where all lesions lie in this series' own voxels and all series
  /// of its plane share its grid, so that nothing is looked up between slices; else one.
  private func slicesBeside(_ index: Int, among useful: [Int]) -> Int {
    let geometry = set.entries[index].geometry
    let plane = Plane(normal: geometry.sliceDirection)
    let isShared = useful.allSatisfy { other in
      let grid = set.entries[other].geometry
      return Plane(normal: grid.sliceDirection) != plane || grid == geometry
    }
    // Margins are read on sagittal series, along profiles that lie in the mask's own slices.
    let isOwn = plane == .axial || lesions.lesions.allSatisfy { $0.carried[index]?.isExact ?? true }
    return isShared && isOwn ? 0 : 1
  }

  private func surroundings(of box: VoxelBox, in geometry: VolumeGeometry, slices: Int) -> VoxelBox {
    let pixels = Self.surroundings.pixels
    let millimetres = Self.surroundings.millimetres + (options.align ? configuration.registration.reach : 0)
    return box.grown(
      columns: Int(millimetres / geometry.spacing.x) + pixels, rows: Int(millimetres / geometry.spacing.y) + pixels,
      slices: slices, in: geometry)
  }

  /// So many numbers of a range, evenly spread.
  private static func spread(_ count: Int, over range: Range<Int>) -> [Int] {
    let kept = min(count, range.count)
    return (0..<kept).map { range.lowerBound + (2 * $0 + 1) * range.count / (2 * kept) }
  }
}
