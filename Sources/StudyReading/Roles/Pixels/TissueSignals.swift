import Imaging
import Kernels

/// What the series of one stretch of the spine show of fluid, fat and enhancing tissue, relative to muscle.
struct TissueSignals {
  /// What one series shows; `nil` where it does not tell.
  struct Reading: Equatable {
    var fluid: Double?
    var weighting: Weighting?
    var fatSuppressed: Bool?
    var contrast: ContrastPhase?
  }

  private(set) var readings: [Int: Reading] = [:]
  private let grid: TissueGrid
  private let body: [Bool]
  private let parameters: PixelParameters
  private let muscle: [Int: Double]
  /// Voxels away from the canal.
  private let away: [Bool]

  /// - Parameter planes: of every series on the grid.
  init(_ grid: TissueGrid, canal: CanalFluid, body: [Bool], planes: [Int: Plane], _ parameters: PixelParameters) {
    self.grid = grid
    self.body = body
    self.parameters = parameters
    muscle = grid.signals.keys.reduce(into: [:]) { levels, index in
      levels[index] = grid.median(index, over: canal.muscle, parameters).flatMap { $0 > 0 ? $0 : nil }
    }
    away = Self.away(from: canal.voxels, grid.geometry)
    for index in muscle.keys {
      guard let fluid = signal(of: canal.voxels, on: index) else { continue }
      let weighting: Weighting? = fluid >= parameters.brightFluid ? .t2 : fluid <= parameters.darkFluid ? .t1 : nil
      readings[index] = Reading(fluid: fluid, weighting: weighting)
    }
    readFat()
    for plane in [Plane.sagittal, .axial] {
      readContrast(readings.keys.filter { planes[$0] == plane && readings[$0]?.weighting == .t1 }.sorted())
    }
  }

  private func indices(_ weighting: Weighting) -> [Int] {
    readings.keys.filter { readings[$0]?.weighting == weighting }.sorted()
  }

  /// The median of a tissue over muscle's; `nil` where the series reaches too little of either.
  private func signal(of tissue: [Int], on index: Int) -> Double? {
    guard let level = muscle[index], let value = grid.median(index, over: tissue, parameters) else { return nil }
    return value / level
  }

  // MARK: Fat

  /// Two T1 of which one has lost the fat, else the bright tissue that T1 and T2 share, shows where fat is; fat tells the
  /// rest.
  private mutating func readFat() {
    guard let fat = fatBetweenT1() ?? fatOfT1() else { return }
    for index in readings.keys {
      guard let signal = signal(of: fat, on: index) else { continue }
      if signal >= parameters.brightFat { readings[index]?.fatSuppressed = false }
      if signal <= parameters.darkFat { readings[index]?.fatSuppressed = true }
    }
  }

  /// Fewest voxels that are the body's fat and no part of another tissue.
  private var leastFat: Double { parameters.suppressedShare * Double(body.count { $0 }) }

  private func fatBetweenT1() -> [Int]? {
    let (t1, least) = (indices(.t1), leastFat)
    for bright in t1 {
      for dark in t1 where dark != bright {
        let lost = suppressed(from: bright, to: dark)
        if Double(lost.count) >= least, lost.count >= 10 * suppressed(from: dark, to: bright).count { return lost }
      }
    }
    return nil
  }

  private func suppressed(from bright: Int, to dark: Int) -> [Int] {
    voxels(bright, dark) { first, second in
      first >= parameters.brightFat && second < first / parameters.suppressedRatio
    }
  }

  private func fatOfT1() -> [Int]? {
    let least = leastFat
    for t1 in indices(.t1) {
      for t2 in indices(.t2) {
        let bright = voxels(t1, t2) { first, _ in first >= 2 }
        // As much bright tissue on a T1 as this is fat, if T2 shows it plainly bright or plainly dark.
        if Double(bright.count) >= least, let signal = signal(of: bright, on: t2),
          signal >= parameters.brightFat || signal <= parameters.darkFat
        {
          return bright
        }
      }
    }
    return nil
  }

  /// The body's voxels away from the canal whose signals over muscle on two series satisfy a condition.
  private func voxels(_ first: Int, _ second: Int, where condition: (Double, Double) -> Bool) -> [Int] {
    guard let a = grid.signals[first], let b = grid.signals[second], let low = muscle[first], let high = muscle[second]
    else { return [] }
    return a.indices.filter { place in
      guard body[place], away[place], !a[place].isNaN, !b[place].isNaN else { return false }
      return condition(Double(a[place]) / low, Double(b[place]) / high)
    }
  }

  // MARK: Contrast agent

  /// Tissue that gains signal over muscle from one T1 to another, fat apart, has taken up contrast agent in between.
  private mutating func readContrast(_ t1: [Int]) {
    var claims: [Int: Set<ContrastPhase>] = [:]
    for before in t1 {
      for after in t1 where after != before {
        guard let first = readings[before]?.fatSuppressed, let second = readings[after]?.fatSuppressed,
          // Where suppression ends, fat gains signal.
          !(first && !second)
        else { continue }
        let gained = enhanced(from: before, to: after)
        guard gained >= parameters.enhancedVolume else { continue }
        if first == second, gained < 5 * enhanced(from: after, to: before) { continue }
        claims[before, default: []].insert(.pre)
        claims[after, default: []].insert(.post)
      }
    }
    for (index, phases) in claims where phases.count == 1 { readings[index]?.contrast = phases.first }
  }

  /// Cubic millimetres in parts large enough.
  private func enhanced(from before: Int, to after: Int) -> Double {
    let gained = voxels(before, after) { first, second in
      first > 0.3 && second > parameters.enhancedSignal && second > first * parameters.enhancedRatio
    }
    let geometry = grid.geometry
    var mask = [UInt8](repeating: 0, count: geometry.count)
    for place in gained { mask[place] = 1 }
    let parts = ConnectedComponents(
      mask: mask, columns: geometry.columns, rows: geometry.rows, slices: geometry.slices, connectivity: .faces)
    return parts.sizes.reduce(0) { sum, size in
      let volume = Double(size) * geometry.voxelVolume
      return volume >= parameters.enhancedPart ? sum + volume : sum
    }
  }

  /// All but the canal and two voxels around it within the slice.
  private static func away(from canal: [Int], _ geometry: VolumeGeometry) -> [Bool] {
    var away = [Bool](repeating: true, count: geometry.count)
    for place in canal {
      let (column, line) = (place % geometry.columns, place / geometry.columns)
      let (row, slice) = (line % geometry.rows, line / geometry.rows)
      for y in max(0, row - 2)...min(geometry.rows - 1, row + 2) {
        for x in max(0, column - 2)...min(geometry.columns - 1, column + 2) {
          away[geometry.offset(column: x, row: y, slice: slice)] = false
        }
      }
    }
    return away
  }
}
