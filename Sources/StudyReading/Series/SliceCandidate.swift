internal import DICOM
internal import Imaging

/// One frame on its way into a stack.
struct SliceCandidate {
  /// Index into the instances of the DICOM series.
  let instance: Int
  /// From 0.
  let frame: Int
  let attributes: Frame
  let plane: ImagePlane
  let rows: Int
  let columns: Int
  let frameOfReferenceUID: String?
  let sopInstanceUID: String
  let instanceNumber: Int?

  /// Names that do not depend on paths or on the order of files.
  var sortKey: (String, Int) { (sopInstanceUID, frame) }

  /// Distance along the stack's normal, millimetres.
  func depth(along normal: Vector3) -> Double { plane.position.dot(normal) }

  var normal: Vector3 { plane.rowDirection.cross(plane.columnDirection) }
}

extension SliceCandidate {
  /// The frames of a series that can stand in a stack, and why the others cannot.
  static func candidates(of series: StudyFolder.Series) -> (usable: [SliceCandidate], refused: [RefusedImages]) {
    var usable: [SliceCandidate] = []
    var reasons: [String: (count: Int, paths: [String])] = [:]
    let refuse = { (reason: String, instance: Instance) in
      reasons[reason, default: (0, [])].count += 1
      if reasons[reason]?.paths.last != instance.path { reasons[reason]?.paths.append(instance.path) }
    }
    for (index, instance) in series.instances.enumerated() {
      guard let pixels = instance.pixels else { continue }
      if let reason = refusal(instance, pixels) {
        refuse(reason, instance)
        continue
      }
      for (position, frame) in instance.frames.enumerated() {
        guard let plane = frame.plane else {
          refuse("no position, orientation or pixel spacing in the patient", instance)
          continue
        }
        guard plane.isUsable else {
          refuse("the orientation is not two perpendicular unit vectors", instance)
          continue
        }
        usable.append(
          SliceCandidate(
            instance: index, frame: position, attributes: frame, plane: plane, rows: pixels.rows,
            columns: pixels.columns, frameOfReferenceUID: instance.series.frameOfReferenceUID,
            sopInstanceUID: instance.sopInstanceUID, instanceNumber: instance.instanceNumber))
      }
    }
    let refused = reasons.sorted { $0.key < $1.key }.map {
      RefusedImages(
        seriesInstanceUID: series.instanceUID, reason: $0.key, count: $0.value.count, paths: $0.value.paths)
    }
    return (usable, refused)
  }

  private static func refusal(_ instance: Instance, _ pixels: PixelFormat) -> String? {
    if pixels.samplesPerPixel != 1 || !pixels.photometricInterpretation.hasPrefix("MONOCHROME") {
      return "colour images have no signal intensities"
    }
    if pixels.bitsAllocated < 8 { return "one-bit images have no signal intensities" }
    if instance.transferSyntax.compression == nil {
      return "the transfer syntax \(instance.transferSyntax.uid.prefix(64)) is not read"
    }
    if instance.imageType.contains("MOSAIC") { return "mosaic images hold many slices in one frame" }
    return nil
  }
}

extension ImagePlane {
  /// Unit vectors within 1 %, perpendicular within the tolerance of `VolumeGeometry`, finite.
  var isUsable: Bool {
    let row = rowDirection.length
    let column = columnDirection.length
    guard abs(row - 1) < 0.01, abs(column - 1) < 0.01 else { return false }
    return abs(rowDirection.dot(columnDirection) / (row * column)) <= 1e-3
      && position.x.isFinite && position.y.isFinite && position.z.isFinite
  }
}

/// Images of a series that are in no stack.
public struct RefusedImages: Sendable, Hashable {
  public let seriesInstanceUID: String
  public let reason: String
  /// Frames, or objects where a whole object is refused.
  public let count: Int
  /// The files that hold them.
  public let paths: [String]
}
