public import Imaging

/// One lesion or one reference structure as a mask file holds it, before it is placed on a measured series.
public struct LabelledMask: Sendable {
  /// Raw values are those of `source.kind` in features.json.
  public enum Kind: String, Sendable, Hashable, CaseIterable, Codable {
    case dicomSegmentation = "dicom_seg"
    case rtStructureSet = "rtstruct"
    case nifti
    case nrrd
    case seed
  }

  public enum Shape: Sendable {
    /// Voxels of the mask's own grid.
    case voxels(Region)
    /// Closed planar outlines, to be filled on the grid of a series.
    case contours([PlanarContour])
    /// Points in LPS millimetres, one lesion each or hints for a search.
    case points([Vector3])
  }

  public var kind: Kind
  /// Segment number, ROI number, label value, or the point's place in the file, from 1.
  public var label: Int
  /// The name in the file; free text, which no output shows unless identifiers are asked for.
  public var name: String?
  /// What the mask shows when it is not a lesion; `nil` for a lesion.
  public var reference: ReferenceKind?
  public var shape: Shape
  /// `nil` where the file has none, as in NIfTI and NRRD.
  public var frameOfReferenceUID: String?
  /// Series Instance UIDs that the file names as its images, sorted.
  public var referencedSeriesUIDs: [String]
  /// SOP Instance UIDs that the file names as its images, sorted.
  public var referencedInstanceUIDs: [String]

  public init(
    kind: Kind, label: Int, name: String? = nil, reference: ReferenceKind? = nil, shape: Shape,
    frameOfReferenceUID: String? = nil, referencedSeriesUIDs: [String] = [], referencedInstanceUIDs: [String] = []
  ) {
    self.kind = kind
    self.label = label
    self.name = name
    self.reference = reference
    self.shape = shape
    self.frameOfReferenceUID = frameOfReferenceUID
    self.referencedSeriesUIDs = referencedSeriesUIDs
    self.referencedInstanceUIDs = referencedInstanceUIDs
  }

  /// The mask's own voxels; `nil` for contours and points.
  public var region: Region? {
    if case .voxels(let region) = shape { return region }
    return nil
  }

  /// Whether there is nothing in it.
  public var isEmpty: Bool {
    switch shape {
    case .voxels(let region): region.isEmpty
    case .contours(let contours): contours.isEmpty
    case .points(let points): points.isEmpty
    }
  }
}

/// A closed polygon whose corners lie in one plane, in LPS millimetres; the last corner joins the first.
public struct PlanarContour: Sendable, Hashable {
  public var points: [Vector3]
  /// SOP Instance UID of the image that the contour was drawn on, where the file says.
  public var instanceUID: String?

  public init(points: [Vector3], instanceUID: String? = nil) {
    self.points = points
    self.instanceUID = instanceUID
  }

  /// Area-weighted normal (Newell), twice the polygon's area in length; the null vector for a degenerate polygon.
  public var areaVector: Vector3 {
    guard let first = points.first, points.count >= 3 else { return .zero }
    var sum = Vector3.zero
    for index in 1..<(points.count - 1) { sum += (points[index] - first).cross(points[index + 1] - first) }
    return sum
  }
}

/// A mask file, read.
public struct MaskFile: Sendable {
  /// The path that was read.
  public var path: String
  public var kind: LabelledMask.Kind
  /// Lesions and references in the file's order of labels.
  public var masks: [LabelledMask]
  /// What a reader should know, such as the threshold applied to a fractional mask. No free text of the file.
  public var warnings: [String]

  public init(path: String, kind: LabelledMask.Kind, masks: [LabelledMask], warnings: [String] = []) {
    self.path = path
    self.kind = kind
    self.masks = masks
    self.warnings = warnings
  }

  public var lesions: [LabelledMask] { masks.filter { $0.reference == nil } }
  public var references: [LabelledMask] { masks.filter { $0.reference != nil } }
}
