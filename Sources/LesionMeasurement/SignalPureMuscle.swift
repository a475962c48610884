internal import Foundation
public import Imaging
internal import Kernels

/// Muscle without the fat in it, on one series.
///
/// A label map's muscle is a compartment: septa, fatty streaks and borders belong to it, and their signal is two to
/// five times muscle's on T1 and T2, and less than muscle's where fat is suppressed. Readers look at the muscle between.
/// Here a voxel is muscle when the mean of its 3 x 3 neighbourhood in the slice (all of it in the region) lies near the
/// most frequent one, the coil's fall-off taken out:
///
/// 1. in cells of height and depth the most frequent local mean (half-sample mode; Robertson and Cryer, J Am Stat Assoc
///    1974;69:1012);
/// 2. a smooth sensitivity through the cells: log mode = quadratic in height and depth, by robust least squares, so
///    that cells of fat do not bend it;
/// 3. the mode of all local means over that sensitivity, and its spread from the narrower side (fat lies on the other);
/// 4. kept: voxels within `pureMuscleWidth` such spreads.
///
/// Choosing by the local mean and averaging the voxels themselves leaves the noise's own distribution nearly untouched.
public enum PureMuscle {
  /// Fewest voxels with a whole neighbourhood for a choice.
  private static let fewest = 64
  /// Voxels that fits and modes look at, about.
  private static let wanted = 30_000
  private static let cellHeight = 30.0
  private static let cellDepth = 6.0
  private static let cellVoxels = 40
  /// Residual of a cell's log mode at which its weight is halved.
  private static let cellTolerance = 0.06

  /// The regions with what is not muscle taken out, in their order; one may be left empty.
  ///
  /// - Parameter regions: on the volume's grid.
  /// - Returns: the regions as they are where fewer than 64 voxels have their whole neighbourhood inside.
  public static func regions(_ regions: [Region], in volume: Volume, parameters: SignalParameters) -> [Region] {
    var voxels: [Voxel] = []
    for (index, region) in regions.enumerated() where region.geometry.hasSameGrid(as: volume.geometry) {
      addCore(of: region, index, volume, to: &voxels)
    }
    guard voxels.count >= fewest else { return regions }
    let step = max(1, voxels.count / wanted)
    let sample = stride(from: 0, to: voxels.count, by: step).map { voxels[$0] }
    let sensitivity = Sensitivity(cells(sample))
    let flat = sample.map { $0.local / sensitivity.value($0) }
    let kept = window(flat, width: Float(parameters.pureMuscleWidth))
    var members = regions.map { [UInt8](repeating: 0, count: $0.members.count) }
    for voxel in voxels where kept.contains(voxel.local / sensitivity.value(voxel)) {
      members[Int(voxel.region)][Int(voxel.place)] = 1
    }
    return zip(regions, members).map { region, members in
      Region(
        geometry: region.geometry, columns: region.columns, rows: region.rows, slices: region.slices, members: members)
    }
  }

  private struct Voxel {
    var region: Int32
    /// Place among the region's members.
    var place: Int32
    /// Mean of the 3 x 3 voxels about it.
    var local: Float
    /// Posterior and superior coordinate.
    var y: Float
    var z: Float
  }

  private static func addCore(of region: Region, _ index: Int, _ volume: Volume, to voxels: inout [Voxel]) {
    let geometry = region.geometry
    let width = region.columns.count
    guard width >= 3, region.rows.count >= 3 else { return }
    let right = geometry.rowDirection * geometry.spacing.x
    for slice in region.slices {
      for row in (region.rows.lowerBound + 1)..<(region.rows.upperBound - 1) {
        let start = geometry.position(column: 0, row: Double(row), slice: slice)
        for column in (region.columns.lowerBound + 1)..<(region.columns.upperBound - 1) {
          let place = region.boxOffset(column: column, row: row, slice: slice)
          guard region.members[place] != 0 else { continue }
          var inside = true
          var sum: Float = 0
          for down in -1...1 {
            let line = place + down * width
            inside =
              inside && region.members[line - 1] != 0 && region.members[line] != 0 && region.members[line + 1] != 0
            let offset = geometry.offset(column: column, row: row + down, slice: slice)
            sum += volume.voxels[offset - 1] + volume.voxels[offset] + volume.voxels[offset + 1]
          }
          guard inside, sum > 0, sum.isFinite else { continue }
          let point = start + right * Double(column)
          voxels.append(
            Voxel(region: Int32(index), place: Int32(place), local: sum / 9, y: Float(point.y), z: Float(point.z)))
        }
      }
    }
  }

  // MARK: Sensitivity

  private struct Cell: Hashable {
    var height: Int
    var depth: Int
  }

  private static func cells(_ sample: [Voxel]) -> [(y: Double, z: Double, level: Double)] {
    let groups = Dictionary(grouping: sample) {
      Cell(
        height: Int((Double($0.z) / cellHeight).rounded(.down)), depth: Int((Double($0.y) / cellDepth).rounded(.down)))
    }
    return groups.filter { $0.value.count >= cellVoxels }.sorted {
      ($0.key.height, $0.key.depth) < ($1.key.height, $1.key.depth)
    }.map { _, members in
      let count = Double(members.count)
      return (
        members.reduce(0) { $0 + Double($1.y) } / count, members.reduce(0) { $0 + Double($1.z) } / count,
        log(Double(mode(members.map(\.local))))
      )
    }
  }

  /// exp(a quadratic in height and depth); 1 everywhere where too few cells show one.
  private struct Sensitivity {
    private var solution = [Double](repeating: 0, count: 5)
    private var origin = (y: 0.0, z: 0.0)

    init(_ cells: [(y: Double, z: Double, level: Double)]) {
      guard cells.count >= 3 else { return }
      let count = Double(cells.count)
      origin = (cells.reduce(0) { $0 + $1.y } / count, cells.reduce(0) { $0 + $1.z } / count)
      var weights = [Double](repeating: 1, count: cells.count)
      var level = cells.map(\.level).sorted()[cells.count / 2]
      for _ in 0..<12 {
        var system = LeastSquares(unknowns: 6)
        for (cell, weight) in zip(cells, weights) {
          system.add([1] + terms(y: cell.y, z: cell.z), cell.level - level, weight: weight)
        }
        // Weak priors: log sensitivity changes by about 1 over 50 mm of depth, half that over 100 mm of height.
        for (index, spread) in [1.0, 0.3, 0.5, 0.5, 0.3].enumerated() {
          system.addPrior(unknown: index + 1, variance: spread * spread / (cellTolerance * cellTolerance))
        }
        guard let fit = system.solve()?.unknowns else { return }
        level += fit[0]
        solution = Array(fit[1...])
        weights = cells.map { cell in
          let residual = (cell.level - level - value(y: cell.y, z: cell.z)) / cellTolerance
          return 1 / (1 + residual * residual)
        }
      }
    }

    func value(_ voxel: Voxel) -> Float { Float(exp(value(y: Double(voxel.y), z: Double(voxel.z)))) }

    private func value(y: Double, z: Double) -> Double {
      zip(solution, terms(y: y, z: z)).reduce(0) { $0 + $1.0 * $1.1 }
    }

    private func terms(y: Double, z: Double) -> [Double] {
      let (v, h) = ((y - origin.y) / 50, (z - origin.z) / 100)
      return [v, v * v, h, h * h, v * h]
    }
  }

  // MARK: Mode

  /// Values about the mode, within so many of the spreads of its narrower side.
  private static func window(_ values: [Float], width: Float) -> ClosedRange<Float> {
    let sorted = values.sorted()
    var centre = mode(sorted: sorted)
    var range = -Float.infinity...Float.infinity
    for _ in 0..<20 {
      let below = sorted.prefix { $0 < centre }.map { centre - $0 }
      let above = sorted.suffix(from: below.count).filter { $0 > centre }.map { $0 - centre }
      guard let low = OrderStatistics.median(of: below), let high = OrderStatistics.median(of: above) else { break }
      let reach = width * Float(min(low, high) * 1.4826)
      range = (centre - reach)...(centre + reach)
      let inside = sorted.filter(range.contains)
      guard !inside.isEmpty else { break }
      let mean = inside.reduce(0, +) / Float(inside.count)
      let step = abs(mean - centre)
      centre = mean
      if step <= 1e-4 * abs(centre) { break }
    }
    return range
  }

  private static func mode(_ values: [Float]) -> Float { mode(sorted: values.sorted()) }

  /// Half-sample mode: the densest half of the densest half, down to a fiftieth of the values.
  private static func mode(sorted values: [Float]) -> Float {
    var range = 0..<values.count
    while range.count > max(20, values.count / 50) {
      let half = (range.count + 1) / 2
      var best = range.lowerBound
      var narrowest = Float.infinity
      for low in range.lowerBound...(range.upperBound - half) {
        let span = values[low + half - 1] - values[low]
        if span < narrowest { (narrowest, best) = (span, low) }
      }
      range = best..<(best + half)
    }
    return values[range].reduce(0, +) / Float(max(1, range.count))
  }
}
