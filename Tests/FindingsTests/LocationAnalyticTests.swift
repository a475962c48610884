import Foundation
import Imaging
import LesionMeasurement
import Testing

/// A straight spine of boxes: bodies 32 (left-right) x 28 (front-back) x 24 mm every 32 mm, discs between, a canal
/// 14 mm deep behind, arches around it and spinous processes.
private struct BoxSpine {
  let geometry: VolumeGeometry
  var structures: [UInt8]
  var levels: [UInt8]

  init(pixel: Double = 1, slice: Double = 4) {
    let (columns, rows, slices) = (Int(120 / pixel), Int(170 / pixel), Int(80 / slice))
    // Sagittal: columns run backward, rows downward, slices to the left.
    geometry = try! VolumeGeometry(
      columns: columns, rows: rows, slices: slices,
      origin: Vector3(40 - slice / 2, -40, 85), rowDirection: Vector3(0, 1, 0), columnDirection: Vector3(0, 0, -1),
      spacing: Vector3(pixel, pixel, slice))
    structures = [UInt8](repeating: 0, count: geometry.count)
    levels = structures
    for s in 0..<slices {
      for r in 0..<rows {
        for c in 0..<columns {
          let (structure, level) = Self.label(geometry.position(column: Double(c), row: Double(r), slice: s))
          structures[geometry.offset(column: c, row: r, slice: s)] = structure.rawValue
          levels[geometry.offset(column: c, row: r, slice: s)] = level
        }
      }
    }
  }

  static func label(_ p: Vector3) -> (SpineStructure, UInt8) {
    let number = Int(((64 - p.z) / 32).rounded())
    guard (0...4).contains(number) else { return (.background, 0) }
    let level = VertebralLevel.l1.rawValue + UInt8(number)
    let height = p.z - (64 - 32 * Double(number))
    if abs(p.x) <= 16, abs(p.y) <= 14 {
      return abs(height) <= 12 ? (.vertebralBody, level) : (.intervertebralDisc, level)
    }
    if abs(p.x) <= 8, p.y > 14, p.y <= 28 { return (.spinalCanal, 0) }
    if abs(height) <= 9 {
      if abs(p.x) <= 14, p.y > 14, p.y <= 34 { return (.posteriorElements, level) }
      if abs(p.x) <= 4, p.y > 34, p.y <= 60 { return (.posteriorElements, level) }
    }
    if abs(p.x) <= 36, p.y > 30 { return (.posteriorParaspinalMuscle, 0) }
    return (.background, 0)
  }

  var map: AnatomyMap { AnatomyMap(geometry: geometry, structures: structures, levels: levels) }

  func region(_ inside: (Vector3) -> Bool) -> Region {
    var mask = [UInt8](repeating: 0, count: geometry.count)
    for s in 0..<geometry.slices {
      for r in 0..<geometry.rows {
        for c in 0..<geometry.columns
        where inside(geometry.position(column: Double(c), row: Double(r), slice: s)) {
          mask[geometry.offset(column: c, row: r, slice: s)] = 1
        }
      }
    }
    return Region(geometry: geometry, mask: mask)
  }

  static func ball(_ centre: Vector3, _ radius: Double) -> (Vector3) -> Bool {
    { ($0 - centre).length <= radius }
  }
}

@Suite struct LocationAnalyticTests {
  private let spine = BoxSpine()
  private let parameters = LocationParameters()

  private func read(_ inside: @escaping (Vector3) -> Bool, on spine: BoxSpine? = nil) -> LocationMeasurement {
    let own = spine ?? self.spine
    return LocationReader.measure(own.region(inside), LocationOutline(own.map), parameters)!
  }

  @Test func `a ball in a body is intraosseous, in its level, and measured`() {
    let found = read(BoxSpine.ball(Vector3(0, 0, 0), 9))
    #expect(found.part == .vertebralBody)
    #expect(found.level == .l3 && found.levels == [.l3])
    #expect(found.isExtraosseous == false && found.mass == .none)
    #expect(!found.isWholeVertebra && !found.isPosteriorInfiltration)
    #expect(found.bodyFraction > 0.99)
    #expect(found.canalNarrowingPercent == 0)
  }

  @Test func `a lesion that ends at the cortex stays inside when it is drawn a pixel too wide`() {
    let touching = read { abs($0.x) <= 10 && $0.y >= -15 && $0.y <= 0 && abs($0.z) <= 8 }
    #expect(touching.isExtraosseous == false)
    let slicesTooFar = read { abs($0.x) <= 20 && abs($0.y) <= 8 && abs($0.z) <= 8 }
    #expect(slicesTooFar.isExtraosseous == false)
  }

  @Test func `a lesion that breaks through the front by five millimetres is extraosseous`() {
    let found = read { abs($0.x) <= 10 && $0.y >= -19.5 && $0.y <= 0 && abs($0.z) <= 8 }
    #expect(found.isExtraosseous == true)
    // 5.5 of 19.5 mm lie outside, less the tolerance of 1.5 mm.
    #expect(abs(found.extraosseousFraction - 4.0 / 19.5) < 0.06)
    #expect(found.part == .vertebralBody)
  }

  @Test func `a hole that the lesion left in the labels is still bone`() {
    var eaten = spine
    let inside = BoxSpine.ball(Vector3(4, 2, 0), 10)
    eaten.region(inside).forEachVoxel { c, r, s in
      eaten.structures[eaten.geometry.offset(column: c, row: r, slice: s)] = 0
      eaten.levels[eaten.geometry.offset(column: c, row: r, slice: s)] = 0
    }
    let found = read(inside, on: eaten)
    #expect(found.isExtraosseous == false && found.part == .vertebralBody && found.level == .l3)
  }

  @Test func `a body of which the labels keep only an edge is completed from its neighbours`() {
    var eaten = spine
    let inside: (Vector3) -> Bool = { abs($0.x) <= 16 && $0.y >= -10 && $0.y <= 14 && abs($0.z) <= 12 }
    eaten.region(inside).forEachVoxel { c, r, s in
      eaten.structures[eaten.geometry.offset(column: c, row: r, slice: s)] = 0
      eaten.levels[eaten.geometry.offset(column: c, row: r, slice: s)] = 0
    }
    let found = read(inside, on: eaten)
    #expect(found.isExtraosseous == false && found.level == .l3)
    #expect(found.isWholeVertebra)
  }

  @Test func `a replaced body is a whole vertebra, two thirds of it are not`() {
    let whole = read { abs($0.x) <= 16 && abs($0.y) <= 14 && abs($0.z) <= 12 }
    #expect(whole.isWholeVertebra && whole.isExtraosseous == false)
    let part = read { abs($0.x) <= 16 && $0.y >= -14 && $0.y <= 5 && abs($0.z) <= 12 }
    #expect(!part.isWholeVertebra)
    #expect(abs(part.replacedBodyShare! - 19.0 / 28) < 0.05)
  }

  @Test func `a lump in the spinous process is measured, an arch that is all tumour is not`() {
    let lump = read(BoxSpine.ball(Vector3(0, 46, 0), 6))
    #expect(lump.part == .posteriorElements && lump.posteriorInvaded && !lump.isPosteriorInfiltration)
    let arch = read { BoxSpine.label($0).0 == .posteriorElements && abs($0.z) <= 9 }
    #expect(arch.part == .posteriorElements && arch.isPosteriorInfiltration && arch.isExtraosseous == false)
  }

  @Test func `a large mass behind the canal is posterior, expansile, epidural and narrows the canal`() {
    let found = read(BoxSpine.ball(Vector3(0, 44, 0), 22))
    #expect(found.part == .posteriorElements && found.isExtraosseous == true && found.mass == .expansile)
    #expect(found.epiduralFraction > 0.02 && found.paraspinalFraction > 0.1)
    // The ball reaches 6 of the canal's 14 mm in its middle.
    #expect(found.canalNarrowingPercent! > 25 && found.canalNarrowingPercent! < 50)
    #expect(found.levels.contains(.l3))
  }

  @Test func `a sheet in front of three bodies is subligamentous`() {
    let found = read { p in
      abs(p.x) <= 10 && p.z > -40 && p.z < 40 && p.y < -14 && p.y > -21 || BoxSpine.ball(Vector3(0, -6, 0), 7)(p)
    }
    #expect(found.isExtraosseous == true && found.mass == .subligamentous)
    #expect(found.part == .vertebralBody)
  }

  @Test func `another grid than the map's gives the same reading`() {
    let fine = BoxSpine(pixel: 0.7, slice: 3.3)
    let inside = BoxSpine.ball(Vector3(2, -10, -30), 9)
    let here = LocationReader.measure(spine.region(inside), LocationOutline(spine.map), parameters)!
    let there = LocationReader.measure(fine.region(inside), LocationOutline(spine.map), parameters)!
    #expect(here.level == there.level && here.part == there.part && here.isExtraosseous == there.isExtraosseous)
    #expect(abs(here.extraosseousFraction - there.extraosseousFraction) < 0.05)
  }

  @Test func `an empty region, and one that the map does not cover, have no place`() {
    let empty = spine.region { _ in false }
    #expect(LocationReader.measure(empty, LocationOutline(spine.map), parameters) == nil)
    let geometry = try! VolumeGeometry(
      columns: 2, rows: 2, slices: 2, origin: Vector3(900, 900, 900), rowDirection: Vector3(0, 1, 0),
      columnDirection: Vector3(0, 0, -1), spacing: Vector3(1, 1, 1))
    let far = Region(geometry: geometry, mask: [UInt8](repeating: 1, count: 8))
    #expect(LocationReader.measure(far, LocationOutline(spine.map), parameters) == nil)
  }

  @Test func `vertebrae whose count has no anchor are told apart, and carry no name`() {
    let ordinal = AnatomyMap(
      geometry: spine.geometry, structures: spine.structures, levels: spine.levels, levelsAreOrdinal: true)
    let region = spine.region { abs($0.x) <= 16 && abs($0.y) <= 14 && abs($0.z) <= 12 }
    let found = LocationReader.measure(region, LocationOutline(ordinal), parameters)!
    #expect(found.isWholeVertebra && found.collapsePercent != nil)
    #expect(found.level == nil && found.levels.isEmpty)
  }

  @Test func `ordinals follow one another and spare the dens and the sacrum`() {
    for count in 1...24 {
      let levels = (0..<count).compactMap { VertebralLevel.ordinal($0, of: count) }
      #expect(levels.count == count && levels == levels.sorted())
      #expect(levels.allSatisfy { $0 > .c2 && $0.region != .sacral })
    }
    #expect(VertebralLevel.ordinal(24, of: 25) == nil && VertebralLevel.ordinal(-1, of: 3) == nil)
  }

  @Test func `one voxel has a place`() {
    let one = spine.region { ($0 - spine.geometry.position(column: 40, row: 85, slice: 10)).length < 0.1 }
    #expect(one.count == 1)
    #expect(LocationReader.measure(one, LocationOutline(spine.map), parameters)?.part == .vertebralBody)
  }

  /// The same labels as though they had been found in pixels.
  private func readFound(_ inside: (Vector3) -> Bool) -> LocationMeasurement {
    let found = AnatomyMap(
      geometry: spine.geometry, structures: spine.structures, levels: spine.levels, isFoundInPixels: true)
    return LocationReader.measure(spine.region(inside), LocationOutline(found), parameters)!
  }

  @Test func `a body whose outline was found two pixels too wide is still a whole vertebra`() {
    // 28 x 24 x 20 of 32 x 28 x 24 mm: 62 % of the outlined body, all of what lies deeper than the tolerance.
    let replaced: (Vector3) -> Bool = { abs($0.x) <= 14 && abs($0.y) <= 12 && abs($0.z) <= 10 }
    let found = readFound(replaced)
    #expect(found.isWholeVertebra)
    #expect(found.replacedBodyShare! < parameters.wholeVertebraShare)
    #expect(found.replacedCoreShare! > 0.95)
    #expect(!read(replaced).isWholeVertebra)
    // A ball within the body takes neither most of the body nor most of its core.
    #expect(!readFound(BoxSpine.ball(Vector3(0, 0, 0), 12)).isWholeVertebra)
  }

  @Test func `without a contour of the arch a lesion's thickness tells bone from mass, and between them nothing does`()
  {
    // Plates behind the canal, 40 mm long: thickness is their depth from front to back.
    func plate(_ depth: Double) -> LocationMeasurement {
      readFound { abs($0.x) <= 12 && $0.y > 36 && $0.y <= 36 + depth && abs($0.z) <= 20 }
    }
    let thin = plate(7)
    #expect(thin.part == .posteriorElements && thin.isExtraosseous == false && thin.mass == .none)
    let between = plate(13)
    #expect(between.isExtraosseous == nil && between.mass == .indeterminate && !between.hasContour)
    let thick = readFound(BoxSpine.ball(Vector3(0, 46, 0), 12))
    #expect(thick.isExtraosseous == true && thick.mass == .expansile)
    // The ball's poles fall between slices of 4 mm.
    #expect(thick.thicknessMm > 24 - 5 && thick.thicknessMm <= 24)
  }
}
