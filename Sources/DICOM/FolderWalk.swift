#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Lists the files below a folder, following symbolic links without running in circles.
enum FolderWalk {
  struct Found {
    /// Ascending.
    var files: [String] = []
    var unreadable: [DICOMError] = []
  }

  private struct Identity: Hashable {
    let device: UInt64
    let inode: UInt64
  }

  private enum Entry { case directory, file, other }

  /// Directories inside directories.
  private static let deepest = 64
  /// Files that one walk may list.
  private static let most = 5_000_000

  static func walk(_ path: String) throws(DICOMError) -> Found {
    var found = Found()
    var seen: Set<Identity> = []
    guard let (kind, identity) = status(path) else {
      throw DICOMError(.cannotRead, "cannot open the folder: \(FileBytes.reason(errno))", path: path)
    }
    if kind == .file {
      found.files = [path]
      return found
    }
    guard kind == .directory else { throw DICOMError(.cannotRead, "neither a folder nor a file", path: path) }
    seen.insert(identity)
    guard let names = names(in: path) else {
      throw DICOMError(.cannotRead, "cannot open the folder: \(FileBytes.reason(errno))", path: path)
    }
    visit(path, names, depth: 0, found: &found, seen: &seen)
    return found
  }

  private static func visit(
    _ folder: String, _ names: [String], depth: Int, found: inout Found, seen: inout Set<Identity>
  ) {
    for name in names where found.files.count < most {
      let path = folder.hasSuffix("/") ? folder + name : folder + "/" + name
      // A link to nothing, or an entry that vanished: nobody can read it.
      guard let (kind, identity) = status(path) else { continue }
      guard kind != .other, seen.insert(identity).inserted else { continue }
      if kind == .file {
        found.files.append(path)
      } else if depth + 1 > deepest {
        found.unreadable.append(
          DICOMError(.limitExceeded, "folders nested deeper than \(deepest)", path: path))
      } else if let inner = self.names(in: path) {
        visit(path, inner, depth: depth + 1, found: &found, seen: &seen)
      } else {
        found.unreadable.append(
          DICOMError(.cannotRead, "cannot open the folder: \(FileBytes.reason(errno))", path: path))
      }
    }
  }

  /// Kind and identity of what a path leads to, links followed.
  private static func status(_ path: String) -> (Entry, Identity)? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    let identity = Identity(
      device: UInt64(truncatingIfNeeded: status.st_dev), inode: UInt64(truncatingIfNeeded: status.st_ino))
    switch status.st_mode & S_IFMT {
    case S_IFDIR: return (.directory, identity)
    case S_IFREG: return (.file, identity)
    default: return (.other, identity)
    }
  }

  /// Names in a directory, ascending by bytes; `nil` with `errno` when it cannot be listed.
  private static func names(in folder: String) -> [String]? {
    guard let stream = unsafe opendir(folder) else { return nil }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}
