/// A transfer syntax by the text of (0002,0010), so that one that a codec library does not know is still told apart.
public struct TransferSyntax: Sendable, Hashable {
  public let uid: String

  public init(uid: String) { self.uid = uid }

  init(guessedFrom encoding: ElementEncoding) {
    if !encoding.isLittleEndian {
      uid = "1.2.840.10008.1.2.2"
    } else {
      uid = encoding.isExplicit ? "1.2.840.10008.1.2.1" : "1.2.840.10008.1.2"
    }
  }

  /// What has to be done to a frame's bytes.
  public enum Compression: String, Sendable, Hashable, CaseIterable {
    case none
    case runLength = "RLE"
    case jpeg = "JPEG"
    case jpegLossless = "JPEG lossless"
    case jpegLS = "JPEG-LS"
    case jpeg2000 = "JPEG 2000"
    case highThroughputJPEG2000 = "HTJ2K"
  }

  /// `nil` for a syntax that is not read.
  public var compression: Compression? {
    guard uid.hasPrefix(Self.root) else { return nil }
    switch uid.dropFirst(Self.root.count) {
    case "", ".1", ".2", ".1.99": return Compression.none
    case ".5": return .runLength
    case ".4.50", ".4.51", ".4.52", ".4.53", ".4.54", ".4.55", ".4.56": return .jpeg
    case ".4.57", ".4.58", ".4.70": return .jpegLossless
    case ".4.80", ".4.81": return .jpegLS
    case ".4.90", ".4.91", ".4.92", ".4.93": return .jpeg2000
    case ".4.201", ".4.202", ".4.203": return .highThroughputJPEG2000
    default: return nil
    }
  }

  /// Whether stored values may differ from those acquired (the UID allows loss; the attributes say whether there was).
  public var mayBeLossy: Bool {
    ["50", "51", "52", "53", "54", "55", "56", "81", "91", "93", "203"].contains { uid == Self.root + ".4." + $0 }
  }

  var isDeflated: Bool { uid == Self.root + ".1.99" }

  /// Of the elements: everything that is not named otherwise is explicit little endian.
  var encoding: ElementEncoding {
    switch uid {
    case Self.root: .implicitLittle
    case Self.root + ".2": ElementEncoding(isExplicit: true, isLittleEndian: false)
    default: .explicitLittle
    }
  }

  private static let root = "1.2.840.10008.1.2"
}

/// Where the pixel data of a file begins. Offsets count in the file, or in the inflated data set of a deflated one.
public struct PixelDataLocation: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    case integer
    case float
    case double
    case unknown

    init(tag: UInt32) {
      switch tag {
      case 0x7FE0_0010: self = .integer
      case 0x7FE0_0008: self = .float
      case 0x7FE0_0009: self = .double
      default: self = .unknown
      }
    }
  }

  public let kind: Kind
  public let offset: Int
  /// `nil` for encapsulated data.
  public let length: Int?
  /// Bytes of the file (or stream) from `offset` on.
  public let available: Int
  let isLittleEndian: Bool
  let isWordData: Bool
}
