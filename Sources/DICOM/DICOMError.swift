/// Why a file, a frame or a folder could not be read.
///
/// `message` says what was attempted and why it failed and holds no value of the header. `path` is kept apart because
/// paths of archives often carry names; callers decide whether to print it.
public struct DICOMError: Error, Sendable, Hashable, CustomStringConvertible {
  public enum Code: String, Sendable, Hashable, CaseIterable {
    /// The file or folder cannot be opened or read.
    case cannotRead
    /// Nothing in the bytes says DICOM.
    case notDICOM
    /// The bytes end before what the header promises.
    case truncated
    /// The bytes contradict themselves or the standard.
    case malformed
    /// A length, count or depth beyond what `ReadingLimits` allows.
    case limitExceeded
    /// A transfer syntax, photometric interpretation or bit depth that is not read.
    case unsupported
    /// An attribute without which the object means nothing.
    case missingAttribute
    /// A codec refused the frame.
    case decodingFailed
    /// A system library or its data is missing or out of memory.
    case environment
  }

  public let code: Code
  public let message: String
  public var path: String?

  public init(_ code: Code, _ message: String, path: String? = nil) {
    self.code = code
    self.message = message
    self.path = path
  }

  public var description: String { message }
}

/// Caps that keep a hostile file from costing more than it should. Each is far above what scanners write.
public struct ReadingLimits: Sendable, Hashable, Codable {
  /// Bytes of header (everything before the pixel data) that are held in memory.
  public var headerBytes = 256 << 20
  /// Bytes that a deflated data set may inflate to.
  public var inflatedBytes = 384 << 20
  /// Sequences inside sequences.
  public var nesting = 24
  /// Items of one sequence.
  public var items = 1_000_000
  /// Elements of one data set or item.
  public var elements = 100_000
  /// Frames of one object.
  public var frames = 65_536
  /// Bytes of one decoded frame.
  public var frameBytes = 256 << 20
  /// Bytes of one value that is read as text or numbers.
  public var valueBytes = 64 << 20

  public init() {}
}
