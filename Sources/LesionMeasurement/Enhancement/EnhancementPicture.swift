import Kernels

/// What the enhancement reading saw on one slice, for a picture: rasters of `columns * rows`, the column fastest.
public struct EnhancementPicture: Sendable {
  public let slice: Int
  public let columns: Int
  public let rows: Int
  /// Place of the raster's first pixel in the slice.
  public let firstColumn: Int
  public let firstRow: Int
  /// Signal over muscle.
  public let signal: [Float]
  /// Millimetres under the outline, negative outside: the shells are its level lines.
  public let depth: [Float]
  /// Height of the best bright line through each pixel, in muscle units.
  public let ridgeHeight: [Float]
  /// 1 on the lines, and on their centre lines.
  public let lines: [UInt8]
  public let skeleton: [UInt8]

  /// The slice with the largest section of the lesion; `nil` without a lesion or a muscle signal.
  public init?(_ input: EnhancementInput, _ parameters: EnhancementParameters) {
    guard input.muscle.mean > 0,
      let patch = EnhancementPatch.readable(input, parameters).max(by: { $0.count < $1.count })
    else { return nil }
    let noise = input.muscle.noise > 0 ? input.muscle.noise / input.muscle.mean : EnhancementNoise.estimate([patch])
    let ridge = RidgePatch(patch, noise: noise, parameters)
    slice = patch.slice
    columns = patch.columns
    rows = patch.rows
    firstColumn = patch.firstColumn
    firstRow = patch.firstRow
    signal = patch.signal
    depth = patch.depth
    ridgeHeight = ridge.response.height
    lines = ridge.lines
    skeleton = ridge.skeleton
  }
}
