internal import Foundation
public import Imaging
internal import Kernels

/// Shape of a region as IBSI's morphological family defines it (its identifiers stand beside them).
///
/// A is the half-level mesh's area, V its volume. Axes are those of the ellipsoid with the covariance (divisor
/// N - 1, which reproduces IBSI's consensus; PyRadiomics divides by N) of the voxel centres: 4 sqrt(eigenvalue). A single voxel has axes of length 0, and no elongation or flatness (`nil`).
/// Where IBSI leaves the mesh's algorithm open, faces of four centres keep diagonal inside corners joined.
public struct ShapeOfRegion: Sendable, Equatable {
  /// RNU0, cubic millimetres.
  public let meshVolume: Double
  /// C0JK, square millimetres.
  public let meshArea: Double
  /// TDIC, millimetres.
  public let majorAxis: Double
  /// P9VJ, millimetres.
  public let minorAxis: Double
  /// 7J51, millimetres.
  public let leastAxis: Double
  /// Unit vectors (LPS) of the three axes, longest first.
  public let axes: [Vector3]
  /// Volume of the box around the mesh along the grid's axes, cubic millimetres.
  public let boxVolume: Double
  /// Area of that box, square millimetres.
  public let boxArea: Double

  /// 2PR5, per millimetre.
  public var surfaceToVolumeRatio: Double { meshArea / meshVolume }
  /// QCFX: (36 pi V^2)^(1/3) / A.
  public var sphericity: Double { cbrt(36 * Double.pi * meshVolume * meshVolume) / meshArea }
  /// KRCK.
  public var sphericalDisproportion: Double { 1 / sphericity }
  /// SKGS: V / (sqrt(pi) A^(3/2)).
  public var compactness1: Double { meshVolume / (Double.pi.squareRoot() * pow(meshArea, 1.5)) }
  /// BQWJ: 36 pi V^2 / A^3.
  public var compactness2: Double { pow(sphericity, 3) }
  /// 25C7.
  public var asphericity: Double { 1 / sphericity - 1 }
  /// Q3CK.
  public var elongation: Double? { majorAxis > 0 ? minorAxis / majorAxis : nil }
  /// N17B.
  public var flatness: Double? { majorAxis > 0 ? leastAxis / majorAxis : nil }
  /// PBX1.
  public var volumeDensityOfBox: Double { meshVolume / boxVolume }
  /// R59B.
  public var areaDensityOfBox: Double { meshArea / boxArea }

  /// `nil` for an empty region. Linear in the region's box.
  public init?(of region: Region) {
    guard let size = SizeInSpace(of: region) else { return nil }
    self.init(of: region, size: size)
  }

  /// The same where the size in space is at hand already.
  public init?(of region: Region, size: SizeInSpace) {
    guard let centre = region.centroid else { return nil }
    meshVolume = size.meshVolume
    meshArea = size.meshArea
    let eigen = Self.covariance(region, about: centre)
    let length = { (value: Double) in 4 * max(0, value).squareRoot() }
    majorAxis = length(eigen.values.x)
    minorAxis = length(eigen.values.y)
    leastAxis = length(eigen.values.z)
    axes = eigen.vectors
    let counts = Vector3(Double(region.columns.count), Double(region.rows.count), Double(region.slices.count))
    let sides = counts * region.geometry.spacing
    boxVolume = sides.x * sides.y * sides.z
    boxArea = 2 * (sides.x * sides.y + sides.x * sides.z + sides.y * sides.z)
  }

  private static func covariance(_ region: Region, about centre: Vector3) -> SymmetricEigen3 {
    var squares = Vector3.zero
    var mixed = Vector3.zero
    let geometry = region.geometry
    let step = geometry.rowDirection * geometry.spacing.x
    var box = 0
    for slice in region.slices {
      for row in region.rows {
        var point =
          geometry.position(column: Double(region.columns.lowerBound), row: Double(row), slice: slice) - centre
        for _ in region.columns {
          if region.members[box] != 0 {
            squares += point * point
            mixed += Vector3(point.x * point.y, point.x * point.z, point.y * point.z)
          }
          point += step
          box += 1
        }
      }
    }
    let divisor = Double(max(1, region.count - 1))
    squares /= divisor
    mixed /= divisor
    return SymmetricEigen3(xx: squares.x, yy: squares.y, zz: squares.z, xy: mixed.x, xz: mixed.y, yz: mixed.z)
  }

  /// KLMA: distance in millimetres between the mean of the voxel centres and the same weighted by signal; `nil` where
  /// the signal sums to zero.
  public static func centreOfMassShift(
    of volume: Volume, in region: Region
  ) throws(MeasurementFailure) -> Double? {
    let values = try volume.values(in: region)
    var weighted = Vector3.zero
    var plain = Vector3.zero
    var sum = 0.0
    var index = 0
    region.forEachVoxel { column, row, slice in
      let point = region.geometry.position(column: Double(column), row: Double(row), slice: slice)
      weighted += point * Double(values[index])
      plain += point
      sum += Double(values[index])
      index += 1
    }
    guard sum != 0 else { return nil }
    return (weighted / sum - plain / Double(region.count)).length
  }
}
