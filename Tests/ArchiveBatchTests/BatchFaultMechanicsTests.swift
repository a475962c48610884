internal import Foundation
internal import Glibc
internal import Testing

@Suite(.serialized) struct BatchFaultMechanicsTests {
  @Test func `one job and eight give the same bytes`() throws {
    let archive = try TinyArchive()
    try archive.fill(studies: 40)
    try archive.batch("one", ["--jobs", "1"])
    try archive.batch("eight", ["--jobs", "8"])
    let one = try archive.results("one")
    #expect(one.count > 20)
    #expect(try one == archive.results("eight"))
  }

  @Test func `a study that crashes, hangs or hoards memory fails alone, with its signal and stage`() throws {
    let archive = try TinyArchive()
    try archive.fill(studies: 30)
    try archive.batch("plain")
    let hooks = ["--hook", "crash@.11", "--hook", "hang@.12", "--hook", "memory@.13", "--hook", "abort@.14"]
    #expect(try archive.batch("out", ["--jobs", "2", "--timeout", "4", "--memory-limit", "300"] + hooks) == 2)
    let manifest = try archive.manifest("out")
    let failed = Dictionary(
      uniqueKeysWithValues: manifest.refusals.filter { $0.outcome == "failed" }.map { ($0.studyInstanceUid, $0) })
    #expect(failed.keys.sorted() == ["1.2.3.11", "1.2.3.12", "1.2.3.13", "1.2.3.14"])
    #expect(failed["1.2.3.11"]?.signal == Int(SIGSEGV))
    #expect(failed["1.2.3.12"]?.reason.contains("time limit") == true)
    #expect(failed["1.2.3.13"]?.reason.contains("limit of 300 MB") == true)
    #expect(failed["1.2.3.14"]?.signal == Int(SIGABRT))
    #expect(failed.values.allSatisfy { $0.lastStage == "start" })
    // Polled every 25 ms, the hoard of some 4 GB a second stays within a hundred megabytes of its limit.
    #expect(try #require(manifest.peakWorkerMemoryMb) < 600)

    #expect(try archive.batch("out") == 2)
    #expect(try archive.manifest("out").counts.failed == 4)
    try archive.batch("out", ["--retry-failed", "yes"])
    #expect(try archive.manifest("out").counts.failed == 0)
    #expect(try archive.results("out") == archive.results("plain"))
  }

  @Test func `fifty kills at random instants lose nothing and do nothing twice`() throws {
    let archive = try TinyArchive()
    try archive.fill(studies: 120)
    try archive.batch("plain")
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<50 {
      let process = try archive.start(["batch", archive.archive.path, archive.output("out").path, "--jobs", "2"])
      usleep(UInt32.random(in: 1_000...120_000, using: &generator))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    #expect([0, 2].contains(try archive.batch("out", ["--jobs", "2"])))
    #expect(try archive.results("out") == archive.results("plain"))
    let counts = try archive.manifest("out").counts
    #expect(counts.done + counts.refused == 120)
  }

  @Test func `a second run on the same output says so and stops`() throws {
    let archive = try TinyArchive()
    try archive.fill(studies: 20)
    let first = try archive.start([
      "batch", archive.archive.path, archive.output("out").path, "--hook", "hang@.3", "--timeout", "3",
    ])
    try archive.waitForWork("out")
    #expect(try archive.batch("out") == 73)
    first.waitUntilExit()
    #expect(first.terminationStatus == 2)
  }

  @Test func `a stop signal ends the run cleanly and the next run goes on`() throws {
    let archive = try TinyArchive()
    try archive.fill(studies: 20)
    try archive.batch("plain")
    for signal in [SIGTERM, SIGINT] {
      let process = try archive.start([
        "batch", archive.archive.path, archive.output("out").path, "--hook", "hang@.19",
      ])
      try archive.waitForWork("out")
      kill(process.processIdentifier, signal)
      process.waitUntilExit()
      #expect(process.terminationStatus == 128 + signal)
    }
    try archive.batch("out")
    #expect(try archive.results("out") == archive.results("plain"))
  }

  @Test func `workers end with their coordinator`() throws {
    let archive = try TinyArchive()
    try archive.fill(studies: 3)
    let process = try archive.start(["batch", archive.archive.path, archive.output("out").path, "--hook", "hang@.2"])
    try archive.waitForWork("out")
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    usleep(300_000)
    let mine = try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { pid in
      guard Int(pid) != nil, let text = FileManager.default.contents(atPath: "/proc/\(pid)/environ") else {
        return false
      }
      return String(decoding: text, as: UTF8.self).contains(archive.base.lastPathComponent)
    }
    #expect(mine.isEmpty)
  }

  @Test func `an output that cannot be written is said at once`() throws {
    let archive = try TinyArchive()
    try archive.fill(studies: 2)
    try Data().write(to: archive.output("file"))
    #expect(try archive.batch("file/out") == 73)
    #expect(try archive.batch("../../../../../../../../proc/out") == 73)
  }

  @Test func `an output in the archive or equal to it is refused, links or not`() throws {
    let archive = try TinyArchive()
    try archive.fill(studies: 2)
    let folder = archive.archive.lastPathComponent
    let link = archive.output("link")
    try FileManager.default.createSymbolicLink(at: link, withDestinationURL: archive.archive)
    for output in ["\(folder)", "\(folder)/", "\(folder)/results/new", "link", "link/out"] {
      #expect(try archive.batch(output) == 64, "\(output)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: archive.archive.path).count == 2)
    // A name that only begins alike is another folder.
    #expect([0, 2].contains(try archive.batch("\(folder)-results")))
  }

  @Test func `a file that changes during the run refuses its study until the next run`() throws {
    let archive = try TinyArchive()
    try archive.fill(studies: 6)
    #expect(try archive.batch("out", environment: ["FAKE_TOUCH": "S4/"]) == 2)
    let refusal = try #require(try archive.manifest("out").refusals.first { $0.studyInstanceUid == "1.2.3.4" })
    #expect(refusal.reason.contains("changed during the run"))
    try archive.batch("out")
    try archive.batch("fresh")
    #expect(try archive.results("out") == archive.results("fresh"))
  }

  @Test func `a folder that vanishes before its turn refuses its study with the count`() throws {
    let archive = try TinyArchive()
    try archive.fill(studies: 6)
    let process = try archive.start([
      "batch", archive.archive.path, archive.output("out").path, "--hook", "hang@.1", "--timeout", "2",
    ])
    try archive.waitForWork("out")
    try FileManager.default.removeItem(at: archive.archive.appendingPathComponent("S6"))
    process.waitUntilExit()
    let refusal = try #require(try archive.manifest("out").refusals.first { $0.studyInstanceUid == "1.2.3.6" })
    #expect(refusal.reason.contains("3 of 3 files vanished"))
    try archive.batch("out")
    #expect(try archive.manifest("out").archive?.studies == 5)
  }

  @Test func `another engine version or option makes results anew`() throws {
    let archive = try TinyArchive()
    try archive.fill(studies: 4)
    try archive.batch("out")
    try archive.batch("out", environment: ["FAKE_VERSION": "2"])
    #expect(try archive.manifest("out").counts.resumed == 0)
    try archive.batch("out", environment: ["FAKE_VERSION": "2"])
    #expect(try archive.manifest("out").counts.resumed == 4)
  }

  @Test func `a result that someone removed is made again`() throws {
    let archive = try TinyArchive()
    try archive.fill(studies: 4)
    try archive.batch("out")
    let before = try archive.results("out")
    let victim = try #require(before.keys.first { $0.hasSuffix("/features.json") })
    try FileManager.default.removeItem(at: archive.output("out").appendingPathComponent(victim))
    try archive.batch("out")
    #expect(try archive.results("out") == before)
  }

  @Test func `primaries that a user entered survive the next run`() throws {
    let archive = try TinyArchive()
    try archive.fill(studies: 3)
    try archive.batch("out")
    let url = archive.output("out").appendingPathComponent("patients.csv")
    let text = try String(contentsOf: url, encoding: .utf8)
    let entered = text.replacing(/(1\.2\.3\.2),/) { "\($0.1),\"lung, left\"" }
    #expect(entered != text)
    try entered.write(to: url, atomically: true, encoding: .utf8)
    try archive.batch("out")
    #expect(try String(contentsOf: url, encoding: .utf8) == entered)
  }
}
