internal import Foundation

/// Tries with growing, jittered pauses between them, so that many clients of a server that recovers do not come at once.
///
/// The pause before try k is uniform in [0, min(cap, base · 2^(k-1))] ("full jitter"), or what the server asked for in
/// Retry-After, up to the cap.
package struct RetryPolicy {
  package var attempts = 5
  package var baseSeconds = 0.5
  package var capSeconds = 30.0
  package var random: () -> Double = { Double.random(in: 0..<1) }
  package var sleep: (Double) -> Void = { Thread.sleep(forTimeInterval: $0) }

  package init() {}

  package func pause(beforeRetry retry: Int, retryAfter: Double?) -> Double {
    if let retryAfter { return min(max(0, retryAfter), capSeconds) }
    return min(capSeconds, baseSeconds * pow(2, Double(retry - 1))) * random()
  }

  /// Runs `body` until it succeeds, fails permanently, or the tries are used up; the last failure is thrown.
  package func run<Value>(_ body: () throws -> Value) throws -> Value {
    var retry = 0
    while true {
      do { return try body() } catch let failure as DICOMwebFailure {
        retry += 1
        guard case .transient(let retryAfter) = failure.kind, retry < attempts else { throw failure }
        sleep(pause(beforeRetry: retry, retryAfter: retryAfter))
      }
    }
  }
}
