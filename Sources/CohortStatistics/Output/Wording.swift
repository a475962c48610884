/// The words and number forms of the printed tables.
enum Wording {
  private static let names = [
    "stomach": "Stomach", "colorectal": "Colorectal", "hcc": "HCC", "lung": "Lung", "breast": "Breast", "all": "Total",
    "margin": "Margin", "t1_signal": "Signal on T1", "t2_signal": "Signal on T2", "location": "Location",
    "extent": "Extent of invasion", "enhancement": "Enhancement pattern", "well_defined": "Well-defined",
    "ill_defined": "Ill-defined", "hyperintense": "High", "iso_to_hypointense": "Iso to low",
    "vertebral_body": "Vertebral body", "posterior_elements": "Posterior elements", "intraosseous": "Intraosseous",
    "extraosseous": "Extraosseous", "homogeneous": "Homogeneous", "heterogeneous": "Heterogeneous",
    "non_enhancing": "Non-enhancing", "rim_enhancing": "Rim-enhancing", "worms_in_a_bag": "Worms in a bag",
    "not_applicable": "No post-gadolinium series", "indeterminate": "Indeterminate", "not_measured": "Not measured",
    "cervical": "Cervical", "thoracic": "Thoracic", "lumbar": "Lumbar", "sacral": "Sacral", "unknown": "Unknown",
  ]

  /// A name as the tables print it; a group of the user's own stays as typed.
  static func name(_ key: String) -> String { names[key] ?? key }

  /// `< 0.001`, else three decimals; `NA` where there is none.
  static func pValue(_ value: Double?) -> String {
    guard let value else { return "NA" }
    return value < 0.001 ? "< 0.001" : fixed(value, 3)
  }

  static func percent(_ value: Double?) -> String { value.map { fixed($0, 1) + "%" } ?? "-" }

  static func number(_ value: Double?, _ digits: Int) -> String { value.map { fixed($0, digits) } ?? "-" }

  /// `42.2-72.3%` of an interval of shares.
  static func shareInterval(_ interval: [Double]?) -> String {
    interval.map { "\(fixed(100 * $0[0], 1))-\(fixed(100 * $0[1], 1))%" } ?? "NA"
  }

  static func interval(_ interval: [Double]?, _ digits: Int) -> String {
    interval.map { "\(fixed($0[0], digits)) to \(fixed($0[1], digits))" } ?? "NA"
  }

  /// Fixed decimals, half away from zero, without the locale.
  static func fixed(_ value: Double, _ digits: Int) -> String {
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = (value.magnitude * scale).rounded()
    guard scaled < 9e15 else { return "\(value)" }
    let whole = Int64(scaled)
    let sign = value < 0 && whole > 0 ? "-" : ""
    let unit = Int64(scale)
    guard digits > 0 else { return "\(sign)\(whole)" }
    let fraction = String(whole % unit)
    return "\(sign)\(whole / unit)." + String(repeating: "0", count: digits - fraction.count) + fraction
  }
}
