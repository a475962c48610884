public import Imaging
import Kernels

/// The vertebral bodies of a label map by level, measured once for all lesions of a study.
public struct LocationOutline: Sendable {
  public struct Body: Sendable {
    /// A place in the order only, where the map's levels are ordinal.
    public var level: VertebralLevel
    public var centroid: Vector3
    public var volumeMm3: Double
    /// Extent along the line through the neighbouring bodies, the outermost twentieth at either end left out.
    public var heightMm: Double
    /// Loss of height against the mean of the labelled neighbours, in per cent, not below 0; `nil` without one.
    public var collapsePercent: Double?
  }

  public let map: AnatomyMap
  /// Ascending by level.
  public let bodies: [Body]
  public let hasPosteriorElements: Bool
  public let hasCanal: Bool

  public init(_ map: AnatomyMap) {
    self.map = map
    var points: [UInt8: [Vector3]] = [:]
    var posterior = false
    var canal = false
    let geometry = map.geometry
    for slice in 0..<geometry.slices {
      for row in 0..<geometry.rows {
        for column in 0..<geometry.columns {
          let offset = geometry.offset(column: column, row: row, slice: slice)
          switch map.structures[offset] {
          case SpineStructure.vertebralBody.rawValue:
            points[map.levels[offset], default: []].append(
              geometry.position(column: Double(column), row: Double(row), slice: slice))
          case SpineStructure.posteriorElements.rawValue: posterior = true
          case SpineStructure.spinalCanal.rawValue, SpineStructure.spinalCord.rawValue: canal = true
          default: break
          }
        }
      }
    }
    hasPosteriorElements = posterior
    hasCanal = canal
    var bodies: [Body] = []
    for raw in points.keys.sorted() {
      guard let level = VertebralLevel(rawValue: raw), let own = points[raw] else { continue }
      let centroid = own.reduce(Vector3.zero, +) / Double(own.count)
      bodies.append(
        Body(
          level: level, centroid: centroid, volumeMm3: Double(own.count) * geometry.voxelVolume, heightMm: 0))
    }
    for index in bodies.indices {
      let above = bodies[max(index - 1, 0)].centroid
      let below = bodies[min(index + 1, bodies.count - 1)].centroid
      let axis = (above - below).normalized ?? Vector3(0, 0, 1)
      let heights = (points[bodies[index].level.rawValue] ?? []).map { $0.dot(axis) }.sorted()
      let cut = heights.count / 20
      bodies[index].heightMm = (heights[heights.count - 1 - cut] - heights[cut]) / 0.9
    }
    self.bodies = Self.withCollapse(bodies)
  }

  private static func withCollapse(_ bodies: [Body]) -> [Body] {
    var result = bodies
    for index in bodies.indices {
      var neighbours: [Double] = []
      for other in [index - 1, index + 1] where bodies.indices.contains(other) {
        let apart = abs(Int(bodies[other].level.rawValue) - Int(bodies[index].level.rawValue))
        // Sacral segments and the dens differ in shape from what they neighbour.
        if apart == 1, bodies[other].level.region != .sacral, bodies[index].level > .c2, bodies[other].level > .c2 {
          neighbours.append(bodies[other].heightMm)
        }
      }
      guard !neighbours.isEmpty, bodies[index].level.region != .sacral else { continue }
      let expected = neighbours.reduce(0, +) / Double(neighbours.count)
      result[index].collapsePercent = max(0, 100 * (1 - bodies[index].heightMm / expected))
    }
    return result
  }
}
