import Foundation
import TestSupport
import Testing

/// A small `make paper`: three patients of the paper's cohort written, measured and tabled by the built program, and held
/// against their truth. Regression: the bounds are the full cohort's, in lesions and millimetres.
struct PaperCohortRegressionTests {
  private static let python = ProgramRun.python(that: "pass")

  @Test(.enabled(if: python != nil, "python3, which the script is written in, is absent (SPINEMET_PYTHON)"))
  func `three patients of the paper's cohort come out as they were written`() throws {
    let folder = try ProgramRun.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let script = Repository.root.appendingPathComponent("Scripts/paper.py")
    let run = try ProgramRun(
      try #require(Self.python), ["-B", script.path, ProgramRun.built("spinemet").path, folder.path, "--small"])
    let text = String(decoding: run.output, as: UTF8.self)
    #expect(run.code == 0, "\(text)\(run.talk)")
    #expect(text.contains("3 patients, 3 studies, 15 lesions"))
    #expect(text.contains("given: no study refused") && text.contains("automatic: no study refused"))
  }
}
