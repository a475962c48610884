import Foundation
import TestSupport
import Testing

/// A small `make paper`: three patients of the paper's cohort written, measured and tabled by the built program, and held
/// against their truth. Regression: the bounds are the full cohort's, in lesions and millimetres.
struct PaperCohortRegressionTests {
  private static let python = ["/usr/bin/python3", "/usr/local/bin/python3"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  @Test(.enabled(if: python != nil, "needs Python 3, which the script is written in"))
  func `three patients of the paper's cohort come out as they were written`() throws {
    let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appendingPathComponent("spinemet")
    let script = Repository.testImages.deletingLastPathComponent().appendingPathComponent("Scripts/paper.py")
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("spinemet-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let talk = folder.appendingPathComponent("talk")
    _ = FileManager.default.createFile(atPath: talk.path, contents: nil)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Self.python))
    process.arguments = ["-B", script.path, program.path, folder.appendingPathComponent("paper").path, "--small"]
    let handle = try FileHandle(forWritingTo: talk)
    (process.standardOutput, process.standardError) = (handle, handle)
    try process.run()
    process.waitUntilExit()
    let text = String(decoding: try Data(contentsOf: talk), as: UTF8.self)
    #expect(process.terminationStatus == 0, "\(text)")
    #expect(text.contains("3 patients, 3 studies, 15 lesions"))
    #expect(text.contains("given: no study refused") && text.contains("automatic: no study refused"))
  }
}
