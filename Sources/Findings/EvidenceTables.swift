/// What An et al. (JKSMRM 2013;17:8-18) counted, by primary: tables 1 and 2, the mean diameters, and the patients.
struct EvidenceTables {
  typealias Primary = PatternEvidence.Primary

  /// A level of a finding: how often each primary showed it, of how many evaluable lesions.
  struct Finding {
    var name: String
    /// Levels by name, in the table's order.
    var levels: [String]
    /// Counts by primary, in the levels' order.
    var counts: [Primary: [Double]]
  }

  static let lesions: [Primary: Double] = [.stomach: 47, .colorectal: 20, .hcc: 17, .lung: 56, .breast: 29]
  static let patients: [Primary: Double] = [.stomach: 3, .colorectal: 7, .hcc: 7, .lung: 7, .breast: 6]
  /// Mean maximum diameter in the sagittal plane, of the lesions that were measured (119 of 169).
  static let meanDiameterMm: [Primary: Double] = [
    .stomach: 11.2, .colorectal: 20.2, .hcc: 34.3, .lung: 10.5, .breast: 10.8,
  ]
  static let measuredShare = 119.0 / 169

  static let margin = Finding(
    name: "margin", levels: ["well_defined", "ill_defined"],
    counts: [.stomach: [27, 20], .colorectal: [10, 10], .hcc: [6, 11], .lung: [44, 12], .breast: [24, 5]])
  static let t1 = Finding(
    name: "T1 signal", levels: ["hyperintense", "iso_to_hypointense"],
    counts: [.stomach: [0, 47], .colorectal: [0, 20], .hcc: [0, 17], .lung: [16, 40], .breast: [0, 29]])
  static let t2 = Finding(
    name: "T2 signal", levels: ["hyperintense", "iso_to_hypointense"],
    counts: [.stomach: [11, 36], .colorectal: [17, 3], .hcc: [14, 3], .lung: [35, 21], .breast: [17, 12]])
  static let location = Finding(
    name: "location", levels: ["vertebral_body", "posterior_elements"],
    counts: [.stomach: [43, 4], .colorectal: [15, 5], .hcc: [6, 11], .lung: [46, 10], .breast: [26, 3]])
  static let extent = Finding(
    name: "extent", levels: ["intraosseous", "extraosseous"],
    counts: [.stomach: [46, 1], .colorectal: [9, 11], .hcc: [5, 12], .lung: [43, 13], .breast: [27, 2]])
  static let enhancement = Finding(
    name: "enhancement",
    levels: ["homogeneous", "heterogeneous", "non_enhancing", "rim_enhancing", "worms_in_a_bag"],
    counts: [
      .stomach: [9, 2, 8, 28, 0], .colorectal: [1, 17, 2, 0, 0], .hcc: [7, 4, 0, 0, 6], .lung: [18, 26, 0, 0, 0],
      .breast: [6, 4, 0, 0, 0],
    ])
  /// From CT only: a matrix read from T2 is the T2 signal over again.
  static let matrix = Finding(
    name: "matrix", levels: ["osteoblastic", "osteolytic", "mixed"],
    counts: [
      .stomach: [21, 6, 20], .colorectal: [0, 6, 5], .hcc: [4, 8, 1], .lung: [4, 24, 8], .breast: [5, 3, 10],
    ])

  /// The words of a level in a list of findings.
  static func words(_ finding: Finding, _ level: String) -> String {
    switch (finding.name, level) {
    case ("margin", "well_defined"): "well-defined margin"
    case ("margin", _): "ill-defined margin"
    case ("T1 signal", "hyperintense"): "bright on T1"
    case ("T1 signal", _): "not bright on T1"
    case ("T2 signal", "hyperintense"): "bright on T2"
    case ("T2 signal", _): "not bright on T2"
    case ("location", "vertebral_body"): "centred in the body"
    case ("location", _): "posterior"
    case ("enhancement", "rim_enhancing"): "rim enhancement"
    case ("enhancement", "worms_in_a_bag"): "worms-in-a-bag"
    case ("enhancement", "non_enhancing"): "no enhancement"
    case ("enhancement", _): "\(level) enhancement"
    case ("matrix", _): "\(level) on CT"
    default: level
    }
  }
}
