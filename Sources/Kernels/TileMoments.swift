/// Count, sum and sum of squares of each whole square tile of an image.
///
/// Eight lanes in `Float` within a tile (at most 32 additions each), `Double` across lanes: the order of the additions
/// depends on nothing but the image, and the relative error of a sum stays below 1e-6.
public struct TileMoments: Sendable, Equatable {
  /// One tile: the sums of its values and of their squares, and how many of its values are zero or below.
  public struct Tile: Sendable, Equatable {
    public var sum: Double
    public var squares: Double
    public var nonPositive: Int

    public init(sum: Double, squares: Double, nonPositive: Int) {
      self.sum = sum
      self.squares = squares
      self.nonPositive = nonPositive
    }
  }

  /// Pixels along a tile's side.
  public static let side = 16
  /// Row by row of tiles; columns and rows that fill no tile are left out.
  public private(set) var tiles: [Tile] = []

  /// The tiles of an image whose rows of values `row` gives, one after the other.
  ///
  /// - Parameter row: fills the values of a row of the image.
  public init(columns: Int, rows: Int, row: (_ index: Int, _ values: inout [Float]) -> Void) {
    let across = columns / Self.side
    var values = [Float](repeating: 0, count: columns)
    var sums = [SIMD8<Float>](repeating: .zero, count: across)
    var squares = sums
    var counts = [SIMD8<Float>](repeating: .zero, count: across)
    tiles.reserveCapacity(across * (rows / Self.side))
    for index in 0..<(rows / Self.side * Self.side) {
      row(index, &values)
      unsafe values.withUnsafeBytes { bytes in
        for tile in 0..<across {
          let start = tile &* Self.side &* 4
          let first = unsafe bytes.loadUnaligned(fromByteOffset: start, as: SIMD8<Float>.self)
          let second = unsafe bytes.loadUnaligned(fromByteOffset: start &+ 32, as: SIMD8<Float>.self)
          sums[tile] += first + second
          squares[tile] += first * first + second * second
          counts[tile] +=
            SIMD8<Float>(repeating: 0).replacing(with: 1, where: first .<= 0)
            + SIMD8<Float>(repeating: 0).replacing(with: 1, where: second .<= 0)
        }
      }
      guard index % Self.side == Self.side - 1 else { continue }
      for tile in 0..<across {
        tiles.append(
          Tile(
            sum: Self.total(sums[tile]), squares: Self.total(squares[tile]), nonPositive: Int(Self.total(counts[tile])))
        )
        sums[tile] = .zero
        squares[tile] = .zero
        counts[tile] = .zero
      }
    }
  }

  private static func total(_ lanes: SIMD8<Float>) -> Double {
    var sum = 0.0
    for lane in 0..<8 { sum += Double(lanes[lane]) }
    return sum
  }

  /// The scalar twin: one value at a time.
  public static func scalar(_ image: [Float], columns: Int, rows: Int) -> [Tile] {
    var tiles: [Tile] = []
    for top in stride(from: 0, through: rows - side, by: side) {
      for left in stride(from: 0, through: columns - side, by: side) {
        var tile = Tile(sum: 0, squares: 0, nonPositive: 0)
        for row in top..<(top + side) {
          for column in left..<(left + side) {
            let value = Double(image[row * columns + column])
            tile.sum += value
            tile.squares += value * value
            if value <= 0 { tile.nonPositive += 1 }
          }
        }
        tiles.append(tile)
      }
    }
    return tiles
  }
}
