internal import DICOM
internal import Imaging

/// The grid of a stack, from positions, with an audit of what the tags say.
enum StackGeometry {
  /// Relative departure of one gap from the median that is called uneven, and its floor in millimetres (positions are
  /// printed with two to six decimals).
  static let unevenFraction = 0.02
  static let unevenFloor = 0.05

  struct Result {
    let geometry: VolumeGeometry
    /// Ascending along the normal.
    let candidates: [SliceCandidate]
    let warnings: [String]
  }

  static func build(_ candidates: [SliceCandidate]) throws(VolumeGeometry.Failure) -> Result {
    let plane = candidates[0].plane
    guard let normal = candidates[0].normal.normalized else { throw .notFinite }
    let sorted = candidates.map { ($0.depth(along: normal), $0) }
      .sorted { ($0.0, $0.1.sopInstanceUID, $0.1.frame) < ($1.0, $1.1.sopInstanceUID, $1.1.frame) }
    let depths = sorted.map(\.0)
    let ordered = sorted.map(\.1)
    let gaps = zip(depths.dropFirst(), depths).map { $0 - $1 }
    var warnings: [String] = []
    let spacing = nominalSpacing(gaps, plane, &warnings)
    let geometry = try VolumeGeometry(
      columns: candidates[0].columns, rows: candidates[0].rows, rowDirection: plane.rowDirection,
      columnDirection: plane.columnDirection,
      spacing: Vector3(plane.columnSpacing, plane.rowSpacing, spacing), sliceOrigins: ordered.map(\.plane.position),
      frameOfReferenceUID: candidates[0].frameOfReferenceUID)
    auditGaps(gaps, spacing, &warnings)
    auditTags(ordered, spacing, &warnings)
    auditShear(ordered, normal, geometry, &warnings)
    auditNumbers(ordered, &warnings)
    return Result(geometry: geometry, candidates: ordered, warnings: warnings)
  }

  private static func nominalSpacing(_ gaps: [Double], _ plane: ImagePlane, _ warnings: inout [String]) -> Double {
    if !gaps.isEmpty { return median(gaps) }
    if let between = plane.spacingBetweenSlices, between > 0 { return between }
    if let thickness = plane.thickness { return thickness }
    warnings.append("a single slice without thickness: taken as 1 mm")
    return 1
  }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  // MARK: Audit

  private static func auditGaps(_ gaps: [Double], _ spacing: Double, _ warnings: inout [String]) {
    guard gaps.count > 1 else { return }
    let tolerance = max(unevenFloor, unevenFraction * spacing)
    var missing = 0
    var places: [Int] = []
    var uneven: [Double] = []
    for (index, gap) in gaps.enumerated() where abs(gap - spacing) > tolerance {
      let steps = (gap / spacing).rounded()
      if steps >= 2, steps <= 1000, abs(gap - steps * spacing) <= max(tolerance, 0.1 * spacing) {
        missing += Int(steps) - 1
        places.append(index)
      } else {
        uneven.append(gap)
      }
    }
    if missing > 0 {
      let text = places.prefix(5).map { "\($0) and \($0 + 1)" }.joined(separator: ", ")
      warnings.append("\(missing) slices are missing, between slices \(text)")
    }
    if let low = uneven.min(), let high = uneven.max() {
      warnings.append(
        "slice spacing is uneven: \(millimetres(min(low, spacing))) to \(millimetres(max(high, spacing))) mm")
    }
  }

  private static func auditTags(_ ordered: [SliceCandidate], _ spacing: Double, _ warnings: inout [String]) {
    let plane = ordered[0].plane
    guard ordered.count > 1 else { return }
    if let tag = plane.spacingBetweenSlices, tag > 0, abs(tag - spacing) > max(0.1, 0.05 * spacing) {
      warnings.append(
        "Spacing Between Slices says \(millimetres(tag)) mm, positions say \(millimetres(spacing)) mm: positions are used"
      )
    }
    if let thickness = plane.thickness, thickness > spacing * 1.02 + 0.01 {
      warnings.append("slices of \(millimetres(thickness)) mm overlap at a spacing of \(millimetres(spacing)) mm")
    }
  }

  private static func auditShear(
    _ ordered: [SliceCandidate], _ normal: Vector3, _ geometry: VolumeGeometry, _ warnings: inout [String]
  ) {
    guard ordered.count > 1 else { return }
    var sideways = 0.0
    var along = 0.0
    for index in 1..<ordered.count {
      let step = ordered[index].plane.position - ordered[index - 1].plane.position
      let depth = step.dot(normal)
      let lateral = (step - normal * depth).length
      if lateral > sideways {
        sideways = lateral
        along = depth
      }
    }
    // A tenth of a pixel from slice to slice is rounding.
    guard sideways > 0.1 * min(geometry.spacing.x, geometry.spacing.y), sideways > 0.05 else { return }
    let angle = Degrees.arcTangent(sideways, along)
    warnings.append(
      "slices are shifted sideways, by up to \(millimetres(sideways)) mm from one to the next (\(Int(angle.rounded())) degrees)"
    )
  }

  /// A slice that is missing at an end leaves no gap in the positions, only one in the numbers.
  private static func auditNumbers(_ ordered: [SliceCandidate], _ warnings: inout [String]) {
    let numbers = Set(ordered.compactMap(\.instanceNumber))
    guard numbers.count == ordered.count, numbers.count > 2, let low = numbers.min(), let high = numbers.max() else {
      return
    }
    let absent = high - low + 1 - numbers.count
    if absent > 0, absent < numbers.count, numbers.count * 2 > high - low {
      warnings.append("instance numbers run from \(low) to \(high), \(absent) of them are absent")
    }
  }

  static func millimetres(_ value: Double) -> String { SeriesSplitting.rounded(value, 0.001) }
}
