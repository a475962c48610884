public import Imaging

/// Finds reference muscle for signal ratios: several patches of erector spinae and multifidus, in axial pictures also
/// of psoas.
///
/// Where muscle can be follows from the canal (from `anatomy`, else found here in a sagittal series); what is muscle
/// follows from the signal: patches must be homogeneous, above air, and of the most frequent signal of that place.
/// Without fat suppression fat is the bright class of the place and is left out by Otsu's threshold, with fat
/// suppression it is the dark one. Vessels, fat strands, laminae and ribs fail the test of homogeneity.
public struct MuscleFinder: Sendable {
  public var parameters: AnatomyParameters

  public init(parameters: AnatomyParameters = AnatomyParameters()) { self.parameters = parameters }

  /// - Parameters:
  ///   - plane: sagittal and axial series are searched; any other plane gives no patches and a reason.
  ///   - fatSuppressed: `nil` where it is not known; then fat is told by the layer below the skin.
  ///   - canalCentreline: LPS points in the series' own frame of reference; `nil` finds the canal in this series.
  ///   - lesions: centroids in LPS; none spreads the patches over the picture.
  public func reference(
    in volume: Volume, plane: Plane, weighting: Weighting, fatSuppressed: Bool?, canalCentreline: [Vector3]? = nil,
    lesions: [Vector3] = []
  ) -> MuscleReference {
    let sagittal = plane == .sagittal
    guard sagittal || plane == .axial else { return .none("Muscle is sought on sagittal and axial series only.") }
    let settings = parameters.muscle
    guard
      let stack = WorkingStack(
        volume, pixel: settings.searchPixel, airFraction: parameters.canal.airFraction,
        axes: sagittal ? .sagittal : .axial)
    else { return .none("The series is too small to hold muscle.") }
    var course = canalCentreline.flatMap { SpineCourse($0) }
    var warnings: [String] = []
    if course == nil, sagittal { course = ownCourse(volume, weighting: weighting) }
    if course == nil {
      warnings.append("The canal was not found; muscle was placed by its depth below the skin.")
      course = assumedCourse(stack, sagittal: sagittal)
    }
    guard let course else { return .none("Neither the canal nor the skin of the back was found.") }
    let search = MuscleSearch(
      settings: settings, stack: stack, sagittal: sagittal, course: course, fatSuppressed: fatSuppressed)
    let (chosen, all) = search.patches(lesions: lesions)
    guard !chosen.isEmpty else { return .none("No homogeneous muscle was found behind the canal.") }
    var reference = summary(
      chosen.compactMap { $0.patch(in: volume) }, lesions: lesions, search: search, warnings: warnings)
    let back = all.filter { $0.muscle == .posteriorParaspinalMuscle }
    reference.compartments = [
      MuscleSearch.Candidate.union(back, geometry: volume.geometry),
      MuscleSearch.Candidate.union(all.filter { $0.muscle != .posteriorParaspinalMuscle }, geometry: volume.geometry),
    ]
    return reference
  }

  private func ownCourse(_ volume: Volume, weighting: Weighting) -> SpineCourse? {
    guard
      let coarse = WorkingStack(
        volume, pixel: parameters.canal.searchPixel, airFraction: parameters.canal.airFraction),
      let path = CanalFinder(parameters: parameters.canal).path(in: coarse, fluidIsBright: weighting == .t2)
    else { return nil }
    return SpineCourse(path.smoothed().map { coarse.geometry.position(ofIndex: $0) })
  }

  /// A canal at its usual depth below the skin in the middle of the stack.
  private func assumedCourse(_ stack: WorkingStack, sagittal: Bool) -> SpineCourse? {
    var points: [Vector3] = []
    let skin = BackSkin(stack, sagittal: sagittal)
    if sagittal {
      let middle = stack.slices / 2
      for row in stride(from: 0, to: stack.rows, by: 10) {
        guard let column = skin.surface(line: row, slice: middle) else { continue }
        let depth = parameters.muscle.assumedCanalDepth / stack.pixel
        points.append(stack.geometry.position(column: Double(column) - depth, row: Double(row), slice: middle))
      }
    } else {
      for slice in 0..<stack.slices {
        let middle = skin.middleLine(slice: slice)
        guard let row = skin.surface(line: middle, slice: slice) else { continue }
        let depth = parameters.muscle.assumedCanalDepth / stack.pixel
        points.append(stack.geometry.position(column: Double(middle), row: Double(row) - depth, slice: slice))
      }
      if points.count == 1 { points.append(points[0] + Vector3(0, 0, 1)) }
    }
    return SpineCourse(points)
  }

  private func summary(
    _ patches: [MusclePatch], lesions: [Vector3], search: MuscleSearch, warnings: [String]
  ) -> MuscleReference {
    let means = patches.map(\.mean).sorted()
    guard !means.isEmpty else { return .none("No homogeneous muscle was found behind the canal.") }
    let median =
      means.count % 2 == 1
      ? means[means.count / 2] : (means[means.count / 2 - 1] + means[means.count / 2]) / 2
    var spread: Double?
    if means.count > 1 {
      let average = means.reduce(0, +) / Double(means.count)
      let squares = means.reduce(0) { $0 + ($1 - average) * ($1 - average) }
      spread = average > 0 ? 100 * (squares / Double(means.count - 1)).squareRoot() / average : nil
    }
    var reference = MuscleReference(
      patches: patches, mean: median, spreadPercent: spread, meanDepthDifference: nil, quality: 0, reason: nil,
      warnings: warnings)
    let enough = min(1, Double(patches.count) / 6)
    let agreement = 1 / (1 + (spread ?? 50) / 20)
    reference.quality = enough * agreement * (warnings.isEmpty ? 1 : 0.5)
    var differences: [Double] = []
    for lesion in lesions {
      guard let depth = search.depth(of: lesion) else { continue }
      let near = reference.nearest(to: lesion, count: parameters.muscle.patchesPerLesion)
      differences.append(depth - near.reduce(0) { $0 + $1.depth } / Double(near.count))
    }
    if !differences.isEmpty { reference.meanDepthDifference = differences.reduce(0, +) / Double(differences.count) }
    if patches.count < parameters.muscle.minimumPatches {
      reference.warnings.append("Only \(patches.count) patches of muscle were found.")
    }
    return reference
  }
}
