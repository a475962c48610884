internal import Dispatch
internal import Foundation
internal import Glibc
internal import Synchronization

/// SIGINT, SIGTERM and SIGHUP as a wish to stop cleanly: noted, and told to whoever polls.
///
/// Unchecked because Dispatch's sources are not declared Sendable; they are set once, in `init`.
public final class StopSignal: @unchecked Sendable {
  private let received = Atomic<Int32>(0)
  private let sources: [any DispatchSourceSignal]
  /// Becomes readable when a signal came.
  let wakeDescriptor: Int32
  private let wakeEnd: Int32

  /// The signal that came first; `nil` while none did.
  public var signal: Int32? {
    let number = received.load(ordering: .acquiring)
    return number == 0 ? nil : number
  }

  /// From now on these signals no longer end the process.
  public init() {
    let pipe = Descriptor.makePipe() ?? (-1, -1)
    for end in [pipe.read, pipe.write] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    wakeDescriptor = pipe.read
    wakeEnd = pipe.write
    Glibc.signal(SIGPIPE, SIG_IGN)
    var sources: [any DispatchSourceSignal] = []
    for number in [SIGINT, SIGTERM, SIGHUP] {
      Glibc.signal(number, SIG_IGN)
      sources.append(DispatchSource.makeSignalSource(signal: number, queue: .global()))
    }
    self.sources = sources
    for (number, source) in zip([SIGINT, SIGTERM, SIGHUP], sources) {
      source.setEventHandler { [weak self] in self?.note(number) }
      source.resume()
    }
  }

  private func note(_ number: Int32) {
    _ = received.compareExchange(expected: 0, desired: number, ordering: .acquiringAndReleasing)
    _ = Descriptor.write(Data([1]), to: wakeEnd)
  }

  deinit {
    close(wakeDescriptor)
    close(wakeEnd)
  }
}
