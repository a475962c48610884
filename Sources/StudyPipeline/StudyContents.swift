internal import DICOM
internal import Foundation
internal import Imaging
internal import StudyReading

/// One study as its files show it, before any pixel is decoded.
struct StudyContents: Sendable {
  var study: StudyFolder.Study
  var series: [ImageSeries]
  /// Files of the input that are not DICOM.
  var strangers: [String]
  var refusals: [AnalyzedStudy.Refusal]
  var warnings: [String]

  /// Finds the study among an input's files.
  ///
  /// - Throws: `noUsableInput` where there is no image series, where several studies are there and none is named, or
  ///   where the named one is missing; the message says what was found.
  static func read(_ input: StudyInput, studyInstanceUID: String?, threads: Int) throws(StudyFailure) -> Self {
    let folder: StudyFolder
    switch input {
    case .folder(let path):
      do throws(DICOMError) {
        folder = try StudyFolder.scan(path: path, threads: threads)
      } catch {
        throw StudyFailure(.noUsableInput, "cannot read \(URL(fileURLWithPath: path).lastPathComponent): \(error)")
      }
    case .files(let paths):
      folder = StudyFolder.scan(files: paths, threads: threads)
    }
    let strangers = folder.strangers.compactMap(\.path)
    let study = try choose(from: folder, studyInstanceUID: studyInstanceUID)
    let stacks = StudySeries(study)
    var contents = Self(
      study: study, series: stacks.series,
      strangers: strangers, refusals: [], warnings: folder.warnings + study.warnings)
    contents.refusals += folder.damaged.map {
      .init(subject: .file, name: fileName($0.path), reason: $0.message)
    }
    contents.refusals += folder.unreadableDirectories.map {
      .init(subject: .file, name: fileName($0.path), reason: $0.message)
    }
    contents.refusals += stacks.refused.map { .init(subject: .series, name: $0.seriesInstanceUID, reason: $0.reason) }
    guard contents.series.contains(where: { $0.modality == "MR" || $0.modality == "CT" || $0.modality.isEmpty }) else {
      throw StudyFailure(.noUsableInput, noImages(contents.refusals))
    }
    return contents
  }

  private static func choose(
    from folder: StudyFolder, studyInstanceUID: String?
  ) throws(StudyFailure) -> StudyFolder.Study {
    if let wanted = studyInstanceUID {
      guard let study = folder.studies.first(where: { $0.instanceUID == wanted }) else {
        let found = folder.studies.map(\.instanceUID).joined(separator: ", ")
        throw StudyFailure(.noUsableInput, "the study \(wanted) is not here; found: \(found.isEmpty ? "none" : found)")
      }
      return study
    }
    let withImages = folder.studies.filter { !$0.series.isEmpty }
    guard let first = withImages.first else {
      let refusals = folder.damaged.map {
        AnalyzedStudy.Refusal(subject: .file, name: fileName($0.path), reason: $0.message)
      }
      throw StudyFailure(.noUsableInput, noImages(refusals))
    }
    guard withImages.count == 1 else {
      let list = withImages.map { "\($0.instanceUID) (\($0.series.count) series)" }.joined(separator: ", ")
      throw StudyFailure(
        .noUsableInput, "the folder holds \(withImages.count) studies; name one with --study: \(list)")
    }
    return first
  }

  private static func noImages(_ refusals: [AnalyzedStudy.Refusal]) -> String {
    guard let first = refusals.first else { return "no readable MR series was found" }
    let more = refusals.count > 1 ? " (and \(refusals.count - 1) more)" : ""
    return "no readable MR series was found; \(first.name): \(first.reason)\(more)"
  }

  static func fileName(_ path: String?) -> String {
    path.map { URL(fileURLWithPath: $0).lastPathComponent } ?? "a file"
  }
}
