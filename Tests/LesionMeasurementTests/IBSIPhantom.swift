import Imaging

/// The IBSI-1 digital phantom (Zwanenburg et al., Radiology 2020; theibsi/data_sets, CC-BY 4.0): 5 x 4 x 4 voxels.
enum IBSIPhantom {
  static let values: [Double] = [
    1, 4, 4, 1, 1, 1, 4, 6, 1, 1, 4, 1, 6, 4, 1, 4, 4, 6, 4, 1,
    1, 4, 4, 1, 1, 1, 1, 6, 1, 1, 1, 1, 3, 1, 1, 4, 4, 6, 1, 1,
    1, 4, 4, 1, 1, 1, 1, 1, 1, 1, 1, 1, 9, 1, 1, 1, 1, 6, 1, 1,
    1, 4, 4, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 6, 1, 1,
  ]

  /// Offsets outside the mask: slice 1 row 2 column 0; slice 2 row 0 columns 3, 4 and row 2 column 2; slice 3 row 0
  /// columns 3, 4.
  static let outside: Set<Int> = [30, 43, 44, 52, 63, 64]

  static func scene(_ geometry: VolumeGeometry) -> (Volume, Region) {
    (
      Volume(geometry: geometry, voxels: values.map { Float($0) }),
      Region(geometry: geometry, mask: values.indices.map { outside.contains($0) ? 0 : 1 })
    )
  }

  static func published() throws -> (Volume, Region) {
    scene(
      try VolumeGeometry(
        columns: 5, rows: 4, slices: 4, origin: .zero, rowDirection: Vector3(1, 0, 0),
        columnDirection: Vector3(0, 1, 0), spacing: Vector3(2, 2, 2)))
  }
}
