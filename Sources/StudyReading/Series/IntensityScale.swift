internal import DICOM

/// How stored values of a series become intensities, and whether a ratio of two of them means a ratio of signals.
public struct IntensityScale: Sendable, Hashable {
  public enum Kind: String, Sendable, Hashable, CaseIterable, Codable {
    /// Stored values as they are.
    case stored
    /// Rescale Slope and Intercept of each slice.
    case rescaled
    /// Philips' floating point values, chosen where displayed values are not comparable between slices.
    case philipsFloat
  }

  public let kind: Kind
  /// Whether zero means no signal and one factor holds for the whole series, so that it cancels in a ratio.
  public let isRatioSafe: Bool
  /// Why a ratio is not safe, or what was done to make it so; empty for a plain series.
  public let notes: [String]

  init(frames: [Frame], isInverted: Bool) {
    var notes: [String] = []
    var isSafe = true
    let rescales = frames.map(\.rescale)
    let slopes = Set(rescales.map(\.slope))
    let hasIntercept = rescales.contains { $0.intercept != 0 }
    // Displayed values differ from floating point values by slope * scale, which cancels only if it is one number.
    let factors = rescales.compactMap { rescale in rescale.philipsScaleSlope.map { rescale.slope * $0 } }
    let isPhilips = factors.count == frames.count && !factors.isEmpty
    let spread = isPhilips ? (factors.max()! - factors.min()!) / factors.max()! : 0
    if isPhilips && spread > 1e-4 {
      kind = .philipsFloat
      notes.append("the private scale differs between slices: floating point values are used, ratios are safe")
    } else {
      kind = rescales.allSatisfy(\.isIdentity) ? .stored : .rescaled
      if slopes.count > 1 { notes.append("Rescale Slope differs between slices and is applied to each") }
    }
    if hasIntercept {
      if isPhilips {
        notes.append("Rescale Intercept is not 0 and is applied: zero of the displayed values is zero signal")
      } else {
        isSafe = false
        notes.append("Rescale Intercept is not 0: a ratio of values need not be a ratio of signals")
      }
    }
    if isInverted {
      isSafe = false
      notes.append("MONOCHROME1: values are mirrored so that bright is high; ratios depend on the mirror's zero")
    }
    isRatioSafe = isSafe
    self.notes = notes
  }

  /// Slope and intercept of one frame under this scale.
  func factors(_ rescale: Rescale) -> (slope: Double, intercept: Double) {
    switch kind {
    case .stored: (1, 0)
    case .rescaled: (rescale.slope, rescale.intercept)
    case .philipsFloat:
      rescale.philipsScaleSlope.map { (1 / $0, rescale.intercept / (rescale.slope * $0)) }
        ?? (rescale.slope, rescale.intercept)
    }
  }
}
