internal import Foundation
internal import Testing

@Suite(.serialized) struct ArchiveIndexMechanicsTests {
  @Test func `an unchanged archive is walked again without reading a header`() throws {
    let archive = try TinyArchive()
    try archive.fill(studies: 5)
    try archive.batch("out")
    #expect(try archive.manifest("out").archive?.headersRead == 15)
    try archive.batch("out")
    let second = try archive.manifest("out")
    #expect(second.archive?.headersRead == 0)
    #expect(second.counts.resumed == 5)
  }

  @Test func `a new, a changed and a lost file each touch their own study only`() throws {
    let archive = try TinyArchive()
    try archive.fill(studies: 5)
    try archive.batch("out")
    try archive.add("S1/new.dcm", study: "1.2.3.1", sop: "1.2.3.1.99")
    try archive.add("S2/IM1.dcm", study: "1.2.3.2", sop: "1.2.3.2.77")
    try FileManager.default.removeItem(at: archive.archive.appendingPathComponent("S3/IM2.dcm"))
    try archive.batch("out")
    let manifest = try archive.manifest("out")
    #expect(manifest.archive?.headersRead == 2)
    #expect(manifest.counts.resumed == 2)
    try archive.batch("fresh")
    #expect(try archive.results("out") == archive.results("fresh"))
  }

  @Test func `studies are found by their UID, whatever the folders`() throws {
    let archive = try TinyArchive()
    for file in 1...4 {
      try archive.add("mixed/a\(file)", study: "1.2.3.1", sop: "1.2.3.1.\(file)")
      try archive.add("mixed/b\(file)", study: "1.2.3.2", sop: "1.2.3.2.\(file)")
      try archive.add("deep/\(file)/x/y/z.IMA", study: "1.2.3.3", sop: "1.2.3.3.\(file)")
    }
    try archive.batch("out")
    let features = try archive.results("out").filter { $0.key.hasSuffix("features.json") }
    #expect(try archive.manifest("out").archive?.studies == 3)
    #expect(features.values.allSatisfy { String(decoding: $0, as: UTF8.self).contains("\"files\": 4") })
  }

  @Test func `a lesions file belongs to the one study beside or below it`() throws {
    let archive = try TinyArchive()
    try archive.add("P1/dicom/1.dcm", study: "1.2.3.1", sop: "1.2.3.1.1")
    try archive.write(Data("mask".utf8), to: "P1/lesions.nii.gz")
    try archive.add("P2/dicom/1.dcm", study: "1.2.3.2", sop: "1.2.3.2.1")
    try archive.write(Data("mask".utf8), to: "P2/masks/lesions.nrrd")
    try archive.write(Data("mask".utf8), to: "P2/masks/other.nrrd")
    try archive.write(Data("mask".utf8), to: "elsewhere/lesions.nii")
    try archive.batch("out")
    let texts = try archive.results("out").filter { $0.key.hasSuffix("features.json") }.values
      .map { String(decoding: $0, as: UTF8.self) }
    #expect(texts.count == 2)
    #expect(texts.allSatisfy { $0.contains("\"files\": 2") })
    #expect(try archive.manifest("out").archive?.strayFiles.map(\.count) == [1])
  }

  @Test func `a mask option may be a bare name that is looked for beside each study`() throws {
    let archive = try TinyArchive()
    try archive.add("P1/1.dcm", study: "1.2.3.1", sop: "1.2.3.1.1")
    try archive.write(Data("mask".utf8), to: "P1/mets.nii.gz")
    try archive.add("P2/1.dcm", study: "1.2.3.2", sop: "1.2.3.2.1")
    #expect(try archive.batch("out", ["--lesions", "mets.nii.gz"]) == 2)
    let refusals = try archive.manifest("out").refusals
    #expect(refusals.map(\.studyInstanceUid) == ["1.2.3.2"])
    #expect(refusals.first?.reason.contains("not beside this study") == true)
  }

  @Test func `a file that kills its reader is set aside and the rest is read`() throws {
    let archive = try TinyArchive()
    try archive.fill(studies: 40)
    try archive.add("S7/killer.dcm", study: "1.2.3.7", sop: "1.2.3.7.9")
    #expect([0, 2].contains(try archive.batch("out", ["--jobs", "2"])))
    let index = try archive.manifest("out").archive
    #expect(index?.studies == 40)
    #expect(index?.strayFiles.map(\.count) == [1])
    #expect(index?.strayFiles.first?.reason.contains("signal 6") == true)
  }

  @Test func `files that are no DICOM are passed over, and an archive without any is no input`() throws {
    let archive = try TinyArchive()
    try archive.write(Data("hello".utf8), to: "notes.txt")
    #expect(try archive.batch("out") == 65)
    try archive.fill(studies: 1)
    #expect([0, 2].contains(try archive.batch("out")))
  }

  @Test func `an index made before serves another output`() throws {
    let archive = try TinyArchive()
    try archive.fill(studies: 4)
    #expect(try archive.batch("index", ["--index-only", "yes"]) == 0)
    try archive.batch("out", ["--index", archive.output("index").path + "/.spinemet/index.sqlite"])
    #expect(try archive.manifest("out").archive?.headersRead == 0)
    try archive.batch("fresh")
    #expect(try archive.results("out") == archive.results("fresh"))
  }
}
