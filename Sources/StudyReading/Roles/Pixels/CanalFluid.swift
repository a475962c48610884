import Imaging
import Kernels

/// The fluid of the spinal canal and the muscle behind it, as two series show them together: one of the brightest tissues
/// of one series, dark on the other, and a tube in the shape of the dural sac.
struct CanalFluid {
  /// Places on the grid.
  let voxels: [Int]
  let muscle: [Int]

  /// Tries every pair of series, by signal, and where that shows no canal, by signal over its surroundings.
  ///
  /// - Parameters:
  ///   - indices: series that reach most of the grid.
  ///   - body: the grid's voxels within the patient.
  /// - Returns: `nil` where no pair shows a canal, or pairs show different ones.
  static func find(
    in grid: TissueGrid, series indices: [Int], body: [Bool], _ parameters: PixelParameters
  ) -> CanalFluid? {
    let plain = Dictionary(uniqueKeysWithValues: indices.map { ($0, Self.ranks(grid.signals[$0]!, body)) })
    let search = CanalSearch(grid: grid, body: body, ranks: plain, parameters: parameters)
    let found = search.candidates(among: plain, .plain(parameters))
    if !found.isEmpty { return agreed(found) }
    let flattened = Dictionary(
      uniqueKeysWithValues: indices.map {
        ($0, Self.ranks(grid.overSurroundings($0, body: body, sigma: parameters.surroundings), body))
      })
    return agreed(search.candidates(among: flattened, .flattened(parameters)))
  }

  /// The largest, where all others share three tenths of its voxels or their own.
  private static func agreed(_ found: [CanalFluid]) -> CanalFluid? {
    guard let best = found.max(by: { $0.voxels.count < $1.voxels.count }) else { return nil }
    let members = Set(best.voxels)
    let agree = found.allSatisfy { other in
      let shared = other.voxels.count { members.contains($0) }
      return Double(shared) >= 0.3 * Double(min(other.voxels.count, members.count))
    }
    return agree ? best : nil
  }

  /// The median of a tissue over that of muscle; `nil` where the series reaches too little of either.
  func signal(of tissue: [Int], on index: Int, _ grid: TissueGrid, _ parameters: PixelParameters) -> Double? {
    guard let reference = grid.median(index, over: muscle, parameters), reference > 0,
      let value = grid.median(index, over: tissue, parameters)
    else { return nil }
    return value / reference
  }

  /// Each voxel's place among the body's, 0 to 1; NaN outside it or where the series does not reach.
  private static func ranks(_ values: [Float], _ body: [Bool]) -> [Float] {
    let inside = values.indices.filter { body[$0] && !values[$0].isNaN }.sorted { values[$0] < values[$1] }
    var ranks = [Float](repeating: .nan, count: values.count)
    for (rank, place) in inside.enumerated() { ranks[place] = Float(rank) / Float(inside.count) }
    return ranks
  }
}
