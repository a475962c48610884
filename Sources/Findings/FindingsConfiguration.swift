public import Foundation
public import LesionMeasurement

/// Every threshold of measurement and findings in one place: what `--config FILE.json` overrides, what
/// `config_digest` stands for, and what the manifest prints in full. Guides/thresholds.md lists them with their reasons.
public struct FindingsConfiguration: Codable, Sendable, Equatable {
  public var size = SizeParameters()
  public var signal = SignalParameters()
  public var margin = MarginParameters()
  public var location = LocationParameters()
  public var enhancement = EnhancementParameters()
  public var enhancementRules = EnhancementRules()
  public var matrix = MatrixParameters()
  public var evidence = EvidenceParameters()

  public init() {}

  public enum Failure: Error, Equatable, CustomStringConvertible {
    case notAnObject
    case unknownKey(String)
    case wrongType(key: String, expected: String)

    public var description: String {
      switch self {
      case .notAnObject: "the configuration is not a JSON object"
      case .unknownKey(let key): "the configuration has an unknown key: \(key)"
      case .wrongType(let key, let expected): "the configuration's \(key) must be \(expected)"
      }
    }
  }

  /// The defaults with the values of a JSON object in their place. Keys are those of `jsonData()`, objects may be
  /// partial; an unknown key or a value of another type is an error that names it.
  public init(overridesJSON data: Data) throws(Failure) {
    guard let overrides = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any],
      let defaults = (try? JSONSerialization.jsonObject(with: Self().jsonData())) as? [String: Any]
    else { throw .notAnObject }
    let merged = try Self.merge(defaults, overrides, path: "")
    do {
      let bytes = try JSONSerialization.data(withJSONObject: merged)
      self = try Self.decoder.decode(Self.self, from: bytes)
    } catch let DecodingError.typeMismatch(_, context) {
      throw .wrongType(key: Self.key(context.codingPath), expected: "of the type that the defaults have")
    } catch let DecodingError.dataCorrupted(context) {
      throw .wrongType(key: Self.key(context.codingPath), expected: "of the type that the defaults have")
    } catch {
      throw .notAnObject
    }
  }

  /// All values as JSON: keys in snake case and sorted, the same value the same bytes.
  public func jsonData() -> Data {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .custom { path in SnakeCaseKey(path[path.count - 1].stringValue) }
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    // Numbers and names only: encoding them cannot fail.
    return (try? encoder.encode(self)) ?? Data()
  }

  /// `sha256:` and the digest of `jsonData()`.
  public var digest: String { "sha256:" + Digest.sha256([UInt8](jsonData())) }

  private static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .custom { path in CamelCaseKey(path[path.count - 1]) }
    return decoder
  }

  private static func merge(
    _ defaults: [String: Any], _ overrides: [String: Any], path: String
  ) throws(Failure) -> [String: Any] {
    var result = defaults
    for key in overrides.keys.sorted() {
      let name = path.isEmpty ? key : "\(path).\(key)"
      guard let known = defaults[key], let value = overrides[key] else { throw .unknownKey(name) }
      if let object = known as? [String: Any] {
        guard let given = value as? [String: Any] else { throw .wrongType(key: name, expected: "an object") }
        result[key] = try merge(object, given, path: name)
      } else if known is [Any] {
        guard value is [Any] else { throw .wrongType(key: name, expected: "a list") }
        result[key] = value
      } else {
        guard value is NSNumber, !(value is String) else { throw .wrongType(key: name, expected: "a number") }
        result[key] = value
      }
    }
    return result
  }

  private static func key(_ path: [any CodingKey]) -> String {
    path.map { SnakeCaseKey($0.stringValue).stringValue }.joined(separator: ".")
  }
}
