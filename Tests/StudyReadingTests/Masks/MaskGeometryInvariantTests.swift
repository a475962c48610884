import Imaging
import StudyReading
import Testing

/// Where a mask's voxels lie, over random oblique grids with unequal spacing and either handedness.
struct MaskGeometryInvariantTests {
  /// Six single voxels, each a label of its own.
  private struct Marked {
    var labels: [UInt16]
    var indices: [[Int]]

    init(_ grid: FileGrid, _ generator: inout SeededGenerator) {
      labels = [UInt16](repeating: 0, count: grid.size.reduce(1, *))
      indices = []
      while indices.count < 6 {
        let index = grid.size.map { Int.random(in: 0..<$0, using: &generator) }
        let offset = (index[2] * grid.size[1] + index[1]) * grid.size[0] + index[0]
        guard labels[offset] == 0 else { continue }
        indices.append(index)
        labels[offset] = UInt16(indices.count)
      }
    }
  }

  /// Largest distance of a label's voxel from where the grid puts it.
  private func error(_ file: MaskFile, _ grid: FileGrid, _ marked: Marked) throws -> Double {
    #expect(file.masks.map(\.label) == Array(1...6))
    var worst = 0.0
    for mask in file.masks {
      let region = try #require(mask.region)
      #expect(region.count == 1)
      let centre = try #require(region.centroid)
      worst = max(worst, (centre - grid.position(marked.indices[mask.label - 1])).length)
    }
    return worst
  }

  @Test func `every format puts the voxels of 200 oblique grids within a thousandth of a millimetre`() throws {
    let folder = try ScratchFolder()
    var generator = SeededGenerator(seed: 2013)
    for round in 0..<200 {
      let grid = FileGrid.random(&generator)
      let marked = Marked(grid, &generator)
      let files = [
        try folder.write(NIfTIWriter.version1(grid, labels: marked.labels, placement: .sform), as: "s1.nii"),
        try folder.write(NIfTIWriter.version1(grid, labels: marked.labels, placement: .qform), as: "q1.nii"),
        try folder.write(NIfTIWriter.version2(grid, labels: marked.labels, placement: .sform), as: "s2.nii"),
        try folder.write(NIfTIWriter.version2(grid, labels: marked.labels, placement: .qform), as: "q2.nii"),
        try folder.write(NRRDWriter.file(grid, labels: marked.labels), as: "lps.nrrd"),
        try folder.write(
          NRRDWriter.file(grid, labels: marked.labels, space: "right-anterior-superior"), as: "ras.nrrd"),
        try folder.write(NRRDWriter.file(grid, labels: marked.labels, space: "left-anterior-superior"), as: "las.nrrd"),
      ]
      for path in files {
        let worst = try error(try MaskReader.read(path: path), grid, marked)
        // NIfTI-1 holds 32-bit floats: at 900 mm their step is 6e-5 mm.
        #expect(worst < 0.001, "round \(round), \(path.suffix(8)): \(worst) mm")
      }
    }
  }

  @Test func `segmentations and structure sets put the voxels of 200 oblique grids where they belong`() throws {
    let folder = try ScratchFolder()
    var generator = SeededGenerator(seed: 1959)
    for round in 0..<200 {
      // A stack of images is right-handed by definition: slices ascend along row x column.
      let grid = FileGrid.random(&generator, rightHanded: true)
      let marked = Marked(grid, &generator)
      let path = try folder.write(SegmentationWriter.file(grid, indices: marked.indices), as: "seg.dcm")
      let worst = try error(try MaskReader.read(path: path), grid, marked)
      #expect(worst < 0.001, "round \(round): \(worst) mm")  // DS holds 16 characters
      let series = try VolumeGeometry(
        columns: grid.size[0], rows: grid.size[1], slices: grid.size[2], origin: grid.origin,
        rowDirection: grid.axes[0], columnDirection: grid.axes[1],
        spacing: Vector3(grid.axes[0].length, grid.axes[1].length, grid.axes[2].length), frameOfReferenceUID: "1.2.3.9")
      let contours = try folder.write(SegmentationWriter.structureSet(grid, indices: marked.indices), as: "rs.dcm")
      for mask in try MaskReader.read(path: contours).masks {
        let placed = try MaskPlacement.place(mask, on: series)
        #expect(placed.region.count == 1, "round \(round)")
        let centre = try #require(placed.region.centroid)
        #expect((centre - grid.position(marked.indices[mask.label - 1])).length < 0.001, "round \(round)")
      }
    }
  }

  @Test func `a mask carried to the same lattice in another axis order keeps its voxels`() throws {
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<50 {
      let grid = FileGrid.random(&generator, rightHanded: true)
      let target = try VolumeGeometry(
        columns: grid.size[0], rows: grid.size[1], slices: grid.size[2], origin: grid.origin,
        rowDirection: grid.axes[0], columnDirection: grid.axes[1],
        spacing: Vector3(grid.axes[0].length, grid.axes[1].length, grid.axes[2].length))
      // The same voxels with rows and columns exchanged and the slices turned round.
      let turned = try VolumeGeometry(
        columns: grid.size[1], rows: grid.size[0], slices: grid.size[2],
        origin: target.position(column: 0, row: 0, slice: grid.size[2] - 1), rowDirection: grid.axes[1],
        columnDirection: grid.axes[0], spacing: Vector3(target.spacing.y, target.spacing.x, target.spacing.z))
      var mask = [UInt8](repeating: 0, count: target.count)
      for offset in mask.indices { mask[offset] = UInt8.random(in: 0...3, using: &generator) == 0 ? 1 : 0 }
      let region = Region(geometry: target, mask: mask)
      guard !region.isEmpty else { continue }
      let there = try RegionCarrying.carry(region, to: turned)
      #expect(there.region.count == region.count)
      #expect(there.isExact)
      #expect(there.coveredFraction == 1)
      let back = try RegionCarrying.carry(there.region, to: target)
      #expect(back.region == region)
      #expect(GridMatch.sharesLattice(turned, target))
    }
  }
}
