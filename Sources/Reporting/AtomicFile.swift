public import Foundation

/// Files that appear whole or not at all: written beside their place under a temporary name, synced, renamed.
public enum AtomicFile {
  public struct Failure: Error, Sendable, CustomStringConvertible {
    public let name: String
    public let reason: String

    public init(name: String, reason: String) {
      self.name = name
      self.reason = reason
    }

    public var description: String { "cannot write \(name): \(reason)" }
  }

  /// Replaces `destination` by `data`. An existing file stays as it was when anything fails.
  ///
  /// - Parameter isDurable: `false` where the caller syncs the file before it relies on it.
  public static func write(_ data: Data, to destination: URL, isDurable: Bool = true) throws(Failure) {
    let name = destination.lastPathComponent
    let temporary = destination.deletingLastPathComponent()
      .appendingPathComponent(".\(name).\(ProcessInfo.processInfo.processIdentifier).tmp")
    do {
      guard let handle = create(temporary.path) else {
        throw Failure(name: name, reason: "its folder does not let us create files")
      }
      try handle.write(contentsOf: data)
      if isDurable { try handle.synchronize() }
      try handle.close()
      // rename(2) replaces an existing file in one step; Foundation's replaceItemAt does not on Linux.
      guard unsafe rename(temporary.path, destination.path) == 0 else {
        throw Failure(name: name, reason: unsafe String(cString: strerror(errno)))
      }
    } catch {
      try? FileManager.default.removeItem(at: temporary)
      if let failure = error as? Failure { throw failure }
      throw Failure(name: name, reason: error.localizedDescription)
    }
  }

  /// An empty file, ready to be written; `nil` with `errno` where it cannot be made.
  ///
  /// Foundation's `createFile` goes by way of a file of a random name, which a kill at that instant leaves behind.
  public static func create(_ path: String) -> FileHandle? {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    return descriptor < 0 ? nil : FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  /// Makes a folder and its parents; an existing folder is fine.
  public static func makeFolder(_ folder: URL) throws(Failure) {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw Failure(name: folder.lastPathComponent, reason: error.localizedDescription)
    }
  }
}
