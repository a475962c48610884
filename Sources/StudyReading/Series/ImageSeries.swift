public import DICOM
public import Imaging

/// One stack of parallel slices that can become a volume: a DICOM series, or one part of a series that holds several
/// orientations, stacks, echoes or time points.
public struct ImageSeries: Sendable {
  /// One slice and the frame that it comes from.
  public struct Slice: Sendable, Hashable {
    /// Index into `instances`.
    public let instance: Int
    /// Counts from 0 within the instance's frames.
    public let frame: Int
    public let sopInstanceUID: String
    /// Counts from 1; `nil` for an object of a single frame.
    public let frameNumber: Int?
  }

  public let seriesInstanceUID: String
  /// Which part of the DICOM series this is, from 0, of `partCount`.
  public let part: Int
  public let partCount: Int
  /// What distinguishes the part, such as `echo 2` or `time point 1`; empty when the series was not split.
  public let partLabel: String
  /// The objects that hold the slices, by SOP Instance UID.
  public let instances: [Instance]
  /// In the order of `geometry`: along the normal.
  public let slices: [Slice]
  public let geometry: VolumeGeometry
  public let scale: IntensityScale
  /// Findings about the geometry, the encoding and the splitting, without header text.
  public let warnings: [String]

  /// Header of the object that holds the first slice.
  public var representative: Instance { instances[slices[0].instance] }

  /// The frame of one slice.
  public func frame(ofSlice slice: Int) -> Frame { instances[slices[slice].instance].frames[slices[slice].frame] }

  /// MR attributes of the first slice.
  public var acquisition: MRAcquisition { frame(ofSlice: 0).acquisition }

  public var modality: String { representative.series.modality ?? "" }

  public var plane: Plane { Plane(normal: geometry.sliceDirection) }

  /// Degrees between the stack's normal and the nearest patient axis.
  public var obliquityDegrees: Double {
    let normal = geometry.sliceDirection
    let largest = max(abs(normal.x), abs(normal.y), abs(normal.z))
    return Degrees.arcCosine(min(1, largest))
  }

  /// Bytes that `loadVolume` holds at its peak: the volume, and one frame for each of two threads.
  public var expectedBytes: Int {
    let frame = representative.pixels?.frameBytes ?? 0
    return geometry.count * MemoryLayout<Float>.stride + 2 * 3 * frame
  }
}

/// Angles without Foundation.
enum Degrees {
  /// Degrees of the angle whose cosine is `value` (0...1), by bisection of the half angle's definition.
  static func arcCosine(_ value: Double) -> Double {
    value >= 1 ? 0 : arcTangent((1 - value * value).squareRoot(), value)
  }

  /// Degrees of the angle in the first quadrant with this opposite and adjacent side.
  static func arcTangent(_ opposite: Double, _ adjacent: Double) -> Double {
    // Halve the angle until the series converges in a few terms: tan(a/2) = t / (1 + sqrt(1 + t^2)).
    var tangent = opposite / (adjacent + (adjacent * adjacent + opposite * opposite).squareRoot())
    var scale = 2.0
    for _ in 0..<6 {
      tangent /= 1 + (1 + tangent * tangent).squareRoot()
      scale *= 2
    }
    let square = tangent * tangent
    return scale * tangent * (1 - square / 3 + square * square / 5) * 180 / Double.pi
  }
}
