import Findings
import Foundation
import Imaging

/// What agreement compares of one lesion, from features.json or from a reader's CSV.
struct ReadLesion: Sendable, Equatable {
  var study: String
  var patient: String
  var identifier: Int
  /// LPS millimetres.
  var centroid: [Double]?
  var volumeMm3: Double?
  /// Category names by item.
  var classes: [String: String] = [:]
  /// Numbers by item.
  var numbers: [String: Double] = [:]

  /// Radius of the ball of the lesion's volume, in millimetres.
  var radius: Double? { volumeMm3.map { cbrt(3 * $0 / (4 * Double.pi)) } }

  func distance(to other: ReadLesion) -> Double? {
    guard let centroid, let otherCentroid = other.centroid else { return nil }
    let squares = zip(centroid, otherCentroid).map { ($0 - $1) * ($0 - $1) }
    return squares.reduce(0, +).squareRoot()
  }
}

/// An item of agreement that has classes.
struct CategoricalItem: Sendable {
  /// The JSON's name, as in lesions.csv.
  let name: String
  let classes: [String]
  let weighting: CohenKappa.Weighting
  let value: @Sendable (LesionRecord) -> String?

  /// `indeterminate` is a class: a reader who cannot tell disagrees with one who can.
  static let all: [CategoricalItem] = [
    CategoricalItem(
      name: "location.part", classes: ["vertebral_body", "posterior_elements", "indeterminate"], weighting: .none
    ) { $0.location.part.rawValue },
    CategoricalItem(name: "location.level", classes: VertebralLevel.allCases.map(\.name), weighting: .linear) {
      $0.location.level
    },
    CategoricalItem(name: "location.whole_vertebra", classes: ["true", "false"], weighting: .none) {
      $0.location.wholeVertebra.map { "\($0)" }
    },
    CategoricalItem(
      name: "size.status",
      classes: [
        "measured", "not_measured_whole_vertebra", "not_measured_posterior_infiltration", "not_measurable",
      ], weighting: .none
    ) { $0.size.status.rawValue },
    signal("signal.t1.class") { $0.signal.t1 }, signal("signal.t2.class") { $0.signal.t2 },
    CategoricalItem(
      name: "margin.class", classes: ["well_defined", "ill_defined", "indeterminate"], weighting: .none
    ) { $0.margin.class.rawValue },
    CategoricalItem(
      name: "extent.class", classes: ["intraosseous", "extraosseous", "indeterminate"], weighting: .none
    ) { $0.extent.class.rawValue },
    CategoricalItem(
      name: "enhancement.class", classes: EnhancementRecord.Pattern.allCases.map(\.rawValue), weighting: .none
    ) { $0.enhancement.class.rawValue },
    CategoricalItem(name: "enhancement.degree", classes: ["none", "moderate", "strong"], weighting: .quadratic) {
      $0.enhancement.degree?.rawValue
    },
    CategoricalItem(
      name: "matrix.class", classes: ["osteoblastic", "mixed", "osteolytic", "indeterminate"], weighting: .none
    ) { $0.matrix.class.rawValue },
  ]

  private static func signal(
    _ name: String, _ value: @escaping @Sendable (LesionRecord) -> SignalRecord
  ) -> CategoricalItem {
    CategoricalItem(name: name, classes: ["hyperintense", "iso_to_hypointense", "indeterminate"], weighting: .none) {
      value($0).class?.rawValue
    }
  }
}

/// An item of agreement that is a number.
struct NumericalItem: Sendable {
  let name: String
  let unit: String
  let value: @Sendable (LesionRecord) -> Double?

  static let all: [NumericalItem] = [
    NumericalItem(name: "size.maximum_sagittal_diameter_mm", unit: "mm") { $0.size.maximumSagittalDiameterMm },
    NumericalItem(name: "size.perpendicular_diameter_mm", unit: "mm") { $0.size.perpendicularDiameterMm },
    NumericalItem(name: "size.maximum_3d_diameter_mm", unit: "mm") { $0.size.maximum3dDiameterMm },
    NumericalItem(name: "size.volume_mm3", unit: "mm3") { $0.size.volumeMm3 },
    NumericalItem(name: "signal.t1.ratio_to_muscle", unit: "1") { $0.signal.t1.ratioToMuscle },
    NumericalItem(name: "signal.t2.ratio_to_muscle", unit: "1") { $0.signal.t2.ratioToMuscle },
    NumericalItem(name: "margin.edge_width_mm", unit: "mm") { $0.margin.edgeWidthMm },
    NumericalItem(name: "extent.extraosseous_fraction", unit: "1") { $0.extent.extraosseousFraction },
    NumericalItem(name: "extent.canal_narrowing_percent", unit: "%") { $0.extent.canalNarrowingPercent },
    NumericalItem(name: "enhancement.relative_enhancement", unit: "1") { $0.enhancement.relativeEnhancement },
    NumericalItem(name: "enhancement.rim_to_core_ratio", unit: "1") { $0.enhancement.rimToCoreRatio },
  ]
}

extension ReadLesion {
  init(_ lesion: LesionRecord, study: String, patient: String) {
    self.init(
      study: study, patient: patient, identifier: lesion.lesionId, centroid: lesion.location.centroidLpsMm,
      volumeMm3: lesion.size.volumeMm3)
    if centroid?.count != 3 { centroid = nil }
    for item in CategoricalItem.all { classes[item.name] = item.value(lesion) }
    for item in NumericalItem.all { numbers[item.name] = item.value(lesion) }
  }
}
