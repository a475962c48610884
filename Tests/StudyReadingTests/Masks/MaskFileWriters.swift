import Foundation
import Imaging

/// A seeded generator (SplitMix64), so that every run draws the same geometries.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// A grid as a file may lay it out: any directions at right angles, either handedness, unequal spacing.
struct FileGrid {
  var size: [Int]
  var origin: Vector3
  /// LPS millimetres from voxel to voxel along each axis.
  var axes: [Vector3]

  func position(_ index: [Int]) -> Vector3 {
    origin + axes[0] * Double(index[0]) + axes[1] * Double(index[1]) + axes[2] * Double(index[2])
  }

  /// Directions are uniform over rotations; in-plane spacings differ from each other by 5 % or more.
  static func random(_ generator: inout SeededGenerator, rightHanded: Bool? = nil) -> FileGrid {
    func unit() -> Vector3 {
      while true {
        let vector = Vector3(
          .random(in: -1...1, using: &generator), .random(in: -1...1, using: &generator),
          .random(in: -1...1, using: &generator))
        if vector.length > 0.1, vector.length <= 1 { return vector.normalized! }
      }
    }
    let row = unit()
    var column = row.cross(unit())
    while column.length < 0.1 { column = row.cross(unit()) }
    column = column.normalized!
    let sign: Double = rightHanded ?? Bool.random(using: &generator) ? 1 : -1
    let across = Double.random(in: 0.4...1.2, using: &generator)
    let down = across * Double.random(in: 1.05...1.4, using: &generator)
    let step = Double.random(in: 2...6, using: &generator)
    return FileGrid(
      size: (0..<3).map { _ in Int.random(in: 4...11, using: &generator) },
      origin: Vector3(
        .random(in: -300...300, using: &generator), .random(in: -300...300, using: &generator),
        .random(in: -900...900, using: &generator)),
      axes: [row * across, column * down, row.cross(column) * (sign * step)])
  }
}

/// Little-endian bytes, put together by hand: the tests' files come from no library that the readers use.
struct ByteWriter {
  var bytes: [UInt8] = []

  mutating func append<Value: FixedWidthInteger>(_ value: Value) {
    for place in 0..<MemoryLayout<Value>.size { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * Value(place)))) }
  }

  mutating func append(_ value: Float) { append(value.bitPattern) }
  mutating func append(_ value: Double) { append(value.bitPattern) }
  mutating func append(_ text: String, length: Int) {
    let utf8 = Array(text.utf8.prefix(length))
    bytes += utf8 + [UInt8](repeating: 0, count: length - utf8.count)
  }

  mutating func pad(to count: Int) { bytes += [UInt8](repeating: 0, count: max(0, count - bytes.count)) }
}

/// Writes NIfTI headers field by field (nifti1.h, nifti2.h).
enum NIfTIWriter {
  enum Placement { case sform, qform }

  /// NIfTI-1, 16-bit labels.
  static func version1(_ grid: FileGrid, labels: [UInt16], placement: Placement) -> [UInt8] {
    var w = ByteWriter()
    w.append(Int32(348))
    w.pad(to: 40)
    for value in [3, grid.size[0], grid.size[1], grid.size[2], 1, 1, 1, 1] { w.append(Int16(value)) }
    w.pad(to: 70)
    w.append(Int16(512))
    w.append(Int16(16))
    w.append(Int16(0))
    let quaternion = Quaternion(grid)
    w.append(Float(quaternion.handedness))
    for axis in grid.axes { w.append(Float(axis.length)) }
    w.pad(to: 108)
    w.append(Float(352))
    w.append(Float(1))
    w.pad(to: 123)
    w.append(UInt8(2))
    w.pad(to: 252)
    w.append(Int16(placement == .qform ? 1 : 0))
    w.append(Int16(placement == .sform ? 1 : 0))
    for value in quaternion.values { w.append(Float(value)) }
    for value in ras(grid.origin) { w.append(Float(value)) }
    for row in rows(grid) { for value in row { w.append(Float(placement == .sform ? value : 0)) } }
    w.pad(to: 344)
    w.append("n+1", length: 4)
    w.pad(to: 352)
    for label in labels { w.append(label) }
    return w.bytes
  }

  /// NIfTI-2, 16-bit labels.
  static func version2(_ grid: FileGrid, labels: [UInt16], placement: Placement) -> [UInt8] {
    var w = ByteWriter()
    w.append(Int32(540))
    w.append("n+2\0\r\n\u{1A}\n", length: 8)
    w.append(Int16(512))
    w.append(Int16(16))
    for value in [3, grid.size[0], grid.size[1], grid.size[2], 1, 1, 1, 1] { w.append(Int64(value)) }
    w.pad(to: 104)
    let quaternion = Quaternion(grid)
    w.append(quaternion.handedness)
    for axis in grid.axes { w.append(axis.length) }
    w.pad(to: 168)
    w.append(Int64(544))
    w.pad(to: 344)
    w.append(Int32(placement == .qform ? 1 : 0))
    w.append(Int32(placement == .sform ? 1 : 0))
    for value in quaternion.values { w.append(value) }
    for value in ras(grid.origin) { w.append(value) }
    for row in rows(grid) { for value in row { w.append(placement == .sform ? value : 0) } }
    w.pad(to: 500)
    w.append(Int32(2))
    w.pad(to: 544)
    for label in labels { w.append(label) }
    return w.bytes
  }

  private static func ras(_ vector: Vector3) -> [Double] { [-vector.x, -vector.y, vector.z] }

  private static func rows(_ grid: FileGrid) -> [[Double]] {
    let columns = (grid.axes + [grid.origin]).map(ras)
    return (0..<3).map { row in columns.map { $0[row] } }
  }

  /// nifti1.h, method 2: the rotation as a quaternion, the third axis turned by qfac where the grid is left-handed.
  struct Quaternion {
    var values: [Double]
    var handedness: Double

    init(_ grid: FileGrid) {
      let u = grid.axes.map { axis in ras(axis / axis.length) }
      let determinant =
        u[0][0] * (u[1][1] * u[2][2] - u[1][2] * u[2][1]) - u[1][0] * (u[0][1] * u[2][2] - u[0][2] * u[2][1])
        + u[2][0] * (u[0][1] * u[1][2] - u[0][2] * u[1][1])
      let side: Double = determinant > 0 ? 1 : -1
      handedness = side
      let k = u[2].map { $0 * side }
      let (xx, yx, zx) = (u[0][0], u[0][1], u[0][2])
      let (xy, yy, zy) = (u[1][0], u[1][1], u[1][2])
      let (xz, yz, zz) = (k[0], k[1], k[2])
      // The largest of the four squares is divided by, so that no accuracy is lost.
      let squares = [1 + xx + yy + zz, 1 + xx - yy - zz, 1 - xx + yy - zz, 1 - xx - yy + zz].map { max(0, $0) }
      let largest = squares.firstIndex(of: squares.max()!)!
      let s = squares[largest].squareRoot() * 2
      var (a, b, c, d): (Double, Double, Double, Double)
      switch largest {
      case 0: (a, b, c, d) = (s / 4, (zy - yz) / s, (xz - zx) / s, (yx - xy) / s)
      case 1: (a, b, c, d) = ((zy - yz) / s, s / 4, (xy + yx) / s, (xz + zx) / s)
      case 2: (a, b, c, d) = ((xz - zx) / s, (xy + yx) / s, s / 4, (yz + zy) / s)
      default: (a, b, c, d) = ((yx - xy) / s, (xz + zx) / s, (yz + zy) / s, s / 4)
      }
      if a < 0 { (b, c, d) = (-b, -c, -d) }
      values = [b, c, d]
    }
  }
}

/// Writes NRRD headers with raw little-endian 16-bit labels.
enum NRRDWriter {
  static func file(_ grid: FileGrid, labels: [UInt16], space: String = "left-posterior-superior", extra: String = "")
    -> [UInt8]
  {
    let sign: Vector3 =
      switch space {
      case "right-anterior-superior": [-1, -1, 1]
      case "left-anterior-superior": [1, -1, 1]
      default: [1, 1, 1]
      }
    func text(_ vector: Vector3) -> String {
      let turned = vector * sign
      return "(\(turned.x),\(turned.y),\(turned.z))"
    }
    let header = """
      NRRD0004
      # written by a test
      type: unsigned short
      dimension: 3
      space: \(space)
      sizes: \(grid.size[0]) \(grid.size[1]) \(grid.size[2])
      space directions: \(grid.axes.map(text).joined(separator: " "))
      kinds: domain domain domain
      endian: little
      encoding: raw
      space origin: \(text(grid.origin))
      \(extra)
      """
    var w = ByteWriter()
    w.bytes = Array((header.trimmingCharacters(in: .newlines) + "\n\n").utf8)
    for label in labels { w.append(label) }
    return w.bytes
  }
}

/// A folder that goes when the test ends.
final class ScratchFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("spinemet-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func write(_ bytes: [UInt8], as name: String) throws -> String {
    let path = url.appendingPathComponent(name)
    try Data(bytes).write(to: path)
    return path.path
  }

  func write(_ text: String, as name: String) throws -> String { try write(Array(text.utf8), as: name) }
}
