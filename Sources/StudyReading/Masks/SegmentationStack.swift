import DICOM
import Imaging

/// Where the frames of a segmentation lie: one stack of parallel slices, each frame on a slice with its segment.
struct SegmentationStack {
  let geometry: VolumeGeometry
  /// Slice of each frame.
  let slices: [Int]
  /// Segment of each frame; `nil` in a label map, whose pixels name their segments.
  let segments: [Int?]
  let warnings: [String]

  /// Frames whose depths differ by less than this lie on one slice, in millimetres.
  private static let depthTolerance = 0.005
  /// A regular stack may have this many slices after its gaps are filled.
  private static let maximumSlices = 4096

  init(_ dataset: Dataset, frames count: Int, name: String) throws(MaskError) {
    let shared = dataset.item(.sharedFunctionalGroupsSequence)
    let perFrame = dataset.items(.perFrameFunctionalGroupsSequence)
    let group = { (frame: Int, tag: Tag) -> Dataset? in
      (frame < perFrame.count ? perFrame[frame].item(tag) : nil) ?? shared?.item(tag)
    }
    guard let measures = group(0, .pixelMeasuresSequence), let orientation = group(0, .planeOrientationSequence) else {
      throw MaskError(file: name, reason: "the segmentation has no orientation and spacing in a patient")
    }
    let cosines = orientation.doubles(.imageOrientationPatient)
    let spacing = measures.doubles(.pixelSpacing)
    guard cosines.count == 6, spacing.count == 2, let row = Vector3(cosines[0], cosines[1], cosines[2]).normalized,
      let column = Vector3(cosines[3], cosines[4], cosines[5]).normalized
    else { throw MaskError(file: name, reason: "the segmentation's orientation or spacing is incomplete") }
    let normal = row.cross(column)
    var origins: [Vector3] = []
    var segments: [Int?] = []
    for frame in 0..<count {
      guard let place = group(frame, .planePositionSequence)?.doubles(.imagePositionPatient), place.count == 3 else {
        throw MaskError(file: name, reason: "a frame of the segmentation has no position in a patient")
      }
      let own = group(frame, .planeOrientationSequence)?.doubles(.imageOrientationPatient) ?? cosines
      guard own.count == 6, zip(own, cosines).allSatisfy({ abs($0 - $1) < 1e-3 }) else {
        throw MaskError(file: name, reason: "the segmentation's frames lie in different orientations")
      }
      origins.append(Vector3(place[0], place[1], place[2]))
      segments.append(group(frame, .segmentIdentificationSequence)?.int(.referencedSegmentNumber))
    }
    self.segments = segments
    let stack = try Self.stack(
      origins, normal: normal, pitch: measures.double(.spacingBetweenSlices).flatMap { $0 > 0 ? $0 : nil },
      thickness: measures.double(.sliceThickness).flatMap { $0 > 0 ? $0 : nil }, name: name)
    slices = stack.slices
    warnings = stack.warnings
    guard let rows = dataset.int(.rows), let columns = dataset.int(.columns), rows > 0, columns > 0 else {
      throw MaskError(file: name, reason: "the segmentation has no rows or columns")
    }
    do throws(VolumeGeometry.Failure) {
      geometry = try VolumeGeometry(
        columns: columns, rows: rows, rowDirection: row, columnDirection: column,
        spacing: Vector3(spacing[1], spacing[0], stack.spacing), sliceOrigins: stack.origins,
        frameOfReferenceUID: dataset.string(.frameOfReferenceUID))
    } catch {
      throw MaskError(file: name, reason: VoxelGrid.words(error))
    }
  }

  /// Sorts the frames' origins into slices. Sparse frames of a regular stack get the empty slices between them back,
  /// so that the spacing is the true one.
  private static func stack(
    _ origins: [Vector3], normal: Vector3, pitch: Double?, thickness: Double?, name: String
  ) throws(MaskError) -> (origins: [Vector3], slices: [Int], spacing: Double, warnings: [String]) {
    let depths = origins.map { $0.dot(normal) }
    let order = origins.indices.sorted { (depths[$0], $0) < (depths[$1], $1) }
    var places: [(depth: Double, origin: Vector3)] = []
    var slices = [Int](repeating: 0, count: origins.count)
    for frame in order {
      if let last = places.last, depths[frame] - last.depth < depthTolerance {
        guard (origins[frame] - last.origin).length < 0.1 else {
          throw MaskError(file: name, reason: "the segmentation's frames are tiles of a plane")
        }
      } else {
        places.append((depths[frame], origins[frame]))
      }
      slices[frame] = places.count - 1
    }
    let gaps = zip(places.dropFirst(), places).map { $0.depth - $1.depth }
    guard let smallest = gaps.min() else {
      return (places.map(\.origin), slices, pitch ?? thickness ?? 1, [])
    }
    for candidate in [pitch, thickness, smallest] {
      guard let step = candidate, let filled = regular(places, gaps: gaps, step: step) else { continue }
      return (filled.origins, slices.map { filled.place[$0] }, filled.spacing, [])
    }
    let sorted = gaps.sorted()
    return (
      places.map(\.origin), slices, sorted[sorted.count / 2], ["the segmentation's slices are unevenly spaced"]
    )
  }

  private static func regular(
    _ places: [(depth: Double, origin: Vector3)], gaps: [Double], step: Double
  ) -> (origins: [Vector3], place: [Int], spacing: Double)? {
    let steps = gaps.map { ($0 / step).rounded() }
    guard zip(gaps, steps).allSatisfy({ $1 >= 1 && abs($0 - $1 * step) <= 0.02 * step }) else { return nil }
    let total = steps.reduce(0, +)
    guard total < Double(maximumSlices) else { return nil }
    var origins = [places[0].origin]
    var place = [0]
    for index in steps.indices {
      let count = Int(steps[index])
      let (from, to) = (places[index].origin, places[index + 1].origin)
      for part in 1...count {
        origins.append(part == count ? to : from + (to - from) * (Double(part) / Double(count)))
      }
      place.append(origins.count - 1)
    }
    return (origins, place, (places[places.count - 1].depth - places[0].depth) / total)
  }
}
