public import Foundation
internal import Synchronization

extension FeatureDocument {
  /// The document as JSON bytes: keys sorted, two-space indent, a final newline; the same value gives the same bytes.
  ///
  /// Throws `EncodingError` for NaN or infinity: such a value is a bug of the room that made it.
  public func jsonData() throws -> Data { try FeatureJSON.data(self) }

  /// Reads a document of this schema version; unknown fields are ignored.
  public init(jsonData: Data) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .custom { path in CamelCaseKey(path[path.count - 1]) }
    self = try decoder.decode(Self.self, from: jsonData)
  }
}

/// JSON as this project writes it: keys in snake case and sorted, two-space indent, a final newline.
public enum FeatureJSON {
  public static func data(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    let known = KnownKeys()
    encoder.keyEncodingStrategy = .custom { path in known.key(path[path.count - 1].stringValue) }
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(value) + Data("\n".utf8)
  }
}

/// Keys that were made before: a document holds few names, many times.
private final class KnownKeys: Sendable {
  private let keys = Mutex<[String: SnakeCaseKey]>([:])

  func key(_ name: String) -> SnakeCaseKey {
    keys.withLock { keys in
      if let key = keys[name] { return key }
      let key = SnakeCaseKey(name)
      keys[name] = key
      return key
    }
  }
}

/// A snake-case JSON key from a Swift property name: `maximum3dDiameterMm` becomes `maximum_3d_diameter_mm`.
///
/// Keys that are data rather than properties (they hold an underscore or no capital) come through unchanged.
struct SnakeCaseKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(_ name: String) {
    var result = ""
    var previous: Character?
    for character in name {
      let startsWord =
        character.isUppercase
        || (character.isNumber && previous.map { $0.isLowercase } == true && Self.numberStartsWord(in: name))
      if startsWord, previous != nil, previous != "_" { result.append("_") }
      result.append(contentsOf: character.lowercased())
      previous = character
    }
    stringValue = result
  }

  init?(stringValue: String) { self.init(stringValue) }
  init?(intValue: Int) { nil }

  /// `maximum_3d_diameter_mm` and `ci95`, `t1`, `log10`, `mm3`: only a number that begins `3d` starts a word.
  private static func numberStartsWord(in name: String) -> Bool { name.contains("3d") }
}

/// The Swift property name of a snake-case JSON key.
struct CamelCaseKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  init(_ key: any CodingKey) {
    intValue = key.intValue
    let parts = key.stringValue.split(separator: "_", omittingEmptySubsequences: false)
    stringValue =
      parts.isEmpty
      ? key.stringValue
      : parts.enumerated().map { index, part in
        index == 0 ? String(part) : part.prefix(1).uppercased() + part.dropFirst()
      }
      .joined()
  }

  init?(stringValue: String) { return nil }
  init?(intValue: Int) { return nil }
}
