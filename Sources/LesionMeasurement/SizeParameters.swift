/// The constants of the size intervals. They hold for a mask whose voxels are inside when their centres are; see
/// Guides/size.md for the derivation and the simulations.
public struct SizeParameters: Codable, Sendable, Hashable {
  /// How far the true diameter may lie below the measured one, in pixel widths along the diameter. The longest
  /// direction of a staircase is a little too long, so that this side is the wider one.
  public var diameterBelow = 0.85
  /// How far it may lie above.
  public var diameterAbove = 0.65
  /// Standard errors of the voxel count's volume in its 95 % interval.
  public var volumeErrors = 2.1

  public init() {}
}
