/// Where one element's value stands in the bytes of its data set.
struct Element: Sendable {
  let tag: UInt32
  let representation: ValueRepresentation
  /// Offset of the value's first byte.
  let offset: Int
  /// Bytes of the value; for a sequence of undefined length, up to its delimiter.
  let length: Int
}

/// How elements are written (PS3.5 section 7.1).
struct ElementEncoding: Sendable, Hashable {
  var isExplicit: Bool
  var isLittleEndian: Bool

  static let explicitLittle = ElementEncoding(isExplicit: true, isLittleEndian: true)
  static let implicitLittle = ElementEncoding(isExplicit: false, isLittleEndian: true)
}

/// Reads the elements of a data set or item: positions only, values are read when they are asked for.
///
/// Goals in order: no byte outside the array is touched and no claim of the file is believed without a check; work is
/// linear in the bytes; odd but readable files (implicit elements in an explicit file, unknown letters, missing
/// delimiters at the very end) are read.
struct DatasetParser {
  enum Stop: Error {
    /// The bytes at hand end, the file does not: ask again with at least so many bytes.
    case needsBytes(Int)
    case failed(DICOMError)
  }

  struct Outcome {
    var elements: [Element] = []
    /// Offset after the last element read.
    var end: Int
    /// (7FE0,0010) and its sisters, when met: not part of `elements`.
    var pixelData: Element?
    /// Why reading stopped early; what stands in `elements` is sound.
    var damage: DICOMError?
  }

  /// Tags that end or frame items.
  static let item: UInt32 = 0xFFFE_E000
  static let itemEnd: UInt32 = 0xFFFE_E00D
  static let sequenceEnd: UInt32 = 0xFFFE_E0DD
  static let undefined = 0xFFFF_FFFF

  let bytes: [UInt8]
  /// Bytes of the whole file (or inflated stream), of which `bytes` may be the first part.
  let totalSize: Int
  let limits: ReadingLimits

  /// One element's header.
  struct Header {
    let tag: UInt32
    let representation: ValueRepresentation
    let valueOffset: Int
    let length: Int
  }

  // MARK: Reading one level

  /// The elements from `start` up to `end`, an item delimiter, or the pixel data (`stopsAtPixelData`).
  func elements(
    from start: Int, to end: Int, encoding: ElementEncoding, depth: Int = 0, stopsAtPixelData: Bool = false,
    onlyGroup group: UInt16? = nil, upTo last: UInt32? = nil
  ) throws(Stop) -> Outcome {
    var outcome = Outcome(end: start)
    var position = start
    var sorted = true
    do throws(Stop) {
      while position < end {
        if end - position < 8 {
          // Up to seven stray bytes are padding.
          if (try range(position, end - position)).contains(where: { $0 != 0 }) {
            outcome.damage = DICOMError(.truncated, "the data set ends inside an element's header")
          }
          break
        }
        let header = try self.header(at: position, end: end, encoding: encoding)
        if let group, UInt16(header.tag >> 16) != group { break }
        if let last, header.tag > last { break }
        if header.tag == Self.itemEnd {
          position = header.valueOffset
          break
        }
        if header.tag == 0 && header.length == 0 {
          // Zero padding after the last element.
          break
        }
        if header.tag >> 16 == 0x7FE0 && stopsAtPixelData && header.tag & 0xFFFF >= 8 {
          outcome.pixelData = Element(
            tag: header.tag, representation: header.representation, offset: header.valueOffset, length: header.length)
          break
        }
        let length = try valueLength(header, end: end, encoding: encoding, depth: depth)
        if let last = outcome.elements.last, last.tag >= header.tag { sorted = false }
        outcome.elements.append(
          Element(
            tag: header.tag, representation: header.representation, offset: header.valueOffset, length: length.value))
        if outcome.elements.count > limits.elements {
          throw .failed(DICOMError(.limitExceeded, "more than \(limits.elements) elements in one data set"))
        }
        position = header.valueOffset + length.value + length.delimiter
      }
    } catch .failed(let error) {
      outcome.damage = error
    }
    outcome.end = position
    if !sorted { outcome.elements = Self.sortedUnique(outcome.elements) }
    return outcome
  }

  /// Ascending tags; of an element that stands twice the first counts.
  private static func sortedUnique(_ elements: [Element]) -> [Element] {
    let order = elements.indices.sorted {
      (elements[$0].tag, $0) < (elements[$1].tag, $1)
    }
    var result: [Element] = []
    for index in order where result.last?.tag != elements[index].tag { result.append(elements[index]) }
    return result
  }

  // MARK: Headers and lengths

  func header(at position: Int, end: Int, encoding: ElementEncoding) throws(Stop) -> Header {
    try require(position, 8)
    let tag = UInt32(word(position, encoding)) << 16 | UInt32(word(position + 2, encoding))
    if tag >> 16 == 0xFFFE || !encoding.isExplicit
      || !ValueRepresentation.isPlausible(bytes[position + 4], bytes[position + 5])
    {
      return Header(
        tag: tag, representation: .UN, valueOffset: position + 8, length: long(position + 4, encoding))
    }
    let representation = ValueRepresentation(code: UInt16(bytes[position + 4]) | UInt16(bytes[position + 5]) << 8)
    guard representation.hasLongLength else {
      return Header(
        tag: tag, representation: representation, valueOffset: position + 8, length: Int(word(position + 6, encoding)))
    }
    guard end - position >= 12 else {
      throw .failed(DICOMError(.truncated, "the data set ends inside an element's header"))
    }
    try require(position, 12)
    return Header(
      tag: tag, representation: representation, valueOffset: position + 12, length: long(position + 8, encoding))
  }

  /// Bytes of the value and of the delimiter that follows it.
  private func valueLength(
    _ header: Header, end: Int, encoding: ElementEncoding, depth: Int
  ) throws(Stop) -> (value: Int, delimiter: Int) {
    if header.length != Self.undefined {
      guard header.length <= end - header.valueOffset else {
        throw .failed(
          DICOMError(
            .truncated,
            "\(Tag(rawValue: header.tag)) claims \(header.length) bytes, \(max(0, end - header.valueOffset)) are left"))
      }
      return (header.length, 0)
    }
    // UN of undefined length holds an implicit sequence (PS3.5 section 6.2.2).
    let inner = header.representation == .UN && encoding.isLittleEndian ? implicitIfNeeded(header, encoding) : encoding
    let after = try skipItems(from: header.valueOffset, end: end, encoding: inner, depth: depth + 1)
    return (after - 8 - header.valueOffset, 8)
  }

  private func implicitIfNeeded(_ header: Header, _ encoding: ElementEncoding) -> ElementEncoding {
    encoding.isExplicit ? .implicitLittle : encoding
  }

  /// Offset after the sequence delimiter of a value of undefined length: items, or fragments of encapsulated data.
  private func skipItems(
    from start: Int, end: Int, encoding: ElementEncoding, depth: Int
  ) throws(Stop) -> Int {
    guard depth <= limits.nesting else {
      throw .failed(DICOMError(.limitExceeded, "sequences nested deeper than \(limits.nesting)"))
    }
    var position = start
    while true {
      guard end - position >= 8 else {
        throw .failed(DICOMError(.truncated, "a sequence of undefined length has no end"))
      }
      let header = try self.header(at: position, end: end, encoding: encoding)
      switch header.tag {
      case Self.sequenceEnd: return position + 8
      case Self.item where header.length == Self.undefined:
        position = try skipElements(from: position + 8, end: end, encoding: encoding, depth: depth)
      case Self.item:
        guard header.length <= end - header.valueOffset else {
          throw .failed(DICOMError(.truncated, "an item claims \(header.length) bytes, fewer are left"))
        }
        position = header.valueOffset + header.length
      default:
        throw .failed(DICOMError(.malformed, "\(Tag(rawValue: header.tag)) stands where an item was expected"))
      }
    }
  }

  /// Offset after the item delimiter of an item of undefined length.
  private func skipElements(from start: Int, end: Int, encoding: ElementEncoding, depth: Int) throws(Stop) -> Int {
    var position = start
    while true {
      guard end - position >= 8 else {
        throw .failed(DICOMError(.truncated, "an item of undefined length has no end"))
      }
      let header = try self.header(at: position, end: end, encoding: encoding)
      if header.tag == Self.itemEnd { return position + 8 }
      let length = try valueLength(header, end: end, encoding: encoding, depth: depth)
      position = header.valueOffset + length.value + length.delimiter
    }
  }

  // MARK: Items of a sequence

  /// The value ranges of a sequence's items.
  func items(of element: Element, encoding: ElementEncoding, depth: Int) throws(Stop) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var position = element.offset
    let end = element.offset + element.length
    while end - position >= 8 {
      let header = try self.header(at: position, end: end, encoding: encoding)
      guard header.tag == Self.item else { break }
      if header.length == Self.undefined {
        let after = try skipElements(from: position + 8, end: end, encoding: encoding, depth: depth + 1)
        ranges.append(position + 8..<after - 8)
        position = after
      } else {
        guard header.length <= end - header.valueOffset else {
          throw .failed(DICOMError(.truncated, "an item claims \(header.length) bytes, fewer are left"))
        }
        ranges.append(header.valueOffset..<header.valueOffset + header.length)
        position = header.valueOffset + header.length
      }
      if ranges.count > limits.items {
        throw .failed(DICOMError(.limitExceeded, "more than \(limits.items) items in one sequence"))
      }
    }
    return ranges
  }

  // MARK: Bytes

  private func require(_ position: Int, _ count: Int) throws(Stop) {
    if position + count <= bytes.count { return }
    if position + count <= totalSize { throw .needsBytes(position + count) }
    throw .failed(DICOMError(.truncated, "the file ends inside an element's header"))
  }

  private func range(_ position: Int, _ count: Int) throws(Stop) -> ArraySlice<UInt8> {
    try require(position, count)
    return bytes[position..<position + count]
  }

  private func word(_ position: Int, _ encoding: ElementEncoding) -> UInt16 {
    let first = UInt16(bytes[position])
    let second = UInt16(bytes[position + 1])
    return encoding.isLittleEndian ? first | second << 8 : first << 8 | second
  }

  private func long(_ position: Int, _ encoding: ElementEncoding) -> Int {
    let first = Int(word(position, encoding))
    let second = Int(word(position + 2, encoding))
    return encoding.isLittleEndian ? first | second << 16 : first << 16 | second
  }
}
