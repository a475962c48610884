/// The published description of truth.json.
public enum PhantomSchemas {
  /// JSON Schema (2020-12) as UTF-8 text.
  public static var truth: String { String(decoding: PackageResources.truth_schema_json, as: UTF8.self) }
}
