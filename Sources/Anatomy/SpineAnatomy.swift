public import Imaging

/// One vertebra as it was found in the pictures.
public struct VertebraRecord: Sendable, Hashable {
  /// `nil` where nothing anchors the count; `SpineAnatomy.levelReason` says why.
  public var level: VertebralLevel?
  /// 0 to 1; 0 without a level.
  public var levelConfidence: Double
  /// Centre of the body, LPS millimetres.
  public var centre: Vector3
  /// Front and back end of the end plates in the canal's slice, LPS millimetres.
  public var superiorEndPlate: [Vector3]
  public var inferiorEndPlate: [Vector3]
  /// Heights of the body in millimetres, a third of its depth before, at, and behind the middle, mean of three slices.
  public var anteriorHeight: Double
  public var middleHeight: Double
  public var posteriorHeight: Double
  /// Depth, front to back, in millimetres.
  public var depth: Double
  /// Smallest of the three heights against what the neighbours' larger heights let expect, in per cent: 0 is none.
  /// `nil` without a complete neighbour, and for sacral bodies.
  public var collapsePercent: Double?
  /// Strength of the end plates, 0 to 1.
  public var evidence: Double
  /// The picture ends within the body.
  public var isCut: Bool
}

/// What was found of the spine in one stack of sagittal slices (a block, or the whole spine).
public struct SpineAnatomy: Sendable {
  /// The series whose grid `map` has.
  public var seriesInstanceUID: String
  /// Every series that took part.
  public var seriesUsed: [String]
  public var wholeSpine: Bool
  /// Bodies, discs, canal and posterior elements; levels are 0 where none is known.
  public var map: AnatomyMap
  /// Centre of the canal from head to feet, a point a millimetre, LPS.
  public var canalCentreline: [Vector3]
  /// Depth of the canal, front to back, in millimetres, for each point of the centreline.
  public var canalDepths: [Double]
  /// From head to feet.
  public var vertebrae: [VertebraRecord]
  /// How the count was anchored, in words; `nil` without levels.
  public var levelAnchor: String?
  /// Why there are no levels; `nil` where there are.
  public var levelReason: String?
  public var warnings: [String]
  /// 0 to 1: the strength of the canal's and the end plates' evidence.
  public var quality: Double

  /// The vertebra whose body is nearest to a point; `nil` where none lies within 60 mm.
  public func vertebra(nearest point: Vector3) -> VertebraRecord? {
    vertebrae.filter { ($0.centre - point).length <= 60 }
      .min { ($0.centre - point).length < ($1.centre - point).length }
  }

  /// The level of the nearest vertebra and its confidence; `nil` where the count has no anchor.
  public func level(at point: Vector3) -> (level: VertebralLevel, confidence: Double)? {
    guard let vertebra = vertebra(nearest: point), let level = vertebra.level else { return nil }
    return (level, vertebra.levelConfidence)
  }

  /// Whether a point lies along this spine's canal, within 100 mm of it.
  public func covers(_ point: Vector3) -> Bool {
    guard let course = SpineCourse(canalCentreline), course.covers(z: point.z, margin: 10) else { return false }
    return (course.centre(z: point.z) - point).length <= 100
  }
}

/// Why no anatomy was found.
public enum AnatomyFailure: Error, Sendable, Hashable, CustomStringConvertible {
  case noSagittalSeries
  case noCanal(series: Int)
  case noVertebrae(series: Int)

  public var description: String {
    switch self {
    case .noSagittalSeries: "There is no sagittal T1 or T2 series in which the spine could be sought."
    case .noCanal(let series): "No spinal canal was found in \(series) sagittal series."
    case .noVertebrae(let series): "A canal, but no vertebral bodies were found in \(series) sagittal series."
    }
  }
}

/// `L5@x,y,z`: the vertebra nearest to this point (LPS millimetres) has this level.
public struct LevelAnchor: Sendable, Hashable {
  public var level: VertebralLevel
  public var point: Vector3

  public init(level: VertebralLevel, point: Vector3) {
    self.level = level
    self.point = point
  }
}
