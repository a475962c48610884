public import Anatomy
public import Detection
public import Findings
public import Foundation
public import StudyReading

/// Every threshold of the engine: the findings', the anatomy's, the detection's, the roles' and the registration's. What `--config`
/// overrides and the digest stands for.
public struct EngineConfiguration: Sendable, Codable, Equatable {
  public var findings = FindingsConfiguration()
  public var anatomy = AnatomyParameters()
  public var detection = DetectionParameters()
  public var roles = RoleParameters()
  public var registration = RegistrationParameters()

  public init() {}

  /// The published values, with those of `--config` in their place.
  public static func load(options: AnalysisOptions) throws(StudyFailure) -> Self {
    guard let path = options.configurationFile else { return Self() }
    let name = StudyContents.fileName(path)
    guard let data = FileManager.default.contents(atPath: path) else {
      throw StudyFailure(.usage, "cannot read the configuration \(name)")
    }
    do throws(ConfigurationOverrides.Failure) {
      return try ConfigurationOverrides.apply(data, to: Self())
    } catch {
      throw StudyFailure(.usage, "\(name): \(error)")
    }
  }

  private enum Key: String, CodingKey { case anatomy, detection, roles, registration }

  /// One flat object: the findings' groups, `anatomy`, `detection`, `roles` and `registration` beside them.
  public func encode(to encoder: any Encoder) throws {
    try findings.encode(to: encoder)
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(anatomy, forKey: .anatomy)
    try container.encode(detection, forKey: .detection)
    try container.encode(roles, forKey: .roles)
    try container.encode(registration, forKey: .registration)
  }

  public init(from decoder: any Decoder) throws {
    findings = try FindingsConfiguration(from: decoder)
    let container = try decoder.container(keyedBy: Key.self)
    anatomy = try container.decode(AnatomyParameters.self, forKey: .anatomy)
    detection = try container.decode(DetectionParameters.self, forKey: .detection)
    roles = try container.decode(RoleParameters.self, forKey: .roles)
    registration = try container.decode(RegistrationParameters.self, forKey: .registration)
  }

  /// All values as JSON: keys in snake case and sorted.
  public func jsonData() -> Data { (try? FeatureJSON.data(self)) ?? Data() }

  /// `sha256:` and the digest of `jsonData()`.
  public var digest: String { self == Self.published.values ? Self.published.digest : computedDigest }

  private var computedDigest: String { "sha256:" + Digest.sha256([UInt8](jsonData())) }

  /// The published values and their digest, which a batch writes into every document.
  private static let published = (values: Self(), digest: Self().computedDigest)
}
