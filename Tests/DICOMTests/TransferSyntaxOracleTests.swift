import DICOM
import Foundation
import Testing
import TestSupport

/// One image in many encodings, written by others.
@Suite(.enabled(if: SharedData.isPresent, "\(SharedData.skipMessage)"))
struct TransferSyntaxOracleTests {
  private func pixels(_ path: String) throws -> (instance: Instance, bytes: [UInt8]) {
    let instance = try Instance.read(path: SharedData.url(path).path)
    var reader = try FrameReader(FrameIndex(instance))
    var bytes: [UInt8] = []
    try reader.read(frame: 1, into: &bytes)
    return (instance, bytes)
  }

  @Test func `nine encodings of one image hold the same pixels`() throws {
    let images = try (1...9).map { try pixels("transfer_syntax/ts/In/\($0).dcm") }
    #expect(Set(images.map(\.instance.transferSyntax.uid)).count >= 7)
    #expect(Set(images.map(\.bytes)).count == 1)
    #expect(images[0].bytes.count == images[0].instance.pixels?.frameBytes)
    #expect(Set(images[0].bytes).count > 100)
  }

  @Test(arguments: 1...4) func `HTJ2K holds the same pixels as the uncompressed image`(number: Int) throws {
    let folder = try FileManager.default.contentsOfDirectory(atPath: SharedData.url("htj2k").path)
      .filter { $0.hasPrefix("MR\(number)") }
    #expect(folder.count == 2)
    let images = try folder.map { try pixels("htj2k/\($0)") }
    #expect(Set(images.map(\.instance.transferSyntax.uid)).count == 2)
    #expect(images[0].bytes == images[1].bytes)
  }

  /// The reference holds the tiles of the mosaic as slices, rows from below.
  @Test(arguments: [("12bitUnsigned", 2), ("12bitUnsigned_0x0F0F", 3), ("12bitSigned_0x0F0F", 4)])
  func `odd signs and overlay bits read as the reference says`(name: String, reference: Int) throws {
    let (instance, bytes) = try pixels("transfer_syntax/12bit/In/\(name).dcm")
    let format = try #require(instance.pixels)
    #expect(format.bitsStored == 12)
    let data = try Data(contentsOf: SharedData.url("transfer_syntax/12bit/Ref/\(reference).nii"))
    let short = { (offset: Int) in Int(Int16(bitPattern: UInt16(data[offset]) | UInt16(data[offset + 1]) << 8)) }
    let (columns, rows, slices) = (short(42), short(44), short(46))
    let tiles = format.columns / columns
    var differing = 0
    for slice in 0..<slices {
      for row in 0..<rows {
        for column in 0..<columns {
          let x = slice % tiles * columns + column
          let y = slice / tiles * rows + row
          let place = 2 * (y * format.columns + x)
          let word = (UInt16(bytes[place]) | UInt16(bytes[place + 1]) << 8) << 4
          let value = format.isSigned ? Int(Int16(bitPattern: word) >> 4) : Int(word >> 4)
          if value != short(352 + 2 * ((slice * rows + rows - 1 - row) * columns + column)) { differing += 1 }
        }
      }
    }
    #expect(differing == 0)
  }
}
