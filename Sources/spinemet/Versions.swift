import DICOM
import StudyPipeline

/// What `--version` says: the engine and the libraries that decode.
enum Versions {
  static var text: String {
    "spinemet \(StudyAnalyzer.engineVersion) (DCMTK \(LibraryVersions.dcmtk), OpenJPEG \(LibraryVersions.openJPEG))"
  }
}
