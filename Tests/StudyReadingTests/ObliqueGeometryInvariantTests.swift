import DICOM
import Foundation
import Imaging
import StudyReading
import Testing
import TestSupport

/// Positions of voxels do not depend on orientation, spacing, names or the order of files.
struct ObliqueGeometryInvariantTests {
  /// A small generator with a fixed start, so that a failing case can be repeated.
  struct Generator {
    var state: UInt64

    mutating func next(_ range: ClosedRange<Double>) -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let unit = Double(state >> 11) / Double(1 << 53)
      return range.lowerBound + unit * (range.upperBound - range.lowerBound)
    }

    mutating func direction() -> Vector3 {
      while true {
        let vector = Vector3(next(-1...1), next(-1...1), next(-1...1))
        if vector.length > 0.1, vector.length <= 1 { return vector / vector.length }
      }
    }
  }

  @Test func `200 oblique stacks lie where their headers say, within 0.001 mm`() throws {
    var generator = Generator(state: 20_260_101)
    var worst = 0.0
    for _ in 0..<200 {
      let folder = try TemporaryFolder()
      let row = generator.direction()
      var column = generator.direction()
      column = try #require((column - row * row.dot(column)).normalized)
      let normal = row.cross(column)
      let across = generator.next(0.3...1.5)
      let down = across * generator.next(1.1...2)
      let gap = generator.next(0.8...8)
      let origin = Vector3(generator.next(-300...300), generator.next(-300...300), generator.next(-900...900))
      let (columns, rows, slices) = (5, 4, 6)
      let order = (0..<slices).sorted { (($0 * 7 + 3) % slices) < (($1 * 7 + 3) % slices) }
      for slice in 0..<slices {
        let position = origin + normal * (gap * Double(slice))
        let image = DICOMBytes.magneticResonance(
          uid: "1.2.3.4.\(100 - slice)", number: order[slice] + 1, columns: columns, rows: rows,
          spacing: [across, down], thickness: 0.5, position: [position.x, position.y, position.z],
          orientation: [row.x, row.y, row.z, column.x, column.y, column.z],
          pixels: (0..<columns * rows).map { UInt16(slice * 1000 + $0) })
        try image.write(folder.file("IM\(order[slice])"))
      }
      let found = try StudyFolder.scan(path: folder.path)
      let series = StudySeries(try #require(found.studies.first)).series
      #expect(series.count == 1)
      #expect(series[0].warnings.isEmpty)
      let volume = try series[0].loadVolume(threads: 2).volume
      #expect(volume.geometry.slices == slices)
      for slice in 0..<slices {
        for y in 0..<rows {
          for x in 0..<columns {
            #expect(volume[x, y, slice] == Float(slice * 1000 + y * columns + x))
            let expected =
              origin + normal * (gap * Double(slice)) + row * (across * Double(x)) + column * (down * Double(y))
            let own = volume.geometry.position(column: Double(x), row: Double(y), slice: slice)
            worst = max(worst, (own - expected).length)
            let index = volume.geometry.index(ofPosition: expected)
            #expect((index - Vector3(Double(x), Double(y), Double(slice))).length < 0.005)
          }
        }
      }
    }
    // Decimal strings hold 16 characters: about 1e-9 of a cosine over 10 mm and 1e-12 of a position.
    #expect(worst < 0.001)
  }
}
