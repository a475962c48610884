/// Integer labels on a grid; 0 is background.
public struct LabelMap: Sendable {
  public let geometry: VolumeGeometry
  /// `geometry.count` labels, the column running fastest, then the row, then the slice.
  public let labels: [UInt16]

  /// Traps when `labels` does not fill the grid.
  public init(geometry: VolumeGeometry, labels: [UInt16]) {
    precondition(labels.count == geometry.count, "a label map needs one label for each voxel")
    self.geometry = geometry
    self.labels = labels
  }

  /// The labels that occur, ascending, without the background.
  public var presentLabels: [UInt16] {
    var seen = [Bool](repeating: false, count: Int(UInt16.max) + 1)
    for label in labels { seen[Int(label)] = true }
    return seen.indices.dropFirst().filter { seen[$0] }.map(UInt16.init)
  }

  /// The voxels of one label; empty where the label does not occur.
  public func region(label: UInt16) -> Region {
    Region(geometry: geometry, mask: labels.map { $0 == label ? 1 : 0 })
  }
}
