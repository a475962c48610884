import DICOM
import Imaging

/// The pixels as a witness for weighting, fat suppression and contrast phase, where headers leave these open.
///
/// Series are read together, for what one of them shows by itself is ambiguous: fluid of the canal is what is bright on one
/// series and dark on another in the shape of the dural sac; with the muscle behind it as the unit, fluid tells T2 from T1,
/// fat tells suppression, and tissue that gains signal between two T1 tells which of them is after contrast agent. Needs
/// two sagittal series of the same stretch; axial ones are read at the places that these show.
struct PixelWitness {
  let parameters: PixelParameters
  let threads: Int?

  /// - Parameters:
  ///   - wanted: series whose headers leave a question.
  ///   - eligible: series that may hold a role.
  /// - Returns: statements about the wanted series, by index; none about series that do not tell or cannot be decoded
  ///   (which is told where they are measured).
  func testimony(on wanted: Set<Int>, of series: [ImageSeries], eligible: [Bool]) -> [Int: [Testimony]] {
    let usable = series.indices.filter { eligible[$0] }
    let axial = usable.filter { series[$0].plane == .axial }
    var rest = usable.filter { series[$0].plane == .sagittal }
    var result: [Int: [Testimony]] = [:]
    while rest.count > 1, let first = rest.min(by: { Self.isSmaller(series[$0], series[$1]) }) {
      rest.removeAll { $0 == first }
      guard var grid = TissueGrid(like: series[first].geometry, step: parameters.gridStep) else { continue }
      for index in [first] + rest { add(index, series, to: &grid) }
      let stretch = grid.signals.keys.filter { grid.coverage($0) >= 0.5 }.sorted()
      for index in grid.signals.keys where !stretch.contains(index) { grid.remove(index) }
      guard stretch.count > 1 else { continue }
      rest.removeAll(where: stretch.contains)
      guard wanted.contains(where: { stretch.contains($0) || axial.contains($0) }) else { continue }
      let body = grid.body(of: stretch, parameters)
      guard let canal = CanalFluid.find(in: grid, series: stretch, body: body, parameters) else { continue }
      for index in axial where result[index] == nil { add(index, series, to: &grid) }
      let planes = Dictionary(uniqueKeysWithValues: grid.signals.keys.map { ($0, series[$0].plane) })
      let tissues = TissueSignals(grid, canal: canal, body: body, planes: planes, parameters)
      for (index, reading) in tissues.readings where wanted.contains(index) { result[index] = words(reading) }
    }
    return result
  }

  /// The smallest field of view from head to foot; then the most slices; then the smaller UID.
  private static func isSmaller(_ first: ImageSeries, _ second: ImageSeries) -> Bool {
    let size = { (one: ImageSeries) in
      let geometry = one.geometry
      return max(
        abs(geometry.rowDirection.z) * Double(geometry.columns) * geometry.spacing.x,
        abs(geometry.columnDirection.z) * Double(geometry.rows) * geometry.spacing.y
      ).rounded()
    }
    return (size(first), -first.slices.count, first.seriesInstanceUID, first.part)
      < (size(second), -second.slices.count, second.seriesInstanceUID, second.part)
  }

  private func add(_ index: Int, _ series: [ImageSeries], to grid: inout TissueGrid) {
    let frames = (series[index].geometry.frameOfReferenceUID, grid.geometry.frameOfReferenceUID)
    if let own = frames.0, let common = frames.1, own != common { return }
    guard let loaded = try? series[index].loadVolume(threads: threads) else { return }
    grid.add(index, loaded.volume)
  }

  private func words(_ reading: TissueSignals.Reading) -> [Testimony] {
    var result: [Testimony] = []
    if let weighting = reading.weighting, let fluid = reading.fluid {
      let level = (fluid * 10).rounded() / 10
      result.append(
        Testimony(.weighting(weighting), parameters.weightingWeight, "pixels: fluid of the canal \(level) times muscle")
      )
    }
    if let suppressed = reading.fatSuppressed {
      result.append(
        Testimony(
          .fatSuppressed(suppressed), parameters.fatWeight, suppressed ? "pixels: fat is dark" : "pixels: fat is bright"
        ))
    }
    if let contrast = reading.contrast {
      result.append(
        Testimony(
          .contrast(contrast), parameters.contrastWeight,
          contrast == .post
            ? "pixels: tissue has taken up contrast agent" : "pixels: tissue takes up contrast agent later"))
    }
    return result
  }
}
