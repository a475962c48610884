import Imaging
import Testing

struct VolumeGeometryAnalyticTests {
  @Test func `an index and its position are each other's inverse on an oblique, uneven stack`() throws {
    let row = Vector3(0.1, 0.9, -0.2).normalized!
    let column = row.cross(Vector3(1, 0.2, 0.1)).normalized!
    let normal = row.cross(column)
    let geometry = try VolumeGeometry(
      columns: 5, rows: 4, rowDirection: row, columnDirection: column, spacing: Vector3(0.7, 0.9, 4),
      sliceOrigins: [0, 4, 8.5, 12].map { Vector3(10, -20, 30) + normal * $0 })
    let index = Vector3(1.25, 2.5, 1.5)
    let back = geometry.index(ofPosition: geometry.position(ofIndex: index))
    #expect((back - index).length < 1e-9)  // analytic: double rounding only
    #expect((geometry.position(column: 0, row: 0, slice: 2) - Vector3(10, -20, 30)).dot(normal) - 8.5 < 1e-12)
  }

  @Test func `slices that run against the normal are refused`() {
    #expect(throws: VolumeGeometry.Failure.slicesNotAscendingAlongNormal(slice: 1)) {
      try VolumeGeometry(
        columns: 1, rows: 1, rowDirection: [1, 0, 0], columnDirection: [0, 1, 0], spacing: [1, 1, 1],
        sliceOrigins: [[0, 0, 1], [0, 0, 0]])
    }
  }
}
