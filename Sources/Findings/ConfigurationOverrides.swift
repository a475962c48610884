public import Foundation

/// Puts the values of a `--config` file in the place of the published ones.
public enum ConfigurationOverrides {
  public enum Failure: Error, Equatable, CustomStringConvertible {
    case notAnObject
    case unknownKey(String)
    case wrongType(key: String, expected: String)
    case outOfBounds(key: String, expected: String)

    public var description: String {
      switch self {
      case .notAnObject: "the configuration is not a JSON object"
      case .unknownKey(let key): "the configuration has an unknown key: \(key)"
      case .wrongType(let key, let expected), .outOfBounds(let key, let expected):
        "the configuration's \(key) must be \(expected)"
      }
    }
  }

  /// The defaults with the values of a JSON object in their place. Keys are in snake case, objects may be partial; an
  /// unknown key, a value of another type or one out of `bounds` is an error that names it; a list has as many values as
  /// the published one and rises where that does.
  public static func apply<Configuration: Codable>(
    _ data: Data, to defaults: Configuration
  ) throws(Failure) -> Configuration {
    guard let overrides = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any],
      let published = try? FeatureJSON.data(defaults),
      let known = (try? JSONSerialization.jsonObject(with: published)) as? [String: Any]
    else { throw .notAnObject }
    let merged = try merge(known, overrides, path: "")
    do {
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .custom { path in CamelCaseKey(path[path.count - 1]) }
      return try decoder.decode(Configuration.self, from: JSONSerialization.data(withJSONObject: merged))
    } catch let DecodingError.typeMismatch(_, context) {
      throw .wrongType(key: key(context.codingPath), expected: "of the type that the defaults have")
    } catch let DecodingError.dataCorrupted(context) {
      throw .wrongType(key: key(context.codingPath), expected: "of the type that the defaults have")
    } catch {
      throw .notAnObject
    }
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
        if let known = known as? [Double] { try check(value, against: known, name) }
        result[key] = value
      } else {
        guard value is NSNumber, !(value is String) else { throw .wrongType(key: name, expected: "a number") }
        if let known = known as? Double, let value = value as? Double { try check(value, against: known, name) }
        result[key] = value
      }
    }
    return result
  }

  /// What a value may be, by the published one: of its sign, from a hundredth to ten times of it; about zero, from -1 to 1.
  /// No sane protocol asks for more, and steps, radii and ranges beyond that have no meaning.
  private static func bounds(_ published: Double) -> ClosedRange<Double> {
    if published == 0 { return -1...1 }
    return published > 0 ? published / 100...published * 10 : published * 10...published / 100
  }

  private static func check(_ value: Double, against published: Double, _ name: String) throws(Failure) {
    let bounds = bounds(published)
    guard bounds.contains(value) else {
      throw .outOfBounds(
        key: name,
        expected: String(
          format: "from %g to %g (published %g), not %g", bounds.lowerBound, bounds.upperBound, published, value))
    }
  }

  private static func check(_ list: Any, against published: [Double], _ name: String) throws(Failure) {
    guard let values = list as? [Double], values.count == published.count else {
      throw .outOfBounds(key: name, expected: "a list of \(published.count) numbers")
    }
    for (value, known) in zip(values, published) { try check(value, against: known, name) }
    guard rises(values) || !rises(published) else { throw .outOfBounds(key: name, expected: "a rising list") }
  }

  private static func rises(_ values: [Double]) -> Bool { zip(values, values.dropFirst()).allSatisfy { $0 < $1 } }

  private static func key(_ path: [any CodingKey]) -> String {
    path.map { SnakeCaseKey($0.stringValue).stringValue }.joined(separator: ".")
  }
}
