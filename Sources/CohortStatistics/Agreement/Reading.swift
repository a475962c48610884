import Findings
import Foundation

/// All lesions that one reader, or one run of the engine, reported.
struct Reading: Sendable {
  var lesions: [ReadLesion] = []
  /// Studies read, those without lesions included.
  var studies: Set<String> = []
  /// Items that the reading can answer; a CSV may hold only some columns.
  var items: Set<String> = []

  /// The placeholder for the study of a CSV without the column `study_instance_uid`.
  static let onlyStudy = ""

  init(path: String, refused: (String) -> Void) throws(CohortError) {
    if path.lowercased().hasSuffix(".csv") {
      try readTable(path)
    } else {
      try readFeatures(path, refused)
    }
  }

  private mutating func readFeatures(_ path: String, _ refused: (String) -> Void) throws(CohortError) {
    let files = try FeatureFiles.find([path])
    guard !files.isEmpty else { throw .nothingToUse("no features.json lies in \(path)") }
    items = Set(CategoricalItem.all.map(\.name) + NumericalItem.all.map(\.name))
    var seen: [String: FeatureDocument] = [:]
    for file in files {
      guard
        let data = FileManager.default.contents(atPath: file.path), let document = try? FeatureDocument(jsonData: data)
      else {
        refused("a features.json is not valid: \(file.path)")
        continue
      }
      let study = document.study.studyInstanceUid
      if let earlier = seen[study] {
        guard earlier == document else {
          throw .table(file: file.path, why: "the same study is in this reading twice with different findings")
        }
        continue
      }
      seen[study] = document
      studies.insert(study)
      lesions += document.lesions.map { ReadLesion($0, study: study, patient: document.study.patientKey) }
    }
    guard !studies.isEmpty else { throw .nothingToUse("no features.json in \(path) is valid") }
  }

  private mutating func readTable(_ path: String) throws(CohortError) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .unreadable(file: path, why: "it does not exist or is not readable")
    }
    let table: NamedColumns
    do { table = try NamedColumns(CommaSeparatedValues(data)) } catch {
      throw CohortError.table(file: path, why: error.description)
    }
    let columns = LesionColumns(table)
    items = columns.items
    guard !items.isEmpty else {
      throw .table(
        file: path, why: "it has none of the columns of lesions.csv, such as size.maximum_sagittal_diameter_mm")
    }
    guard columns.canMatch else {
      throw .table(file: path, why: "lesions are matched by location.centroid_lps_mm or lesion_id, and it has neither")
    }
    var seen = Set<String>()
    for row in table.rows {
      let lesion = try columns.lesion(row, file: path)
      guard seen.insert("\(lesion.study)\n\(lesion.identifier)").inserted else {
        throw .table(file: path, why: "line \(row.line) repeats the lesion of an earlier line")
      }
      studies.insert(lesion.study)
      lesions.append(lesion)
    }
    guard !lesions.isEmpty else { throw .nothingToUse("\(path) holds no lesion") }
  }
}

/// The columns of lesions.csv that a table has.
private struct LesionColumns {
  private let study: Int?
  private let patient: Int?
  private let identifier: Int?
  private let centroid: [Int]
  private let volume: Int?
  private let classes: [(item: CategoricalItem, column: Int)]
  private let numbers: [(item: NumericalItem, column: Int)]

  var items: Set<String> { Set(classes.map(\.item.name) + numbers.map(\.item.name)) }

  var canMatch: Bool { identifier != nil || !centroid.isEmpty }

  init(_ table: NamedColumns) {
    study = table.column("study_instance_uid")
    patient = table.column("patient_key")
    identifier = table.column("lesion_id")
    // One column a coordinate, numbered or lettered; or one column with all three.
    let numbered = (0..<3).compactMap { table.column("location.centroid_lps_mm.\($0)") }
    let lettered = ["x", "y", "z"].compactMap { table.column("location.centroid_lps_mm.\($0)") }
    let joined = table.column("location.centroid_lps_mm").map { [$0] } ?? []
    centroid = numbered.count == 3 ? numbered : lettered.count == 3 ? lettered : joined
    volume = table.column("size.volume_mm3")
    classes = CategoricalItem.all.compactMap { item in table.column(item.name).map { (item, $0) } }
    numbers = NumericalItem.all.compactMap { item in table.column(item.name).map { (item, $0) } }
  }

  func lesion(_ row: CommaSeparatedValues.Row, file: String) throws(CohortError) -> ReadLesion {
    func cell(_ column: Int?) -> String? {
      guard let column else { return nil }
      let text = row.fields[column].trimmingCharacters(in: .whitespaces)
      return text.isEmpty ? nil : text
    }
    func number(_ column: Int?, _ name: String) throws(CohortError) -> Double? {
      guard let text = cell(column) else { return nil }
      guard let value = Double(text), value.isFinite else {
        throw .table(file: file, why: "line \(row.line), column \(name): not a number")
      }
      return value
    }
    var lesion = ReadLesion(
      study: cell(study) ?? Reading.onlyStudy, patient: cell(patient) ?? cell(study) ?? Reading.onlyStudy,
      identifier: try number(identifier, "lesion_id").flatMap { Int(exactly: $0) } ?? row.line,
      volumeMm3: try number(volume, "size.volume_mm3"))
    lesion.centroid = try point(cell, row, file)
    for (item, column) in classes {
      guard let text = cell(column) else { continue }
      let value = item.classes.first { $0.lowercased() == text.lowercased() }
      guard let value else {
        throw .table(
          file: file, why: "line \(row.line), column \(item.name): not one of \(item.classes.joined(separator: ", "))")
      }
      lesion.classes[item.name] = value
    }
    for (item, column) in numbers { lesion.numbers[item.name] = try number(column, item.name) }
    return lesion
  }

  private func point(
    _ cell: (Int?) -> String?, _ row: CommaSeparatedValues.Row, _ file: String
  ) throws(CohortError) -> [Double]? {
    let texts = centroid.compactMap { cell($0) }
    guard texts.count == centroid.count, !texts.isEmpty else { return nil }
    let parts =
      centroid.count == 3
      ? texts : texts[0].split { " ,;[]()".contains($0) }.map(String.init)
    let values = parts.compactMap(Double.init).filter(\.isFinite)
    guard values.count == 3, parts.count == 3 else {
      throw .table(file: file, why: "line \(row.line), column location.centroid_lps_mm: not three numbers")
    }
    return values
  }
}
