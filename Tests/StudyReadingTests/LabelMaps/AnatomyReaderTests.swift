import Foundation
import Imaging
import StudyReading
import TestSupport
import Testing

/// Label maps painted voxel by voxel: a body, a canal behind it, an arch behind that, on 2 mm axial slices.
struct AnatomyReaderMechanicsTests {
  private let grid = FileGrid(size: [30, 40, 20], origin: [-30, -40, 0], axes: [[2, 0, 0], [0, 2, 0], [0, 0, 2]])

  /// Vertebra `label` over slices, with the canal hollow in it: rows 0..<15 body, 15..<21 canal in columns 12..<18 with
  /// bone beside it, 21..<38 arch.
  private func paint(_ labels: inout [UInt16], vertebra: UInt16, canal: UInt16?, slices: Range<Int>) {
    for slice in slices {
      for row in 2..<38 {
        for column in 5..<25 {
          let isCanal = (15..<21).contains(row) && (12..<18).contains(column)
          let value = isCanal ? canal ?? 0 : vertebra
          labels[(slice * 40 + row) * 30 + column] = value
        }
      }
    }
  }

  private func map(_ labels: [UInt16], _ preset: String, name: String = "a.nii") throws -> (AnatomyMap, [String]) {
    let folder = try ScratchFolder()
    let path = try folder.write(NIfTIWriter.version1(grid, labels: labels, placement: .sform), as: name)
    let read = try AnatomyReader.read(argument: preset.isEmpty ? path : "\(path):\(preset)")
    return (read.anatomy, read.warnings)
  }

  @Test func `a whole vertebra is split at the canal's front wall`() throws {
    var labels = [UInt16](repeating: 0, count: 24000)
    paint(&labels, vertebra: 43, canal: 2, slices: 0..<10)  // TotalSpineSeg L3
    paint(&labels, vertebra: 42, canal: 2, slices: 12..<20)  // L2
    let (anatomy, warnings) = try map(labels, "totalspineseg")
    let body = anatomy.region(.vertebralBody, level: .l3)
    let arch = anatomy.region(.posteriorElements, level: .l3)
    #expect(body.rows == 2..<15)
    #expect(arch.rows == 15..<38)
    #expect(body.count == 13 * 20 * 10)
    #expect(arch.count == (23 * 20 - 36) * 10)
    #expect(anatomy.region(.vertebralBody, level: .l2).rows == 2..<15)
    #expect(anatomy.region(.spinalCanal).count == 36 * 18)
    #expect(warnings.isEmpty)
  }

  @Test func `without a canal the split is by proportion and says so`() throws {
    var labels = [UInt16](repeating: 0, count: 24000)
    paint(&labels, vertebra: 4, canal: nil, slices: 0..<10)  // vertebrae_mr L3
    let (anatomy, warnings) = try map(labels, "totalsegmentator_mr")
    let body = anatomy.region(.vertebralBody, level: .l3)
    #expect(body.rows.lowerBound == 2)
    #expect(abs(body.rows.upperBound - 16) <= 1)  // 40 % of 36 rows
    #expect(warnings.contains { $0.contains("proportion") })
  }

  @Test(
    arguments: [
      ("totalspineseg", 11, VertebralLevel.c1, SpineStructure.vertebralBody),
      ("totalspineseg", 32, .t12, .vertebralBody),
      ("totalspineseg", 45, .l5, .vertebralBody), ("totalspineseg", 63, .c2, .intervertebralDisc),
      ("totalspineseg", 71, .c7, .intervertebralDisc), ("totalspineseg", 82, .t11, .intervertebralDisc),
      ("totalspineseg", 91, .t12, .intervertebralDisc), ("totalspineseg", 100, .l5, .intervertebralDisc),
      ("totalsegmentator_mr", 2, .l5, .vertebralBody), ("totalsegmentator_mr", 6, .l1, .vertebralBody),
      ("totalsegmentator_mr", 7, .t12, .vertebralBody), ("totalsegmentator_mr", 25, .c1, .vertebralBody),
      ("totalsegmentator", 27, .l5, .vertebralBody), ("totalsegmentator", 50, .c1, .vertebralBody),
      ("spineps", 24, .l5, .vertebralBody), ("spineps", 28, .t13, .vertebralBody),
      ("spineps", 119, .t12, .intervertebralDisc), ("spinemet", 32 * 23 + 3, .l3, .intervertebralDisc),
    ] as [(String, Int, VertebralLevel, SpineStructure)])
  func `labels mean what their tools say`(
    preset: String, label: Int, level: VertebralLevel, structure: SpineStructure
  ) throws {
    var labels = [UInt16](repeating: 0, count: 24000)
    for offset in 100..<200 { labels[offset] = UInt16(label) }
    let (anatomy, _) = try map(labels, preset)
    #expect(!anatomy.region(structure, level: level).isEmpty)
  }

  @Test func `muscles of TotalSegmentator are muscles`() throws {
    var labels = [UInt16](repeating: 0, count: 24000)
    labels[1] = 46
    labels[2] = 49
    labels[3] = 23
    let (anatomy, _) = try map(labels, "totalsegmentator_mr")
    #expect(anatomy.region(.posteriorParaspinalMuscle).count == 1)
    #expect(anatomy.region(.psoasMuscle).count == 1)
    #expect(anatomy.region(.vessel).count == 1)
  }

  @Test func `a JSON file names the labels`() throws {
    let folder = try ScratchFolder()
    var labels = [UInt16](repeating: 0, count: 24000)
    labels[1] = 7
    labels[2] = 8
    labels[3] = 9
    let path = try folder.write(NIfTIWriter.version1(grid, labels: labels, placement: .sform), as: "m.nii")
    let names = try folder.write(#"{"7": "L4 body", "8": "disc L4-L5", "erector spinae": 9}"#, as: "names.json")
    let read = try AnatomyReader.read(argument: "\(path):\(names)")
    #expect(read.anatomy.region(.vertebralBody, level: .l4).count == 1)
    #expect(read.anatomy.region(.intervertebralDisc, level: .l4).count == 1)
    #expect(read.anatomy.region(.posteriorParaspinalMuscle).count == 1)
    #expect(read.paths == [path, names])
  }

  @Test func `labels of no known tool ask for a preset`() throws {
    var labels = [UInt16](repeating: 0, count: 24000)
    labels[1] = 3
    #expect(throws: MaskError.self) { try map(labels, "") }
    #expect(throws: MaskError.self) { try map(labels, "nonsense") }
  }

  @Test func `a muscle label is chosen by number and an absent one is refused`() throws {
    let folder = try ScratchFolder()
    var labels = [UInt16](repeating: 0, count: 24000)
    labels[1] = 3
    labels[2] = 4
    let path = try folder.write(NIfTIWriter.version1(grid, labels: labels, placement: .sform), as: "muscle.nii")
    #expect(try MuscleMaskReader.read(argument: path + ":4", series: []).regions.map(\.count) == [1])
    #expect(try MuscleMaskReader.read(argument: path, series: []).regions.count == 2)
    #expect(throws: MaskError.self) { try MuscleMaskReader.read(argument: path + ":9", series: []) }
  }
}

/// SPINEPS-like maps of TPTBox (Apache-2.0) in ../shared/data/spine_nifti.
@Suite(.enabled(if: SharedData.isPresent, "\(SharedData.skipMessage)"))
struct AnatomyReaderOracleTests {
  private let folder = "spine_nifti/tptbox/TPTBox/tests/"

  /// Counts by nibabel 5: subregion values crossed with instance values (a hundred and two hundred taken off).
  @Test func `subregions and instances of one spine meet`() throws {
    let path = SharedData.url(folder + "sample_mri/sub-mri_seg-subreg_label-6_msk.nii.gz").path
    let read = try AnatomyReader.read(argument: path + ":spineps")
    #expect(read.paths.count == 2)
    let anatomy = read.anatomy
    #expect(anatomy.region(.vertebralBody, level: .c6).count == 11831)
    #expect(anatomy.region(.posteriorElements, level: .c6).count == 4894)
    #expect(anatomy.region(.intervertebralDisc, level: .c6).count == 4768)
    #expect(anatomy.region(.spinalCanal).count == 4137)
    #expect(anatomy.region(.spinalCord).count == 345)
  }

  @Test func `a whole vertebra split by proportion agrees with the subregions`() throws {
    let vertebrae = SharedData.url(folder + "sample_ct/sub-ct_seg-vert_label-22_msk.nii.gz").path
    let folder = try ScratchFolder()
    let copy = folder.url.appendingPathComponent("alone.nii.gz")
    try FileManager.default.copyItem(atPath: vertebrae, toPath: copy.path)
    let alone = try AnatomyReader.read(argument: copy.path + ":spineps").anatomy
    let both = try AnatomyReader.read(argument: vertebrae + ":spineps").anatomy
    let split = alone.region(.vertebralBody, level: .l3)
    let truth = both.region(.vertebralBody, level: .l3)
    var shared = 0
    split.forEachVoxel { column, row, slice in
      if truth.contains(column: column, row: row, slice: slice) { shared += 1 }
    }
    let dice = 2 * Double(shared) / Double(split.count + truth.count)
    print("MEASURED split dice \(dice)")
    #expect(dice > 0.85)  // a proportion taken from the literature, not fitted to this vertebra
  }
}
