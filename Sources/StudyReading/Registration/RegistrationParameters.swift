/// How shifts between series of one plane are measured, and which are told; see Guides/registration.md.
public struct RegistrationParameters: Sendable, Codable, Equatable {
  /// Largest shift in either direction that is looked for, millimetres. Patients who move further between series move in
  /// ways that one shift does not describe.
  public var reach = 4.0
  /// Edges are compared up to so many millimetres beside the lesions: about half a vertebra with its discs.
  public var surroundings = 20.0
  /// Side of a window of edges, in pixels, and the most windows that are compared.
  public var windowSide = 32
  public var windows = 24
  /// Fewest windows that allow an answer with its error.
  public var minimumWindows = 4
  /// By how many standard errors the windows must agree better at the shift found than on average: the best of some
  /// hundred shifts of pure noise comes to about 3 (Rose's criterion asks for 5).
  public var minimumAgreement = 5.0
  /// Largest distance of a slice from the reference's, in slice spacings.
  public var sliceTolerance = 0.25
  /// Part of the error that the windows share, in pixels, since the series show other edges (calibrated on phantoms).
  public var sharedError = 0.1
  /// A shift with a larger standard error than this, in pixels, is no measurement.
  public var maximumError = 1.0
  /// A shift is told, or corrected, above so many standard errors (in one direction) and so many pixels: masks are
  /// carried by the nearest voxel, which cannot express less than half a pixel.
  public var significantErrors = 3.0
  public var toldPixels = 0.5

  public init() {}
}
