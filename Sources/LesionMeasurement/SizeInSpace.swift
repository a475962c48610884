internal import Foundation
public import Imaging
internal import Kernels

/// Size of a region in space.
///
/// - Maximum 3-D diameter (IBSI L0JK): the largest distance between two vertices of the half-level mesh, that is of
///   points half-way between inside and outside voxel centres, as in PyRadiomics' `Maximum3DDiameter`.
/// - Volume: number of voxels times their volume (YEKZ); `meshVolume` and `meshArea` belong to the half-level mesh.
/// - Interval of the volume: a lattice of centres with spacing s that is thrown at random over a smooth body of surface
///   S counts its volume with variance S / (8 pi^3) times the sum, over the points k of the dual lattice (k1/s1, k2/s2,
///   k3/s3) other than 0, of |k|^-4 (Poisson summation, with the mean decay of the body's Fourier transform). S is that
///   of the mesh. It covers the volume of an object whose voxels are inside when their centres are; neither the
///   reader's outline nor texture of the surface finer than the voxels.
///
/// Units: millimetres. A single voxel has all of them.
public struct SizeInSpace: Sendable, Equatable {
  public let maximumDiameter: Double
  public let endpoints: [Vector3]
  public let volume: Double
  public let volumeInterval95: ClosedRange<Double>
  public let meshVolume: Double
  public let meshArea: Double

  /// `nil` for an empty region. Linear in the region's box but for the diameter, whose candidates are few (corners of
  /// the hulls of planes).
  public init?(of region: Region, parameters: SizeParameters = SizeParameters()) {
    guard !region.isEmpty else { return nil }
    let spacing = region.geometry.spacing
    let mesh = MarchingCubes.measure(
      mask: region.members, columns: region.columns.count, rows: region.rows.count, slices: region.slices.count,
      spacing: spacing)
    meshArea = mesh.area
    meshVolume = mesh.volume
    volume = region.volume
    let error = (mesh.area * Self.latticeConstant(spacing)).squareRoot() * parameters.volumeErrors
    volumeInterval95 = max(0, volume - error)...(volume + error)
    let points = OutlineCorners(region).positions
    guard let pair = FarthestPair.inSpace(points) else { return nil }
    maximumDiameter = pair.distance
    endpoints = [points[pair.first], points[pair.second]]
  }

  /// Sum of |k|^-4 over the dual lattice without 0, over 8 pi^3: summed to the radius 4 / (smallest spacing), beyond it
  /// replaced by the integral 4 pi s1 s2 s3 / radius.
  static func latticeConstant(_ spacing: Vector3) -> Double {
    let radius = 4 / min(spacing.x, spacing.y, spacing.z)
    let reach = (spacing * radius).rounded(.down)
    guard reach.x * reach.y * reach.z < 1e6 else { return latticeConstantOfLongest(spacing) }
    var sum = 4 * Double.pi * spacing.x * spacing.y * spacing.z / radius
    for k in stride(from: -reach.z, through: reach.z, by: 1) {
      for j in stride(from: -reach.y, through: reach.y, by: 1) {
        for i in stride(from: -reach.x, through: reach.x, by: 1) {
          let place = Vector3(i, j, k) / spacing
          let square = place.dot(place)
          if square > 0, square <= radius * radius { sum += 1 / (square * square) }
        }
      }
    }
    return sum / (8 * pow(Double.pi, 3))
  }

  /// For extreme spacings only the multiples of the longest one count: 2 zeta(4) s^4.
  private static func latticeConstantOfLongest(_ spacing: Vector3) -> Double {
    2 * pow(Double.pi, 4) / 90 * pow(max(spacing.x, spacing.y, spacing.z), 4) / (8 * pow(Double.pi, 3))
  }
}

/// The vertices of the half-level mesh that can be the end of its longest distance: corners of the hulls of the mesh's
/// planes of constant slice and, where the stack is not sheared, of constant row and column too.
private struct OutlineCorners {
  /// LPS millimetres.
  let positions: [Vector3]

  init(_ region: Region) {
    var points = (PlaneStack(region, .slice)?.meshHulls ?? []).flatMap { place, hull in
      hull.corners.map { Vector3($0.x, $0.y, place) }
    }
    if !region.geometry.isSheared {
      points = Self.corners(points, constant: \.y, \.x, \.z)
      points = Self.corners(points, constant: \.x, \.y, \.z)
    }
    let first = Vector3(
      Double(region.columns.lowerBound), Double(region.rows.lowerBound), Double(region.slices.lowerBound))
    positions = points.map { region.geometry.position(ofIndex: $0 + first) }
  }

  /// Keeps the corners of the hulls over each value of one index. (Uneven slices keep the order of slices, and with it
  /// every corner that matters: an index hull may keep too few only where spacing varies, so it is not used there.)
  private static func corners(
    _ points: [Vector3], constant: KeyPath<Vector3, Double>, _ a: KeyPath<Vector3, Double>,
    _ b: KeyPath<Vector3, Double>
  ) -> [Vector3] {
    let lowest = points.reduce(Double.infinity) { min($0, $1[keyPath: constant]) }
    let highest = points.reduce(-Double.infinity) { max($0, $1[keyPath: constant]) }
    guard lowest <= highest else { return points }
    var planes = [[Vector3]](repeating: [], count: Int(2 * (highest - lowest)) + 1)
    for point in points { planes[Int(2 * (point[keyPath: constant] - lowest))].append(point) }
    return planes.flatMap { plane -> [Vector3] in
      guard plane.count > 2 else { return plane }
      let hull = ConvexHull.hull(plane.map { SIMD2($0[keyPath: a], $0[keyPath: b]) })
      return hull.map { corner in
        var point = plane[0]
        if a == \Vector3.x { point.x = corner.x } else { point.y = corner.x }
        point.z = corner.y
        return point
      }
    }
  }
}

extension VolumeGeometry {
  /// Whether the slices' origins leave the line along the normal, or their distances differ, by more than a thousandth
  /// of a voxel.
  var isSheared: Bool {
    let tolerance = 1e-3 * min(spacing.x, spacing.y, spacing.z)
    return sliceOrigins.indices.contains { slice in
      (sliceOrigins[slice] - sliceOrigins[0] - sliceDirection * (spacing.z * Double(slice))).length > tolerance
    }
  }
}
