import Findings
import Foundation
import TestSupport
import Testing

/// The contract's exit codes and streams, on the built program.
struct CommandLineMechanicsTests {
  private let study = Repository.testImages.appendingPathComponent("study").path

  private func spinemet(_ arguments: String...) throws -> ProgramRun {
    try ProgramRun(ProgramRun.built("spinemet"), arguments)
  }

  @Test func `wrong usage is 64`() throws {
    #expect(try spinemet("analyze").code == 64)
    #expect(try spinemet("analyze", study, "-o", "-", "--role", "sag_t9=1.2").code == 64)
    #expect(try spinemet("analyze", study, "-o", "-", "--level-anchor", "X9@1,2").code == 64)
    #expect(try spinemet("analyze", study, "-o", "-", "--role", "sag_t1=1.2.3").code == 64)
  }

  @Test func `an empty folder, a missing one and one without images are 65, with one line`() throws {
    let empty = try ProgramRun.temporaryFolder()
    for folder in [empty.path, empty.appendingPathComponent("nowhere").path] {
      let outcome = try spinemet("analyze", folder, "-o", "-")
      #expect(outcome.code == 65)
      #expect(outcome.talk.split(separator: "\n").count == 1)
      #expect(outcome.output.isEmpty)
    }
    try Data("not an image".utf8).write(to: empty.appendingPathComponent("readme.txt"))
    #expect(try spinemet("inspect", empty.path).code == 65)
  }

  @Test func `where nothing is usable each kind of file is named with its reason, in one line`() throws {
    let folder = try ProgramRun.temporaryFolder()
    try Data("not an image".utf8).write(to: folder.appendingPathComponent("readme.txt"))
    try Data(image(photometric: "MONOCHROME2").file()).write(to: folder.appendingPathComponent("nowhere.dcm"))
    for number in 1...5 {
      var colour = image(photometric: "RGB")
      colour.set(0x0028_0002, "US", words: [3])
      colour.set(0x0008_0018, "UI", "1.2.3.\(number)")
      try Data(colour.file()).write(to: folder.appendingPathComponent("colour\(number).dcm"))
    }
    let outcome = try spinemet("inspect", folder.path)
    #expect(outcome.code == 65)
    #expect(outcome.talk.split(separator: "\n").count == 1)
    #expect(outcome.talk.contains("readme.txt: "))
    #expect(outcome.talk.contains("nowhere.dcm: no position, orientation or pixel spacing"))
    #expect(outcome.talk.contains("colour1.dcm, colour2.dcm, colour3.dcm and 2 more: colour images"))
  }

  @Test func `headers are read by DCMTK too where that is asked for`() throws {
    let study = Repository.testImages.appendingPathComponent("study").path
    let outcome = try spinemet("inspect", study, "--check-headers", "--json")
    #expect(outcome.code == 0)
    let document = try JSONSerialization.jsonObject(with: outcome.output) as? [String: Any]
    let check = try #require(document?["header_check"] as? [String: Any])
    #expect(check["files"] as? Int == 44)
    #expect((check["values"] as? Int ?? 0) > 44 * 30)
    #expect((check["differences"] as? [String]) == [])
    #expect(try spinemet("inspect", study).code == 0)
  }

  /// An MR image of four pixels without a place in the patient.
  private func image(photometric: String) -> DICOMBytes {
    var file = DICOMBytes()
    file.set(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.4")
    file.set(0x0008_0018, "UI", "1.2.3")
    file.set(0x0008_0060, "CS", "MR")
    file.set(0x0020_000D, "UI", "1.2")
    file.set(0x0020_000E, "UI", "1.2.1")
    file.set(0x0028_0002, "US", words: [1])
    file.set(0x0028_0004, "CS", photometric)
    for tag: UInt32 in [0x0028_0010, 0x0028_0011] { file.set(tag, "US", words: [2]) }
    for tag: UInt32 in [0x0028_0100, 0x0028_0101] { file.set(tag, "US", words: [8]) }
    file.set(0x0028_0102, "US", words: [7])
    file.set(0x0028_0103, "US", words: [0])
    file.set(0x7FE0_0010, "OB", bytes: Array(repeating: 0, count: 12))
    return file
  }

  @Test func `a mask that cannot be read is 65 and is named`() throws {
    let mask = try ProgramRun.temporaryFolder().appendingPathComponent("broken.nii")
    try Data("n+1".utf8).write(to: mask)
    let outcome = try spinemet("analyze", study, "-o", "-", "--lesions", mask.path)
    #expect(outcome.code == 65)
    #expect(outcome.talk.contains("broken.nii"))
  }

  @Test func `an output that cannot be written is 73`() throws {
    let file = try ProgramRun.temporaryFolder().appendingPathComponent("a file")
    try Data().write(to: file)
    #expect(try spinemet("analyze", study, "-o", file.appendingPathComponent("out").path).code == 73)
  }

  @Test func `a truncated image among good ones is 2, and the rest is measured`() throws {
    let copy = try ProgramRun.temporaryFolder().appendingPathComponent("study")
    try FileManager.default.copyItem(atPath: study, toPath: copy.path)
    let images = try #require(FileManager.default.enumerator(atPath: copy.path)?.allObjects as? [String])
      .filter { !$0.hasSuffix(".nii.gz") }.map { copy.appendingPathComponent($0) }
      .filter { !$0.hasDirectoryPath && (try? Data(contentsOf: $0)) != nil }.sorted { $0.path < $1.path }
    let first = try #require(images.first)
    try Data(contentsOf: first).prefix(300).write(to: first)
    let outcome = try spinemet("analyze", copy.path, "-o", "-")
    #expect(outcome.code == 2)
    #expect(try FeatureDocument(jsonData: outcome.output).lesions.count == 5)
  }

  /// Swift seeds its hashes anew in each process: sums in a dictionary's order differ in the last digit. Eight processes
  /// missed such a sum in about one of forty tries.
  @Test func `a rim gives the same bytes in every process`() throws {
    let folder = try ProgramRun.temporaryFolder()
    #expect(try spinemet("phantom", "rim", "-o", folder.path).code == 0)
    let lesions = folder.appendingPathComponent("lesions.nii.gz").path
    let outputs = try (0..<8).map { _ in
      try spinemet(
        "analyze", folder.appendingPathComponent("study").path, "--lesions", lesions, "-o", "-"
      ).output
    }
    #expect(try #require(outputs.first).count > 1000)
    #expect(Set(outputs).count == 1)
  }

  @Test func `the same study gives the same bytes whatever the threads, and only JSON on standard output`() throws {
    let one = try spinemet("analyze", study, "-o", "-", "--jobs", "1", "--quiet")
    let two = try spinemet("analyze", study, "-o", "-", "--jobs", "4", "--quiet")
    #expect(one.code == 0 && two.code == 0)
    #expect(one.output == two.output)
    #expect(try FeatureDocument(jsonData: one.output).lesions.map(\.lesionId) == [1, 2, 3, 4, 5])
  }

  @Test func `the version names the decoding libraries, and the schemas are JSON`() throws {
    let version = String(decoding: try spinemet("--version").output, as: UTF8.self)
    #expect(version.contains("DCMTK 3.") && version.contains("OpenJPEG 2."))
    for document in ["features", "truth"] {
      let schema = try spinemet("schema", document).output
      #expect((try JSONSerialization.jsonObject(with: schema)) is [String: Any])
    }
  }

  @Test func `no path, name or description of the study reaches the output`() throws {
    let text = String(decoding: try spinemet("analyze", study, "-o", "-").output, as: UTF8.self)
    for secret in ["TestImages", "lesions.nii", "Phantom", "PHANTOM^"] { #expect(!text.contains(secret)) }
  }

  @Test(.enabled(if: SharedData.isPresent, Comment(rawValue: SharedData.skipMessage)))
  func `an axial study without times or roles still has its tumour measured on the reformatted plane`() throws {
    let outcome = try spinemet("analyze", SharedData.url("sts_mr/STS_002/dicom").path, "-o", "-")
    #expect(outcome.code == 0)
    let lesion = try #require(try FeatureDocument(jsonData: outcome.output).lesions.first)
    #expect(lesion.source.kind == .rtstruct)
    #expect(lesion.size.status == .measured && lesion.size.reformatted)
    #expect(lesion.signal.t1.reasons?["ratio_to_muscle"] != nil)
  }
}
