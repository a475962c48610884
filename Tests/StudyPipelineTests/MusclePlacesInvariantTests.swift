import Imaging
import Testing

@testable import StudyPipeline

/// Invariants: whose muscle is believed where series of one patient show it in different places.
@Suite struct MusclePlacesInvariantTests {
  private static let grid = try! VolumeGeometry(
    columns: 60, rows: 60, slices: 6, origin: Vector3(0, 0, 0), rowDirection: Vector3(0, 1, 0),
    columnDirection: Vector3(0, 0, -1), spacing: Vector3(1, 1, 4))
  private static let axial = try! VolumeGeometry(
    columns: 60, rows: 60, slices: 4, origin: Vector3(-30, 0, -20), rowDirection: Vector3(1, 0, 0),
    columnDirection: Vector3(0, 1, 0), spacing: Vector3(1, 1, 4))

  private static func box(_ columns: Range<Int>, _ rows: Range<Int>, on grid: VolumeGeometry = grid) -> Region {
    Region(
      geometry: grid, columns: columns, rows: rows, slices: 0..<grid.slices,
      members: [UInt8](repeating: 1, count: columns.count * rows.count * grid.slices))
  }

  @Test func `muscle that two series show elsewhere outvotes a third`() throws {
    let muscle = Self.box(30..<50, 5..<55)
    let places = MusclePlaces([0: [muscle], 1: [Self.box(31..<50, 5..<50)], 2: [Self.box(2..<8, 5..<55)]])
    let carried = try #require(places.outvoted(2))
    #expect(carried.count == 1 && carried[0].offsets == muscle.offsets)
    #expect(places.outvoted(0) == nil && places.outvoted(1) == nil)
  }

  @Test func `a mass within the muscle that alone was taken for it is outvoted`() {
    let places = MusclePlaces([
      0: [Self.box(30..<50, 5..<55)], 1: [Self.box(31..<50, 5..<50)], 2: [Self.box(36..<42, 20..<30)],
    ])
    #expect(places.outvoted(2) != nil)
    #expect(places.outvoted(0) == nil && places.outvoted(1) == nil)
  }

  @Test func `series that agree in part, two that differ, and another plane's thin stack are believed`() {
    let muscle = Self.box(30..<50, 5..<55)
    #expect(MusclePlaces([0: [muscle], 1: [muscle], 2: [Self.box(30..<50, 5..<20)]]).outvoted(2) == nil)
    #expect(MusclePlaces([0: [muscle], 1: [Self.box(2..<8, 5..<55)]]).outvoted(1) == nil)
    let thin = Self.box(10..<20, 35..<45, on: Self.axial)
    #expect(MusclePlaces([0: [muscle], 1: [muscle], 2: [thin]]).outvoted(2) == nil)
  }
}
