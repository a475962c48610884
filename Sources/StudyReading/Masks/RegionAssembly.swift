import Imaging

/// Puts slices of one structure together into a region; pieces of one slice are united.
struct RegionAssembly {
  struct Piece {
    var slice: Int
    var columns: Range<Int>
    var rows: Range<Int>
    var members: [UInt8]
  }

  var pieces: [Piece] = []

  /// The region in the box of all pieces; empty without any.
  func region(on geometry: VolumeGeometry) -> Region {
    guard let first = pieces.first else { return Region(emptyOn: geometry) }
    var columns = first.columns
    var rows = first.rows
    var slices = first.slice..<(first.slice + 1)
    for piece in pieces {
      columns = min(columns.lowerBound, piece.columns.lowerBound)..<max(columns.upperBound, piece.columns.upperBound)
      rows = min(rows.lowerBound, piece.rows.lowerBound)..<max(rows.upperBound, piece.rows.upperBound)
      slices = min(slices.lowerBound, piece.slice)..<max(slices.upperBound, piece.slice + 1)
    }
    var members = [UInt8](repeating: 0, count: columns.count * rows.count * slices.count)
    for piece in pieces {
      var source = 0
      for row in piece.rows {
        var offset =
          ((piece.slice - slices.lowerBound) * rows.count + row - rows.lowerBound) * columns.count
          + piece.columns.lowerBound - columns.lowerBound
        for _ in piece.columns {
          members[offset] |= piece.members[source]
          offset += 1
          source += 1
        }
      }
    }
    return Region(geometry: geometry, columns: columns, rows: rows, slices: slices, members: members)
  }
}
