import Foundation
import Imaging
import Reporting
import StudyPipeline
import Testing

struct PictureMechanicsTests {
  @Test func `a picture becomes a PNG file of its size`() throws {
    var image = RasterImage(width: 3, height: 2)
    image[1, 1] = .init(10, 20, 30)
    let data = try #require(image.pngData())
    // PNG signature, then IHDR with width and height, big endian (PNG specification, 5.2 and 11.2.2).
    #expect(data.prefix(8) == Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
    #expect(data[16..<24] == Data([0, 0, 0, 3, 0, 0, 0, 2]))
  }

  @Test func `an overlay outlines the lesion in its colour and leaves the rest grey`() throws {
    let geometry = try VolumeGeometry(
      columns: 20, rows: 20, slices: 3, origin: .zero, rowDirection: [0, 1, 0], columnDirection: [0, 0, -1],
      spacing: [1, 1, 4])
    let volume = Volume(geometry: geometry, voxels: (0..<1200).map { Float($0 % 20) })
    var mask = [UInt8](repeating: 0, count: 1200)
    for row in 5..<12 { for column in 5..<12 { mask[geometry.offset(column: column, row: row, slice: 1)] = 1 } }
    let scene = AnalyzedStudy.Scene(
      role: .sagittalT1, seriesInstanceUID: "1.2", volume: volume,
      lesions: [(1, Region(geometry: geometry, mask: mask))], muscle: [], anatomy: nil)
    let picture = OverlayPicture.draw(scene, panelHeight: 200)
    var red = 0
    for y in 30..<picture.height {
      for x in 0..<picture.width {
        let color = picture[x, y]
        if Int(color.red) > Int(color.green) + 60 { red += 1 }
      }
    }
    #expect(red > 200)  // four sides of 70 pixels, blended
  }

  @Test func `a file appears whole or not at all`() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("spinemet-\(UUID().uuidString)")
    try AtomicFile.makeFolder(folder)
    let file = folder.appendingPathComponent("a.json")
    try AtomicFile.write(Data("one".utf8), to: file)
    try AtomicFile.write(Data("two".utf8), to: file)
    #expect(try Data(contentsOf: file) == Data("two".utf8))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.json"])
    #expect(throws: AtomicFile.Failure.self) {
      try AtomicFile.write(Data(), to: file.appendingPathComponent("below a file"))
    }
  }
}
