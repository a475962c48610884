internal import Foundation

/// Walks an archive folder by folder and brings its index up to date, handing new and changed files to workers in
/// batches: pulled, so that at any time only a few batches are in memory, whatever the size of the archive.
///
/// Links to folders are followed once (a folder that was met before, by device and inode, is skipped); names that
/// begin with a dot and the output folder are left out.
final class ArchiveWalk: WorkSource {
  /// Files per task: long enough to hide the exchange with a worker, short enough to share evenly.
  private static let filesPerTask = 64
  /// Files per transaction of the index.
  private static let filesPerCommit = 2048

  private struct Batch {
    var files: [(folder: String, name: String, status: FileStatus)]
  }

  private let root: String
  private let excluded: [String]
  private let index: ArchiveIndex
  private let progress: any ProgressReport
  private let walk: Int64
  /// Folders still to visit, relative to the root, the next one last.
  private var waiting = [""]
  private var visited: Set<[UInt64]> = []
  private var unread: [(folder: String, name: String, status: FileStatus)] = []
  private var batches: [Int64: Batch] = [:]
  private var retries: [Batch] = []
  private var lastNumber: Int64 = 0
  private var folders: [String] = []
  private var gone: [(folder: String, name: String)] = []
  private var entries: [ArchiveIndex.FileEntry] = []
  private(set) var filesSeen = 0
  private(set) var headersRead = 0
  /// Files whose names are no UTF-8 or that vanished under the walk.
  private(set) var unreachable = 0

  init(root: String, excluding: [String], index: ArchiveIndex, progress: any ProgressReport) throws {
    guard FileStatus(path: root)?.kind == .folder, FileSystem.names(in: root) != nil else {
      throw BatchFailure(.noUsableInput, "the archive folder cannot be read")
    }
    self.root = root
    self.excluded = excluding
    self.index = index
    self.progress = progress
    walk = try index.beginWalk(root: root)
  }

  var tasksPerWorker: Int { 2 }
  var isExhausted: Bool { waiting.isEmpty && unread.isEmpty && retries.isEmpty && batches.isEmpty }

  func nextTask() throws -> PooledTask? {
    if let batch = retries.popLast() { return task(for: batch) }
    while unread.count < Self.filesPerTask, let folder = waiting.popLast() { try visit(folder) }
    guard !unread.isEmpty else { return nil }
    let batch = Batch(files: Array(unread.prefix(Self.filesPerTask)))
    unread.removeFirst(batch.files.count)
    return task(for: batch)
  }

  private func task(for batch: Batch) -> PooledTask {
    lastNumber += 1
    batches[lastNumber] = batch
    return PooledTask(number: lastNumber, task: .headers(batch.files.map { path($0.folder, $0.name) }))
  }

  func finish(_ task: PooledTask, _ outcome: TaskOutcome) throws {
    guard let batch = batches.removeValue(forKey: task.number) else { return }
    switch outcome {
    case .reply(.headers(let headers)) where headers.count == batch.files.count:
      headersRead += headers.count
      for (file, header) in zip(batch.files, headers) { add(file, header.kind) }
    case .reply:
      throw BatchFailure(.internalError, "a worker answered something that it was not asked")
    case .died(let death):
      // Halves until the file that kills stands alone.
      if batch.files.count == 1 {
        add(batch.files[0], .unreadable(reason: "reading its header ended the worker: \(death.reason)"))
      } else {
        let middle = batch.files.count / 2
        retries += [Batch(files: Array(batch.files[middle...])), Batch(files: Array(batch.files[..<middle]))]
      }
    }
    try commit(atLeast: Self.filesPerCommit)
  }

  func tick(running: Int) { progress.indexing(filesSeen: filesSeen, headersRead: headersRead) }

  /// Call when the source is exhausted; not after a stop, which leaves folders unseen.
  func end() throws {
    try commit(atLeast: 0)
    // A root that became empty or went away is more likely unmounted than emptied.
    guard filesSeen > 0 else { throw BatchFailure(.noUsableInput, "the archive folder holds no files") }
    try index.endWalk(walk)
  }

  /// Keeps what a stopped walk has read.
  func suspend() throws { try commit(atLeast: 0) }

  private func path(_ folder: String, _ name: String) -> String {
    folder.isEmpty ? "\(root)/\(name)" : "\(root)/\(folder)/\(name)"
  }

  private func add(_ file: (folder: String, name: String, status: FileStatus), _ header: FileHeader.Kind) {
    entries.append(
      .init(
        folder: file.folder, name: file.name, size: file.status.size, modified: file.status.modified, header: header))
  }

  private func commit(atLeast count: Int) throws {
    guard entries.count + gone.count + folders.count > count else { return }
    try index.record(walk: walk, folders: folders, gone: gone, entries: entries)
    folders.removeAll(keepingCapacity: true)
    gone.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: true)
  }

  /// Compares one folder with the index: new and changed files are to be read, missing ones forgotten.
  private func visit(_ folder: String) throws {
    let absolute = folder.isEmpty ? root : "\(root)/\(folder)"
    guard !excluded.contains(absolute), let names = FileSystem.names(in: absolute) else { return }
    guard let status = FileStatus(path: absolute), visited.insert([status.device, status.inode]).inserted else {
      return
    }
    var known = try index.knownFiles(in: folder)
    var below: [String] = []
    for name in names where !name.hasPrefix(".") {
      guard let status = FileStatus(path: "\(absolute)/\(name)") else {
        unreachable += 1
        continue
      }
      switch status.kind {
      case .folder: below.append(folder.isEmpty ? name : "\(folder)/\(name)")
      case .file:
        filesSeen += 1
        let before = known.removeValue(forKey: name)
        if before != ArchiveIndex.KnownFile(size: status.size, modified: status.modified) {
          unread.append((folder, name, status))
        }
      case .link, .other: break
      }
    }
    waiting += below.reversed()
    folders.append(folder)
    gone += known.keys.sorted().map { (folder, $0) }
    try commit(atLeast: Self.filesPerCommit)
  }
}
