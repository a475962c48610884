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
  fileprivate var meshDiameter: Double {
    let area = width * height
    var longest = 0.0
    for index in 0...count {
      let (before, here) = (index > 0 ? (index - 1) * area : nil, index < count ? index * area : nil)
      var hulls = [PlaneHull(stepsBetween: before, here, of: members, columns: width, rows: height)]
      if let here { hulls.append(PlaneHull(outlineOf: members, offset: here, columns: width, rows: height)) }
      for hull in hulls { longest = max(longest, hull.farthestPair(spacing: spacing)?.distance ?? 0) }
    }
    return longest
  }
}
