import Findings

/// A feature of Table 1 and how a lesion answers it.
struct CohortFeature: Sendable {
  enum Answer: Equatable {
    /// Position in `levels`.
    case level(Int)
    /// Not evaluable: position in `missing`.
    case missing(Int)
  }

  let name: String
  let levels: [String]
  /// Why a lesion may be not evaluable.
  let missing: [String]
  let answer: @Sendable (CohortLesion) -> Answer

  var isTwoLevel: Bool { levels.count == 2 }

  static let all: [CohortFeature] = [margin, t1Signal, t2Signal, location, extent, enhancement]

  static let margin = CohortFeature(
    name: "margin", levels: ["well_defined", "ill_defined"], missing: ["indeterminate"]
  ) { lesion in
    switch lesion.margin {
    case .wellDefined: .level(0)
    case .illDefined: .level(1)
    case .indeterminate: .missing(0)
    }
  }

  static let t1Signal = signal("t1_signal") { $0.t1 }
  static let t2Signal = signal("t2_signal") { $0.t2 }

  private static func signal(
    _ name: String, _ value: @escaping @Sendable (CohortLesion) -> SignalRecord.SignalClass?
  ) -> CohortFeature {
    CohortFeature(
      name: name, levels: ["hyperintense", "iso_to_hypointense"], missing: ["indeterminate", "not_measured"]
    ) { lesion in
      switch value(lesion) {
      case .hyperintense: .level(0)
      case .isoToHypointense: .level(1)
      case .indeterminate: .missing(0)
      case nil: .missing(1)
      }
    }
  }

  static let location = CohortFeature(
    name: "location", levels: ["vertebral_body", "posterior_elements"], missing: ["indeterminate"]
  ) { lesion in
    switch lesion.part {
    case .vertebralBody: .level(0)
    case .posteriorElements: .level(1)
    case .indeterminate: .missing(0)
    }
  }

  static let extent = CohortFeature(
    name: "extent", levels: ["intraosseous", "extraosseous"], missing: ["indeterminate"]
  ) { lesion in
    switch lesion.extent {
    case .intraosseous: .level(0)
    case .extraosseous: .level(1)
    case .indeterminate: .missing(0)
    }
  }

  /// An undecided pattern stays in the denominator: the lesion has a post-gadolinium series.
  static let enhancement = CohortFeature(
    name: "enhancement",
    levels: ["homogeneous", "heterogeneous", "non_enhancing", "rim_enhancing", "worms_in_a_bag", "indeterminate"],
    missing: ["not_applicable"]
  ) { lesion in
    switch lesion.enhancement {
    case .homogeneous: .level(0)
    case .heterogeneous: .level(1)
    case .nonEnhancing: .level(2)
    case .rimEnhancing: .level(3)
    case .wormsInABag: .level(4)
    case .indeterminate: .level(5)
    case .notApplicable: .missing(0)
    }
  }
}
