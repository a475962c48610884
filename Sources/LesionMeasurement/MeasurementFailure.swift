/// Why a measurement cannot be taken at all. What merely has no value is a `nil` with a reason instead.
public enum MeasurementFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// The region's grid is not the volume's: carry the region over first.
  case regionOnAnotherGrid
  /// The region has no voxel.
  case emptyRegion
  /// The volume holds values that are not finite inside the region.
  case notFinite

  public var description: String {
    switch self {
    case .regionOnAnotherGrid: "the region lies on another grid than the volume"
    case .emptyRegion: "the region has no voxel"
    case .notFinite: "the volume holds values that are not finite inside the region"
    }
  }
}
