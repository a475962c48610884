internal import Foundation

/// The places in a batch's output folder. Working files live in `.spinemet`, which may go once a run is over (a later
/// run then starts from nothing).
struct OutputLayout: Sendable {
  let root: String

  var work: String { root + "/.spinemet" }
  var lock: String { work + "/lock" }
  var ledger: String { work + "/ledger.sqlite" }
  var index: String { work + "/index.sqlite" }
  var errors: String { work + "/workers" }
  var cache: String { work + "/cache" }
  private var pending: String { work + "/tmp" }
  private var discarded: String { work + "/old" }

  func study(_ key: String) -> String { "\(root)/\(key)" }
  func features(_ key: String) -> String { "\(root)/\(key)/features.json" }

  /// Makes the working folders and clears what an interrupted run left.
  func prepare() throws {
    try FileSystem.makeFolder(work)
  }

  func clear() throws {
    for folder in [pending, discarded, errors, cache] { FileSystem.remove(folder) }
    for folder in [pending, discarded, errors] { try FileSystem.makeFolder(folder) }
  }

  /// Leaves only what the next run needs.
  func clearAfterRun(keepingErrors: Bool) {
    for folder in [pending, discarded, cache] + (keepingErrors ? [] : [errors]) { FileSystem.remove(folder) }
  }

  /// An empty folder for a study's files, on the output's own file system so that a rename publishes them.
  func makePending(_ key: String) throws -> String {
    let path = "\(pending)/\(key)"
    FileSystem.remove(path)
    try FileSystem.makeFolder(path)
    return path
  }

  func pendingFeatures(_ key: String) -> String { "\(pending)/\(key)/features.json" }

  func dropPending(_ key: String) { FileSystem.remove("\(pending)/\(key)") }

  /// Syncs a study's files, while the workers go on, and puts them into their place, whole.
  func publish(_ key: String) throws {
    try FileSystem.syncTree("\(pending)/\(key)")
    try withdraw(key)
    try FileSystem.move("\(pending)/\(key)", to: study(key))
    try FileSystem.sync(root)
    FileSystem.remove("\(discarded)/\(key)")
  }

  /// Takes an outdated result away.
  func withdraw(_ key: String) throws {
    guard FileStatus(path: study(key), followingLinks: false) != nil else { return }
    FileSystem.remove("\(discarded)/\(key)")
    try FileSystem.move(study(key), to: "\(discarded)/\(key)")
  }

  func removeDiscarded(_ key: String) { FileSystem.remove("\(discarded)/\(key)") }
}
