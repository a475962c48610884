internal import Findings
internal import Imaging
internal import StudyReading

/// How the series of the lesions' plane lie on the one that lesions were drawn on.
struct SeriesShifts: Sendable {
  /// Why nothing was measured on a series.
  enum Absence: Error {
    case unused, drawnOn, undecoded, noReference
    case failed(InPlaneShift.Failure)

    var reason: String {
      switch self {
      case .unused: "no measurement uses the series"
      case .drawnOn: "lesions were drawn on this series; others are compared with it"
      case .undecoded: "the series was not decoded"
      case .noReference: "no lesion was drawn on the voxels of a series"
      case .failed(let failure): "\(failure)"
      }
    }
  }

  /// The series that most lesions were drawn on.
  let reference: Int?
  /// On the reference's grid.
  let windows: [ShiftWindow]
  /// By the series' index.
  var found: [Int: Result<InPlaneShift, Absence>] = [:]
  /// Series whose shift was taken out.
  var corrected: Set<Int> = []

  /// What has to be added to a point of one series to find it in another, patient space (LPS), mm; `nil` unless both are
  /// known to a quarter of a pixel, as the unevenness of a lesion asks.
  func between(_ first: Int, and second: Int) -> Vector3? {
    guard let here = known(first), let there = known(second) else { return nil }
    return there - here
  }

  private func known(_ index: Int) -> Vector3? {
    if index == reference || corrected.contains(index) { return .zero }
    guard case .success(let found)? = found[index] else { return nil }
    let errors = found.standardError / found.pixel
    return max(errors.x, errors.y) < 0.25 ? found.shift : nil
  }

  func reason(_ index: Int) -> String {
    guard case .failure(let absence)? = found[index] else { return Absence.unused.reason }
    return absence.reason
  }
}

extension StudyRun {
  /// Says where series are compared, and that these voxels will be needed.
  mutating func chooseShiftWindows() {
    let parameters = configuration.registration
    guard let reference = lesions.mostDrawnOn, usefulSeries.contains(reference) else {
      shifts = SeriesShifts(reference: nil, windows: [])
      return
    }
    let grid = set.entries[reference].geometry
    let boxes = lesions.lesions.compactMap { $0.carried[reference]?.region.box }
    let windows = ShiftWindow.around(boxes, in: grid, parameters)
    shifts = SeriesShifts(reference: reference, windows: windows)
    let others = usefulSeries.filter { $0 != reference && incomparable($0, with: grid) == nil }
    guard !others.isEmpty, let box = ShiftWindow.box(of: windows, in: grid, parameters) else { return }
    store.want(reference, box)
    for index in others {
      if let same = box.carried(from: grid, to: set.entries[index].geometry) { store.want(index, same) }
    }
  }

  /// Why a series is not compared, as far as the grids tell; `nil` where it is.
  private func incomparable(_ index: Int, with grid: VolumeGeometry) -> SeriesShifts.Absence? {
    let other = set.entries[index].geometry
    guard InPlaneShift.isParallel(other, grid) else { return .failed(.planes) }
    guard other.frameOfReferenceUID == grid.frameOfReferenceUID else { return .failed(.frames) }
    let holdsLesion = lesions.lesions.contains { !($0.carried[index]?.region.isEmpty ?? true) }
    return holdsLesion ? nil : .failed(.overlap)
  }

  /// Measures the shifts and warns of those that matter or, where the user asks for it, takes them out: the series' voxels
  /// are moved back and the masks carried to them anew.
  mutating func measureShifts() {
    guard var shifts else { return }
    let (store, parameters) = (store, configuration.registration)
    for index in usefulSeries {
      guard let reference = shifts.reference else {
        shifts.found[index] = .failure(.noReference)
        continue
      }
      let absence = index == reference ? .drawnOn : incomparable(index, with: set.entries[reference].geometry)
      shifts.found[index] =
        absence.map { .failure($0) }
        ?? clock.measure("shifts") { [shifts] in shifts.measure(index, store, parameters) }
    }
    let drawn = Set(lesions.lesions.compactMap(\.drawnOn))
    for (index, result) in shifts.found.sorted(by: { $0.key < $1.key }) {
      guard case .success(let found) = result, found.isTold(parameters) else { continue }
      if options.align, !drawn.contains(index) {
        shifts.corrected.insert(index)
        set.entries[index].geometry = set.entries[index].geometry.moved(by: -found.shift)
        self.store.move(index, by: -found.shift)
      } else {
        warnings.append(warning(found, index))
      }
    }
    self.shifts = shifts
    if !shifts.corrected.isEmpty { carryMasks() }
  }

  private func warning(_ found: InPlaneShift, _ index: Int) -> String {
    let entry = set.entries[index]
    let tenths = (found.shift.length * 10).rounded() / 10
    let advice = options.align ? "it is not corrected, since lesions were drawn on it too" : "--align corrects it"
    return "\(entry.understanding.role.rawValue) \(keys.uid(entry.uid)) lies \(tenths) mm off the series that lesions "
      + "were drawn on: \(advice)"
  }
}

extension SeriesShifts {
  fileprivate func measure(
    _ index: Int, _ store: VolumeStore, _ parameters: RegistrationParameters
  ) -> Result<InPlaneShift, Absence> {
    guard let reference, let slab = store.slabs[index], let base = store.slabs[reference] else {
      return .failure(.undecoded)
    }
    let own = windows.map {
      ShiftWindow(
        column: $0.column - base.box.columns.lowerBound, row: $0.row - base.box.rows.lowerBound,
        slice: $0.slice - base.box.slices.lowerBound)
    }
    do throws(InPlaneShift.Failure) {
      return .success(try InPlaneShift.measure(slab.volume, against: base.volume, windows: own, parameters))
    } catch {
      return .failure(.failed(error))
    }
  }
}

extension VoxelBox {
  /// The voxels of another grid about these, with one more on every side of the plane; `nil` where there are none.
  fileprivate func carried(from grid: VolumeGeometry, to other: VolumeGeometry) -> VoxelBox? {
    var bounds = IndexBounds()
    for slice in [slices.lowerBound, slices.upperBound - 1] {
      for row in [rows.lowerBound, rows.upperBound - 1] {
        for column in [columns.lowerBound, columns.upperBound - 1] {
          bounds.add(
            other.index(ofPosition: grid.position(column: Double(column), row: Double(row), slice: slice)))
        }
      }
    }
    guard let across = bounds.range(\.x, slack: 1, count: other.columns),
      let down = bounds.range(\.y, slack: 1, count: other.rows)
    else { return nil }
    // The nearest slices, not those about them.
    let first = Int(min(max(bounds.low.z.rounded(), 0), Double(other.slices)))
    let last = Int(min(max(bounds.high.z.rounded(), -1), Double(other.slices - 1)))
    return first <= last ? VoxelBox(columns: across, rows: down, slices: first..<(last + 1)) : nil
  }
}
