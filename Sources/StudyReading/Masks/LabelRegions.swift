import Imaging

/// Cuts an array of labels into one region a label, in two passes over the array.
enum LabelRegions {
  /// - Parameter labels: `geometry.count` values, 0 is background.
  /// - Returns: the labels that occur, ascending, each with its voxels.
  static func regions(
    geometry: VolumeGeometry, labels: [UInt16], limits: MaskLimits, file: String
  ) throws(MaskError) -> [(label: Int, region: Region)] {
    // Place of a label's box in `boxes`, counted from 1.
    var places = [UInt16](repeating: 0, count: Int(UInt16.max) + 1)
    var boxes: [(label: UInt16, box: Box)] = []
    var offset = 0
    for slice in 0..<geometry.slices {
      for row in 0..<geometry.rows {
        for column in 0..<geometry.columns {
          let label = labels[offset]
          offset += 1
          guard label != 0 else { continue }
          let place = Int(places[Int(label)])
          if place > 0 {
            boxes[place - 1].box.include(column: column, row: row, slice: slice)
            continue
          }
          guard boxes.count < limits.maximumLabels else {
            throw MaskError(
              file: file, reason: "more than \(limits.maximumLabels) different values: an image, not a label map")
          }
          boxes.append((label, Box(column: column, row: row, slice: slice)))
          places[Int(label)] = UInt16(boxes.count)
        }
      }
    }
    boxes.sort { $0.label < $1.label }
    return boxes.map { (Int($0.label), $0.box.region(of: $0.label, in: labels, geometry: geometry)) }
  }

  private struct Box {
    var columns: ClosedRange<Int>
    var rows: ClosedRange<Int>
    var slices: ClosedRange<Int>

    init(column: Int, row: Int, slice: Int) {
      columns = column...column
      rows = row...row
      slices = slice...slice
    }

    /// Rows and slices only grow, since the array is walked in memory order within each slice.
    mutating func include(column: Int, row: Int, slice: Int) {
      if !columns.contains(column) {
        columns = min(columns.lowerBound, column)...max(columns.upperBound, column)
      }
      if !rows.contains(row) { rows = min(rows.lowerBound, row)...max(rows.upperBound, row) }
      if slice > slices.upperBound { slices = slices.lowerBound...slice }
    }

    func region(of label: UInt16, in labels: [UInt16], geometry: VolumeGeometry) -> Region {
      var members: [UInt8] = []
      members.reserveCapacity(columns.count * rows.count * slices.count)
      for slice in slices {
        for row in rows {
          let start = geometry.offset(column: 0, row: row, slice: slice)
          for column in columns { members.append(labels[start + column] == label ? 1 : 0) }
        }
      }
      return Region(
        geometry: geometry, columns: columns.lowerBound..<columns.upperBound + 1,
        rows: rows.lowerBound..<rows.upperBound + 1, slices: slices.lowerBound..<slices.upperBound + 1,
        members: members)
    }
  }
}
