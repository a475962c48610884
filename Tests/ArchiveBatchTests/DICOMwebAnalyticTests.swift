internal import ArchiveBatch
internal import Testing

@Suite struct MultipartAnalyticTests {
  private static let body: [UInt8] = Array(
    "preamble\r\n--b1\r\nContent-Type: application/dicom\r\n\r\nfirst\r\n--b not\r\npart\r\n--b1\r\nX: y\r\n\r\n\r\n--b1--\r\nepilogue"
      .utf8)

  private static func parts(_ body: [UInt8], chunk: Int) throws -> (parts: [String], complete: Bool) {
    var parser = MultipartRelatedParser(boundary: "b1")
    var parts: [String] = []
    var open: [UInt8] = []
    for start in stride(from: 0, to: body.count, by: chunk) {
      for event in try parser.append(body[start..<min(start + chunk, body.count)]) {
        switch event {
        case .partBegins: open = []
        case .bytes(let bytes): open += bytes
        case .partEnds: parts.append(String(decoding: open, as: UTF8.self))
        }
      }
    }
    return (parts, parser.isComplete)
  }

  @Test(arguments: 1...40) func `parts come out whole, however the bytes are cut`(chunk: Int) throws {
    let result = try Self.parts(Self.body, chunk: chunk)
    #expect(result.parts == ["first\r\n--b not\r\npart", ""])
    #expect(result.complete)
  }

  @Test func `a body that breaks off is not complete, wherever it breaks`() throws {
    let end = Self.body.count - "\r\nepilogue".utf8.count
    for length in 0..<end { #expect(try !Self.parts(Array(Self.body[..<length]), chunk: 7).complete) }
    #expect(try Self.parts(Array(Self.body[..<end]), chunk: 7).complete)
  }

  @Test func `a body may begin with its delimiter`() throws {
    #expect(try Self.parts(Array("--b1\r\n\r\nx\r\n--b1--".utf8), chunk: 3).parts == ["x"])
  }

  @Test func `headers without end are not believed`() {
    #expect(throws: DICOMwebFailure.self) {
      var parser = MultipartRelatedParser(boundary: "b1")
      _ = try parser.append(Array("--b1\r\n".utf8) + [UInt8](repeating: 0x41, count: 100_000))
    }
  }

  @Test(arguments: [
    ("multipart/related; type=\"application/dicom\"; boundary=abc", "abc"),
    ("Multipart/Related;boundary=\"a b;c\";type=x", "a b;c"), ("multipart/related; boundary=abc; start=1", "abc"),
  ]) func `the boundary is found in the header`(header: String, boundary: String) {
    #expect(MultipartRelatedParser.boundary(contentType: header) == boundary)
  }

  @Test(arguments: ["application/dicom", "multipart/related", "multipart/related; boundary=", ""])
  func `a header without boundary gives none`(header: String) {
    #expect(MultipartRelatedParser.boundary(contentType: header) == nil)
  }
}

@Suite struct RetryAnalyticTests {
  @Test func `pauses double up to their cap and are jittered below it`() {
    var policy = RetryPolicy()
    policy.random = { 1 }
    #expect((1...8).map { policy.pause(beforeRetry: $0, retryAfter: nil) } == [0.5, 1, 2, 4, 8, 16, 30, 30])
    policy.random = { 0.25 }
    #expect(policy.pause(beforeRetry: 3, retryAfter: nil) == 0.5)
    #expect(policy.pause(beforeRetry: 1, retryAfter: 7) == 7)
    #expect(policy.pause(beforeRetry: 1, retryAfter: 7000) == 30)
  }

  @Test func `a transient failure is tried five times, a permanent one once`() {
    var slept = 0.0
    var tries = 0
    var policy = RetryPolicy()
    policy.random = { 1 }
    policy.sleep = { slept += $0 }
    for kind in [DICOMwebFailure.Kind.transient(retryAfterSeconds: nil), .unreachable] {
      (tries, slept) = (0, 0)
      #expect(throws: DICOMwebFailure(kind, "busy")) {
        try policy.run {
          tries += 1
          throw DICOMwebFailure(kind, "busy")
        }
      }
      #expect(tries == 5)
      // 0.5 + 1 + 2 + 4 s, in pieces of 0.1 s; the tolerance is for their sum's rounding.
      #expect(abs(slept - 7.5) < 1e-9)
    }
    (tries, slept) = (0, 0)
    #expect(throws: DICOMwebFailure(.permanent, "no")) {
      try policy.run {
        tries += 1
        throw DICOMwebFailure(.permanent, "no")
      }
    }
    #expect((tries, slept) == (1, 0))
  }

  @Test func `no try begins after the time limit, and none after a wish to stop`() {
    var clock = 0.0
    var tries = 0
    var policy = RetryPolicy()
    policy.random = { 0 }
    policy.sleep = { clock += $0 }
    policy.now = { clock }
    func run(shouldStop: () -> Bool) {
      tries = 0
      try? policy.run(shouldStop: shouldStop) {
        tries += 1
        clock += 60
        throw DICOMwebFailure(.unreachable, "silent")
      }
    }
    run(shouldStop: { false })
    #expect(tries == 2)
    run(shouldStop: { true })
    #expect(tries == 1)
  }
}

@Suite struct CredentialsAnalyticTests {
  @Test func `netrc entries are found by host, then by default`() {
    let netrc = Netrc(
      """
      # machine commented login x password y
      machine one.example login ann password "se\\"cret word"
      macdef init
      machine two.example login wrong password wrong

      machine two.example
        login bob
        account ignored
        password pw#1
      default login any password none
      """)
    #expect(netrc.entry(host: "one.example") == .init(login: "ann", password: "se\"cret word"))
    #expect(netrc.entry(host: "two.example") == .init(login: "bob", password: "pw#1"))
    #expect(netrc.entry(host: "three.example") == .init(login: "any", password: "none"))
    #expect(Netrc("machine a login b password c").entry(host: "d") == nil)
  }

  @Test func `a token goes before a name, and a name before netrc`() {
    // RFC 7617 section 2: Aladdin, open sesame.
    let named = ["SPINEMET_DICOMWEB_USER": "Aladdin", "SPINEMET_DICOMWEB_PASSWORD": "open sesame"]
    #expect(
      Credentials.find(host: "h", environment: named)?.authorization == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")
    #expect(
      Credentials.find(host: "h", environment: named.merging(["SPINEMET_DICOMWEB_TOKEN": "t"]) { $1 })?.authorization
        == "Bearer t")
    #expect(Credentials.find(host: "h", environment: named)?.origin == "SPINEMET_DICOMWEB_USER")
    #expect(Credentials.find(host: "h", environment: ["HOME": "/nonexistent"]) == nil)
  }
}

@Suite struct CSVAnalyticTests {
  @Test(arguments: ["", "plain", "a,b", "say \"so\"", "two\nlines", "r\r\nn"]) func `what is written reads back`(
    text: String
  ) {
    let expected = [["x", text, "y"]]
    #expect(
      CSV.records(CSV.row(["x", text, "y"])).map { $0.map { $0.replacing("\r", with: "") } }
        == expected.map { $0.map { $0.replacing("\r", with: "") } })
  }

  @Test func `either line end is read, and a byte order mark is passed over`() {
    #expect(CSV.records("\u{FEFF}a,b\nc,d\r\ne,\n") == [["a", "b"], ["c", "d"], ["e", ""]])
  }
}
