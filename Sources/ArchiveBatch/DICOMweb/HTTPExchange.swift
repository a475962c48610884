internal import Dispatch
internal import Foundation
internal import FoundationNetworking

/// Takes the events of one task at a time and wakes the caller at its end.
///
/// The caller never waits for the session to say that a task is over: an answer that is no success ends the exchange by
/// itself, and so do silence, the exchange's time limit, and a wish to stop. Events of a task that was given up are ignored.
///
/// Unchecked because closures and results are kept under `lock`.
final class HTTPExchange: NSObject, URLSessionDataDelegate, @unchecked Sendable {
  /// What an exchange does with an answer, and how long it may last.
  struct Plan {
    var start: (HTTPClient.Head) throws -> Void
    var body: (Data) throws -> Void
    /// How long the server may be silent.
    var idleSeconds: Double
    var limitSeconds: Double
    var shouldStop: () -> Bool
    /// What to say to an answer of this status that is neither 200 nor 204.
    var refusal: (_ status: Int, _ retryAfterSeconds: Double?) -> DICOMwebFailure
  }

  private let lock = NSLock()
  private let done = DispatchSemaphore(value: 0)
  private var plan: Plan?
  private var task = 0
  private var head: HTTPClient.Head?
  private var failure: (any Error)?
  private var lastEvent = ContinuousClock.now

  /// Runs one task and returns the head of a successful answer, whose body has been handed on.
  func run(_ task: URLSessionDataTask, _ plan: Plan) throws -> HTTPClient.Head {
    lock.withLock {
      (self.plan, self.task, head, failure, lastEvent) = (plan, task.taskIdentifier, nil, nil, .now)
    }
    let deadline = ContinuousClock.now + .seconds(plan.limitSeconds)
    task.resume()
    while done.wait(timeout: .now() + .milliseconds(50)) == .timedOut {
      let silence = lock.withLock { ContinuousClock.now - lastEvent }
      if plan.shouldStop() {
        give(up: task, DICOMwebFailure(.permanent, "stopped"))
      } else if silence > .seconds(plan.idleSeconds) {
        give(up: task, DICOMwebFailure(.unreachable, "was silent for \(Self.text(plan.idleSeconds)) s"))
      } else if ContinuousClock.now > deadline {
        give(up: task, DICOMwebFailure(.permanent, "took more than \(Self.text(plan.limitSeconds)) s for one answer"))
      }
    }
    return try lock.withLock {
      if let failure { throw failure }
      guard let head else { throw DICOMwebFailure(.unreachable, "gave no answer") }
      return head
    }
  }

  private static func text(_ seconds: Double) -> String { String(Int(seconds.rounded(.up))) }

  private func give(up task: URLSessionTask, _ failure: DICOMwebFailure) {
    lock.withLock { end(task, failure) }
    task.cancel()
  }

  /// Ends the exchange once; to be called under the lock.
  private func end(_ task: URLSessionTask, _ failure: (any Error)?) {
    guard plan != nil, task.taskIdentifier == self.task else { return }
    self.failure = failure
    plan = nil
    done.signal()
  }

  // MARK: Events

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
  ) {
    let goesOn = lock.withLock { () -> Bool in
      guard let plan, dataTask.taskIdentifier == task else { return false }
      lastEvent = .now
      guard let response = response as? HTTPURLResponse else {
        end(dataTask, DICOMwebFailure(.permanent, "gave an answer that is not HTTP"))
        return false
      }
      let head = HTTPClient.Head(
        status: response.statusCode, contentType: response.value(forHTTPHeaderField: "Content-Type") ?? "")
      guard head.status == 200 || head.status == 204 else {
        let retryAfter = response.value(forHTTPHeaderField: "Retry-After").flatMap(Double.init)
        end(dataTask, plan.refusal(head.status, retryAfter))
        return false
      }
      do {
        if head.status == 200 { try plan.start(head) }
        self.head = head
        return true
      } catch {
        end(dataTask, error)
        return false
      }
    }
    completionHandler(goesOn ? .allow : .cancel)
    // The session on Linux ignores the disposition.
    if !goesOn { dataTask.cancel() }
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    let goesOn = lock.withLock { () -> Bool in
      guard let plan, dataTask.taskIdentifier == task else { return false }
      defer { lastEvent = .now }
      guard head?.status == 200 else { return true }
      do {
        try plan.body(data)
        return true
      } catch {
        end(dataTask, error)
        return false
      }
    }
    if !goesOn { dataTask.cancel() }
  }

  /// Credentials were sent with the request: a challenge means that they are missing or wrong, and asking again would
  /// not help. Certificates raise no challenge here: libcurl checks them.
  func urlSession(
    _ session: URLSession, task: URLSessionTask, didReceive challenge: URLAuthenticationChallenge,
    completionHandler: @escaping @Sendable (URLSession.AuthChallengeDisposition, URLCredential?) -> Void
  ) {
    let status = (challenge.failureResponse as? HTTPURLResponse)?.statusCode ?? 401
    lock.withLock {
      if let plan { end(task, plan.refusal(status, nil)) }
    }
    completionHandler(.cancelAuthenticationChallenge, nil)
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
  ) {
    let origin = { (url: URL?) in [url?.scheme, url?.host, url?.port.map(String.init)] }
    let isSame = origin(request.url) == origin(task.originalRequest?.url)
    // The session on Linux aborts when it hears of a redirection after the task was cancelled: the handler is called under
    // the lock, before anything can end the exchange, or not at all.
    let goesOn = lock.withLock { () -> Bool in
      guard plan != nil, task.taskIdentifier == self.task else { return false }
      lastEvent = .now
      if isSame {
        completionHandler(request)
      } else {
        end(task, DICOMwebFailure(.permanent, "redirects to another server, which is not followed"))
      }
      return isSame
    }
    if !goesOn { task.cancel() }
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    lock.withLock { end(task, error.map { Self.failure($0 as NSError) }) }
  }

  private static func failure(_ error: NSError) -> DICOMwebFailure {
    switch error.code {
    case NSURLErrorServerCertificateUntrusted, NSURLErrorServerCertificateHasBadDate,
      NSURLErrorServerCertificateHasUnknownRoot, NSURLErrorServerCertificateNotYetValid,
      NSURLErrorSecureConnectionFailed,
      NSURLErrorClientCertificateRejected:
      DICOMwebFailure(.permanent, "shows a certificate that is not trusted")
    case NSURLErrorUnsupportedURL, NSURLErrorBadURL: DICOMwebFailure(.wrongUse, "has an address that is not valid")
    case NSURLErrorHTTPTooManyRedirects: DICOMwebFailure(.permanent, "redirects without end")
    case NSURLErrorCannotFindHost, NSURLErrorDNSLookupFailed:
      DICOMwebFailure(.unreachable, "cannot be found by this name")
    case NSURLErrorCannotConnectToHost: DICOMwebFailure(.unreachable, "does not accept connections")
    case NSURLErrorTimedOut: DICOMwebFailure(.unreachable, "was silent for too long")
    default: DICOMwebFailure(.unreachable, "broke the connection off (error \(error.code))")
    }
  }
}
