internal import ArchiveBatch
internal import Dispatch
internal import Foundation
internal import Glibc
internal import Synchronization
internal import Testing

/// A server on the loopback that gives every connection the same bytes, then closes it or falls silent.
private final class CannedServer: Sendable {
  let address: String
  private let descriptor: Int32
  private let count = Atomic<Int>(0)

  var connections: Int { count.load(ordering: .acquiring) }

  init(_ answer: String, closes: Bool = true) throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = unsafe withUnsafeMutablePointer(to: &name) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    try #require(isBound && listen(descriptor, 16) == 0)
    self.descriptor = descriptor
    address = "http://127.0.0.1:\(UInt16(bigEndian: name.sin_port))/dicom-web"
    Thread.detachNewThread { [self] in
      while true {
        let client = accept(descriptor, nil, nil)
        guard client >= 0 else {
          close(descriptor)
          return
        }
        count.add(1, ordering: .acquiringAndReleasing)
        var request = [UInt8](repeating: 0, count: 4096)
        _ = unsafe recv(client, &request, request.count, 0)
        _ = unsafe send(client, answer, answer.utf8.count, Int32(MSG_NOSIGNAL))
        if closes { close(client) }
      }
    }
  }

  /// Ends the thread's waiting; the thread closes the descriptor, whose number another server could get while it is
  /// still in use here.
  func stop() { shutdown(descriptor, Int32(SHUT_RDWR)) }
}

/// Each of these once meant a wait without end, or would have if the session's own end had been waited for.
@Suite struct HTTPClientMechanicsTests {
  /// The failure of one GET, and the connections that it took.
  private static func failure(
    _ answer: String, closes: Bool = true, idleSeconds: Double = 60, stopAfter: Double? = nil, limit: Double = 60
  ) throws -> (failure: DICOMwebFailure?, connections: Int) {
    let server = try CannedServer(answer, closes: closes)
    defer { server.stop() }
    var retries = RetryPolicy()
    retries.sleep = { _ in }
    let began = ContinuousClock.now
    let client = try HTTPClient(
      server: server.address, retries: retries, idleSeconds: idleSeconds,
      shouldStop: { stopAfter.map { ContinuousClock.now - began > .seconds($0) } ?? false })
    do {
      _ = try client.get("studies", accept: "*/*", limitSeconds: limit, start: { _ in }, body: { _ in })
      return (nil, server.connections)
    } catch let failure as DICOMwebFailure {
      return (failure, server.connections)
    }
  }

  @Test(
    .timeLimit(.minutes(1)), arguments: ["Basic realm=\"r\"", "Digest realm=\"r\", nonce=\"n\"", "Bearer", "Negotiate"]
  )
  func `a challenge is a refusal, asked once`(scheme: String) throws {
    let result = try Self.failure("HTTP/1.1 401 No\r\nWWW-Authenticate: \(scheme)\r\nContent-Length: 2\r\n\r\nno")
    #expect(result.failure?.kind == .permanent)
    #expect(result.failure?.message.contains("(HTTP 401)") == true)
    #expect(result.connections == 1)
  }

  @Test(.timeLimit(.minutes(1))) func `a body without end behind a refusal is not waited for`() throws {
    let result = try Self.failure("HTTP/1.1 403 No\r\nContent-Length: 1000\r\n\r\nno", closes: false)
    #expect(result.failure?.kind == .permanent)
    #expect(result.connections == 1)
  }

  @Test(.timeLimit(.minutes(1))) func `a redirection to another origin is not followed`() throws {
    let result = try Self.failure("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n")
    #expect(result.failure?.kind == .permanent)
    #expect(result.failure?.message.contains("redirects to another server") == true)
  }

  @Test(.timeLimit(.minutes(1))) func `a body that breaks off is tried five times`() throws {
    let result = try Self.failure("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")
    #expect(result.failure?.kind == .unreachable)
    #expect(result.connections == 5)
  }

  @Test(.timeLimit(.minutes(1)), arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf"])
  func `silence ends a try, before the answer and within it`(answer: String) throws {
    let result = try Self.failure(answer, closes: false, idleSeconds: 0.3)
    #expect(result.failure?.kind == .unreachable)
    #expect(result.failure?.message.contains("was silent") == true)
    #expect(result.connections == 5)
  }

  @Test(.timeLimit(.minutes(1))) func `an answer has a time limit, and a wish to stop ends it at once`() throws {
    let half = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf"
    #expect(try Self.failure(half, closes: false, limit: 0.3).failure?.message.contains("took more than") == true)
    let stopped = try Self.failure(half, closes: false, stopAfter: 0.3)
    #expect(stopped.failure?.kind == .permanent)
    #expect(stopped.connections == 1)
  }

  @Test(arguments: ["ftp://a/b", "nonsense", "http://user:secret@127.0.0.1/dicom-web", "http:///x"])
  func `what is no address, or shows a password, is wrong use`(address: String) {
    do {
      _ = try HTTPClient(server: address)
      Issue.record("accepted")
    } catch { #expect((error as? DICOMwebFailure)?.kind == .wrongUse) }
  }
}
