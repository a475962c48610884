internal import Dispatch
internal import Foundation

/// Tries with growing, jittered pauses between them, so that many clients of a server that recovers do not come at once.
///
/// The pause before try k is uniform in [0, min(cap, base · 2^(k-1))] ("full jitter"), or what the server asked for in
/// Retry-After, up to the cap. No try begins later than `limitSeconds` after the first: a silent server costs the limit and
/// one silence, whatever the number of tries.
package struct RetryPolicy {
  package var attempts = 5
  package var baseSeconds = 0.5
  package var capSeconds = 30.0
  package var limitSeconds = 90.0
  package var random: () -> Double = { Double.random(in: 0..<1) }
  package var sleep: (Double) -> Void = { Thread.sleep(forTimeInterval: $0) }
  /// Seconds on a clock that never goes back.
  package var now: () -> Double = { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }

  package init() {}

  package func pause(beforeRetry retry: Int, retryAfter: Double?) -> Double {
    if let retryAfter { return min(max(0, retryAfter), capSeconds) }
    return min(capSeconds, baseSeconds * pow(2, Double(retry - 1))) * random()
  }

  /// Runs `body` until it succeeds, fails for good, or the tries or the time are used up; the last failure is thrown.
  package func run<Value>(shouldStop: () -> Bool = { false }, _ body: () throws -> Value) throws -> Value {
    let began = now()
    var retry = 0
    while true {
      do { return try body() } catch let failure as DICOMwebFailure {
        retry += 1
        let asked: Double?
        switch failure.kind {
        case .transient(let seconds): asked = seconds
        case .unreachable: asked = nil
        case .permanent, .wrongUse, .cannotWrite: throw failure
        }
        let pause = pause(beforeRetry: retry, retryAfter: asked)
        guard retry < attempts, now() - began + pause < limitSeconds else { throw failure }
        rest(pause, shouldStop)
        if shouldStop() { throw failure }
      }
    }
  }

  /// Sleeps in short pieces, so that a wish to stop is seen.
  private func rest(_ seconds: Double, _ shouldStop: () -> Bool) {
    var left = seconds
    while left > 0, !shouldStop() {
      sleep(min(left, 0.1))
      left -= 0.1
    }
  }
}
