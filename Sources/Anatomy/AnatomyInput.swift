public import Imaging

/// One series as the anatomy finder needs to know it.
public struct AnatomyInput: Sendable {
  public var seriesInstanceUID: String
  public var volume: Volume
  public var plane: Plane
  public var weighting: Weighting
  public var contrast: ContrastPhase
  /// `nil` where it is not known; then the signal of fat is not relied on.
  public var fatSuppressed: Bool?
  /// The series shows the spine from head to sacrum and may serve to count levels.
  public var wholeSpine: Bool
  /// Drawn lesions, in the series' frame of reference: bodies are outlined as though marrow were there.
  public var lesions: [Region]

  public init(
    seriesInstanceUID: String, volume: Volume, plane: Plane, weighting: Weighting, contrast: ContrastPhase = .pre,
    fatSuppressed: Bool? = nil, wholeSpine: Bool = false, lesions: [Region] = []
  ) {
    self.seriesInstanceUID = seriesInstanceUID
    self.volume = volume
    self.plane = plane
    self.weighting = weighting
    self.contrast = contrast
    self.fatSuppressed = fatSuppressed
    self.wholeSpine = wholeSpine
    self.lesions = lesions
  }
}
