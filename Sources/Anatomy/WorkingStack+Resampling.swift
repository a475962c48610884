internal import Imaging

extension WorkingStack {
  /// This stack on the grid of `target`: bilinear within slices, from the nearest slice; 0 where this stack does not
  /// reach (farther than one slice spacing beyond its ends, or outside its picture).
  func resampled(like target: VolumeGeometry) -> WorkingStack {
    var output = [Float](repeating: 0, count: target.count)
    for slice in 0..<target.slices {
      // Index space is affine over a plane for a regular stack: three corners give the map.
      let origin = geometry.index(ofPosition: target.position(column: 0, row: 0, slice: slice))
      let last = Double(max(target.columns - 1, 1))
      let bottom = Double(max(target.rows - 1, 1))
      let right = geometry.index(ofPosition: target.position(column: last, row: 0, slice: slice))
      let lower = geometry.index(ofPosition: target.position(column: 0, row: bottom, slice: slice))
      let perColumn = (right - origin) / last
      let perRow = (lower - origin) / bottom
      for row in 0..<target.rows {
        var index = origin + perRow * Double(row)
        let base = (slice * target.rows + row) * target.columns
        for column in 0..<target.columns {
          let nearest = Int(index.z.rounded())
          if nearest >= 0, nearest < slices, index.x >= -0.5, index.y >= -0.5, index.x <= Double(columns) - 0.5,
            index.y <= Double(rows) - 0.5
          {
            output[base + column] = value(x: index.x, y: index.y, slice: nearest)
          }
          index += perColumn
        }
      }
    }
    return WorkingStack(geometry: target, voxels: output, airLevel: airLevel)
  }
}
