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
    contents.refusals += stacks.refused.map {
      .init(subject: .series, name: $0.seriesInstanceUID, reason: $0.reason, files: $0.paths.map(fileName))
    }
    guard contents.series.contains(where: { $0.modality == "MR" || $0.modality == "CT" || $0.modality.isEmpty }) else {
      throw StudyFailure(.noUsableInput, noImages(folder, stacks.refused, contents.series))
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
      throw StudyFailure(.noUsableInput, noImages(folder, [], []))
    }
    guard withImages.count == 1 else {
      let list = withImages.map { "\($0.instanceUID) (\($0.series.count) series)" }.joined(separator: ", ")
      throw StudyFailure(
        .noUsableInput, "the folder holds \(withImages.count) studies; name one with --study: \(list)")
    }
    return first
  }

  /// Why nothing can be measured, with each file counted under its reason and the first ones named.
  private static func noImages(_ folder: StudyFolder, _ refused: [RefusedImages], _ series: [ImageSeries]) -> String {
    var files: [(path: String, reason: String)] = (folder.refused + folder.unreadableDirectories).map {
      ($0.path ?? "", $0.message)
    }
    files += folder.directories.map { ($0.path, "a DICOMDIR") }
    files += folder.studies.flatMap(\.objects).map { ($0.path, "a DICOM object that is no image") }
    files += refused.flatMap { images in images.paths.map { ($0, images.reason) } }
    files += series.flatMap { one in
      one.instances.map { ($0.path, "an image of modality \(one.modality.prefix(16)), not MR") }
    }
    guard !files.isEmpty else { return "no readable MR series was found: the folder holds no files" }
    let byReason = Dictionary(grouping: files, by: \.reason).sorted { $0.key < $1.key }
    let list = byReason.map { reason, files in
      "\(AnalyzedStudy.Refusal.some(files.map { fileName($0.path) }.sorted())): \(reason)"
    }
    return "no readable MR series was found; " + list.joined(separator: "; ")
  }

  static func fileName(_ path: String?) -> String {
    path.map { URL(fileURLWithPath: $0).lastPathComponent } ?? "a file"
  }
}
