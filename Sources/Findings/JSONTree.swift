/// JSON that keeps the order of its keys and the digits of its numbers: what the schema's column order and a table's
/// cells are taken from.
///
/// Reads what this engine wrote or embeds; `nil` for anything that is not one JSON value.
enum JSONTree {
  case object([(key: String, value: JSONTree)])
  case array([JSONTree])
  case string(String)
  /// A number, `true` or `false` as it is written.
  case literal(String)
  case null

  init?(_ bytes: [UInt8]) {
    var reader = JSONReader(bytes: bytes)
    guard let value = reader.value(depth: 0), reader.isAtEnd() else { return nil }
    self = value
  }

  subscript(_ key: String) -> JSONTree? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }
}

private struct JSONReader {
  let bytes: [UInt8]
  var at = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func isAtEnd() -> Bool {
    skipSpace()
    return at == bytes.count
  }

  mutating func value(depth: Int) -> JSONTree? {
    skipSpace()
    guard at < bytes.count, depth < 64 else { return nil }
    switch bytes[at] {
    case UInt8(ascii: "{"): return object(depth)
    case UInt8(ascii: "["): return array(depth)
    case UInt8(ascii: "\""): return string().map(JSONTree.string)
    default: return literal()
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

  private mutating func skipSpace() {
    while at < bytes.count, Self.isSpace(bytes[at]) { at += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard at < bytes.count, bytes[at] == UInt8(ascii: character) else { return false }
    at += 1
    return true
  }

  private mutating func object(_ depth: Int) -> JSONTree? {
    guard take("{") else { return nil }
    var members: [(key: String, value: JSONTree)] = []
    if take("}") { return .object(members) }
    repeat {
      skipSpace()
      guard let key = string(), take(":"), let value = value(depth: depth + 1) else { return nil }
      members.append((key, value))
    } while take(",")
    return take("}") ? .object(members) : nil
  }

  private mutating func array(_ depth: Int) -> JSONTree? {
    guard take("[") else { return nil }
    var items: [JSONTree] = []
    if take("]") { return .array(items) }
    repeat {
      guard let value = value(depth: depth + 1) else { return nil }
      items.append(value)
    } while take(",")
    return take("]") ? .array(items) : nil
  }

  private mutating func literal() -> JSONTree? {
    let start = at
    while at < bytes.count, !Self.isSpace(bytes[at]), bytes[at] != UInt8(ascii: ","), bytes[at] != UInt8(ascii: "]"),
      bytes[at] != UInt8(ascii: "}")
    {
      at += 1
    }
    let text = String(decoding: bytes[start..<at], as: UTF8.self)
    return text.isEmpty ? nil : text == "null" ? .null : .literal(text)
  }

  private mutating func string() -> String? {
    guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { return nil }
    at += 1
    var text: [UInt8] = []
    while at < bytes.count {
      let byte = bytes[at]
      at += 1
      if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
      guard byte == UInt8(ascii: "\\") else {
        text.append(byte)
        continue
      }
      guard at < bytes.count, let scalar = escape() else { return nil }
      text += Array(String(scalar).utf8)
    }
    return nil
  }

  private mutating func escape() -> Unicode.Scalar? {
    let byte = bytes[at]
    at += 1
    switch byte {
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "u"):
      guard let first = hexadecimal() else { return nil }
      guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) }
      guard at + 1 < bytes.count, bytes[at] == UInt8(ascii: "\\"), bytes[at + 1] == UInt8(ascii: "u") else {
        return nil
      }
      at += 2
      guard let second = hexadecimal(), (0xDC00..<0xE000).contains(second) else { return nil }
      return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    default: return Unicode.Scalar(byte)
    }
  }

  private mutating func hexadecimal() -> UInt32? {
    guard at + 4 <= bytes.count else { return nil }
    defer { at += 4 }
    return UInt32(String(decoding: bytes[at..<(at + 4)], as: UTF8.self), radix: 16)
  }
}
