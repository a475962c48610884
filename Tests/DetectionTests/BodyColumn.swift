import Detection
import Foundation
import Imaging

/// A column of boxes that stand for vertebral bodies, with discs between them and muscle around.
struct BodyColumn {
  let grid: VolumeGeometry
  let map: AnatomyMap
  let bodyVoxels: Int
  private let volumes: [DetectionSeries.Kind: Volume]
  private static let pitch = 34.0

  private let fallOffPerMm: Double

  /// - Parameters:
  ///   - fallOffPerMm: gain of the coil from the front to the back, exponential.
  ///   - bend: how far the middle of the column lies behind its ends, mm.
  ///   - arches: whether boxes 16 mm deep stand 9 mm behind the bodies.
  ///   - tissue: signal of a kind of series at a point inside a bone; `nil` for marrow's own.
  init(
    bodies: Int = 5, fallOffPerMm: Double = 0, bend: Double = 0, arches: Bool = false,
    tissue: (Vector3, DetectionSeries.Kind) -> Double?
  ) throws {
    self.fallOffPerMm = fallOffPerMm
    // Columns run to the back (y), rows to the feet (-z), slices to the right (-x).
    let grid = try VolumeGeometry(
      columns: 100, rows: 220, slices: 11, origin: Vector3(40, -50, 10), rowDirection: Vector3(0, 1, 0),
      columnDirection: Vector3(0, 0, -1), spacing: Vector3(1, 1, 4))
    var structures = [UInt8](repeating: 0, count: grid.count)
    var levels = structures
    var inside: [Int] = []
    for offset in structures.indices {
      let point = Self.position(offset, grid)
      guard abs(point.x - 20) <= 17, let body = Self.body(point, bodies) else { continue }
      let half = Double(bodies - 1) / 2
      let y = point.y - bend * (1 - ((Double(body) - half) / half) * ((Double(body) - half) / half))
      let isDisc = abs(point.z + Double(body) * Self.pitch) > 13
      if arches, !isDisc, y >= 24, y <= 40 {
        structures[offset] = SpineStructure.posteriorElements.rawValue
        levels[offset] = UInt8(10 + body)
      }
      guard abs(y) <= 15 else { continue }
      structures[offset] =
        isDisc ? SpineStructure.intervertebralDisc.rawValue : SpineStructure.vertebralBody.rawValue
      levels[offset] = UInt8(10 + body)
      if !isDisc { inside.append(offset) }
    }
    self.grid = grid
    map = AnatomyMap(geometry: grid, structures: structures, levels: levels, levelsAreOrdinal: true)
    bodyVoxels = inside.count / bodies
    var volumes: [DetectionSeries.Kind: Volume] = [:]
    for (number, kind) in DetectionSeries.Kind.allCases.enumerated() {
      let marrow = kind == .t1 ? 200.0 : kind == .t2 ? 150.0 : 60.0
      var noise = Noise(state: UInt64(number + 1))
      let voxels = structures.indices.map { offset -> Float in
        let point = Self.position(offset, grid)
        var value = 100.0
        let structure = SpineStructure(rawValue: structures[offset])
        if structure == .vertebralBody || structure == .posteriorElements { value = tissue(point, kind) ?? marrow }
        if structures[offset] == SpineStructure.intervertebralDisc.rawValue { value = 90 }
        return Float(value * exp(fallOffPerMm * point.y) * (1 + 0.02 * noise.next()))
      }
      volumes[kind] = Volume(geometry: grid, voxels: voxels)
    }
    self.volumes = volumes
  }

  func series(_ kind: DetectionSeries.Kind) -> DetectionSeries {
    // Muscle of the back, as the coil shows it 45 mm behind the bodies.
    DetectionSeries(kind: kind, volume: volumes[kind]!, muscle: 100 * exp(fallOffPerMm * 45), muscleDepth: 45)
  }

  /// Overlap with the voxels whose centres lie in a ball.
  func dice(_ region: Region, ball: Vector3, radius: Double) -> Double {
    var (both, truth) = (0, 0)
    for offset in 0..<grid.count where (Self.position(offset, grid) - ball).length <= radius {
      truth += 1
      let (column, row) = (offset % grid.columns, offset / grid.columns % grid.rows)
      if region.contains(column: column, row: row, slice: offset / (grid.columns * grid.rows)) { both += 1 }
    }
    return 2 * Double(both) / Double(truth + region.count)
  }

  private static func position(_ offset: Int, _ grid: VolumeGeometry) -> Vector3 {
    grid.position(
      column: Double(offset % grid.columns), row: Double(offset / grid.columns % grid.rows),
      slice: offset / (grid.columns * grid.rows))
  }

  /// The body whose pitch holds a point, from head to feet.
  private static func body(_ point: Vector3, _ count: Int) -> Int? {
    let index = Int((-point.z / pitch).rounded())
    return index >= 0 && index < count && abs(-point.z - Double(index) * pitch) <= pitch / 2 ? index : nil
  }

  /// Nearly normal numbers: the sum of four even ones.
  private struct Noise {
    var state: UInt64

    mutating func next() -> Double {
      var sum = 0.0
      for _ in 0..<4 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        sum += Double(state >> 33) / Double(1 << 31) - 0.5
      }
      return sum * 1.732
    }
  }
}
