internal import Findings

/// A code of the SR: value, scheme, meaning.
struct ReportCode: Sendable, Equatable {
  let value: String
  let scheme: String
  let meaning: String

  init(_ value: String, _ scheme: String, _ meaning: String) {
    self.value = value
    self.scheme = scheme
    self.meaning = meaning
  }
}

/// The codes that the SR uses: SNOMED CT, RadLex and IBSI where they have a concept, the private scheme 99SPINEMET (whose
/// meanings are those of the guides) where no standard code is known.
enum ReportCodes {
  static let longAxis = ReportCode("103339001", "SCT", "Long axis")
  static let perpendicular = ReportCode("131189007", "SCT", "Perpendicular axis")
  static let volume = ReportCode("118565006", "SCT", "Volume")
  static let maximum3DDiameter = ReportCode("L0JK", "IBSI", "Maximum 3D diameter")
  static let t1Ratio = ReportCode("T1_RATIO_TO_MUSCLE", "99SPINEMET", "T1 signal relative to muscle")
  static let t2Ratio = ReportCode("T2_RATIO_TO_MUSCLE", "99SPINEMET", "T2 signal relative to muscle")
  static let relativeEnhancement = ReportCode("RELATIVE_ENHANCEMENT", "99SPINEMET", "Enhancement relative to muscle")
  static let edgeWidth = ReportCode("EDGE_WIDTH", "99SPINEMET", "Width of the margin")
  static let extraosseousFraction = ReportCode("EXTRAOSSEOUS_FRACTION", "99SPINEMET", "Fraction outside bone")

  static let enhancementPattern = ReportCode("RID6058", "RADLEX", "enhancement pattern")
  static let margin = ReportCode("MARGIN", "99SPINEMET", "Margin")
  static let t1Signal = ReportCode("T1_SIGNAL", "99SPINEMET", "T1 signal characteristic")
  static let t2Signal = ReportCode("T2_SIGNAL", "99SPINEMET", "T2 signal characteristic")
  static let extent = ReportCode("EXTENT", "99SPINEMET", "Extent of invasion")
  static let part = ReportCode("PART", "99SPINEMET", "Part of the vertebra")
  static let matrix = ReportCode("MATRIX", "99SPINEMET", "Matrix")

  static func enhancement(_ pattern: EnhancementRecord.Pattern) -> ReportCode {
    switch pattern {
    case .homogeneous: ReportCode("112160", "DCM", "Homogeneous")
    case .heterogeneous: ReportCode("RID6060", "RADLEX", "heterogeneous")
    case .nonEnhancing: ReportCode("C81175", "NCIt", "Non-enhancing lesion")
    default: category(pattern.rawValue)
    }
  }

  static func signal(_ signal: SignalRecord.SignalClass) -> ReportCode {
    signal == .hyperintense ? ReportCode("RID35805", "RADLEX", "hyperintense") : category(signal.rawValue)
  }

  /// A category of features.json as a private code.
  static func category(_ rawValue: String) -> ReportCode {
    ReportCode(rawValue.uppercased(), "99SPINEMET", LesionText.words(rawValue))
  }

  /// The SNOMED CT code of a vertebra (FACTS of the DICOM dictionary's anatomy context groups); `nil` where none is known.
  static func vertebra(_ level: String) -> ReportCode? {
    vertebrae[level].map { ReportCode($0, "SCT", "\(level) vertebra") }
  }

  private static let vertebrae = [
    "C1": "14806007", "C2": "39976000", "C3": "113205007", "C4": "5329002", "C5": "36978003", "C6": "36054005",
    "C7": "87391001", "T1": "64864005", "T2": "53733008", "T3": "1626008", "T4": "73071006", "T5": "56401006",
    "T6": "45296009", "T7": "62487009", "T8": "11068009", "T9": "82687006", "T10": "7610001", "T11": "12989004",
    "T12": "23215003", "L1": "66794005", "L2": "14293000", "L3": "36470004", "L4": "11994002", "L5": "49668003",
    "S1": "54735007", "S2": "54735007", "S3": "54735007", "S4": "54735007", "S5": "54735007",
  ]
}
