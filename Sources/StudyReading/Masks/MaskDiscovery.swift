public import DICOM
import Foundation

/// Lesion objects that lie in a study's own folder.
public struct MaskDiscovery: Sendable {
  /// The files whose lesions are to be measured: all of one kind (see `discover`).
  public var lesionFiles: [MaskFile] = []
  /// Other mask files of the folder, for the references in them.
  public var otherFiles: [MaskFile] = []
  /// Mask files that could not be read.
  public var failures: [MaskError] = []
  public var warnings: [String] = []

  public init() {}

  /// Segmentations that hold a lesion are taken; without any, structure sets; without any, files named `lesions.*`
  /// (NIfTI, NRRD, markups). Only one of these kinds is used, since a folder often holds the same lesions twice.
  ///
  /// - Parameters:
  ///   - study: the study's segmentations and structure sets are looked at.
  ///   - strangers: paths of files in the folder that are not DICOM.
  public static func discover(
    study: StudyFolder.Study, strangers: [String], limits: MaskLimits = MaskLimits()
  ) -> MaskDiscovery {
    let paths = { (kind: Instance.Kind) in
      study.objects.filter { $0.kind == kind }.sorted { $0.sopInstanceUID < $1.sopInstanceUID }.map(\.path)
    }
    let named = strangers.filter { isLesionFile($0) }.sorted()
    var result = MaskDiscovery()
    for group in [paths(.segmentation), paths(.structureSet), named] {
      var files: [MaskFile] = []
      for path in group {
        do throws(MaskError) { files.append(try MaskReader.read(path: path, limits: limits)) } catch {
          result.failures.append(error)
        }
      }
      if result.lesionFiles.isEmpty, files.contains(where: { !$0.lesions.isEmpty }) {
        result.lesionFiles = files.filter { !$0.lesions.isEmpty }
        result.otherFiles += files.filter { $0.lesions.isEmpty }
      } else {
        if files.contains(where: { !$0.lesions.isEmpty }) {
          result.warnings.append("lesions of another mask file in the folder were not used: give it with --lesions")
        }
        result.otherFiles += files
      }
    }
    return result
  }

  static func isLesionFile(_ path: String) -> Bool {
    let name = URL(fileURLWithPath: path).lastPathComponent.lowercased()
    guard name.hasPrefix("lesions.") else { return false }
    return [".nii", ".nii.gz", ".nrrd", ".nhdr", ".mrk.json"].contains(where: name.hasSuffix)
  }
}
