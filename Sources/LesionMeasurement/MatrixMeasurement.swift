public import Imaging

/// Constants of the bone-matrix reading. See Guides/matrix.md.
public struct MatrixParameters: Codable, Sendable, Equatable {
  /// Sclerotic from this density: above normal cancellous bone (100 to 250 HU in adults).
  public var scleroticFromHu = 300.0
  /// Lytic below this density: soft tissue in place of trabeculae.
  public var lyticBelowHu = 100.0
  /// One kind alone is called from this share of what is sclerotic or lytic; in between it is mixed.
  public var pureShare = 0.75
  /// Fewest voxels, and the least share of the lesion that must be sclerotic or lytic at all.
  public var minimumVoxels = 8
  public var minimumDecidedShare = 0.3
  /// T2: a lesion is hyperintense as a whole from this share of hyperintense tissue, and iso- to hypointense up to
  /// one minus it.
  public var pureSignalShare = 0.75

  public init() {}
}

/// Shares of a lesion's tissue, from CT density or from T2 signal.
public struct MatrixMeasurement: Sendable, Equatable {
  public enum Basis: Sendable { case ct, t2Signal }

  public var basis: Basis
  /// CT: share of voxels that are sclerotic. T2: share of tissue that is iso- to hypointense.
  public var blasticShare: Double
  /// CT: share of voxels that are lytic. T2: share of tissue that is hyperintense.
  public var lyticShare: Double
  public var voxels: Int

  /// CT in Hounsfield units in the lesion's frame of reference, read at the lesion's voxels (nearest CT voxel).
  /// `nil` with fewer than `minimumVoxels` voxels on the CT.
  public init?(ct: Volume, lesion: Region, _ parameters: MatrixParameters) {
    let grid = ct.geometry
    var (voxels, sclerotic, lytic) = (0, 0, 0)
    lesion.forEachVoxel { column, row, slice in
      let index = grid.index(
        ofPosition: lesion.geometry.position(column: Double(column), row: Double(row), slice: slice))
      let (x, y, z) = (index.x.rounded(), index.y.rounded(), index.z.rounded())
      guard x >= 0, y >= 0, z >= 0, x < Double(grid.columns), y < Double(grid.rows), z < Double(grid.slices) else {
        return
      }
      let density = Double(ct[Int(x), Int(y), Int(z)])
      voxels += 1
      if density >= parameters.scleroticFromHu { sclerotic += 1 }
      if density < parameters.lyticBelowHu { lytic += 1 }
    }
    guard voxels >= max(1, parameters.minimumVoxels) else { return nil }
    basis = .ct
    blasticShare = Double(sclerotic) / Double(voxels)
    lyticShare = Double(lytic) / Double(voxels)
    self.voxels = voxels
  }

  /// T2 signal: the share of tissue brighter than `limit` times muscle, from mean and standard deviation with the
  /// noise's variance taken out (single voxels scatter by noise; a normal distribution of the tissue is assumed). A
  /// lesion without structure of its own is wholly on one side. `nil` where muscle or lesion gives no signal.
  public init?(
    t2Mean mean: Double, standardDeviation: Double, voxels: Int, muscleMean: Double, noise: Double, limit: Double,
    _ parameters: MatrixParameters
  ) {
    guard muscleMean > 0, voxels >= max(1, parameters.minimumVoxels) else { return nil }
    let structured = max(0, standardDeviation * standardDeviation - noise * noise).squareRoot()
    let distance = mean - limit * muscleMean
    basis = .t2Signal
    if structured <= 1e-6 * muscleMean {
      lyticShare = distance > 0 ? 1 : 0
    } else {
      lyticShare = 0.5 * complementaryError(-distance / (structured * 2.0.squareRoot()))
    }
    blasticShare = 1 - lyticShare
    self.voxels = voxels
  }
}
