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

  /// The defaults with the values of a JSON object in their place; see `ConfigurationOverrides`.
  public init(overridesJSON data: Data) throws(ConfigurationOverrides.Failure) {
    self = try ConfigurationOverrides.apply(data, to: Self())
  }

  /// All values as JSON: keys in snake case and sorted, the same value the same bytes.
  public func jsonData() -> Data {
    // Numbers and names only: encoding them cannot fail.
    (try? FeatureJSON.data(self)) ?? Data()
  }

  /// `sha256:` and the digest of `jsonData()`.
  public var digest: String { "sha256:" + Digest.sha256([UInt8](jsonData())) }
}
