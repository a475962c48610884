public import Findings
public import Foundation
internal import Imaging
internal import Mustache

/// The report page of one study: a template filled from the feature document. Computes nothing.
public enum HTMLReport {
  /// A picture to show, by its path relative to the page.
  public struct Picture: Sendable {
    public var file: String
    public var caption: String

    public init(file: String, caption: String) {
      self.file = file
      self.caption = caption
    }
  }

  /// The page as UTF-8 bytes. Throws when the built-in template is broken (a defect).
  public static func page(_ document: FeatureDocument, pictures: [Picture]) throws -> Data {
    let template = try MustacheTemplate(string: String(decoding: PackageResources.report_mustache, as: UTF8.self))
    return Data(template.render(values(document, pictures: pictures)).utf8)
  }

  private static func values(_ document: FeatureDocument, pictures: [Picture]) -> [String: Any] {
    let field = document.study.magneticFieldStrengthT.map { "\(number($0)) T" }
    return [
      "version": document.engine.version,
      "disclaimer": document.disclaimer,
      "study_uid": document.study.studyInstanceUid,
      "patient_key": document.study.patientKey,
      "scanner": [document.study.manufacturer, field].compactMap { $0 }.joined(separator: ", "),
      "lesion_count": document.lesions.count,
      "muscle": document.referenceMuscle.method.rawValue,
      "config_digest": document.engine.configDigest,
      "input_digest": document.study.inputDigest,
      "has_warnings": !document.warnings.isEmpty,
      "warnings": document.warnings,
      "has_lesions": !document.lesions.isEmpty,
      "lesions": document.lesions.map(LesionText.values),
      "has_pictures": !pictures.isEmpty,
      "pictures": pictures.map { ["file": $0.file, "caption": $0.caption] },
      "series": document.series.map(series),
    ]
  }

  private static func series(_ record: SeriesRecord) -> [String: Any] {
    [
      "role": record.role.rawValue,
      "plane": record.plane.rawValue,
      "weighting": record.weighting.rawValue,
      "contrast": record.contrast.rawValue,
      "fat": record.fatSuppressed.map { $0 ? "yes" : "no" } ?? "unknown",
      "times": "\(number(record.repetitionTimeMs)) / \(number(record.echoTimeMs))",
      "slices": record.slices,
      "spacing": record.spacingMm?.map { number($0) }.joined(separator: " x ") ?? "",
      "notes": (record.evidence + record.warnings).joined(separator: "; "),
    ]
  }

  static func number(_ value: Double?, digits: Int = 2) -> String {
    guard let value else { return "-" }
    let scale = pow(10, Double(digits))
    let rounded = (value * scale).rounded() / scale
    return rounded == rounded.rounded() && abs(rounded) < 1e15 ? "\(Int(rounded))" : "\(rounded)"
  }
}
