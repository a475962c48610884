/// A data element's tag (group, element) with the value representation that the standard gives it.
///
/// The representation is used only where the file does not say one (implicit VR, or UN): whoever names a tag names its
/// representation too, so no data dictionary has to be found at run time. Two tags are equal when their numbers are.
public struct Tag: Sendable, Hashable, Comparable, CustomStringConvertible {
  public let rawValue: UInt32
  public let representation: ValueRepresentation

  public init(_ group: UInt16, _ element: UInt16, _ representation: ValueRepresentation = .UN) {
    rawValue = UInt32(group) << 16 | UInt32(element)
    self.representation = representation
  }

  public init(rawValue: UInt32, representation: ValueRepresentation = .UN) {
    self.rawValue = rawValue
    self.representation = representation
  }

  public var group: UInt16 { UInt16(truncatingIfNeeded: rawValue >> 16) }
  public var element: UInt16 { UInt16(truncatingIfNeeded: rawValue) }

  /// `(0028,0010)`
  public var description: String {
    let digits = String(rawValue, radix: 16, uppercase: true)
    let padded = String(repeating: "0", count: 8 - digits.count) + digits
    return "(\(padded.prefix(4)),\(padded.suffix(4)))"
  }

  public static func == (left: Tag, right: Tag) -> Bool { left.rawValue == right.rawValue }
  public static func < (left: Tag, right: Tag) -> Bool { left.rawValue < right.rawValue }
  public func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}

/// The two letters of a value representation (PS3.5 section 6.2).
public struct ValueRepresentation: Sendable, Hashable, CustomStringConvertible {
  /// First letter in the low byte, as the letters stand in a file.
  let code: UInt16

  init(code: UInt16) { self.code = code }

  @inline(__always) private init(_ first: Unicode.Scalar, _ second: Unicode.Scalar) {
    code = UInt16(truncatingIfNeeded: first.value) | UInt16(truncatingIfNeeded: second.value) << 8
  }

  public var description: String {
    String(decoding: [UInt8(truncatingIfNeeded: code), UInt8(truncatingIfNeeded: code >> 8)], as: Unicode.ASCII.self)
  }

  /// Whether both bytes are capital letters, which is how an explicit element is told from an implicit one.
  static func isPlausible(_ first: UInt8, _ second: UInt8) -> Bool {
    (0x41...0x5A).contains(first) && (0x41...0x5A).contains(second)
  }

  public static var AE: Self { Self("A", "E") }
  public static var AS: Self { Self("A", "S") }
  public static var AT: Self { Self("A", "T") }
  public static var CS: Self { Self("C", "S") }
  public static var DA: Self { Self("D", "A") }
  public static var DS: Self { Self("D", "S") }
  public static var DT: Self { Self("D", "T") }
  public static var FD: Self { Self("F", "D") }
  public static var FL: Self { Self("F", "L") }
  public static var IS: Self { Self("I", "S") }
  public static var LO: Self { Self("L", "O") }
  public static var LT: Self { Self("L", "T") }
  public static var OB: Self { Self("O", "B") }
  public static var OD: Self { Self("O", "D") }
  public static var OF: Self { Self("O", "F") }
  public static var OL: Self { Self("O", "L") }
  public static var OV: Self { Self("O", "V") }
  public static var OW: Self { Self("O", "W") }
  public static var PN: Self { Self("P", "N") }
  public static var SH: Self { Self("S", "H") }
  public static var SL: Self { Self("S", "L") }
  public static var SQ: Self { Self("S", "Q") }
  public static var SS: Self { Self("S", "S") }
  public static var ST: Self { Self("S", "T") }
  public static var SV: Self { Self("S", "V") }
  public static var TM: Self { Self("T", "M") }
  public static var UC: Self { Self("U", "C") }
  public static var UI: Self { Self("U", "I") }
  public static var UL: Self { Self("U", "L") }
  public static var UN: Self { Self("U", "N") }
  public static var UR: Self { Self("U", "R") }
  public static var US: Self { Self("U", "S") }
  public static var UT: Self { Self("U", "T") }
  public static var UV: Self { Self("U", "V") }

  /// Whether the explicit form has two reserved bytes and a length of four bytes. Letters that no edition knows are
  /// read in the long form, as PS3.5 section 6.2.2 asks.
  var hasLongLength: Bool {
    switch self {
    case .AE, .AS, .AT, .CS, .DA, .DS, .DT, .FD, .FL, .IS, .LO, .LT, .PN, .SH, .SL, .SS, .ST, .TM, .UI, .UL, .US:
      false
    default: true
    }
  }

  /// Bytes of one binary value; `nil` for text and for sequences.
  var valueSize: Int? {
    switch self {
    case .US, .SS, .OW: 2
    case .UL, .SL, .FL, .OF, .OL, .AT: 4
    case .FD, .OD, .SV, .UV, .OV: 8
    case .OB: 1
    default: nil
    }
  }

  /// Whether Specific Character Set (0008,0005) governs the text.
  var isLocalized: Bool {
    switch self {
    case .LO, .LT, .PN, .SH, .ST, .UC, .UT: true
    default: false
    }
  }
}
