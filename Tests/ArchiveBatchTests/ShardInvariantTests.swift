internal import ArchiveBatch
internal import Foundation
internal import Testing

@Suite(.serialized) struct ShardInvariantTests {
  @Test(arguments: [1, 2, 3, 16, 1000]) func `every study is in exactly one shard`(count: Int) throws {
    for study in 0..<200 {
      let holders = (1...count).filter { Shard(index: $0, count: count)!.holds(studyInstanceUID: "1.2.840.\(study)") }
      #expect(holders.count == 1)
    }
  }

  @Test func `shards are of similar size`() throws {
    let shard = try #require(Shard("2/4"))
    let count = (0..<4000).count { shard.holds(studyInstanceUID: "1.2.840.113619.\($0)") }
    // Binomial with p = 1/4: five standard deviations are 137.
    #expect(abs(count - 1000) < 137)
  }

  @Test(arguments: ["", "1", "0/4", "5/4", "a/b", "1/2/3", "-1/2", "1/0"])
  func `a shard that makes no sense is refused`(text: String) { #expect(Shard(text) == nil) }

  @Test func `merged shards are the whole run`() throws {
    let archive = try TinyArchive()
    try archive.fill(studies: 40)
    let whole = try archive.batch("whole")
    for index in 1...3 { try archive.batch("part\(index)", ["--shard", "\(index)/3"]) }
    #expect(try archive.merge(["part1", "part2", "part3"], into: "merged") == whole)
    #expect(try archive.results("merged") == archive.results("whole"))
    #expect(try archive.manifest("merged").refusals.count == archive.manifest("whole").refusals.count)
    // Again, in another order, over what is there.
    #expect(try archive.merge(["part3", "part1", "part2"], into: "merged") == whole)
    #expect(try archive.results("merged") == archive.results("whole"))
  }

  @Test func `a shard that holds no study of the archive is no failure, and merges`() throws {
    let archive = try TinyArchive()
    try archive.fill(studies: 2)
    let whole = try archive.batch("whole")
    let parts = (1...5).map { "part\($0)" }
    for (index, part) in parts.enumerated() {
      #expect([0, whole].contains(try archive.batch(part, ["--shard", "\(index + 1)/5"])))
    }
    #expect(try archive.merge(parts, into: "merged") == whole)
    #expect(try archive.results("merged") == archive.results("whole"))
  }

  @Test func `a merge refuses what is no finished output, other versions, and its own output`() throws {
    let archive = try TinyArchive()
    try archive.fill(studies: 6)
    try archive.batch("part1", ["--shard", "1/2"])
    try archive.batch("part2", ["--shard", "2/2"], environment: ["FAKE_VERSION": "2"])
    #expect(try archive.merge(["part1", "part2"], into: "merged") == 65)
    #expect(try archive.merge(["part1", "absent"], into: "merged") == 65)
    #expect(try archive.merge(["part1"], into: "part1") == 64)
  }
}
