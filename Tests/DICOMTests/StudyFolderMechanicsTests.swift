import DICOM
import Foundation
import Testing
import TestSupport

/// Walking folders with anything in them.
struct StudyFolderMechanicsTests {
  private func image(_ number: Int, study: String = "1.2.3") -> DICOMBytes {
    DICOMBytes.magneticResonance(
      uid: "1.2.3.4.\(number)", study: study, number: number, columns: 2, rows: 2, position: [0, 0, Double(number)],
      pixels: [1, 2, 3, 4])
  }

  @Test func `nested folders, links in circles and junk are walked once`() throws {
    let folder = try TemporaryFolder()
    let inner = folder.file("a/b")
    try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
    try image(1).write(inner.appendingPathComponent("noextension"))
    try image(2).write(folder.file("x.dcm"))
    try Data("junk".utf8).write(to: folder.file("readme.txt"))
    try Data().write(to: folder.file("empty"))
    try FileManager.default.createSymbolicLink(at: inner.appendingPathComponent("up"), withDestinationURL: folder.url)
    try FileManager.default.createSymbolicLink(at: folder.file("again.dcm"), withDestinationURL: folder.file("x.dcm"))
    try FileManager.default.createSymbolicLink(at: folder.file("dead"), withDestinationURL: folder.file("nothing"))
    let pipe = unsafe mkfifo(folder.file("pipe").path, 0o600)
    #expect(pipe == 0)
    let found = try StudyFolder.scan(path: folder.path)
    #expect(found.studies.count == 1)
    #expect(found.studies[0].series[0].instances.map(\.sopInstanceUID) == ["1.2.3.4.1", "1.2.3.4.2"])
    #expect(found.strangers.count == 2)
    #expect(found.damaged.isEmpty)
  }

  @Test func `several studies and patients are told`() throws {
    let folder = try TemporaryFolder()
    try image(1).write(folder.file("a"))
    var other = image(2, study: "1.2.4")
    other.set(0x0010_0020, "LO", "SOMEBODY ELSE")
    try other.write(folder.file("b"))
    let found = try StudyFolder.scan(path: folder.path)
    #expect(found.studies.map(\.instanceUID) == ["1.2.3", "1.2.4"])
    #expect(found.warnings == ["the folder holds 2 studies", "the folder holds objects of 2 patients"])
  }

  @Test func `the result does not depend on names or threads`() throws {
    let first = try TemporaryFolder()
    let second = try TemporaryFolder()
    for number in 1...40 {
      try image(number).write(first.file("IM\(number)"))
      try image(number).write(second.file("Z\(1000 - number)"))
    }
    let one = try StudyFolder.scan(path: first.path, threads: 1).studies[0].series[0].instances
    let two = try StudyFolder.scan(path: second.path, threads: 4).studies[0].series[0].instances
    #expect(one.map(\.sopInstanceUID) == two.map(\.sopInstanceUID))
  }

  @Test func `a folder that is not there is an error`() {
    #expect(throws: DICOMError.self) { try StudyFolder.scan(path: "/nonexistent/folder") }
  }

  @Test(.enabled(if: SharedData.isPresent, "\(SharedData.skipMessage)"))
  func `malformed and odd files give a reason each, in bounded time`() throws {
    for name in ["malformed", "odd_dicom"] {
      let start = ContinuousClock.now
      let found = try StudyFolder.scan(path: SharedData.url(name).path)
      #expect(found.refused.allSatisfy { !$0.message.isEmpty && $0.path != nil })
      #expect(!found.studies.isEmpty)
      // Some 700 files; one alone may take 10 s by the project's own limit, all together take a fraction of one.
      #expect(ContinuousClock.now - start < .seconds(10))
      for study in found.studies {
        for instance in study.series.flatMap(\.instances) {
          guard let index = try? FrameIndex(instance), var reader = try? FrameReader(index) else { continue }
          var bytes: [UInt8] = []
          if (try? reader.read(frame: 1, into: &bytes)) != nil { #expect(bytes.count == index.format.frameBytes) }
        }
      }
    }
  }
}
