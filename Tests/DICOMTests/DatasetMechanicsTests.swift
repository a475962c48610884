import DICOM
import Foundation
import Testing
import TestSupport

/// Values, encodings and limits of the header reader.
struct DatasetMechanicsTests {
  private func open(_ bytes: [UInt8], limits: ReadingLimits = ReadingLimits()) throws -> DICOMFile {
    let folder = try TemporaryFolder()
    try Data(bytes).write(to: folder.file("x"))
    return try DICOMFile.open(path: folder.file("x").path, limits: limits)
  }

  private func sample(_ encoding: DICOMBytes.Encoding) -> DICOMBytes {
    var item = DICOMBytes(encoding)
    item.set(0x0020_9157, "UL", bytes: [])
    item.set(0x0018_9082, "FD", doubles: [80.5])
    var image = DICOMBytes.magneticResonance(
      encoding, uid: "1.2.3.4.5", columns: 2, rows: 3, spacing: [0.5, 0.75], position: [1.5, -2, 3e2],
      pixels: [1, 2, 3, 4, 5, 0xABCD])
    image.set(0x0018_9114, items: [item, item])
    return image
  }

  @Test(arguments: DICOMBytes.Encoding.allCases)
  func `values read the same in every encoding`(encoding: DICOMBytes.Encoding) throws {
    let file = try open(sample(encoding).file())
    let dataset = file.dataset
    #expect(file.transferSyntax.uid == encoding.rawValue)
    #expect(dataset.string(.sopInstanceUID) == "1.2.3.4.5")
    #expect(dataset.int(.rows) == 3)
    #expect(dataset.doubles(.pixelSpacing) == [0.75, 0.5])
    #expect(dataset.strings(.imageType) == ["ORIGINAL", "PRIMARY", "M"])
    #expect(dataset.items(.mrEchoSequence).map { $0.double(.effectiveEchoTime) } == [80.5, 80.5])
    #expect(dataset.string(.patientName) == nil)
    #expect(file.damage == nil && file.warnings.isEmpty)
    let folder = try TemporaryFolder()
    try sample(encoding).write(folder.file("x"))
    var reader = try FrameReader(FrameIndex(Instance.read(path: folder.file("x").path)))
    var pixels: [UInt8] = []
    try reader.read(frame: 1, into: &pixels)
    #expect(pixels == [1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 0xCD, 0xAB])
  }

  @Test(arguments: DICOMBytes.Encoding.allCases)
  func `a file without meta information is read by its first element`(encoding: DICOMBytes.Encoding) throws {
    let file = try open(sample(encoding).body())
    #expect(file.transferSyntax.uid == encoding.rawValue)
    #expect(file.dataset.int(.columns) == 2)
    #expect(file.warnings.count == 1)
  }

  @Test func `a data set in another encoding than declared is read and told`() throws {
    let file = try open(sample(.implicitLittle).file(transferSyntax: "1.2.840.10008.1.2.1"))
    #expect(file.dataset.int(.columns) == 2)
    #expect(file.warnings.count == 1)
  }

  @Test func `text of several character sets becomes UTF-8`() throws {
    let cases: [(String, [UInt8], String)] = [
      ("ISO_IR 100", [0x47, 0xE4, 0x6E], "Gän"),
      ("ISO_IR 144", [0xBF, 0xE0], "Пр"),
      ("ISO_IR 192", Array("脊椎".utf8), "脊椎"),
      ("GB18030", [0xBC, 0xB9, 0xD7, 0xB5], "脊椎"),
      ("\\ISO 2022 IR 149", [0x1B, 0x24, 0x29, 0x43, 0xC3, 0xB4, 0xC3, 0xDF], "척추"),
      ("\\ISO 2022 IR 87", [0x1B, 0x24, 0x42, 0x40, 0x54, 0x44, 0x47, 0x1B, 0x28, 0x42], "脊椎"),
    ]
    for (terms, bytes, expected) in cases {
      var image = sample(.explicitLittle)
      image.set(0x0008_0005, "CS", terms)
      image.set(0x0008_103E, "LO", bytes: bytes.count % 2 == 0 ? bytes : bytes + [0x20])
      #expect(try open(image.file()).dataset.string(.seriesDescription) == expected)
    }
  }

  @Test func `decimal strings are read as scanners write them`() throws {
    var image = sample(.explicitLittle)
    image.set(0x0018_0080, "DS", " +5.50E+02 ")
    image.set(0x0018_0081, "DS", "12,5")
    image.set(0x0018_0082, "DS", "abc")
    let dataset = try open(image.file()).dataset
    #expect(dataset.double(.repetitionTime) == 550)
    #expect(dataset.double(.echoTime) == 12.5)
    #expect(dataset.double(.inversionTime) == nil)
  }

  @Test func `a claimed length beyond the file stops the reading with a reason`() throws {
    var image = sample(.explicitLittle)
    image.remove(0x7FE0_0010)
    let bytes = image.file() + [0x29, 0, 0x10, 0x10, 0x4F, 0x42, 0, 0, 0xF0, 0xFF, 0xFF, 0x7F]
    let file = try open(bytes)
    #expect(file.damage?.code == .truncated)
    #expect(file.dataset.int(.rows) == 3)
  }

  @Test func `deep nesting is refused without a deep stack`() throws {
    var bytes = DICOMBytes(.explicitLittle).file()
    for _ in 0..<100_000 {
      bytes += [
        0x08, 0, 0x40, 0x11, 0x53, 0x51, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF,
      ]
    }
    #expect(try open(bytes).damage?.code == .limitExceeded)
  }

  @Test func `every truncation of a file gives a reason or an image, never a crash`() throws {
    let bytes = sample(.explicitLittle).file()
    let folder = try TemporaryFolder()
    for count in stride(from: 0, to: bytes.count, by: 1) {
      try Data(bytes[..<count]).write(to: folder.file("x"))
      #expect(throws: DICOMError.self) { try Instance.read(path: folder.file("x").path) }
    }
  }

  @Test func `private elements are found by their creator`() throws {
    var image = sample(.explicitLittle)
    image.set(0x2005_0011, "LO", "Philips MR Imaging DD 001")
    image.set(0x2005_110E, "FL", bytes: [0, 0, 0x20, 0x41])
    let dataset = try open(image.file()).dataset
    let tag = try #require(dataset.privateTag(creator: "Philips MR Imaging DD 001", group: 0x2005, element: 0x0E, .FL))
    #expect(dataset.double(tag) == 10)
    #expect(dataset.privateTag(creator: "Somebody else", group: 0x2005, element: 0x0E) == nil)
  }
}
