import Foundation
import Imaging
import LesionMeasurement
import Testing

/// Edges of known width. The constants of `MarginParameters` were chosen on seeds 1 to 8; these use others.
@Suite struct MarginAnalyticTests {
  @Test(arguments: [0.0, 1, 3, 4, 5]) func `the width of an edge is found`(truth: Double) throws {
    var errors: [Double] = []
    for seed in 101...106 as ClosedRange<UInt64> {
      let scene = MarginScene(edgeWidth: truth, contrast: seed % 2 == 0 ? -50 : 60, seed: seed)
      let (region, image) = try scene.build()
      let margin = MarginMeasurement(of: region, on: [image])
      errors.append(abs(try #require(margin.edgeWidth) - truth))
      #expect(margin.marginClass == (truth < 2 ? .wellDefined : .illDefined))
    }
    errors.sort()
    // A sharp edge under 4 mm slices keeps what the neighbours' outlines do not tell of its slope.
    #expect(errors[3] < (truth == 0 ? 1 : 0.6))
  }

  @Test func `coarse pixels and thick slices do not make a sharp edge ill-defined`() throws {
    for (seed, setting) in zip(
      201... as PartialRangeFrom<UInt64>, [(0.6, 3.0, 4.0), (1.0, 3, 5), (1.0, 5, 7), (0.8, 6, 12), (1.2, 4, 8)])
    {
      let radius = setting.2
      let (region, image) = try MarginScene(
        radii: Vector3(radius, 0.8 * radius, 0.9 * radius), pixel: setting.0, thickness: setting.1, seed: seed
      ).build()
      #expect(MarginMeasurement(of: region, on: [image]).marginClass == .wellDefined, "\(setting)")
    }
  }

  @Test(arguments: [-0.7, 0.7]) func `a mask one pixel off tells the same`(grow: Double) throws {
    for seed in 301...304 as ClosedRange<UInt64> {
      for edge in [0.5, 4.0] {
        let (region, image) = try MarginScene(edgeWidth: edge, growMask: grow, seed: seed).build()
        #expect(MarginMeasurement(of: region, on: [image]).marginClass == (edge < 2 ? .wellDefined : .illDefined))
      }
    }
  }

  @Test func `a lesion against a wall is not ill-defined for it`() throws {
    for seed in 401...404 as ClosedRange<UInt64> {
      let (region, image) = try MarginScene(edgeWidth: 0.5, wall: 4, seed: seed).build()
      #expect(MarginMeasurement(of: region, on: [image]).marginClass == .wellDefined)
    }
  }

  @Test func `the anatomy takes a wall out of the judgement`() throws {
    let (region, image) = try MarginScene(edgeWidth: 4, wall: 3, seed: 405).build()
    let geometry = image.volume.geometry
    // Everything beyond the wall is canal, the rest body; the wall's place follows from the mask's own end.
    let end = region.columns.upperBound
    let structures = (0..<geometry.count).map { offset in
      offset % geometry.columns >= end ? SpineStructure.spinalCanal.rawValue : SpineStructure.vertebralBody.rawValue
    }
    let anatomy = AnatomyMap(
      geometry: geometry, structures: structures, levels: [UInt8](repeating: 0, count: geometry.count))
    let margin = MarginMeasurement(of: region, on: [image], anatomy: anatomy)
    #expect(margin.boundedPlaces > 0)
    #expect(margin.boundedPlaces < margin.judgedPlaces)
    #expect(margin.marginClass == .illDefined)
  }

  @Test func `a deeply lobed outline is not smooth`() throws {
    let (smooth, image) = try MarginScene(radii: Vector3(12, 11, 11), seed: 501).build()
    let (lobed, lobedImage) = try MarginScene(radii: Vector3(12, 11, 11), lobes: 0.3, seed: 501).build()
    let first = MarginMeasurement(of: smooth, on: [image])
    let second = MarginMeasurement(of: lobed, on: [lobedImage])
    #expect(try #require(first.regularity) > 0.95)
    #expect(try #require(first.solidity) > 0.93)
    #expect(try #require(second.regularity) < 0.8)
    #expect(second.marginClass == .illDefined)
  }

  @Test func `the series with the better contrast is read`() throws {
    let (region, faint) = try MarginScene(edgeWidth: 0.5, contrast: -2, seed: 601).build()
    let (_, clear) = try MarginScene(edgeWidth: 0.5, contrast: 80, seed: 601).build()
    #expect(MarginMeasurement(of: region, on: [faint]).marginClass == .illDefined)
    let both = MarginMeasurement(of: region, on: [faint, clear])
    #expect(both.mainImage == 1)
    #expect(both.marginClass == .wellDefined)
  }

  @Test func `a whole vertebral body is ill-defined by the paper's rule, and so is an infiltration without a mass`()
    throws
  {
    let (region, image) = try MarginScene(seed: 701).build()
    #expect(MarginMeasurement(of: region, on: [image]).marginClass == .wellDefined)
    #expect(MarginMeasurement(of: region, on: [image], borderless: .wholeVertebra).marginClass == .illDefined)
    let infiltrating = MarginMeasurement(of: region, on: [image], borderless: .posteriorInfiltration)
    #expect(infiltrating.marginClass == .illDefined)
    #expect(infiltrating.evidence.contains("posterior elements are invaded without a mass"))
  }

  @Test func `no voxel, one voxel, no image and a flat image give a value or a reason`() throws {
    let grid = try Fixtures.sagittalGrid(columns: 30, rows: 30, slices: 3, spacing: Vector3(1, 1, 4))
    let flat = MarginImage(volume: Fixtures.volume(grid) { _, _, _ in 100 }, noiseSigma: nil)
    let none = Fixtures.region(grid) { _, _, _ in false }
    let one = Fixtures.region(grid) { c, r, s in c == 15 && r == 15 && s == 1 }
    for (region, images) in [(none, [flat]), (one, []), (one, [flat])] {
      let margin = MarginMeasurement(of: region, on: images)
      #expect(margin.edgeWidth != nil || margin.reasons["edge_width_mm"] != nil)
      #expect(margin.marginClass != .wellDefined)
    }
  }
}
