public import Findings
internal import Imaging
public import StudyPipeline

/// Columns of text, padded to their widest cell.
enum TextTable {
  static func text(_ rows: [[String]]) -> String {
    guard let columns = rows.first?.count else { return "" }
    let widths = (0..<columns).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        line += column == columns - 1 ? cell : cell + String(repeating: " ", count: widths[column] - cell.count + 2)
      }
      return line
    }.joined(separator: "\n")
  }
}

/// The lesions of a study for a terminal.
public enum LesionSummary {
  public static func table(_ document: FeatureDocument) -> String {
    guard !document.lesions.isEmpty else { return "No lesion was given or found." }
    var rows = [["lesion", "level", "part", "sagittal mm", "T1/muscle", "T2/muscle", "margin", "enhancement"]]
    for lesion in document.lesions {
      rows.append([
        "\(lesion.lesionId)", lesion.location.level ?? "-", LesionText.words(lesion.location.part.rawValue),
        lesion.size.maximumSagittalDiameterMm.map { HTMLReport.number($0, digits: 1) }
          ?? LesionText.words(lesion.size.status.rawValue),
        HTMLReport.number(lesion.signal.t1.ratioToMuscle), HTMLReport.number(lesion.signal.t2.ratioToMuscle),
        LesionText.words(lesion.margin.class.rawValue), LesionText.words(lesion.enhancement.class.rawValue),
      ])
    }
    return TextTable.text(rows)
  }
}

/// The series of a study for a terminal.
public enum SeriesTable {
  public static func text(_ inspection: StudyInspection) -> String {
    var rows = [["role", "plane", "weighting", "contrast", "fat sup.", "slices", "spacing mm", "series"]]
    for series in inspection.series {
      rows.append([
        series.role.rawValue, series.plane.rawValue, series.weighting.rawValue, series.contrast.rawValue,
        series.fatSuppressed.map { $0 ? "yes" : "no" } ?? "unknown", "\(series.slices)",
        series.spacingMm?.map { HTMLReport.number($0) }.joined(separator: " x ") ?? "-", series.seriesInstanceUid,
      ])
    }
    var lines = ["study \(inspection.studyInstanceUid)", "", TextTable.text(rows)]
    for series in inspection.series where !(series.evidence + series.warnings).isEmpty {
      lines.append("\n\(series.seriesInstanceUid)")
      lines += series.evidence.map { "  evidence: \($0)" } + series.warnings.map { "  warning: \($0)" }
    }
    if let check = inspection.headerCheck {
      lines.append("")
      lines.append(
        "headers: \(check.values) attributes of \(check.files) files read by DCMTK \(check.dcmtkVersion) too, "
          + "\(check.differences.count) differ")
    }
    if !inspection.warnings.isEmpty { lines.append("") }
    lines += inspection.warnings.map { "warning: \($0)" }
    return lines.joined(separator: "\n")
  }
}
