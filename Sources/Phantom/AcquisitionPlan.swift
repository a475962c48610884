import Foundation
import Imaging

/// Lays the series of a study over the patient.
struct AcquisitionPlan: Sendable {
  let specification: PhantomStudySpecification
  let spine: SpineModel
  let frameOfReferenceUID: String

  /// PulseSequence of a kind at the study's field strength: the paper's repetition and echo times.
  static func sequence(_ kind: SeriesSpecification.Kind, fieldStrength: Double) -> PulseSequence {
    let high = fieldStrength >= 2.2
    var t1 = PulseSequence(repetitionTime: high ? 480 : 600, echoTime: high ? 9 : 10, fieldStrength: fieldStrength)
    var t2 = PulseSequence(repetitionTime: high ? 2500 : 2900, echoTime: high ? 95 : 100, fieldStrength: fieldStrength)
    switch kind {
    case .sagittalT1, .ct: return t1
    case .axialT1:
      t1.repetitionTime = high ? 470 : 640
      t1.echoTime = high ? 8 : 9
      return t1
    case .sagittalT1Post:
      t1.fatSuppressed = true
      t1.gadolinium = true
      return t1
    case .axialT1Post:
      t1.repetitionTime = high ? 470 : 640
      t1.echoTime = high ? 8 : 9
      t1.fatSuppressed = true
      t1.gadolinium = true
      return t1
    case .sagittalT2, .axialT2, .wholeSpineT2: return t2
    case .sagittalT2FatSuppressed:
      t2.fatSuppressed = true
      return t2
    case .sagittalSTIR:
      // Fat is nulled at ln 2 of its T1.
      return PulseSequence(
        repetitionTime: 3500, echoTime: 55, inversionTime: (high ? Tissue.fatT1.1 : Tissue.fatT1.0) * log(2),
        fieldStrength: fieldStrength)
    }
  }

  func acquisitions() throws(VolumeGeometry.Failure) -> [Acquisition] {
    var random = RandomSequence(seed: specification.seed, stream: 31)
    var groups: [VolumeGeometry] = []
    var result: [Acquisition] = []
    for (number, series) in specification.series.enumerated() where series.kind != .ct {
      let grid = try geometry(series)
      let group = groups.firstIndex(of: grid) ?? groups.count
      if group == groups.count { groups.append(grid) }
      let move = specification.shift
      let shift = number == 0 ? SIMD2(0, 0) : SIMD2(random.uniform(-move...move), random.uniform(-move...move))
      result.append(
        Acquisition(
          kind: series.kind, number: number + 1, geometry: grid, sliceThickness: thickness(series),
          sequence: Self.sequence(series.kind, fieldStrength: specification.fieldStrength),
          phaseResolution: series.phaseResolution, muscleSNR: muscleSNR(series), shift: shift, group: group))
    }
    return result
  }

  private func muscleSNR(_ series: SeriesSpecification) -> Double {
    if series.muscleSNR > 0 { return series.muscleSNR }
    switch series.kind {
    case .sagittalT2, .axialT2, .sagittalT2FatSuppressed, .wholeSpineT2, .sagittalSTIR: return 15
    default: return 25
    }
  }

  func isAxial(_ kind: SeriesSpecification.Kind) -> Bool {
    switch kind {
    case .axialT1, .axialT2, .axialT1Post, .ct: true
    default: false
    }
  }

  private func thickness(_ series: SeriesSpecification) -> Double {
    if series.sliceThickness > 0 { return series.sliceThickness }
    if series.kind == .ct { return 3 }
    return isAxial(series.kind) ? 5 : 4
  }

  /// First and last vertebra of the block.
  private var range: ClosedRange<Int> {
    let (first, last): (VertebralLevel, VertebralLevel) =
      switch specification.block {
      case .cervical: (.c2, .t2)
      case .thoracic: (.t1, .t12)
      case .thoracolumbar: (.t7, .l3)
      case .lumbar: (.t12, .s2)
      case .whole: (.c1, .s3)
      }
    return spine.index(of: first)!...spine.index(of: last)!
  }

  private func midpoint(_ range: ClosedRange<Int>) -> Vector3 {
    let centers = range.map { spine.vertebrae[$0].center }
    let low = centers.reduce(centers[0]) { Vector3(min($0.x, $1.x), min($0.y, $1.y), min($0.z, $1.z)) }
    let high = centers.reduce(centers[0]) { Vector3(max($0.x, $1.x), max($0.y, $1.y), max($0.z, $1.z)) }
    return (low + high) / 2
  }

  /// The axes of the stack, turned by the study's obliquity about a skew axis.
  private func axes(axial: Bool) -> (row: Vector3, column: Vector3) {
    let angle = specification.obliqueDegrees * .pi / 180
    let axis = Vector3(0.35, 0.5, 0.79).normalized!
    func turn(_ v: Vector3) -> Vector3 {
      v * cos(angle) + axis.cross(v) * sin(angle) + axis * (axis.dot(v) * (1 - cos(angle)))
    }
    return axial
      ? (turn(Vector3(1, 0, 0)), turn(Vector3(0, 1, 0))) : (turn(Vector3(0, 1, 0)), turn(Vector3(0, 0, -1)))
  }

  func geometry(_ series: SeriesSpecification) throws(VolumeGeometry.Failure) -> VolumeGeometry {
    let axial = isAxial(series.kind)
    let whole = series.kind == .wholeSpineT2 || specification.block == .whole
    let block = series.kind == .wholeSpineT2 ? spine.index(of: .c1)!...spine.index(of: .s3)! : range
    var field = series.fieldOfView
    if field <= 0 {
      let length = (spine.vertebrae[block.lowerBound].center - spine.vertebrae[block.upperBound].center).length
      field = axial ? (series.kind == .ct ? 260 : 230) : (whole ? length + 60 : min(max(length + 70, 240), 340))
    }
    let matrix = series.matrix > 0 ? series.matrix : (axial ? 256 : (whole ? 448 : 320))
    let thickness = thickness(series)
    let gap = series.sliceGap >= 0 ? series.sliceGap : (series.kind == .ct ? 0 : thickness * 0.1)
    let step = thickness + gap
    var center = midpoint(block)
    center.y += axial ? 5 : 0
    var slices = series.slices
    if axial {
      let span = axialSpan(series, step: step)
      center = span.center
      if slices <= 0 { slices = span.slices }
    } else if slices <= 0 {
      slices = specification.anatomy.scoliosisDegrees == 0 ? (whole ? 13 : 15) : 19
    }
    let (row, column) = axes(axial: axial)
    let normal = row.cross(column)
    let spacing = field / Double(matrix)
    let origin =
      center + (row + column) * (spacing * (specification.gridOffset - Double(matrix - 1) / 2))
      - normal * (step * Double(slices - 1) / 2)
    // Positions as DICOM prints them: a thousandth of a millimetre.
    let rounded = Vector3(
      (origin.x * 1000).rounded() / 1000, (origin.y * 1000).rounded() / 1000, (origin.z * 1000).rounded() / 1000)
    let pixel = (spacing * 1e6).rounded() / 1e6
    return try VolumeGeometry(
      columns: matrix, rows: matrix, slices: slices, origin: rounded, rowDirection: row, columnDirection: column,
      spacing: Vector3(pixel, pixel, step), frameOfReferenceUID: frameOfReferenceUID)
  }

  /// Axial slices "at the levels suspected to have metastatic lesions": over the lesions of the block, 24 at most.
  private func axialSpan(_ series: SeriesSpecification, step: Double) -> (center: Vector3, slices: Int) {
    let block = range.map { spine.vertebrae[$0].center.z }
    let inBlock = specification.lesions.compactMap { lesion -> Vector3? in
      guard let level = VertebralLevel(name: lesion.level), let k = spine.index(of: level) else { return nil }
      return spine.vertebrae[k].center
    }.filter { $0.z <= block.max()! + 20 && $0.z >= block.min()! - 20 }
    let most = series.kind == .ct ? 160 : 24
    if series.kind == .ct || inBlock.isEmpty {
      let middle = midpoint(range)
      let length = series.kind == .ct ? block.max()! - block.min()! + 50 : 14 * step
      return (middle + Vector3(0, 12, 0), min(most, Int(length / step) + 1))
    }
    let low = inBlock.map(\.z).min()! - 28
    let high = inBlock.map(\.z).max()! + 28
    let wanted = Int((high - low) / step) + 1
    let x = inBlock.map(\.x).reduce(0, +) / Double(inBlock.count)
    let y = inBlock.map(\.y).reduce(0, +) / Double(inBlock.count) + 12
    if wanted <= most { return (Vector3(x, y, (low + high) / 2), wanted) }
    return (inBlock[0] + Vector3(0, 12, 0), most)
  }
}
