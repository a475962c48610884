import Foundation
import Imaging
import LesionMeasurement
import Testing

/// Consensus values and tolerances of the IBSI-1 digital phantom (ibsi1_digital_phantom_reference.csv); where the table
/// gives no tolerance, half a unit of the last digit printed.
@Suite struct IBSIOracleTests {
  @Test func `shape agrees with the consensus`() throws {
    let (volume, region) = try IBSIPhantom.published()
    let size = try #require(SizeInSpace(of: region))
    let shape = try #require(ShapeOfRegion(of: region))
    let shift = try #require(try ShapeOfRegion.centreOfMassShift(of: volume, in: region))
    let expected: [(String, Double, Double, Double)] = [
      ("RNU0", size.meshVolume, 556, 4), ("YEKZ", size.volume, 592, 4), ("C0JK", size.meshArea, 388, 3),
      ("2PR5", shape.surfaceToVolumeRatio, 0.698, 0.004), ("SKGS", shape.compactness1, 0.0411, 0.0003),
      ("BQWJ", shape.compactness2, 0.599, 0.004), ("KRCK", shape.sphericalDisproportion, 1.19, 0.01),
      ("QCFX", shape.sphericity, 0.843, 0.005), ("25C7", shape.asphericity, 0.186, 0.001),
      ("KLMA", shift, 0.672, 0.004), ("L0JK", size.maximumDiameter, 13.1, 0.1), ("TDIC", shape.majorAxis, 11.4, 0.1),
      ("P9VJ", shape.minorAxis, 9.31, 0.06), ("7J51", shape.leastAxis, 8.54, 0.05),
      ("Q3CK", try #require(shape.elongation), 0.816, 0.005), ("N17B", try #require(shape.flatness), 0.749, 0.005),
      ("PBX1", shape.volumeDensityOfBox, 0.869, 0.005), ("R59B", shape.areaDensityOfBox, 0.866, 0.005),
    ]
    for (code, value, reference, tolerance) in expected {
      #expect(abs(value - reference) <= tolerance, "\(code): \(value) for \(reference)")
    }
  }

  @Test func `statistics agree with the consensus`() throws {
    let (volume, region) = try IBSIPhantom.published()
    let statistics = try IntensityStatistics(of: volume, in: region)
    let expected: [(String, Double, Double, Double)] = [
      ("Q4LE", statistics.mean, 2.15, 0.005), ("ECT3", statistics.variance, 3.05, 0.005),
      ("KE2A", try #require(statistics.skewness), 1.08, 0.005),
      ("IPH6", try #require(statistics.kurtosis), -0.355, 0.0005), ("Y12H", statistics.median, 1, 0),
      ("1GSF", statistics.minimum, 1, 0), ("QG58", statistics.percentile10, 1, 0),
      ("8DWT", statistics.percentile90, 4, 0), ("84IY", statistics.maximum, 6, 0),
      ("SALO", statistics.interquartileRange, 3, 0), ("2OJQ", statistics.range, 5, 0),
      ("4FUA", statistics.meanAbsoluteDeviation, 1.55, 0.005),
      ("1128", statistics.robustMeanAbsoluteDeviation, 1.11, 0.005),
      ("N72L", statistics.medianAbsoluteDeviation, 1.15, 0.005),
      ("7TET", try #require(statistics.coefficientOfVariation), 0.812, 0.0005),
      ("9S40", try #require(statistics.quartileCoefficientOfDispersion), 0.6, 0.0005),
      ("N8CA", statistics.energy, 567, 0.5), ("5ZWQ", statistics.rootMeanSquare, 2.77, 0.005),
    ]
    for (code, value, reference, tolerance) in expected {
      #expect(abs(value - reference) <= tolerance + 1e-9, "\(code): \(value) for \(reference)")
    }
  }

  /// The twin: the same voxels with spacing 1 x 2 x 5 mm on a grid turned about all three axes. Turning leaves every
  /// value as it is; the stretch is undone or brute-forced here, so the truth does not come from the code under test.
  @Test func `an anisotropic oblique twin keeps its truth`() throws {
    let (a, b) = (cos(0.5), sin(0.5))
    let (c, d) = (cos(-0.3), sin(-0.3))
    let row = Vector3(a * c, b * c, d)
    let column = Vector3(-b, a, 0)
    let spacing = Vector3(1, 2, 5)
    let (volume, region) = IBSIPhantom.scene(
      try VolumeGeometry(
        columns: 5, rows: 4, slices: 4, origin: Vector3(-30, 12, 700), rowDirection: row, columnDirection: column,
        spacing: spacing))
    let size = try #require(SizeInSpace(of: region))
    let shape = try #require(ShapeOfRegion(of: region))
    // Volumes are stretched by the determinant, 10 mm3 for 8.
    #expect(abs(size.volume - 740) < 1e-9)
    #expect(abs(size.meshVolume / 10 - 556 / 8.0) < 4 / 8.0)
    #expect(abs(size.maximumDiameter - Self.bruteDiameter(region)) < 1e-9)
    // Axes by an independent route: traces of the covariance and of its square.
    let moments = Self.moments(region)
    let lengths = [shape.majorAxis, shape.minorAxis, shape.leastAxis].map { $0 * $0 / 16 }
    #expect(abs(lengths.reduce(0, +) - moments.trace) < 1e-9 * moments.trace)
    #expect(abs(lengths.reduce(0) { $0 + $1 * $1 } - moments.traceOfSquare) < 1e-9 * moments.traceOfSquare)
    let shift = try #require(try ShapeOfRegion.centreOfMassShift(of: volume, in: region))
    #expect(abs(shift - Self.shift(spacing)) < 1e-9)
    // The diameter in the slices: a whole slice is 5 columns of 1 mm by 4 rows of 2 mm.
    let plane = try #require(PlanarDiameter(of: region))
    #expect(abs(plane.millimetres - Self.brutePlanarDiameter(region, slice: plane.index)) < 1e-9)
    #expect(abs((plane.endpoints[1] - plane.endpoints[0]).length - plane.millimetres) < 1e-9)
    #expect(abs((plane.endpoints[1] - plane.endpoints[0]).dot(row.cross(column))) < 1e-9)
  }

  private static func vertices(_ region: Region) -> [(index: SIMD3<Double>, slice: Int?)] {
    var vertices: [(SIMD3<Double>, Int?)] = []
    region.forEachVoxel { c, r, s in
      for (dc, dr, ds) in [(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)]
      where !region.contains(column: c + dc, row: r + dr, slice: s + ds) {
        let middle = SIMD3(
          Double(c) + Double(dc) / 2, Double(r) + Double(dr) / 2, Double(s) + Double(ds) / 2)
        vertices.append((middle, ds == 0 ? s : nil))
      }
    }
    return vertices
  }

  private static func longest(_ points: [SIMD3<Double>]) -> Double {
    var longest = 0.0
    for p in points { for q in points { longest = max(longest, (p - q).length) } }
    return longest
  }

  private static func bruteDiameter(_ region: Region) -> Double {
    longest(vertices(region).map { $0.index * region.geometry.spacing })
  }

  private static func brutePlanarDiameter(_ region: Region, slice: Int) -> Double {
    longest(vertices(region).filter { $0.slice == slice }.map { $0.index * region.geometry.spacing })
  }

  private static func moments(_ region: Region) -> (trace: Double, traceOfSquare: Double) {
    var points: [SIMD3<Double>] = []
    region.forEachVoxel { c, r, s in points.append(SIMD3(Double(c), Double(r), Double(s)) * region.geometry.spacing) }
    let centre = points.reduce(.zero, +) / Double(points.count)
    var trace = 0.0
    var square = 0.0
    for axis in 0..<3 {
      for other in 0..<3 {
        let covariance = points.reduce(0) { $0 + ($1[axis] - centre[axis]) * ($1[other] - centre[other]) }
        let value = covariance / Double(points.count - 1)
        if axis == other { trace += value }
        square += value * value
      }
    }
    return (trace, square)
  }

  private static func shift(_ spacing: SIMD3<Double>) -> Double {
    var weighted = SIMD3<Double>.zero
    var plain = SIMD3<Double>.zero
    var sum = 0.0
    for offset in IBSIPhantom.values.indices where !IBSIPhantom.outside.contains(offset) {
      let index = SIMD3(Double(offset % 5), Double(offset / 5 % 4), Double(offset / 20)) * spacing
      weighted += index * IBSIPhantom.values[offset]
      plain += index
      sum += IBSIPhantom.values[offset]
    }
    return (weighted / sum - plain / 74).length
  }
}
