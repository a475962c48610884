internal import Foundation
internal import Reporting

/// A file of any length that appears whole or not at all: written in pieces beside its place, synced, renamed.
struct StreamedFile: ~Copyable {
  private let path: String
  private let temporary: String
  private let handle: FileHandle
  private var buffer = Data()

  init(path: String) throws {
    self.path = path
    temporary = path + ".tmp"
    guard let handle = AtomicFile.create(temporary) else {
      throw BatchFailure(.cannotWrite, "cannot write to the output folder: \(FileSystem.lastError)")
    }
    self.handle = handle
  }

  mutating func write(_ text: String) throws {
    buffer.append(contentsOf: text.utf8)
    if buffer.count > 1 << 18 { try flush() }
  }

  private mutating func flush() throws {
    do { try handle.write(contentsOf: buffer) } catch {
      throw BatchFailure(.cannotWrite, "cannot write a table: \(FileSystem.reason(of: error))")
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Puts the file into its place. Without this call the file never appears.
  consuming func finish() throws {
    try flush()
    do { try handle.synchronize(); try handle.close() } catch {
      throw BatchFailure(.cannotWrite, "cannot write a table: \(FileSystem.reason(of: error))")
    }
    try FileSystem.move(temporary, to: path)
    try FileSystem.sync(String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]))
  }
}
