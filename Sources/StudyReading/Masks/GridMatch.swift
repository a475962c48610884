public import Imaging

/// Whether two grids hold the same voxels.
public enum GridMatch {
  /// Same extents, and every slice's corners within a hundredth of a voxel: indices mean the same voxels.
  public static func isSame(_ first: VolumeGeometry, _ second: VolumeGeometry) -> Bool {
    guard first.columns == second.columns, first.rows == second.rows, first.slices == second.slices else {
      return false
    }
    let limit = 0.01 * min(first.spacing.x, first.spacing.y, first.spacing.z)
    for slice in 0..<first.slices {
      for corner in corners(of: first) {
        let away =
          first.position(column: corner.0, row: corner.1, slice: slice)
          - second.position(column: corner.0, row: corner.1, slice: slice)
        guard away.length <= limit else { return false }
      }
    }
    return true
  }

  /// Whether every voxel of `mask` coincides with a voxel of `series` within a tenth of a voxel, whatever the order or
  /// direction of the axes: the mask was drawn on this series (or on some of its slices), and carrying is exact.
  public static func sharesLattice(_ mask: VolumeGeometry, _ series: VolumeGeometry) -> Bool {
    guard isUnitStep(mask.rowDirection * mask.spacing.x, in: series),
      isUnitStep(mask.columnDirection * mask.spacing.y, in: series)
    else { return false }
    for slice in 0..<mask.slices {
      for corner in corners(of: mask) {
        let index = series.index(ofPosition: mask.position(column: corner.0, row: corner.1, slice: slice))
        for value in [index.x, index.y, index.z] where abs(value - value.rounded()) > 0.1 { return false }
      }
    }
    return true
  }

  /// Largest distance in millimetres of a slice's origin from where an unsheared stack would have it.
  static func shear(_ geometry: VolumeGeometry) -> Double {
    let first = geometry.sliceOrigins[0]
    var worst = 0.0
    for origin in geometry.sliceOrigins {
      let step = origin - first
      worst = max(worst, (step - geometry.sliceDirection * step.dot(geometry.sliceDirection)).length)
    }
    return worst
  }

  /// Whether a step leads from a voxel to its neighbour along one axis, within 2 %.
  private static func isUnitStep(_ step: Vector3, in series: VolumeGeometry) -> Bool {
    let parts = [
      abs(step.dot(series.rowDirection)) / series.spacing.x, abs(step.dot(series.columnDirection)) / series.spacing.y,
      abs(step.dot(series.sliceDirection)) / series.spacing.z,
    ].sorted()
    return parts[1] < 0.02 && abs(parts[2] - 1) < 0.02
  }

  private static func corners(of geometry: VolumeGeometry) -> [(Double, Double)] {
    let column = Double(geometry.columns - 1)
    let row = Double(geometry.rows - 1)
    return [(0, 0), (column, 0), (0, row), (column, row)]
  }
}
