#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The records of a DICOMDIR (PS3.3 annex F), as far as they say which files there should be.
enum MediaDirectory {
  /// Number of records whose file is not beside the DICOMDIR; 0 where the records cannot be read.
  static func absentFiles(of directory: Instance) -> Int {
    guard let file = try? DICOMFile.open(path: directory.path) else { return 0 }
    let folder = directory.path.lastIndex(of: "/").map { String(directory.path[...$0]) } ?? ""
    return file.dataset.items(.directoryRecordSequence).count { record in
      let components = record.strings(.referencedFileID).filter { !$0.isEmpty && $0 != ".." && $0 != "." }
      guard !components.isEmpty else { return false }
      // Media write capitals; file systems that copy them may not.
      let name = components.joined(separator: "/")
      return ![name, name.lowercased()].contains { unsafe access(folder + $0, F_OK) == 0 }
    }
  }
}
