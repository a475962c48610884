/// Cuts a multipart/related body (RFC 2046, RFC 2387) into its parts as the bytes come, holding one delimiter's length
/// of a part at most.
package struct MultipartRelatedParser {
  package enum Event: Equatable {
    case partBegins
    case bytes([UInt8])
    case partEnds
  }

  private enum State { case preamble, headers, body, epilogue }

  /// A part's headers are a few lines; more is not believed.
  private static let headerLimit = 64 << 10

  private let delimiter: [UInt8]
  private var state = State.preamble
  /// The line break before the first delimiter may be missing: the body then begins with it.
  private var buffer: [UInt8] = [13, 10]

  /// The closing delimiter was seen: nothing is missing.
  package var isComplete: Bool { state == .epilogue }

  package init(boundary: String) { delimiter = Array("\r\n--\(boundary)".utf8) }

  /// The boundary of a Content-Type header; `nil` when it is not multipart or names none.
  package static func boundary(contentType: String) -> String? {
    guard contentType.lowercased().hasPrefix("multipart/") else { return nil }
    var rest = contentType[...]
    while let semicolon = rest.firstIndex(of: ";") {
      rest = rest[rest.index(after: semicolon)...].drop { $0 == " " || $0 == "\t" }
      guard let equals = rest.firstIndex(of: "=") else { return nil }
      let name = rest[..<equals].lowercased()
      rest = rest[rest.index(after: equals)...]
      let value: Substring
      if rest.first == "\"" {
        rest.removeFirst()
        value = rest.prefix { $0 != "\"" }
        rest = rest.dropFirst(value.count)
      } else {
        value = rest.prefix { $0 != ";" && $0 != " " }
      }
      if name == "boundary" { return value.isEmpty || value.count > 200 ? nil : String(value) }
    }
    return nil
  }

  /// Takes the next bytes. Throws when they are no multipart body.
  package mutating func append(_ bytes: some Sequence<UInt8>) throws -> [Event] {
    buffer.append(contentsOf: bytes)
    var events: [Event] = []
    while try step(&events) {}
    return events
  }

  /// Whether there may be more to do with what is in the buffer.
  private mutating func step(_ events: inout [Event]) throws -> Bool {
    switch state {
    case .preamble, .body: return try stepToDelimiter(&events)
    case .headers: return try stepOverHeaders(&events)
    case .epilogue:
      buffer.removeAll()
      return false
    }
  }

  private mutating func stepToDelimiter(_ events: inout [Event]) throws -> Bool {
    guard let position = Self.find(delimiter, in: buffer) else {
      // The end of the buffer may be the beginning of a delimiter.
      let sure = max(0, buffer.count - delimiter.count + 1)
      emit(buffer[..<sure], &events)
      buffer.removeFirst(sure)
      return false
    }
    // Two more bytes tell a closing delimiter from another part.
    guard buffer.count >= position + delimiter.count + 2 else {
      emit(buffer[..<position], &events)
      buffer.removeFirst(position)
      return false
    }
    emit(buffer[..<position], &events)
    if state == .body { events.append(.partEnds) }
    let after = position + delimiter.count
    state = buffer[after] == 0x2D && buffer[after + 1] == 0x2D ? .epilogue : .headers
    buffer.removeFirst(after)
    return true
  }

  private func emit(_ bytes: ArraySlice<UInt8>, _ events: inout [Event]) {
    if state == .body && !bytes.isEmpty { events.append(.bytes(Array(bytes))) }
  }

  /// The headers end with an empty line; there may be none. Before them stands the rest of the delimiter's line.
  private mutating func stepOverHeaders(_ events: inout [Event]) throws -> Bool {
    guard let end = Self.find([13, 10, 13, 10], in: buffer) else {
      guard buffer.count < Self.headerLimit else {
        throw DICOMwebFailure(.permanent, "gives a malformed multipart answer")
      }
      return false
    }
    buffer.removeFirst(end + 4)
    state = .body
    events.append(.partBegins)
    return true
  }

  /// The first place of `needle`, found by its first byte.
  private static func find(_ needle: [UInt8], in bytes: [UInt8]) -> Int? {
    var start = 0
    let last = bytes.count - needle.count
    while start <= last {
      guard let hit = bytes[start...last].firstIndex(of: needle[0]) else { return nil }
      var length = 1
      while length < needle.count && bytes[hit + length] == needle[length] { length += 1 }
      if length == needle.count { return hit }
      start = hit + 1
    }
    return nil
  }
}
