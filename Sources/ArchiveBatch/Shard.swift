internal import Findings

/// One of N parts of an archive: the studies whose UID hashes to it. No shard needs to know of another.
public struct Shard: Sendable, Equatable, Codable {
  /// From 1 to `count`.
  public let index: Int
  public let count: Int

  public init?(index: Int, count: Int) {
    guard count >= 1, (1...count).contains(index) else { return nil }
    self.index = index
    self.count = count
  }

  /// Reads `I/N`.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let index = Int(parts[0]), let count = Int(parts[1]) else { return nil }
    self.init(index: index, count: count)
  }

  /// Whether a study is in this shard: the first eight bytes of SHA-256(StudyInstanceUID), big-endian, modulo N.
  public func holds(studyInstanceUID: String) -> Bool {
    let number = UInt64(Digest.sha256(Array(studyInstanceUID.utf8)).prefix(16), radix: 16) ?? 0
    return number % UInt64(count) == UInt64(index - 1)
  }
}
