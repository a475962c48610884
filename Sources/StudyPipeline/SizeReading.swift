internal import Findings
internal import Imaging
internal import LesionMeasurement
internal import StudyReading

/// Reads a lesion's size by the contract's order: the mask's own grid when it is sagittal; else carried to sag_t1,
/// sag_t2, sag_t1_post; else reformatted from the mask's grid.
struct SizeReading {
  let set: StudySeriesSet
  let findings: LesionFindings

  func read(_ lesion: LesionSet.Lesion, location: LocationMeasurement?) -> (record: SizeRecord, warnings: [String]) {
    let parameters = findings.configuration.size
    let place = place(lesion)
    let sagittal = SagittalSize(of: place.region, parameters: parameters)
    let series = place.series.map { set.entries[$0].series }
    let slice = series.flatMap { series in
      sagittal?.sliceIndex.map { place.acquiredSlice($0, in: series.geometry) }
    }
    var record = findings.size(
      sagittal: sagittal, space: SizeInSpace(of: lesion.region, parameters: parameters),
      inPlane: PlanarDiameter(of: lesion.region, parameters: parameters),
      meshInPlane: SizeOfMesh.maximumDiameter(of: lesion.region), location: location,
      seriesInstanceUID: series?.seriesInstanceUID,
      sopInstanceUID: slice.flatMap { slice in series?.slices[slice].sopInstanceUID },
      frameNumber: slice.flatMap { slice in series?.slices[slice].frameNumber },
      reason: "the lesion is empty on every sagittal grid")
    if record.sliceIndex != nil, let slice { record.sliceIndex = slice }
    return (record, place.warnings)
  }

  private struct Place {
    var region: Region
    var series: Int?
    var warnings: [String] = []

    /// The series' slice that a slice of the region's grid lies in.
    func acquiredSlice(_ slice: Int, in geometry: VolumeGeometry) -> Int {
      let point = region.geometry.position(column: 0, row: 0, slice: slice)
      let distance = { (candidate: Int) in
        abs((point - geometry.sliceOrigins[candidate]).dot(geometry.sliceDirection))
      }
      return (0..<geometry.slices).min { distance($0) < distance($1) } ?? 0
    }
  }

  private func place(_ lesion: LesionSet.Lesion) -> Place {
    if Plane(normal: lesion.region.geometry.sliceDirection) == .sagittal {
      return Place(region: lesion.region, series: lesion.drawnOn)
    }
    for role in [SeriesRole.sagittalT1, .sagittalT2, .sagittalT1Post] {
      if let best = set.best(role, for: lesion) {
        var place = Place(region: best.carried.region, series: best.index)
        if best.carried.coveredFraction < 0.999 {
          place.warnings.append(
            "\(role.rawValue) covers \(Int((best.carried.coveredFraction * 100).rounded())) % of the lesion: its "
              + "sagittal diameter is that of the covered part")
        }
        return place
      }
    }
    return Place(region: lesion.region, series: nil)
  }
}
