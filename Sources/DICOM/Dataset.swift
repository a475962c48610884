/// The attributes of a DICOM object or of one item of a sequence: an immutable value, cheap to copy.
///
/// Elements are found by position in the bytes of the header; values and items are decoded when they are asked for, so
/// that a segmentation with thousands of frames costs only what is read of it. An attribute that is absent, empty or
/// cannot be understood gives `nil` or an empty list, never a made-up value. The pixel data is not part of it.
public struct Dataset: Sendable {
  let bytes: [UInt8]
  let elements: [Element]
  let encoding: ElementEncoding
  let characterSet: SpecificCharacterSet
  let limits: ReadingLimits
  let depth: Int

  init(
    bytes: [UInt8], elements: [Element], encoding: ElementEncoding, characterSet: SpecificCharacterSet,
    limits: ReadingLimits, depth: Int
  ) {
    self.bytes = bytes
    self.elements = elements
    self.encoding = encoding
    self.limits = limits
    self.depth = depth
    var own = characterSet
    if let element = Self.find(0x0008_0005, in: elements) {
      own = SpecificCharacterSet(
        definedTerms: Self.split(bytes[element.offset..<element.offset + element.length]).map(Self.ascii))
    }
    self.characterSet = own
  }

  /// Tags in ascending order.
  public var tags: [Tag] { elements.map { Tag(rawValue: $0.tag, representation: $0.representation) } }

  public func contains(_ tag: Tag) -> Bool { element(tag) != nil }

  // MARK: Text

  /// The first value as UTF-8 text without padding; `nil` when absent or empty.
  public func string(_ tag: Tag) -> String? {
    guard let element = element(tag), isText(element, tag) else { return nil }
    let limit = element.offset + element.length
    // The common case, plain letters, without making the other values.
    var end = element.offset
    while end < limit, bytes[end] != 0x5C, bytes[end] < 0x80, bytes[end] != 0x1B { end += 1 }
    guard end == limit || bytes[end] == 0x5C else { return strings(tag).first { !$0.isEmpty } }
    var start = element.offset
    while end > start, bytes[end - 1] == 0x20 || bytes[end - 1] == 0 { end -= 1 }
    while start < end, bytes[start] == 0x20 { start += 1 }
    return start == end ? nil : String(decoding: bytes[start..<end], as: UTF8.self)
  }

  /// All values separated by backslashes, padding removed; an empty value stays as an empty string in its place.
  public func strings(_ tag: Tag) -> [String] {
    guard let element = element(tag), isText(element, tag), element.length > 0 else { return [] }
    let value = bytes[element.offset..<element.offset + element.length]
    guard representation(element, tag).isLocalized else { return Self.split(value).map(Self.ascii) }
    let values = characterSet.decode(value).split(separator: "\\", omittingEmptySubsequences: false)
    return values.map { Self.trimmed($0) }
  }

  /// The whole value as text, backslashes included (ST, LT, UT).
  public func text(_ tag: Tag) -> String? {
    guard let element = element(tag), isText(element, tag) else { return nil }
    let text = Self.trimmed(Substring(characterSet.decode(bytes[element.offset..<element.offset + element.length])))
    return text.isEmpty ? nil : text
  }

  // MARK: Numbers

  /// Integers of a binary or IS value; values that are no integers are left out only at the end of the list.
  public func ints(_ tag: Tag) -> [Int] {
    guard let element = element(tag) else { return [] }
    let representation = self.representation(element, tag)
    switch representation {
    case .FL, .FD, .OF, .OD: return doubles(tag).map { Int(exactly: $0.rounded(.towardZero)) ?? 0 }
    default: break
    }
    if let size = representation.valueSize, size <= 8 {
      let isSigned = representation == .SS || representation == .SL || representation == .SV
      return binary(element, size: size) { Self.integer($0, size: size, isSigned: isSigned) }
    }
    var values: [Int] = []
    for text in strings(tag) {
      guard
        let value = Int(text.hasPrefix("+") ? String(text.dropFirst()) : text)
          ?? Double(text).flatMap({
            Int(exactly: $0.rounded())
          })
      else { break }
      values.append(value)
    }
    return values
  }

  public func int(_ tag: Tag) -> Int? { ints(tag).first }

  /// Numbers of a binary, DS or IS value. Reading stops at the first value that is no finite number.
  public func doubles(_ tag: Tag) -> [Double] {
    guard let element = element(tag) else { return [] }
    let representation = self.representation(element, tag)
    switch representation {
    case .FL, .OF:
      return binary(element, size: 4) { Double(Float(bitPattern: UInt32(truncatingIfNeeded: $0))) }
        .prefix { $0.isFinite }.map { $0 }
    case .FD, .OD:
      return binary(element, size: 8) { Double(bitPattern: $0) }.prefix { $0.isFinite }.map { $0 }
    default: break
    }
    if representation.valueSize != nil { return ints(tag).map(Double.init) }
    var values: [Double] = []
    for text in strings(tag) {
      guard let value = Self.number(text) else { break }
      values.append(value)
    }
    return values
  }

  public func double(_ tag: Tag) -> Double? { doubles(tag).first }

  /// A decimal string as scanners write it: spaces around it, a leading plus, or a decimal comma are accepted.
  static func number(_ text: String) -> Double? {
    if let value = Double(text) { return value.isFinite ? value : nil }
    let plain = text.replacing(",", with: ".").drop { $0 == "+" || $0 == " " }
    guard let value = Double(plain), value.isFinite else { return nil }
    return value
  }

  // MARK: Bytes and items

  /// The value as it stands in the file; `nil` when absent.
  public func bytes(_ tag: Tag) -> ArraySlice<UInt8>? {
    guard let element = element(tag) else { return nil }
    return bytes[element.offset..<element.offset + element.length]
  }

  /// 16-bit words of an OW value in the machine's order; empty when absent.
  public func words(_ tag: Tag) -> [UInt16] {
    guard let element = element(tag) else { return [] }
    return binary(element, size: 2) { UInt16(truncatingIfNeeded: $0) }
  }

  /// The items of a sequence, in order; empty when absent. A damaged sequence gives nothing.
  public func items(_ tag: Tag) -> [Dataset] {
    guard let element = element(tag), depth < limits.nesting else { return [] }
    var inner = encoding
    if element.representation == .UN, encoding.isExplicit { inner = itemEncoding(element) }
    let parser = DatasetParser(bytes: bytes, totalSize: bytes.count, limits: limits)
    guard let ranges = try? parser.items(of: element, encoding: inner, depth: depth) else { return [] }
    return ranges.compactMap { range in
      guard
        let outcome = try? parser.elements(from: range.lowerBound, to: range.upperBound, encoding: inner, depth: depth)
      else { return nil }
      return Dataset(
        bytes: bytes, elements: outcome.elements, encoding: inner, characterSet: characterSet, limits: limits,
        depth: depth + 1)
    }
  }

  /// The first item of a sequence.
  public func item(_ tag: Tag) -> Dataset? { items(tag).first }

  /// The tag of a private element, found by its creator's name (PS3.5 section 7.8.1); `nil` when the block is absent.
  public func privateTag(
    creator: String, group: UInt16, element: UInt8, _ representation: ValueRepresentation = .UN
  ) -> Tag? {
    var index = firstIndex(notBelow: UInt32(group) << 16 | 0x10)
    while index < elements.count, elements[index].tag <= UInt32(group) << 16 | 0xFF {
      let block = UInt16(truncatingIfNeeded: elements[index].tag)
      if string(Tag(group, block, .LO)) == creator {
        return Tag(group, block << 8 | UInt16(element), representation)
      }
      index += 1
    }
    return nil
  }

  /// Items inside UN are implicit by the standard, yet some archives leave them as they were.
  private func itemEncoding(_ element: Element) -> ElementEncoding {
    let first = element.offset + 8
    guard element.length >= 16 else { return .implicitLittle }
    return ValueRepresentation.isPlausible(bytes[first + 4], bytes[first + 5]) ? .explicitLittle : .implicitLittle
  }

  // MARK: Lookup and decoding

  private func element(_ tag: Tag) -> Element? { Self.find(tag.rawValue, in: elements) }

  private func firstIndex(notBelow tag: UInt32) -> Int { Self.firstIndex(notBelow: tag, in: elements) }

  private static func firstIndex(notBelow tag: UInt32, in elements: [Element]) -> Int {
    var low = 0
    var high = elements.count
    while low < high {
      let middle = (low + high) / 2
      if elements[middle].tag < tag { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private static func find(_ tag: UInt32, in elements: [Element]) -> Element? {
    let index = firstIndex(notBelow: tag, in: elements)
    guard index < elements.count, elements[index].tag == tag else { return nil }
    return elements[index]
  }

  private func representation(_ element: Element, _ tag: Tag) -> ValueRepresentation {
    element.representation == .UN ? tag.representation : element.representation
  }

  private func isText(_ element: Element, _ tag: Tag) -> Bool {
    guard element.length <= limits.valueBytes else { return false }
    let representation = self.representation(element, tag)
    return representation.valueSize == nil && representation != .SQ
  }

  private func binary<Value>(_ element: Element, size: Int, _ make: (UInt64) -> Value) -> [Value] {
    guard element.length <= limits.valueBytes else { return [] }
    let count = element.length / size
    var values: [Value] = []
    values.reserveCapacity(count)
    for index in 0..<count {
      let start = element.offset + index * size
      var value: UInt64 = 0
      for byte in 0..<size {
        let shift = encoding.isLittleEndian ? byte : size - 1 - byte
        value |= UInt64(bytes[start + byte]) << UInt64(8 * shift)
      }
      values.append(make(value))
    }
    return values
  }

  private static func integer(_ bits: UInt64, size: Int, isSigned: Bool) -> Int {
    let unused = UInt64(64 - 8 * size)
    if isSigned { return Int(truncatingIfNeeded: Int64(bitPattern: bits << unused) >> Int64(unused)) }
    return Int(truncatingIfNeeded: bits)
  }

  static func trimmed(_ value: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var rest = value
    while let last = rest.last, last == 0x20 || last == 0 { rest.removeLast() }
    while let first = rest.first, first == 0x20 { rest.removeFirst() }
    return rest
  }

  private static func trimmed(_ value: Substring) -> String {
    var rest = value.unicodeScalars
    while let last = rest.last, last == " " || last == "\0" { rest.removeLast() }
    while let first = rest.first, first == " " { rest.removeFirst() }
    return String(rest)
  }

  static func split(_ value: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    value.split(separator: 0x5C, omittingEmptySubsequences: false).map(trimmed)
  }

  static func ascii(_ value: ArraySlice<UInt8>) -> String { String(decoding: value, as: UTF8.self) }
}
