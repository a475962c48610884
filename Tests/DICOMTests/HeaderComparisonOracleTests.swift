import DICOM
import Foundation
import TestSupport
import Testing

/// Another tool: DCMTK reads the headers that this package's own reader has read.
@Suite struct HeaderComparisonOracleTests {
  private func files(_ folder: URL) -> [String] {
    let walk = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.isRegularFileKey])
    return (walk?.allObjects as? [URL] ?? [])
      .filter { (try? $0.resourceValues(forKeys: [.isRegularFileKey]))?.isRegularFile == true }
      .map(\.path).filter { !$0.hasSuffix(".nii.gz") }.sorted()
  }

  @Test func `the bundled study reads the same by DCMTK`() throws {
    let files = files(Repository.testImages.appendingPathComponent("study"))
    #expect(files.count > 40)
    for path in files {
      let comparison = try HeaderComparison.of(path: path)
      #expect(comparison.compared > 30)
      #expect(comparison.differences == [], "\(path)")
    }
  }

  /// Files that end early or whose last item reaches beyond its sequence: DCMTK refuses the first two and keeps the whole
  /// items of the third, of which this reader gives none.
  static let damaged = ["MR_truncated.dcm", "SC_rgb_jpeg.dcm", "DICOMDIR-nooffset"]

  @Test(
    .enabled(if: SharedData.isPresent, Comment(rawValue: SharedData.skipMessage)),
    arguments: ["enhanced", "htj2k", "odd_dicom", "seg_sr", "spine_t2", "sts_mr", "transfer_syntax"])
  func `files of many makers read the same by DCMTK`(folder: String) throws {
    var compared = 0
    for path in files(SharedData.url(folder)) {
      guard let file = try? DICOMFile.open(path: path), file.damage == nil else { continue }
      if Self.damaged.contains(URL(fileURLWithPath: path).lastPathComponent) { continue }
      let comparison = try HeaderComparison.of(path: path)
      compared += comparison.compared
      #expect(comparison.differences == [], "\(path)")
    }
    #expect(compared > 600)
  }

  @Test func `a file that is none is refused by name`() throws {
    let path = Repository.root.appendingPathComponent("Package.swift").path
    let error = #expect(throws: DICOMError.self) { try HeaderComparison.of(path: path) }
    #expect(error?.path == path)
  }
}
