public import Imaging

/// Places a mask of any shape on the grid of a series.
public enum MaskPlacement {
  /// Voxels are carried by physical position, contours are filled on the grid's own slices, points become the voxel
  /// that holds them.
  ///
  /// - Throws: `MaskError` for a mask of another frame of reference, and for contours without an area.
  public static func place(_ mask: LabelledMask, on geometry: VolumeGeometry) throws(MaskError) -> CarriedRegion {
    switch mask.shape {
    case .voxels(let region): return try RegionCarrying.carry(region, to: geometry)
    case .contours(let contours):
      try RegionCarrying.checkFrames(mask.frameOfReferenceUID, geometry.frameOfReferenceUID)
      let placed = try ContourPlacement.place(contours, on: geometry)
      return CarriedRegion(
        region: placed.region, coveredFraction: placed.coveredFraction, missDistance: placed.missDistance,
        isExact: false)
    case .points(let points):
      try RegionCarrying.checkFrames(mask.frameOfReferenceUID, geometry.frameOfReferenceUID)
      return place(points, on: geometry)
    }
  }

  private static func place(_ points: [Vector3], on geometry: VolumeGeometry) -> CarriedRegion {
    let lookup = GridLookup(geometry)
    var assembly = RegionAssembly()
    var nearest = Double.infinity
    for point in points {
      nearest = min(nearest, lookup.distance(to: point))
      guard let voxel = lookup.voxel(at: point) else { continue }
      assembly.pieces.append(
        RegionAssembly.Piece(
          slice: voxel.slice, columns: voxel.column..<(voxel.column + 1), rows: voxel.row..<(voxel.row + 1),
          members: [1]
        ))
    }
    return CarriedRegion(
      region: assembly.region(on: geometry),
      coveredFraction: points.isEmpty ? 0 : Double(assembly.pieces.count) / Double(points.count),
      missDistance: assembly.pieces.isEmpty && !points.isEmpty ? nearest : nil, isExact: false)
  }

  /// Index of the series that a mask belongs to: the one that it names, else the one whose voxels it shares, else (for
  /// contours) the one of its frame of reference whose slices are most nearly parallel to them and hold them; `nil`
  /// where there is none.
  public static func ownSeries(of mask: LabelledMask, among series: [ImageSeries]) -> Int? {
    let fits = { (index: Int) in
      guard let frame = mask.frameOfReferenceUID, let other = series[index].geometry.frameOfReferenceUID else {
        return true
      }
      return frame == other
    }
    let named = series.indices.filter { mask.referencedSeriesUIDs.contains(series[$0].seriesInstanceUID) && fits($0) }
    if case .voxels(let region) = mask.shape {
      let candidates = named + series.indices.filter { !named.contains($0) && fits($0) }
      return candidates.first { GridMatch.sharesLattice(region.geometry, series[$0].geometry) }
    }
    guard case .contours(let contours) = mask.shape else { return nil }
    if named.count == 1 { return named[0] }
    let pool = named.isEmpty ? series.indices.filter(fits) : named
    return bestParallel(contours, series: series, among: pool)
  }

  private static func bestParallel(_ contours: [PlanarContour], series: [ImageSeries], among pool: [Int]) -> Int? {
    guard let normal = contours.max(by: { $0.areaVector.length < $1.areaVector.length })?.areaVector.normalized else {
      return nil
    }
    var best: (index: Int, score: Double)?
    for index in pool {
      let geometry = series[index].geometry
      guard abs(normal.dot(geometry.sliceDirection)) > 0.99 else { continue }
      let score = offSlice(contours, geometry)
      if score < 0.5, best.map({ score < $0.score }) ?? true { best = (index, score) }
    }
    return best?.index
  }

  /// Mean distance of the contours from their nearest slice, in slice spacings.
  private static func offSlice(_ contours: [PlanarContour], _ geometry: VolumeGeometry) -> Double {
    var sum = 0.0
    var count = 0
    for contour in contours {
      guard let first = contour.points.first else { continue }
      let index = geometry.index(ofPosition: first)
      let nearest = min(max(index.z.rounded(), 0), Double(geometry.slices - 1))
      sum += abs(index.z - nearest)
      count += 1
    }
    return count == 0 ? .infinity : sum / Double(count)
  }
}
