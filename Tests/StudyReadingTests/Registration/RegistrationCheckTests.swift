import Foundation
import Imaging
import StudyReading
import Testing

/// Two contrasts of one analytic body: blobs at the same places in four tissues of other brightness, one of them moved.
struct RegistrationCheckAnalyticTests {
  private struct Blob {
    var centre: Vector3
    var radius: Double
    var first: Double
    var second: Double
  }

  private func blobs() -> [Blob] {
    var generator = SeededGenerator(seed: 11)
    let tissues = [(100.0, 300.0), (200, -150), (300, 80), (400, 200)]
    return (0..<40).map { number in
      Blob(
        centre: Vector3(
          .random(in: -25...25, using: &generator), .random(in: -60...60, using: &generator),
          .random(in: -60...60, using: &generator)), radius: .random(in: 6...16, using: &generator),
        first: tissues[number % 4].0, second: tissues[number % 4].1)
    }
  }

  private func volume(_ blobs: [Blob], moved: Vector3, second: Bool) throws -> Volume {
    let geometry = try VolumeGeometry(
      columns: 128, rows: 128, slices: 14, origin: [-26, -63, 63], rowDirection: [0, 1, 0],
      columnDirection: [0, 0, -1],
      spacing: [1, 1, 4])
    var voxels: [Float] = []
    for slice in 0..<14 {
      for row in 0..<128 {
        for column in 0..<128 {
          let point = geometry.position(column: Double(column), row: Double(row), slice: slice) - moved
          // The nearest blob's tissue, with an edge of about a millimetre: one grey level a tissue and series, as in MR.
          var value = 200.0
          var depth = 0.0
          for blob in blobs {
            let inside = blob.radius - (point - blob.centre).length
            guard inside > depth else { continue }
            depth = inside
            value = 200 + (second ? blob.second : blob.first) * min(1, inside)
          }
          voxels.append(Float(value))
        }
      }
    }
    return Volume(geometry: geometry, voxels: voxels)
  }

  @Test func `a shift between two contrasts is measured within half a millimetre in the plane`() throws {
    let all = blobs()
    let truth = Vector3(0.6, 2.3, -1.4)
    let fixed = try volume(all, moved: .zero, second: false)
    let moving = try volume(all, moved: truth, second: true)
    let measured = try #require(RegistrationCheck.measure(first: fixed, second: moving))
    print("MEASURED shift \(measured.shift) gain \(measured.gain)")
    #expect(abs(measured.shift.y - truth.y) < 0.5)
    #expect(abs(measured.shift.z - truth.z) < 0.5)
    #expect(abs(measured.shift.x - truth.x) < 1.5)  // across 4 mm slices
    #expect(measured.isReliable)
  }

  @Test func `no shift is reported where there is none`() throws {
    let all = blobs()
    let fixed = try volume(all, moved: .zero, second: false)
    let other = try volume(all, moved: .zero, second: true)
    let measured = try #require(RegistrationCheck.measure(first: fixed, second: other))
    #expect(measured.shift.length < 0.5)
    #expect(!measured.isReliable)
  }

  @Test func `flat or disjoint series give nothing`() throws {
    let all = blobs()
    let fixed = try volume(all, moved: .zero, second: false)
    let flat = Volume(geometry: fixed.geometry, voxels: [Float](repeating: 1, count: fixed.geometry.count))
    #expect(RegistrationCheck.measure(first: fixed, second: flat) == nil)
  }
}
