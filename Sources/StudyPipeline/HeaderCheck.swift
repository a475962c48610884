internal import DICOM
internal import StudyReading

/// A study's headers, read a second time by DCMTK.
public struct HeaderCheck: Sendable, Codable, Equatable {
  public var dcmtkVersion: String
  public var files: Int
  /// Attributes that both readers gave.
  public var values: Int
  /// SOP Instance UID and tags, or why DCMTK could not read the object: no values, which may identify a patient.
  public var differences: [String]

  init(of series: [ImageSeries], uid: (String) -> String) {
    (dcmtkVersion, files, values, differences) = (LibraryVersions.dcmtk, 0, 0, [])
    for instance in series.flatMap(\.instances) {
      files += 1
      let name = uid(instance.sopInstanceUID)
      do throws(DICOMError) {
        let comparison = try HeaderComparison.of(path: instance.path)
        values += comparison.compared
        differences += comparison.differences.map { "\(name): \($0)" }
      } catch {
        differences.append("\(name): \(error.message)")
      }
    }
    differences.sort()
  }
}
