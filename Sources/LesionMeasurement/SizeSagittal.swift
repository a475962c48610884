internal import Foundation
public import Imaging
internal import Kernels

/// The maximum diameter in sagittal planes, whatever the mask's grid.
///
/// - A grid whose slices are within 30 degrees of sagittal is measured in its slices.
/// - Else, where its rows or its columns run within 30 degrees of left-right, the planes of constant column (or row)
///   are the sagittal ones: each is a lattice of its own, with the slice distance as one spacing (`isReformatted`).
/// - Else the mask is first sampled (nearest voxel) on a true sagittal grid of the smallest spacing (`isReformatted`).
///
/// Reformatted planes are coarse along the slice direction: the interval says so. A sheared stack is always sampled.
public struct SagittalSize: Sendable, Equatable {
  public let diameter: PlanarDiameter
  public let isReformatted: Bool
  /// The slice of the region's own grid; `nil` when reformatted, because no acquired slice is meant.
  public var sliceIndex: Int? { isReformatted ? nil : diameter.index }

  /// `nil` for an empty region.
  public init?(of region: Region, parameters: SizeParameters = SizeParameters()) {
    guard !region.isEmpty else { return nil }
    let geometry = region.geometry
    let limit = 0.866_025_403_784_438_6  // cos 30 degrees
    let plane: PlanarDiameter.GridPlane?
    if abs(geometry.sliceDirection.x) >= limit {
      plane = .slice
    } else if geometry.isSheared {
      plane = nil
    } else if abs(geometry.rowDirection.x) >= limit {
      plane = .column
    } else if abs(geometry.columnDirection.x) >= limit {
      plane = .row
    } else {
      plane = nil
    }
    let measured =
      if let plane {
        PlanarDiameter(of: region, in: plane, parameters: parameters)
      } else {
        region.sampledSagittally().flatMap { PlanarDiameter(of: $0, parameters: parameters) }
      }
    guard let measured else { return nil }
    diameter = measured
    isReformatted = plane != .slice
  }
}

extension Region {
  /// The region on a sagittal grid (columns posterior, rows inferior) of its smallest spacing, by nearest voxel;
  /// `nil` when the grid would be unreasonably large (over 2^27 voxels).
  func sampledSagittally() -> Region? {
    let step = min(geometry.spacing.x, geometry.spacing.y, geometry.spacing.z)
    var low = Vector3(repeating: .infinity)
    var high = Vector3(repeating: -.infinity)
    for corner in 0..<8 {
      let index = Vector3(
        corner & 1 == 0 ? Double(columns.lowerBound) - 0.5 : Double(columns.upperBound) - 0.5,
        corner & 2 == 0 ? Double(rows.lowerBound) - 0.5 : Double(rows.upperBound) - 0.5,
        corner & 4 == 0 ? Double(slices.lowerBound) - 0.5 : Double(slices.upperBound) - 0.5)
      let point = geometry.position(ofIndex: index)
      low.replace(with: point, where: point .< low)
      high.replace(with: point, where: point .> high)
    }
    let counts = ((high - low) / step).rounded(.up) + 1
    guard counts.x * counts.y * counts.z <= 134_217_728,
      let grid = try? VolumeGeometry(
        columns: Int(counts.y), rows: Int(counts.z), slices: Int(counts.x), origin: Vector3(high.x, low.y, high.z),
        rowDirection: Vector3(0, 1, 0), columnDirection: Vector3(0, 0, -1), spacing: Vector3(repeating: step),
        frameOfReferenceUID: geometry.frameOfReferenceUID)
    else { return nil }
    var mask = [UInt8](repeating: 0, count: grid.count)
    for slice in 0..<grid.slices {
      for row in 0..<grid.rows {
        for column in 0..<grid.columns {
          let point = grid.position(column: Double(column), row: Double(row), slice: slice)
          if contains(point) {
            mask[grid.offset(column: column, row: row, slice: slice)] = 1
          }
        }
      }
    }
    return Region(geometry: grid, mask: mask)
  }
}
