import Foundation
import Imaging

/// A NIfTI-1 file read with the few fields that comparing needs; shares no code with the engine.
struct NIfTIReference {
  let dimensions: [Int]
  /// Rows of the sform, RAS.
  let rows: [[Double]]
  let values: [Double]

  init(_ url: URL) throws {
    let data = try Data(contentsOf: url)
    func short(_ offset: Int) -> Int { Int(Int16(bitPattern: UInt16(data[offset]) | UInt16(data[offset + 1]) << 8)) }
    func float(_ offset: Int) -> Double {
      Double(Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(data[offset + $1]) << (8 * UInt32($1)) }))
    }
    let dimensions = (1...4).map { max(1, short(40 + 2 * $0)) }
    let type = short(70)
    let start = Int(float(108))
    let slope = float(112) == 0 ? 1 : float(112)
    let intercept = float(116)
    rows = [280, 296, 312].map { row in (0..<4).map { float(row + 4 * $0) } }
    self.dimensions = dimensions
    values = (0..<dimensions.reduce(1, *)).map { index in
      switch type {
      case 4: Double(short(start + 2 * index)) * slope + intercept
      case 512: Double(UInt16(bitPattern: Int16(short(start + 2 * index)))) * slope + intercept
      default: float(start + 4 * index) * slope + intercept
      }
    }
  }

  subscript(column: Int, row: Int, slice: Int, time: Int) -> Double {
    values[((time * dimensions[2] + slice) * dimensions[1] + row) * dimensions[0] + column]
  }

  /// Centre of a voxel, LPS millimetres.
  func position(_ column: Int, _ row: Int, _ slice: Int) -> Vector3 {
    let index = [Double(column), Double(row), Double(slice), 1]
    let point = rows.map { row in zip(row, index).reduce(0) { $0 + $1.0 * $1.1 } }
    return Vector3(-point[0], -point[1], point[2])
  }

  /// Largest differences of a volume from one time point: of position in millimetres, and of value over `scale`.
  func difference(from volume: Volume, time: Int) -> (position: Double, value: Double) {
    var position = 0.0
    var value = 0.0
    for slice in 0..<dimensions[2] {
      for row in 0..<dimensions[1] {
        for column in 0..<dimensions[0] {
          let point = self.position(column, row, slice)
          let index = volume.geometry.index(ofPosition: point)
          let nearest = (Int(index.x.rounded()), Int(index.y.rounded()), Int(index.z.rounded()))
          guard (0..<volume.geometry.columns).contains(nearest.0), (0..<volume.geometry.rows).contains(nearest.1),
            (0..<volume.geometry.slices).contains(nearest.2)
          else { return (.infinity, .infinity) }
          let own = volume.geometry.position(column: Double(nearest.0), row: Double(nearest.1), slice: nearest.2)
          position = max(position, (own - point).length)
          value = max(value, abs(Double(volume[nearest.0, nearest.1, nearest.2]) - self[column, row, slice, time]))
        }
      }
    }
    return (position, value)
  }
}
