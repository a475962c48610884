/// What a series is for in the paper's reading. Raw values are those of features.json.
public enum SeriesRole: String, Sendable, Hashable, CaseIterable, Codable {
  case sagittalT1 = "sag_t1"
  case sagittalT2 = "sag_t2"
  case sagittalT1Post = "sag_t1_post"
  case axialT1 = "ax_t1"
  case axialT2 = "ax_t2"
  case axialT1Post = "ax_t1_post"
  case ct
  case unused
}

/// The plane of a stack: within 30 degrees of the plane's normal, else oblique; unknown without an orientation.
public enum Plane: String, Sendable, Hashable, CaseIterable, Codable {
  case sagittal, axial, coronal, oblique, unknown

  /// The plane whose normal lies within 30 degrees of `normal` (a unit vector, sign irrelevant).
  public init(normal: Vector3) {
    let limit = 0.866_025_403_784_438_6  // cos 30 degrees
    if abs(normal.x) >= limit {
      self = .sagittal
    } else if abs(normal.y) >= limit {
      self = .coronal
    } else if abs(normal.z) >= limit {
      self = .axial
    } else {
      self = .oblique
    }
  }
}

/// STIR and TIRM are `t2`, fat-suppressed.
public enum Weighting: String, Sendable, Hashable, CaseIterable, Codable { case t1, t2, other, unknown }

/// Before or after the contrast agent.
public enum ContrastPhase: String, Sendable, Hashable, CaseIterable, Codable { case pre, post, unknown }
