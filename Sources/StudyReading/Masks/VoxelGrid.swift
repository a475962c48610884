import Imaging

/// A grid as a file lays it out, and the geometry (slices ascending along row x column) that holds the same voxels.
///
/// `offset` of the geometry's voxel (column, row, slice) in the file's array is
/// `base + column * columnStride + row * rowStride + slice * sliceStride`, in voxels.
struct VoxelGrid {
  let geometry: VolumeGeometry
  let base: Int
  let columnStride: Int
  let rowStride: Int
  let sliceStride: Int

  /// - Parameters:
  ///   - size: voxels along the file's three axes, the first running fastest.
  ///   - origin: centre of the file's first voxel, LPS millimetres.
  ///   - axes: LPS millimetres from one voxel to the next along each axis.
  ///
  /// An axis that is clearly the coarsest (at least 1.5 times both others) becomes the slice axis, because that is
  /// how the volume was acquired whatever a tool made of its order; otherwise the last axis is. A left-handed grid has
  /// its slices taken in the other order, so that they ascend.
  init(
    size: [Int], origin: Vector3, axes: [Vector3], frameOfReferenceUID: String? = nil, file: String
  ) throws(MaskError) {
    let lengths = axes.map(\.length)
    guard lengths.allSatisfy({ $0.isFinite && $0 > 0 }), origin.x.isFinite, origin.y.isFinite, origin.z.isFinite else {
      throw MaskError(file: file, reason: "the grid's directions are missing or not finite")
    }
    let strides = [1, size[0], size[0] * size[1]]
    let order = Self.order(lengths: lengths, size: size)
    let (first, second, third) = (order[0], order[1], order[2])
    guard let row = axes[first].normalized, let column = axes[second].normalized else {
      throw MaskError(file: file, reason: "the grid's directions are not finite")
    }
    let normal = row.cross(column)
    let advance = axes[third].dot(normal)
    guard abs(advance) > 1e-6 * lengths[third] else {
      throw MaskError(file: file, reason: "the grid's axes lie in one plane")
    }
    let count = size[third]
    let start = advance > 0 ? 0 : count - 1
    let step = advance > 0 ? 1 : -1
    do throws(VolumeGeometry.Failure) {
      geometry = try VolumeGeometry(
        columns: size[first], rows: size[second], rowDirection: row, columnDirection: column,
        spacing: Vector3(lengths[first], lengths[second], abs(advance)),
        sliceOrigins: (0..<count).map { origin + axes[third] * Double(start + step * $0) },
        frameOfReferenceUID: frameOfReferenceUID)
    } catch {
      throw MaskError(file: file, reason: Self.words(error))
    }
    base = start * strides[third]
    columnStride = strides[first]
    rowStride = strides[second]
    sliceStride = step * strides[third]
  }

  /// Places of the file's axes as column, row and slice axis: cyclic, so that handedness is kept.
  private static func order(lengths: [Double], size: [Int]) -> [Int] {
    for axis in 0..<2 {
      let others = [0, 1, 2].filter { $0 != axis }
      if others.allSatisfy({ lengths[axis] >= 1.5 * lengths[$0] }) { return axis == 0 ? [1, 2, 0] : [2, 0, 1] }
    }
    return [0, 1, 2]
  }

  static func words(_ failure: VolumeGeometry.Failure) -> String {
    switch failure {
    case .emptyGrid: "the grid is empty"
    case .directionsNotOrthonormal(let cosine):
      "the grid's rows and columns are not at right angles (cosine \((cosine * 1e4).rounded() / 1e4))"
    case .spacingNotPositive: "the grid's spacing is not positive"
    case .originsDoNotMatchSlices: "the grid's slices have no positions"
    case .slicesNotAscendingAlongNormal: "the grid's slices do not follow each other along their normal"
    case .notFinite: "the grid's directions are not finite"
    }
  }

  /// The file's values in the geometry's order.
  func reordered<Value>(_ values: [Value]) -> [Value] {
    if base == 0, columnStride == 1, rowStride == geometry.columns, sliceStride == geometry.columns * geometry.rows {
      return values
    }
    var result: [Value] = []
    result.reserveCapacity(geometry.count)
    for slice in 0..<geometry.slices {
      for row in 0..<geometry.rows {
        var offset = base + slice * sliceStride + row * rowStride
        for _ in 0..<geometry.columns {
          result.append(values[offset])
          offset += columnStride
        }
      }
    }
    return result
  }
}
