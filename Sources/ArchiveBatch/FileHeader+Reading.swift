internal import DICOM

extension FileHeader {
  /// Reads what the index keeps of a file; pixels are not touched.
  public static func read(path: String) -> FileHeader {
    if MaskFileName.isMask(path) { return FileHeader(path: path, kind: .other) }
    do {
      var file = try DICOMFile.open(path: path, upTo: .studyInstanceUID)
      if file.dataset.string(.studyInstanceUID) == nil || file.dataset.string(.sopInstanceUID) == nil {
        // Elements out of order, or none of these: the whole header tells.
        file = try DICOMFile.open(path: path)
      }
      guard let study = file.dataset.string(.studyInstanceUID), !study.isEmpty else {
        return FileHeader(path: path, kind: .other)
      }
      let sop = file.dataset.string(.sopInstanceUID) ?? file.meta.string(.mediaStorageSOPInstanceUID) ?? ""
      return FileHeader(path: path, kind: .dicom(studyInstanceUID: study, sopInstanceUID: sop))
    } catch  where error.code == .notDICOM {
      return FileHeader(path: path, kind: .other)
    } catch {
      return FileHeader(path: path, kind: .unreadable(reason: error.message))
    }
  }
}
