import Imaging
import Kernels

/// Looks for the canal's fluid on pairs of series: tubes of what is bright on one and dark on the other.
struct CanalSearch {
  let grid: TissueGrid
  let body: [Bool]
  /// Ranks of the signals themselves, by series.
  let ranks: [Int: [Float]]
  let parameters: PixelParameters

  /// What a tube has to show to be believed.
  struct Demands {
    /// Median rank on the bright series.
    var rank: Double
    /// Front to back, millimetres.
    var depth: Double
    /// Largest share in the first and last slice.
    var edgeShare: Double
    /// Muscle's median rank on the dark series, and on the bright one.
    var darkMuscleRank: Double
    var brightMuscleRank: ClosedRange<Double>
    /// The same on the dark series among the ranks that are compared.
    var localMuscleRank: Double?

    /// Of ranks of the signals themselves.
    static func plain(_ parameters: PixelParameters) -> Demands {
      Demands(
        rank: parameters.canalRank, depth: parameters.canalMinimumDepth, edgeShare: 1,
        darkMuscleRank: parameters.muscleRank, brightMuscleRank: 0...1)
    }

    /// Of ranks of signals over their surroundings.
    static func flattened(_ parameters: PixelParameters) -> Demands {
      let lowest = parameters.flattenedLowestMuscleRank
      return Demands(
        rank: parameters.flattenedCanalRank, depth: parameters.flattenedMinimumDepth,
        edgeShare: parameters.flattenedEdgeShare, darkMuscleRank: parameters.flattenedMuscleRank,
        brightMuscleRank: lowest...max(lowest, parameters.flattenedHighestMuscleRank),
        localMuscleRank: parameters.flattenedLocalMuscleRank)
    }
  }

  /// - Parameter compared: the ranks that tell bright from dark, by series.
  func candidates(among compared: [Int: [Float]], _ demands: Demands) -> [CanalFluid] {
    let indices = compared.keys.sorted()
    return indices.flatMap { bright in
      indices.filter { $0 != bright }.flatMap { dark in
        tubes(brightOn: compared[bright]!, darkOn: compared[dark]!, demands)
          .compactMap { canal(of: $0, bright: bright, dark: dark, compared, demands) }
      }
    }
  }

  private func tubes(brightOn bright: [Float], darkOn dark: [Float], _ demands: Demands) -> [[Int]] {
    let (high, difference) = (Float(parameters.fluidRank), Float(parameters.fluidRankDifference))
    let mask = zip(bright, dark).map { $0 > high && $0 - $1 > difference ? UInt8(1) : 0 }
    let geometry = grid.geometry
    let parts = ConnectedComponents(
      mask: mask, columns: geometry.columns, rows: geometry.rows, slices: geometry.slices, connectivity: .corners)
    var members = [[Int]](repeating: [], count: parts.count)
    let smallest = Int(parameters.canalPieceShare * Double(geometry.rows))
    for place in mask.indices where parts.labels[place] > 0 && parts.sizes[Int(parts.labels[place]) - 1] >= smallest {
      members[Int(parts.labels[place]) - 1].append(place)
    }
    let pieces = members.compactMap { voxels -> CanalPiece? in
      guard let piece = CanalPiece(voxels, on: geometry), fits(piece, minimumDepth: demands.depth),
        let rank = OrderStatistics.median(of: voxels.map { bright[$0] }), rank >= demands.rank
      else { return nil }
      return piece
    }
    let height = parameters.canalHeightShare * Double(geometry.rows)
    let whole = pieces.filter { Double($0.rows.count) >= height }
    let found = whole.isEmpty ? joined(pieces, height: height) : whole
    return found.map(\.voxels).filter { edgeShare($0) <= demands.edgeShare }
  }

  /// The pieces that a mass in the canal leaves of it, one below the other.
  private func joined(_ pieces: [CanalPiece], height: Double) -> [CanalPiece] {
    var chains: [CanalPiece] = []
    for piece in pieces.sorted(by: { $0.rows.lowerBound < $1.rows.lowerBound }) {
      if let index = chains.indices.filter({ chains[$0].continues(in: piece, within: parameters.canalJoint) })
        .max(by: { chains[$0].rows.upperBound < chains[$1].rows.upperBound })
      {
        chains[index].append(piece)
      } else {
        chains.append(piece)
      }
    }
    return chains.filter { Double($0.rows.count) >= height }
  }

  private func fits(_ piece: CanalPiece, minimumDepth: Double) -> Bool {
    Double(piece.rows.count) >= parameters.canalPieceShare * Double(grid.geometry.rows)
      && piece.depth >= minimumDepth && piece.depth <= parameters.canalMaximumDepth
      && piece.width >= parameters.canalMinimumWidth && piece.width <= parameters.canalMaximumWidth
  }

  /// A tube with its muscle, where the signals of both are those of fluid and muscle.
  private func canal(
    of voxels: [Int], bright: Int, dark: Int, _ compared: [Int: [Float]], _ demands: Demands
  ) -> CanalFluid? {
    guard let signals = grid.signals[bright] else { return nil }
    let canal = CanalFluid(voxels: voxels, muscle: muscle(behind: voxels, bright: signals))
    // Suppressed fat behind a bright muscle would pass for muscle behind bright fluid; fat is bright elsewhere.
    guard isDark(canal.muscle, ranks[dark]!, compared: compared[dark]!, demands),
      let brightRank = rank(of: canal.muscle, in: ranks[bright]!), demands.brightMuscleRank.contains(brightRank),
      let fluid = canal.signal(of: voxels, on: bright, grid, parameters), fluid >= parameters.brightFluid,
      let other = canal.signal(of: voxels, on: dark, grid, parameters), other <= 1
    else { return nil }
    return canal
  }

  /// Muscle is no bright tissue: by its signal, or where a coil near it makes everything bright, over its surroundings.
  private func isDark(_ muscle: [Int], _ ranks: [Float], compared: [Float], _ demands: Demands) -> Bool {
    if let rank = rank(of: muscle, in: ranks), rank <= demands.darkMuscleRank { return true }
    guard let limit = demands.localMuscleRank, let rank = rank(of: muscle, in: compared) else { return false }
    return rank <= limit
  }

  private func rank(of voxels: [Int], in ranks: [Float]) -> Double? {
    OrderStatistics.median(of: voxels.map { ranks[$0] }.filter { !$0.isNaN })
  }

  private func edgeShare(_ voxels: [Int]) -> Double {
    let perSlice = grid.geometry.columns * grid.geometry.rows
    let last = grid.geometry.slices - 1
    let edge = voxels.count { $0 / perSlice == 0 || $0 / perSlice == last }
    return Double(edge) / Double(voxels.count)
  }

  /// Voxels behind the canal to both sides; the darker half on the series whose fluid is bright, which leaves out fat.
  private func muscle(behind canal: [Int], bright: [Float]) -> [Int] {
    let geometry = grid.geometry
    var rows: [Int: (back: Int, slices: Int, count: Int)] = [:]
    for place in canal {
      let line = place / geometry.columns
      let old = rows[line % geometry.rows] ?? (0, 0, 0)
      rows[line % geometry.rows] = (
        max(old.back, place % geometry.columns), old.slices + line / geometry.rows, old.count + 1
      )
    }
    var found: [Int] = []
    for (row, canal) in rows where canal.count >= 3 {
      let middle = Double(canal.slices) / Double(canal.count)
      let nearest = canal.back + Int(parameters.muscleNearestBehind / geometry.spacing.x)
      let farthest = min(
        canal.back + Int(parameters.muscleFarthestBehind / geometry.spacing.x), geometry.columns - 1)
      guard nearest <= farthest else { continue }
      for slice in 0..<geometry.slices {
        let beside = abs(Double(slice) - middle) * geometry.spacing.z
        guard beside >= parameters.muscleNearestBeside, beside <= parameters.muscleFarthestBeside else { continue }
        for column in nearest...farthest {
          let place = geometry.offset(column: column, row: row, slice: slice)
          if body[place], !bright[place].isNaN { found.append(place) }
        }
      }
    }
    guard let half = OrderStatistics.median(of: found.map { bright[$0] }) else { return [] }
    return found.filter { Double(bright[$0]) <= half }.sorted()
  }
}
