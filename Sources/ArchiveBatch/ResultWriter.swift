internal import Dispatch
internal import Findings
internal import Foundation
internal import Synchronization

/// Puts results into their places and into the ledger, one after the other, while the workers go on: a result waits
/// four times for the disk.
///
/// A few results may be under way at a time; who brings one more waits. After a failure nothing more is written, and
/// the failure is thrown to the next caller.
final class ResultWriter: Sendable {
  private let layout: OutputLayout
  private let ledger: Ledger
  private let run: Int64
  private let queue = DispatchQueue(label: "spinemet.results")
  private let room: DispatchSemaphore
  private let failure = Mutex<(any Error)?>(nil)

  init(layout: OutputLayout, ledger: Ledger, run: Int64, underWay: Int) {
    self.layout = layout
    self.ledger = ledger
    self.run = run
    room = DispatchSemaphore(value: underWay)
  }

  /// Publishes or withdraws the study's folder, then writes its row: the row comes last.
  func save(_ record: Ledger.Record) throws {
    try check()
    room.wait()
    queue.async { [self] in
      defer { room.signal() }
      guard failure.withLock({ $0 == nil }) else { return }
      do { try write(record) } catch { failure.withLock { $0 = error } }
    }
  }

  /// Waits until everything is in its place.
  func settle() throws {
    queue.sync {}
    try check()
  }

  private func check() throws {
    if let error = failure.withLock({ $0 }) { throw error }
  }

  private func write(_ record: Ledger.Record) throws {
    var record = record
    let key = record.studyKey
    if record.outcome.hasResult {
      guard let data = FileManager.default.contents(atPath: layout.pendingFeatures(key)) else {
        throw BatchFailure(.internalError, "a worker reported a result that it did not write")
      }
      record.featuresDigest = Digest.sha256([UInt8](data))
      try layout.publish(key)
    } else {
      try layout.withdraw(key)
      layout.dropPending(key)
    }
    try ledger.save(record, run: run)
    layout.removeDiscarded(key)
  }
}
