public import Imaging
internal import Kernels

/// The largest distance of two vertices of a region's half-level mesh that lie in one plane of the grid: PyRadiomics'
/// `Maximum2DDiameterSlice`, `...Row` and `...Column`, for those who compare with its values.
///
/// It differs from `PlanarDiameter` in two ways. All parts of a plane count together. And the mesh has vertices
/// half-way between two planes too, wherever a voxel is inside and its neighbour in the next plane is not: they form
/// planes of their own, and two of them may belong to different planes of voxels.
///
/// Unit: millimetres. One voxel measures its own longer side in the plane; an empty region has none. In a sheared
/// stack the planes between two slices are measured as though it were straight.
public enum SizeOfMesh {
  /// Cost is linear in the region's box.
  public static func maximumDiameter(of region: Region, in plane: PlanarDiameter.GridPlane = .slice) -> Double? {
    PlaneStack(region, plane)?.meshDiameter
  }
}

extension PlaneStack {
  /// The hulls of the mesh's planes: at each plane of voxels (`place` an index from 0) the outlines of all parts, and
  /// half-way between two of them, and beyond the ends, the vertices on the steps from one to the next.
  var meshHulls: [(place: Double, hull: PlaneHull)] {
    let area = width * height
    var hulls: [(place: Double, hull: PlaneHull)] = []
    for index in 0...count {
      let (before, here) = (index > 0 ? (index - 1) * area : nil, index < count ? index * area : nil)
      let steps = PlaneHull(stepsBetween: before, here, of: members, columns: width, rows: height)
      hulls.append((Double(index) - 0.5, steps))
      guard let here else { break }
      hulls.append((Double(index), PlaneHull(outlineOf: members, offset: here, columns: width, rows: height)))
    }
    return hulls
  }

  fileprivate var meshDiameter: Double {
    meshHulls.reduce(0) { max($0, $1.hull.farthestPair(spacing: spacing)?.distance ?? 0) }
  }
}
