internal import Foundation
internal import Glibc

/// What one `lstat` or `stat` tells of a file: enough to see that it is unchanged.
public struct FileStatus: Sendable, Equatable {
  public enum Kind: Sendable { case file, folder, link, other }

  public var kind: Kind
  public var size: Int64
  /// Nanoseconds since 1970.
  public var modified: Int64
  var device: UInt64
  var inode: UInt64

  /// `nil` when the file is not there or may not be looked at.
  public init?(path: String, followingLinks: Bool = true) {
    var raw = stat()
    guard unsafe fstatat(AT_FDCWD, path, &raw, followingLinks ? 0 : AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
    kind =
      switch raw.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .folder
      case S_IFLNK: .link
      default: .other
      }
    size = Int64(raw.st_size)
    modified = Int64(raw.st_mtim.tv_sec) * 1_000_000_000 + Int64(raw.st_mtim.tv_nsec)
    device = UInt64(raw.st_dev)
    inode = UInt64(raw.st_ino)
  }
}

/// The few file system calls that durability needs and Foundation does not offer.
enum FileSystem {
  static var lastError: String { unsafe String(cString: strerror(errno)) }

  /// A path without links and dots; what is not there yet hangs on the part that is.
  static func realPath(_ path: String) -> String {
    var rest: [String] = []
    var known = URL(fileURLWithPath: path).standardizedFileURL.path
    while true {
      if let resolved = unsafe realpath(known, nil) {
        defer { unsafe free(resolved) }
        let base = unsafe String(cString: resolved)
        return ([base == "/" ? "" : base] + rest.reversed()).joined(separator: "/")
      }
      guard let slash = known.lastIndex(of: "/"), known != "/" else { return path }
      rest.append(String(known[known.index(after: slash)...]))
      known = slash == known.startIndex ? "/" : String(known[..<slash])
    }
  }

  /// The names in a folder in ascending byte order, without `.` and `..`; `nil` when it cannot be listed.
  static func names(in folder: String) -> [String]? {
    guard let handle = unsafe opendir(folder) else { return nil }
    defer { unsafe closedir(handle) }
    var names: [String] = []
    while let entry = unsafe readdir(handle) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
        unsafe field.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Makes a file's or a folder's content durable.
  static func sync(_ path: String) throws(BatchFailure) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw BatchFailure(.cannotWrite, "cannot open an output for syncing: \(lastError)") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw BatchFailure(.cannotWrite, "cannot sync an output: \(lastError)") }
  }

  /// Syncs every file and folder below and including `folder`.
  static func syncTree(_ folder: String) throws(BatchFailure) {
    for name in names(in: folder) ?? [] {
      let path = folder + "/" + name
      if FileStatus(path: path, followingLinks: false)?.kind == .folder { try syncTree(path) } else { try sync(path) }
    }
    try sync(folder)
  }

  /// Renames within one file system.
  static func move(_ source: String, to destination: String) throws(BatchFailure) {
    guard unsafe rename(source, destination) == 0 else {
      throw BatchFailure(.cannotWrite, "cannot rename a result into its place: \(lastError)")
    }
  }

  /// Makes a folder and its parents; an existing folder is fine.
  static func makeFolder(_ path: String) throws(BatchFailure) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw BatchFailure(.cannotWrite, "cannot make the output folder: \(reason(of: error))")
    }
  }

  /// A second name for a file, or a durable copy where the file system has no such names.
  static func linkOrCopy(_ source: String, to destination: String) throws(BatchFailure) {
    if unsafe link(source, destination) == 0 { return }
    do { try FileManager.default.copyItem(atPath: source, toPath: destination) } catch {
      throw BatchFailure(.cannotWrite, "cannot copy a result: \(reason(of: error))")
    }
    try sync(destination)
  }

  /// Removes a file or a tree, if it is there.
  static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }

  /// The system's words for an error, without the path that Foundation puts into them.
  static func reason(of error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? (error as NSError)
    if underlying.domain == NSPOSIXErrorDomain { return unsafe String(cString: strerror(Int32(underlying.code))) }
    switch (error as? CocoaError)?.code {
    case .fileWriteOutOfSpace: return "no space left on device"
    case .fileWriteVolumeReadOnly: return "read-only file system"
    case .fileWriteNoPermission: return "permission denied"
    default: return "\(underlying.domain) error \(underlying.code)"
    }
  }
}

/// A lock on an output folder that ends with its process, however the process ends.
public final class OutputLock: Sendable {
  private let descriptor: Int32

  /// Throws `.cannotWrite` when another run holds the lock, naming its process and host.
  public init(path: String) throws(BatchFailure) {
    let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw BatchFailure(.cannotWrite, "cannot write to the output folder: \(FileSystem.lastError)")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let holder = (try? String(contentsOfFile: path, encoding: .utf8))?.trimmingCharacters(in: .whitespacesAndNewlines)
      close(descriptor)
      throw BatchFailure(
        .cannotWrite,
        "another run is writing to this output (\(holder.map { $0.isEmpty ? "starting" : $0 } ?? "unknown"))")
    }
    self.descriptor = descriptor
    let text = "process \(getpid()) on \(ProcessInfo.processInfo.hostName)\n"
    ftruncate(descriptor, 0)
    _ = unsafe text.withCString { unsafe write(descriptor, $0, strlen($0)) }
  }

  deinit { close(descriptor) }

  /// Whether no run holds the lock. A lock file that is not there or cannot be opened is free.
  static func isFree(_ path: String) -> Bool {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return true }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) == 0
  }
}
