import Foundation
import Imaging

/// A CT of the same patient: Hounsfield units by volume share, with noise.
struct TomographySampler: Sendable {
  let scene: PhantomScene
  let seed: UInt64
  /// Standard deviation of the noise, Hounsfield units.
  var noise = 14.0

  func sample(_ geometry: VolumeGeometry, thickness: Double) -> [Float] {
    let table = scene.tissues.map { SIMD2(Float($0.hounsfield), 0) }
    return concurrentMap(geometry.slices) { slice in
      let random = CounterRandom(seed: seed, stream: UInt64(900_000 + slice))
      var sums = [SIMD2<Float>](repeating: .zero, count: geometry.columns * geometry.rows)
      var hint = 0
      let places: [(Double, Double, Double)] = [
        (-0.25, -0.25, -0.3), (0.25, -0.25, 0.1), (-0.25, 0.25, 0.3), (0.25, 0.25, -0.1),
      ]
      for row in 0..<geometry.rows {
        for (dx, dy, dz) in places {
          for column in 0..<geometry.columns {
            let point =
              geometry.position(column: Double(column) + dx, row: Double(row) + dy, slice: slice)
              + geometry.sliceDirection * (dz * thickness)
            scene.accumulate(
              at: point, hint: &hint, tables: [table], into: &sums, offset: row * geometry.columns + column,
              gains: false)
          }
        }
      }
      return sums.indices.map { index in
        sums[index].x / Float(places.count) + Float(random.normalPair(UInt64(index)).x * noise)
      }
    }.flatMap { $0 }
  }
}
