/// Why a mask or label-map file was not used: which file, and the reason in words. Carries no patient data but the
/// file's own name, which the caller may withhold.
public struct MaskError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file's name without its folders; empty where the mask came from no file.
  public var file: String
  public var reason: String

  public init(file: String, reason: String) {
    self.file = file
    self.reason = reason
  }

  public var description: String { file.isEmpty ? reason : "\(file): \(reason)" }
}

/// What a mask file may claim before it is refused. The defaults are far above any clinical file; they keep a damaged
/// or hostile one from asking for the machine's memory.
public struct MaskLimits: Sendable, Codable, Equatable {
  /// Decoded voxels of one file, in bytes.
  public var maximumBytes = 512 << 20
  /// Text header of an NRRD file, a markups file, a label-name file, in bytes.
  public var maximumTextBytes = 16 << 20
  /// Distinct labels of one file; more of them mean that an image was passed for a label map.
  public var maximumLabels = 1024
  /// Contours of one structure set.
  public var maximumContours = 200_000
  /// Points of all contours of one structure set.
  public var maximumContourPoints = 8_000_000
  /// Control points of one markups file.
  public var maximumControlPoints = 100_000
  /// Frames of one DICOM segmentation.
  public var maximumFrames = 200_000

  public init() {}
}
