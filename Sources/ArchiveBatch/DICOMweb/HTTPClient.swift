internal import Foundation
internal import FoundationNetworking

/// GET requests over `URLSession` (libcurl), one at a time, with the body handed on as it comes.
///
/// Certificates are checked against the system's authorities, or those of the file that the environment's
/// `URLSessionCertificateAuthorityInfoFile` names. Credentials go to the configured server only: a redirection to
/// another origin is refused, and so is sending them unencrypted to another machine.
final class HTTPClient {
  struct Head {
    var status: Int
    var contentType: String
  }

  private let server: URL
  private let credentials: Credentials?
  private let receiver = Receiver()
  private let session: URLSession
  let retries: RetryPolicy

  /// - Parameter idleSeconds: how long the server may be silent.
  init(server: String, retries: RetryPolicy = RetryPolicy(), idleSeconds: Double = 60) throws {
    guard let url = URL(string: server), let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme),
      let host = url.host
    else { throw DICOMwebFailure(.permanent, "the DICOMweb address is no http or https URL") }
    guard url.user == nil, url.password == nil else {
      throw DICOMwebFailure(.permanent, "credentials belong into the environment or netrc, not into the URL")
    }
    self.server = url
    self.retries = retries
    credentials = Credentials.find(host: host)
    guard credentials == nil || scheme == "https" || Self.isLoopback(host) else {
      throw DICOMwebFailure(.permanent, "credentials are not sent over unencrypted http to another machine")
    }
    let configuration = URLSessionConfiguration.ephemeral
    configuration.timeoutIntervalForRequest = idleSeconds
    configuration.httpMaximumConnectionsPerHost = 1
    configuration.httpShouldSetCookies = false
    session = URLSession(configuration: configuration, delegate: receiver, delegateQueue: nil)
  }

  deinit { session.invalidateAndCancel() }

  private static func isLoopback(_ host: String) -> Bool {
    ["localhost", "::1", "[::1]"].contains(host) || host.hasPrefix("127.")
  }

  /// GET with retries; each try begins with `start`, which has to forget what an earlier try brought.
  func get(
    _ path: String, query: [String] = [], accept: String, start: @escaping (Head) throws -> Void,
    body: @escaping (Data) throws -> Void, end: @escaping () throws -> Void = {}
  ) throws -> Head {
    try retries.run {
      let head = try once(path, query: query, accept: accept, start: start, body: body)
      if head.status == 200 { try end() }
      return head
    }
  }

  private func once(
    _ path: String, query: [String], accept: String, start: @escaping (Head) throws -> Void,
    body: @escaping (Data) throws -> Void
  ) throws -> Head {
    var text = server.absoluteString
    while text.hasSuffix("/") { text.removeLast() }
    text += "/" + path + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
    guard let url = URL(string: text) else { throw DICOMwebFailure(.permanent, "the query makes no valid URL") }
    var request = URLRequest(url: url)
    request.setValue(accept, forHTTPHeaderField: "Accept")
    if let credentials { request.setValue(credentials.authorization, forHTTPHeaderField: "Authorization") }
    return try receiver.run(session.dataTask(with: request), start: start, body: body)
  }
}

/// Takes the events of one task at a time and wakes the caller at its end.
private final class Receiver: NSObject, URLSessionDataDelegate, @unchecked Sendable {
  private let done = DispatchSemaphore(value: 0)
  private var start: ((HTTPClient.Head) throws -> Void)?
  private var body: ((Data) throws -> Void)?
  private var head: HTTPClient.Head?
  private var retryAfter: Double?
  private var failure: (any Error)?

  func run(
    _ task: URLSessionDataTask, start: @escaping (HTTPClient.Head) throws -> Void,
    body: @escaping (Data) throws -> Void
  ) throws -> HTTPClient.Head {
    (self.start, self.body, head, retryAfter, failure) = (start, body, nil, nil, nil)
    task.resume()
    done.wait()
    (self.start, self.body) = (nil, nil)
    if let failure { throw failure }
    guard let head else { throw DICOMwebFailure(.transient(retryAfterSeconds: nil), "the server gave no answer") }
    switch head.status {
    case 200, 204: return head
    case 401, 403: throw DICOMwebFailure(.permanent, "the server refuses access (HTTP \(head.status))")
    case 408, 429, 500, 502, 503, 504:
      throw DICOMwebFailure(.transient(retryAfterSeconds: retryAfter), "the server answers HTTP \(head.status)")
    default: throw DICOMwebFailure(.permanent, "the server answers HTTP \(head.status)")
    }
  }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
  ) {
    guard let response = response as? HTTPURLResponse else { return completionHandler(.cancel) }
    let head = HTTPClient.Head(
      status: response.statusCode, contentType: response.value(forHTTPHeaderField: "Content-Type") ?? "")
    self.head = head
    retryAfter = response.value(forHTTPHeaderField: "Retry-After").flatMap(Double.init)
    guard head.status == 200 else { return completionHandler(.allow) }
    do {
      try start?(head)
      completionHandler(.allow)
    } catch {
      failure = error
      completionHandler(.cancel)
    }
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    guard failure == nil, head?.status == 200 else { return }
    do { try body?(data) } catch {
      failure = error
      dataTask.cancel()
    }
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
  ) {
    let origin = { (url: URL?) in [url?.scheme, url?.host, url?.port.map(String.init)] }
    completionHandler(origin(request.url) == origin(task.originalRequest?.url) ? request : nil)
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    if let error, failure == nil { failure = Self.failure(error as NSError) }
    done.signal()
  }

  private static func failure(_ error: NSError) -> DICOMwebFailure {
    switch error.code {
    case NSURLErrorServerCertificateUntrusted, NSURLErrorServerCertificateHasBadDate,
      NSURLErrorServerCertificateHasUnknownRoot, NSURLErrorServerCertificateNotYetValid,
      NSURLErrorSecureConnectionFailed,
      NSURLErrorClientCertificateRejected:
      DICOMwebFailure(.permanent, "the server's certificate is not trusted")
    case NSURLErrorUnsupportedURL, NSURLErrorBadURL: DICOMwebFailure(.permanent, "the DICOMweb address is not valid")
    default: DICOMwebFailure(.transient(retryAfterSeconds: nil), "no connection to the server (error \(error.code))")
    }
  }
}
