public import DICOM
import Foundation

/// Reads a mask file of any kind that the engine knows: by its name where that says it, else as DICOM.
public enum MaskReader {
  /// - Throws: `MaskError` with the file's name and the reason.
  public static func read(path: String, limits: MaskLimits = MaskLimits()) throws(MaskError) -> MaskFile {
    let name = URL(fileURLWithPath: path).lastPathComponent
    let lower = name.lowercased()
    _ = try FileContents.size(path, name: name)
    if [".nii", ".nii.gz", ".hdr", ".hdr.gz"].contains(where: lower.hasSuffix) {
      return try NIfTIMaskReader.read(path: path, limits: limits)
    }
    if lower.hasSuffix(".nrrd") || lower.hasSuffix(".nhdr") {
      return try NRRDMaskReader.read(path: path, limits: limits)
    }
    if lower.hasSuffix(".json") { return try MarkupsReader.read(path: path, limits: limits) }
    let file: DICOMFile
    do throws(DICOMError) { file = try DICOMFile.open(path: path) } catch {
      throw MaskError(
        file: name, reason: error.code == .notDICOM ? "not a mask file of a kind that is read" : error.message)
    }
    return try read(file, limits: limits)
  }

  /// A DICOM segmentation or structure set whose header was read.
  public static func read(_ file: DICOMFile, limits: MaskLimits = MaskLimits()) throws(MaskError) -> MaskFile {
    let name = URL(fileURLWithPath: file.path).lastPathComponent
    if let damage = file.damage { throw MaskError(file: name, reason: "the header is damaged: \(damage.message)") }
    switch file.dataset.string(.sopClassUID) ?? file.meta.string(.mediaStorageSOPClassUID) {
    case "1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7":
      return try SegmentationReader.read(file, limits: limits)
    case "1.2.840.10008.5.1.4.1.1.481.3": return try StructureSetReader.read(file, limits: limits)
    default: throw MaskError(file: name, reason: "a DICOM object that is neither a segmentation nor a structure set")
    }
  }
}
