import DICOM
import Foundation
import Imaging
import StudyReading
import Testing
import TestSupport

/// What one Series Instance UID may hold, made by the project's own bytes.
struct SeriesSplittingMechanicsTests {
  /// Slices of a sagittal stack; `change` may alter each.
  private func write(
    _ folder: TemporaryFolder, prefix: String, depths: [Double], uid: String, firstNumber: Int = 1,
    height: Double = 100, orientation: [Double] = [0, 1, 0, 0, 0, -1], value: UInt16 = 100,
    change: (inout DICOMBytes, Int) -> Void = { _, _ in }
  ) throws {
    let isSagittal = orientation[1] == 1
    for (index, depth) in depths.enumerated() {
      var image = DICOMBytes.magneticResonance(
        uid: "\(uid).\(index + 1)", number: firstNumber + index, columns: 4, rows: 4,
        position: isSagittal ? [depth, -50, height] : [-50, -60, depth], orientation: orientation,
        pixels: (0..<16).map { value + UInt16(index * 20 + $0) })
      change(&image, index)
      try image.write(folder.file("\(prefix)\(index)"))
    }
  }

  private func read(_ folder: TemporaryFolder) throws -> StudySeries {
    let found = try StudyFolder.scan(path: folder.path)
    #expect(found.refused.isEmpty)
    return StudySeries(try #require(found.studies.first))
  }

  @Test func `a localizer of three planes becomes three stacks`() throws {
    let folder = try TemporaryFolder()
    try write(folder, prefix: "s", depths: [0, 4, 8], uid: "1.1")
    try write(folder, prefix: "a", depths: [0, 4, 8], uid: "1.2", orientation: [1, 0, 0, 0, 1, 0])
    try write(folder, prefix: "c", depths: [0], uid: "1.3", orientation: [1, 0, 0, 0, 0, -1])
    let series = try read(folder).series
    #expect(series.map { $0.plane.rawValue }.sorted() == ["axial", "coronal", "sagittal"])
    #expect(Set(series.map(\.seriesInstanceUID)).count == 1)
    #expect(series.allSatisfy { $0.partCount == series.count && !$0.partLabel.isEmpty })
  }

  @Test func `two echoes become two stacks by their echo time`() throws {
    let folder = try TemporaryFolder()
    try write(folder, prefix: "a", depths: [0, 4, 8], uid: "1.1")
    try write(folder, prefix: "b", depths: [0, 4, 8], uid: "1.2", firstNumber: 4) { image, _ in
      image.set(0x0018_0081, "DS", "80")
    }
    let series = try read(folder).series
    #expect(series.map { $0.acquisition.echoTime } == [10, 80])
    #expect(series.map(\.partLabel) == ["echo time 10", "echo time 80"])
  }

  @Test func `time points are told apart by the attribute that differs`() throws {
    let folder = try TemporaryFolder()
    for time in 0..<3 {
      try write(folder, prefix: "t\(time)-", depths: [0, 4, 8], uid: "1.\(time + 1)", value: UInt16(100 * time)) {
        image, _ in
        image.set(0x0020_0012, "IS", "\(time + 1)")
      }
    }
    let series = try read(folder).series
    #expect(series.map(\.partLabel) == (1...3).map { "acquisition \($0) of 3" })
    #expect(try series.map { try $0.loadVolume().volume[0, 0, 0] } == [40, 140, 240])
  }

  @Test func `an acquisition number that changes along one stack does not split it`() throws {
    let folder = try TemporaryFolder()
    try write(folder, prefix: "a", depths: [0, 4, 8, 12], uid: "1.1") { image, index in
      image.set(0x0020_0012, "IS", "\(index % 2)")
    }
    let series = try read(folder).series
    #expect(series.count == 1)
    #expect(series[0].warnings.isEmpty)
  }

  @Test func `cervical and lumbar blocks under one UID are two stacks, head first`() throws {
    let folder = try TemporaryFolder()
    try write(folder, prefix: "l", depths: [0, 4, 8], uid: "1.1", height: -200)
    try write(folder, prefix: "c", depths: [1.5, 5.5, 9.5], uid: "1.2", firstNumber: 4, height: 150)
    let series = try read(folder).series
    #expect(series.map(\.partLabel) == ["block 1", "block 2"])
    #expect(series.map { $0.geometry.sliceOrigins[0].z } == [150, -200])
  }

  @Test func `copies under other UIDs are dropped and told`() throws {
    let folder = try TemporaryFolder()
    try write(folder, prefix: "a", depths: [0, 4, 8], uid: "1.1")
    try write(folder, prefix: "b", depths: [0, 4, 8], uid: "1.2")
    let series = try read(folder).series
    #expect(series.count == 1)
    #expect(series[0].geometry.slices == 3)
    #expect(series[0].warnings.contains { $0.hasPrefix("3 slices repeat") })
  }

  @Test func `the same file twice is read once and told`() throws {
    let folder = try TemporaryFolder()
    try write(folder, prefix: "a", depths: [0, 4, 8], uid: "1.1")
    try FileManager.default.copyItem(at: folder.file("a1"), to: folder.file("copy of a1"))
    let series = try read(folder).series
    #expect(series.count == 1)
    #expect(series[0].geometry.slices == 3)
    #expect(series[0].warnings == ["1 files are copies of others and were left out"])
  }

  @Test func `slices that share one SOP Instance UID are all kept and told`() throws {
    let folder = try TemporaryFolder()
    try write(folder, prefix: "a", depths: [0, 4, 8], uid: "1.1") { image, _ in image.set(0x0008_0018, "UI", "1.1") }
    let series = try read(folder).series
    #expect(series.map(\.geometry.slices) == [3])
    #expect(series[0].warnings.contains { $0.hasPrefix("2 files share a SOP Instance UID") })
  }

  @Test func `a missing slice leaves a gap that is told, and the others stay in place`() throws {
    let folder = try TemporaryFolder()
    try write(folder, prefix: "a", depths: [0, 4, 12, 16, 20], uid: "1.1")
    let series = try read(folder).series
    #expect(series[0].geometry.spacing.z == 4)
    // Row posterior, column inferior: the normal points to the patient's right, so x descends along it.
    #expect(series[0].geometry.sliceOrigins.map(\.x) == [20, 16, 12, 4, 0])
    #expect(series[0].warnings == ["1 slices are missing, between slices 2 and 3"])
  }

  @Test func `a missing end slice is told from the instance numbers`() throws {
    let folder = try TemporaryFolder()
    try write(folder, prefix: "a", depths: [0, 4, 8, 12], uid: "1.1") { image, index in
      image.set(0x0020_0013, "IS", "\(index == 3 ? 5 : index + 1)")
    }
    let series = try read(folder).series
    #expect(series[0].warnings == ["instance numbers run from 1 to 5, 1 of them are absent"])
  }

  @Test func `spacing comes from positions, not from tags`() throws {
    let folder = try TemporaryFolder()
    try write(folder, prefix: "a", depths: [0, 4.4, 8.8], uid: "1.1") { image, _ in
      image.set(0x0018_0088, "DS", "0.4")
    }
    let series = try read(folder).series
    #expect(abs(series[0].geometry.spacing.z - 4.4) < 1e-9)
    #expect(series[0].warnings.contains { $0.hasPrefix("Spacing Between Slices says 0.4 mm, positions say 4.4 mm") })
  }

  @Test func `uneven spacing is told`() throws {
    let folder = try TemporaryFolder()
    try write(folder, prefix: "a", depths: [0, 4, 8, 13, 17], uid: "1.1")
    let series = try read(folder).series
    #expect(series[0].warnings == ["slice spacing is uneven: 4 to 5 mm"])
  }

  @Test func `slices are sorted along the normal whatever the instance numbers say`() throws {
    let folder = try TemporaryFolder()
    // Row posterior, column inferior: the normal points to the patient's right, so x descends along it.
    try write(folder, prefix: "a", depths: [8, 0, 4], uid: "1.1")
    let series = try read(folder).series
    let depths = series[0].geometry.sliceOrigins.map { $0.dot(series[0].geometry.sliceDirection) }
    #expect(depths == depths.sorted())
    let volume = try series[0].loadVolume().volume
    let firsts = (0..<3).map { volume[0, 0, $0] }
    #expect(firsts == (series[0].geometry.sliceDirection.x < 0 ? [100, 140, 120] : [120, 140, 100]))
  }

  @Test func `rescale of each slice is applied to that slice`() throws {
    let folder = try TemporaryFolder()
    try write(folder, prefix: "a", depths: [0, 4], uid: "1.1") { image, index in
      image.set(0x0028_1053, "DS", index == 0 ? "2" : "0.5")
    }
    let series = try read(folder).series
    let volume = try series[0].loadVolume().volume
    #expect(Set((0..<2).map { volume[0, 0, $0] }) == [200, 60])
    #expect(series[0].scale.kind == .rescaled)
    #expect(series[0].scale.isRatioSafe)
  }

  @Test func `an intercept makes ratios unsafe`() throws {
    let folder = try TemporaryFolder()
    try write(folder, prefix: "a", depths: [0, 4], uid: "1.1") { image, _ in image.set(0x0028_1052, "DS", "-50") }
    let series = try read(folder).series
    #expect(!series[0].scale.isRatioSafe)
    #expect(try series[0].loadVolume().volume.voxels.min() == 50)
  }

  @Test func `MONOCHROME1 is mirrored so that bright is high`() throws {
    let folder = try TemporaryFolder()
    try write(folder, prefix: "a", depths: [0, 4], uid: "1.1") { image, _ in
      image.set(0x0028_0004, "CS", "MONOCHROME1")
    }
    let series = try read(folder).series
    #expect(try series[0].loadVolume().volume.voxels.max() == 65_435)
    #expect(!series[0].scale.isRatioSafe)
  }

  @Test func `images without a place in the patient are refused with a reason`() throws {
    let folder = try TemporaryFolder()
    try write(folder, prefix: "a", depths: [0, 4], uid: "1.1") { image, _ in image.remove(0x0020_0032) }
    let read = try read(folder)
    #expect(read.series.isEmpty)
    #expect(read.refused.map(\.count) == [2])
  }

  @Test func `a part of the slices is the same as in the whole volume`() throws {
    let folder = try TemporaryFolder()
    try write(folder, prefix: "a", depths: [0, 4, 8, 12], uid: "1.1")
    let series = try #require(read(folder).series.first)
    let whole = try series.loadVolume(threads: 1)
    let part = try series.loadVolume(slices: 1..<3, threads: 2)
    #expect(part.volume.voxels == Array(whole.volume.voxels[16..<48]))
    #expect(part.frameDigests == Array(whole.frameDigests[1..<3]))
    #expect(part.volume.geometry.sliceOrigins == Array(whole.volume.geometry.sliceOrigins[1..<3]))
  }

  @Test func `a box of the voxels is the same as in the whole volume, and its tiles are those of whole slices`() throws
  {
    let folder = try TemporaryFolder()
    try write(folder, prefix: "a", depths: [0, 4, 8, 12], uid: "1.1")
    let series = try #require(read(folder).series.first)
    let whole = try series.loadVolume(threads: 1)
    let box = VoxelBox(columns: 1..<3, rows: 1..<4, slices: 1..<3)
    let part = try series.loadVolume(box: box, tiled: [2], threads: 2)
    #expect(part.frameDigests == Array(whole.frameDigests[1..<3]))
    #expect(part.tiles.count == 1)
    #expect(part.volume.geometry == whole.volume.geometry.subgrid(box))
    for slice in box.slices {
      for row in box.rows {
        for column in box.columns {
          let (x, y, z) = (column - 1, row - 1, slice - 1)
          #expect(part.volume[x, y, z] == whole.volume[column, row, slice])
          let here = part.volume.geometry.position(column: Double(x), row: Double(y), slice: z)
          let there = whole.volume.geometry.position(column: Double(column), row: Double(row), slice: slice)
          #expect((here - there).length < 1e-9)  // rounding of sums of millimetres
        }
      }
    }
    let outside = VoxelBox(columns: 0..<2, rows: 0..<2, slices: 3..<5)
    #expect(throws: DICOMError.self) { try series.loadVolume(box: outside) }
  }

  @Test func `a volume that is larger than allowed is refused before memory is taken`() throws {
    let folder = try TemporaryFolder()
    try write(folder, prefix: "a", depths: [0, 4], uid: "1.1")
    let series = try #require(read(folder).series.first)
    #expect(throws: DICOMError.self) { try series.loadVolume(memoryLimit: 100) }
  }
}
