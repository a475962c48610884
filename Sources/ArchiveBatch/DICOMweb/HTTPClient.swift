package import Foundation
internal import FoundationNetworking

/// GET requests over `URLSession` (libcurl), one at a time, with the body handed on as it comes.
///
/// Certificates are checked against the system's authorities, or those of the file that the environment's
/// `URLSessionCertificateAuthorityInfoFile` names. Credentials go to the configured server only: a redirection to
/// another origin is refused, and so is sending them unencrypted to another machine.
package final class HTTPClient {
  package struct Head {
    package var status: Int
    package var contentType: String
  }

  /// How long the server may be silent. An archive that fetches from tape needs longer than its first byte may take.
  package static let idleSeconds = 60.0

  private let server: URL
  private let name: String
  private let credentials: Credentials?
  private let exchange = HTTPExchange()
  private let session: URLSession
  private let idleSeconds: Double
  private let shouldStop: () -> Bool
  let retries: RetryPolicy

  package init(
    server: String, retries: RetryPolicy = RetryPolicy(), idleSeconds: Double = HTTPClient.idleSeconds,
    shouldStop: @escaping () -> Bool = { false }
  ) throws {
    guard let url = URL(string: server), let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme),
      let host = url.host, !host.isEmpty
    else { throw DICOMwebFailure(.wrongUse, "the DICOMweb address is no http or https URL") }
    guard url.user == nil, url.password == nil else {
      throw DICOMwebFailure(
        .wrongUse, "credentials belong into the environment or netrc, not into the DICOMweb address")
    }
    self.server = url
    name = "the DICOMweb server " + host + (url.port.map { ":\($0)" } ?? "")
    self.retries = retries
    self.idleSeconds = idleSeconds
    self.shouldStop = shouldStop
    credentials = Credentials.find(host: host)
    guard credentials == nil || scheme == "https" || Self.isLoopback(host) else {
      throw DICOMwebFailure(.wrongUse, "credentials are not sent over unencrypted http to another machine")
    }
    let configuration = URLSessionConfiguration.ephemeral
    // The exchange watches for silence; the session's own limit stands behind it.
    configuration.timeoutIntervalForRequest = idleSeconds + 10
    configuration.httpMaximumConnectionsPerHost = 1
    configuration.httpShouldSetCookies = false
    configuration.urlCredentialStorage = nil
    session = URLSession(configuration: configuration, delegate: exchange, delegateQueue: nil)
  }

  deinit { session.invalidateAndCancel() }

  private static func isLoopback(_ host: String) -> Bool {
    ["localhost", "::1", "[::1]"].contains(host) || host.hasPrefix("127.")
  }

  /// GET with retries; each try begins with `start`, which has to forget what an earlier try brought.
  ///
  /// - Parameter limitSeconds: how long one answer may take, however steadily it comes.
  package func get(
    _ path: String, query: [String] = [], accept: String, limitSeconds: Double,
    start: @escaping (Head) throws -> Void, body: @escaping (Data) throws -> Void, end: @escaping () throws -> Void = {}
  ) throws -> Head {
    do {
      return try retries.run(shouldStop: shouldStop) {
        let plan = HTTPExchange.Plan(
          start: start, body: body, idleSeconds: idleSeconds, limitSeconds: limitSeconds, shouldStop: shouldStop,
          refusal: { [credentials] in Self.refusal(status: $0, retryAfterSeconds: $1, credentials) })
        let head = try exchange.run(session.dataTask(with: request(path, query: query, accept: accept)), plan)
        if head.status == 200 { try end() }
        return head
      }
    } catch let failure as DICOMwebFailure where failure.kind != .cannotWrite {
      throw DICOMwebFailure(failure.kind, "\(name) \(failure.message)")
    }
  }

  private func request(_ path: String, query: [String], accept: String) throws -> URLRequest {
    var text = server.absoluteString
    while text.hasSuffix("/") { text.removeLast() }
    text += "/" + path + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
    guard let url = URL(string: text) else {
      throw DICOMwebFailure(.wrongUse, "cannot be asked: the query makes no valid URL")
    }
    var request = URLRequest(url: url)
    request.setValue(accept, forHTTPHeaderField: "Accept")
    if let credentials { request.setValue(credentials.authorization, forHTTPHeaderField: "Authorization") }
    return request
  }

  private static func refusal(status: Int, retryAfterSeconds: Double?, _ credentials: Credentials?) -> DICOMwebFailure {
    switch status {
    case 401:
      guard let credentials else {
        return DICOMwebFailure(
          .permanent, "asks for credentials (HTTP 401), and neither the environment nor netrc has any for it")
      }
      return DICOMwebFailure(.permanent, "refuses the credentials from \(credentials.origin) (HTTP 401)")
    case 403: return DICOMwebFailure(.permanent, "refuses access (HTTP 403)")
    case 404: return DICOMwebFailure(.permanent, "has nothing at this address (HTTP 404)")
    case 408, 429, 500, 502, 503, 504:
      return DICOMwebFailure(.transient(retryAfterSeconds: retryAfterSeconds), "answers HTTP \(status)")
    default: return DICOMwebFailure(.permanent, "answers HTTP \(status)")
    }
  }
}
