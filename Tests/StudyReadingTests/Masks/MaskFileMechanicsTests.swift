import Foundation
import Imaging
import StudyReading
import Testing

struct MaskFileMechanicsTests {
  private let grid = FileGrid(
    size: [4, 3, 2], origin: [10, 20, 30], axes: [[0.5, 0, 0], [0, 0.75, 0], [0, 0, 2]])

  @Test func `a Slicer segmentation names its segments, and muscle is a reference`() throws {
    let folder = try ScratchFolder()
    var labels = [UInt16](repeating: 0, count: 24)
    labels[0] = 5
    labels[1] = 9
    labels[2] = 9
    let extra = """
      Segment0_ID:=Segment_1
      Segment0_Name:=met L3 vertebra
      Segment0_LabelValue:=9
      Segment0_Layer:=0
      Segment1_ID:=Segment_2
      Segment1_Name:=Segment_2
      Segment1_LabelValue:=5
      Segment1_Layer:=0
      Segment1_Tags:=TerminologyEntry:Segmentation category and type - 3D Slicer General Anatomy list~SCT^123037004^Anatomical Structure~SCT^10013000^Muscle~^^~Anatomic codes - DICOM master list~^^~^^|
      """
    let path = try folder.write(NRRDWriter.file(grid, labels: labels, extra: extra), as: "x.seg.nrrd")
    let file = try MaskReader.read(path: path)
    #expect(file.masks.map(\.label) == [9, 5])
    #expect(file.masks.map(\.reference) == [nil, .muscle])
    #expect(file.lesions.first?.region?.count == 2)
  }

  @Test func `layers of a Slicer segmentation may overlap`() throws {
    let folder = try ScratchFolder()
    let header = """
      NRRD0004
      type: unsigned char
      dimension: 4
      space: left-posterior-superior
      sizes: 2 4 3 2
      space directions: none (0.5,0,0) (0,0.75,0) (0,0,2)
      kinds: list domain domain domain
      endian: little
      encoding: raw
      space origin: (10,20,30)
      Segment0_ID:=A
      Segment0_Name:=one
      Segment0_LabelValue:=1
      Segment0_Layer:=0
      Segment1_ID:=B
      Segment1_Name:=two
      Segment1_LabelValue:=1
      Segment1_Layer:=1


      """
    var data = [UInt8](repeating: 0, count: 48)
    data[2 * 5] = 1  // layer 0, voxel 5
    data[2 * 5 + 1] = 1  // layer 1, voxel 5
    data[2 * 6 + 1] = 1  // layer 1, voxel 6
    let path = try folder.write(Array(header.utf8) + data, as: "layers.seg.nrrd")
    let file = try MaskReader.read(path: path)
    #expect(file.masks.map(\.label) == [1, 2])
    #expect(file.masks.map { $0.region?.count } == [1, 2])
    let centre = try #require(file.masks[0].region?.centroid)
    #expect((centre - Vector3(10.5, 20.75, 30)).length < 1e-9)
  }

  @Test func `a detached NRRD finds its data, in text or raw`() throws {
    let folder = try ScratchFolder()
    _ = try folder.write((0..<24).map { $0 == 7 ? "2" : "0" }.joined(separator: " "), as: "data.txt")
    let header = """
      NRRD0005
      type: short
      dimension: 3
      space: LPS
      sizes: 4 3 2
      space directions: (0.5,0,0) (0,0.75,0) (0,0,2)
      encoding: ascii
      space origin: (10,20,30)
      data file: data.txt
      """
    let path = try folder.write(header, as: "x.nhdr")
    let file = try MaskReader.read(path: path)
    #expect(file.masks.map(\.label) == [2])
    let centre = try #require(file.masks[0].region?.centroid)
    #expect((centre - grid.position([3, 1, 0])).length < 1e-9)
  }

  @Test func `fiducials are seeds in LPS whatever the file's system`() throws {
    let folder = try ScratchFolder()
    let text = { (system: String, x: Double, y: Double) in
      """
      {"@schema": "https://raw.githubusercontent.com/slicer/slicer/master/Modules/Loadable/Markups/Resources/Schema/markups-schema-v1.0.3.json#",
       "markups": [{"type": "Fiducial", "coordinateSystem": "\(system)", "coordinateUnits": "mm",
         "controlPoints": [{"id": "1", "label": "F-1", "position": [\(x), \(y), 30.5], "positionStatus": "defined"},
                           {"id": "2", "label": "F-2", "position": [0, 0, 0], "positionStatus": "undefined"}]}]}
      """
    }
    for path in [
      try folder.write(text("LPS", 10, -20), as: "a.mrk.json"),
      try folder.write(text("RAS", -10, 20), as: "b.mrk.json"),
    ] {
      let file = try MaskReader.read(path: path)
      #expect(file.kind == .seed)
      #expect(file.masks.count == 1)
      guard case .points(let points) = file.masks[0].shape else {
        Issue.record("no points")
        return
      }
      #expect(points == [Vector3(10, -20, 30.5)])
    }
  }

  @Test func `a closed curve named muscle is a muscle outline`() throws {
    let folder = try ScratchFolder()
    let points = [(0.0, 0.0), (20.0, 0.0), (20.0, 20.0), (0.0, 20.0)]
      .map { #"{"position": [\#($0.0), \#($0.1), 5]}"# }.joined(separator: ",")
    let path = try folder.write(
      """
      {"markups": [{"type": "ClosedCurve", "name": "Muskel links", "coordinateSystem": "LPS", "controlPoints": [\(points)]}]}
      """, as: "curve.mrk.json")
    let mask = try #require(try MaskReader.read(path: path).masks.first)
    #expect(mask.reference == .muscle)
    guard case .contours(let contours) = mask.shape else {
      Issue.record("no contours")
      return
    }
    let area = contours[0].areaVector.length / 2
    // A closed cubic spline through the corners of a square stays within 4 % of the circle (200 pi).
    #expect(abs(area - 628.3) < 0.04 * 628.3)
  }

  @Test func `damaged and hostile files are refused with a reason`() throws {
    let folder = try ScratchFolder()
    let good = NIfTIWriter.version1(grid, labels: [UInt16](repeating: 1, count: 24), placement: .sform)
    var huge = good
    for place in 42..<48 { huge[place] = place % 2 == 0 ? 0xFF : 0x7F }  // 32767 voxels along each axis
    let bad: [(String, [UInt8], String)] = [
      ("short.nii", Array(good.prefix(380)), "too short"), ("huge.nii", huge, "limit"),
      ("tiny.nii", [1, 2, 3], "shorter"), ("text.nii", [UInt8](repeating: 65, count: 400), "not a NIfTI"),
      ("x.nrrd", Array("NRRD0004\ntype: int\ndimension: 3\nsizes: 9 9 9\n\nabc".utf8), "short"),
      ("y.nrrd", Array("hello".utf8), "not an NRRD"), ("z.mrk.json", Array("{}".utf8), "markups"),
      ("notes.txt", Array("hello".utf8), "kind"),
    ]
    for (name, bytes, word) in bad {
      let path = try folder.write(bytes, as: name)
      do {
        _ = try MaskReader.read(path: path)
        Issue.record("\(name) was read")
      } catch {
        #expect(error.file == name)
        #expect(error.reason.contains(word), "\(name): \(error.reason)")
      }
    }
    #expect(throws: MaskError(file: "none.nii", reason: "no such file")) {
      try MaskReader.read(path: folder.url.appendingPathComponent("none.nii").path)
    }
  }
}
