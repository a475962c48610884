import Imaging
import LesionMeasurement

/// A small generator with a fixed sequence, so that every run of the tests sees the same noise.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  /// Neighbouring seeds start far apart: with the sequence's own step as factor they would only be shifted.
  init(seed: UInt64) { state = (seed &+ 1) &* (seed &+ 0x2545_f491_4f6c_dd1d) &* 0xd134_2543_de82_ef95 }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// Standard normal, as the sum of twelve uniforms less six (tails end at 6, which these tests never reach).
  mutating func normal() -> Double {
    var sum = -6.0
    for _ in 0..<12 { sum += Double.random(in: 0..<1, using: &self) }
    return sum
  }
}

enum Fixtures {
  /// A stack whose columns run posterior, rows inferior: sagittal.
  static func sagittalGrid(columns: Int, rows: Int, slices: Int, spacing: Vector3) throws -> VolumeGeometry {
    try VolumeGeometry(
      columns: columns, rows: rows, slices: slices, origin: Vector3(-10, 20, 30), rowDirection: Vector3(0, 1, 0),
      columnDirection: Vector3(0, 0, -1), spacing: spacing)
  }

  static func region(_ geometry: VolumeGeometry, where inside: (Int, Int, Int) -> Bool) -> Region {
    var mask = [UInt8](repeating: 0, count: geometry.count)
    for slice in 0..<geometry.slices {
      for row in 0..<geometry.rows {
        for column in 0..<geometry.columns where inside(column, row, slice) {
          mask[geometry.offset(column: column, row: row, slice: slice)] = 1
        }
      }
    }
    return Region(geometry: geometry, mask: mask)
  }

  static func volume(_ geometry: VolumeGeometry, _ value: (Int, Int, Int) -> Double) -> Volume {
    var voxels: [Float] = []
    voxels.reserveCapacity(geometry.count)
    for slice in 0..<geometry.slices {
      for row in 0..<geometry.rows {
        for column in 0..<geometry.columns { voxels.append(Float(value(column, row, slice))) }
      }
    }
    return Volume(geometry: geometry, voxels: voxels)
  }
}
