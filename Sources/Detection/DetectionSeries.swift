public import Imaging

/// One series that lesions are looked for in, with where it lies in the patient.
public struct DetectionSeries: Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    /// T1 before contrast, without fat suppression.
    case t1
    case t2
    /// T1 after contrast with fat suppression: without it a lesion that enhances fades into fatty marrow.
    case post
  }

  public var kind: Kind
  public var volume: Volume
  /// Mean signal of muscle on the series; `nil` where none is known.
  public var muscle: Double?
  /// Mean posterior coordinate (LPS y, mm) of that muscle; `nil` where the coil's fall-off up to it is not to be counted.
  public var muscleDepth: Double?

  public init(kind: Kind, volume: Volume, muscle: Double? = nil, muscleDepth: Double? = nil) {
    self.kind = kind
    self.volume = volume
    self.muscle = muscle
    self.muscleDepth = muscleDepth
  }
}

/// A lesion that was found or grown, on the grid of the first series.
public struct DetectedLesion: Sendable {
  public var region: Region
  /// 0 to 1: how much it looks like a metastasis and not like what else departs from marrow.
  public var score: Double
  /// Why, in words, most telling first.
  public var evidence: [String]

  public init(region: Region, score: Double, evidence: [String]) {
    self.region = region
    self.score = score
    self.evidence = evidence
  }
}

/// Why nothing was looked for, or a seed did not grow.
public enum DetectionFailure: Error, Hashable, Sendable, CustomStringConvertible {
  case noSeries, tooFewBodies(Int), outside, likeMarrow, leaks(Double)

  public var description: String {
    switch self {
    case .noSeries: "no sagittal T1, T2 or fat-suppressed post-contrast series was decoded"
    case .tooFewBodies(let count): "marrow is compared between vertebral bodies, and \(count) were found"
    case .outside: "the point lies outside the bones that were found and 10 mm around"
    case .likeMarrow: "the tissue at the point does not differ from this patient's marrow"
    case .leaks(let millilitres):
      "the tissue at the point has no border: it would grow to \((millilitres * 10).rounded() / 10) ml"
    }
  }
}
