import Imaging
import StudyReading
import Testing

/// Shifts of drawn images, which are known exactly.
struct InPlaneShiftAnalyticTests {
  private static let parameters = RegistrationParameters()

  /// Bodies, discs and a canal with edges of 1 mm, anywhere in a sagittal plane.
  private static func tissue(_ x: Double, _ y: Double) -> Double {
    var value = 0.2
    func paint(_ depth: Double, _ level: Double) {
      let share = depth > 20 ? 1 : depth < -20 ? 0 : 1 / (1 + exponential(-depth / 0.3))
      value += (level - value) * share
    }
    paint(min(x - 58, 72 - x), 0.7)
    for body in 0..<6 {
      let middle = 12 + Double(body) * 21
      paint(min(min(x - 28 - Double(body), 54 - x), 8 - abs(y - middle)), 0.55 + 0.05 * Double(body % 3))
    }
    let distance = ((x - 41) * (x - 41) + (y - 54) * (y - 54)).squareRoot()
    paint(5 - distance, 0.95)
    return value
  }

  private static func exponential(_ x: Double) -> Double {
    var term = 1.0
    var sum = 1.0
    let part = x / 64
    for k in 1..<20 {
      term *= part / Double(k)
      sum += term
    }
    for _ in 0..<6 { sum *= sum }
    return sum
  }

  private static func grid(
    _ columns: Int = 120, _ rows: Int = 150, pixel: SIMD2<Double> = SIMD2(0.8, 0.9), slices: Int = 5,
    origin: Vector3 = .zero, frame: String? = "1.2.3", row: Vector3 = Vector3(0, 1, 0)
  ) throws -> VolumeGeometry {
    try VolumeGeometry(
      columns: columns, rows: rows, slices: slices, origin: origin, rowDirection: row,
      columnDirection: Vector3(0, 0, -1), spacing: Vector3(pixel.x, pixel.y, 4), frameOfReferenceUID: frame)
  }

  /// The tissue moved by `shift` (mm along rows, along columns), through `contrast`, with noise.
  private static func image(
    _ grid: VolumeGeometry, shift: SIMD2<Double> = .zero, noise: Double = 0, seed: UInt64 = 1,
    contrast: (Double) -> Double = { $0 }
  ) -> Volume {
    var state = seed &* 0x9E37_79B9_7F4A_7C15
    func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(UInt64(1) << 53) - 0.5
    }
    var voxels: [Float] = []
    for slice in 0..<grid.slices {
      for row in 0..<grid.rows {
        for column in 0..<grid.columns {
          let point = grid.position(column: Double(column), row: Double(row), slice: slice)
          let value = contrast(tissue(point.y - shift.x, -point.z - shift.y))
          // Six uniform numbers of variance 1/12 each: variance 1/2.
          let random = (0..<6).reduce(0.0) { sum, _ in sum + uniform() } * 2.0.squareRoot()
          voxels.append(Float(100 * (value + noise * random)))
        }
      }
    }
    return Volume(geometry: grid, voxels: voxels)
  }

  private static let lesion = VoxelBox(columns: 45..<58, rows: 54..<66, slices: 1..<4)

  private static func measure(
    _ other: Volume, against reference: Volume
  ) throws(InPlaneShift.Failure) -> InPlaneShift {
    try InPlaneShift.measure(
      other, against: reference, windows: ShiftWindow.around([lesion], in: reference.geometry, parameters), parameters)
  }

  // The published shared error: a parabola through a peak that is none errs by up to a tenth of a pixel (mm here).
  private static let tolerance = 0.1 * 0.9

  @Test(arguments: [SIMD2(0, 0), SIMD2(0.37, -0.52), SIMD2(-1.1, 0.2), SIMD2(2.4, -2.1)])
  func `a shift of less than a pixel or of several is found, with its sign and in patient space`(
    shift: SIMD2<Double>
  ) throws {
    let grid = try Self.grid()
    let found = try Self.measure(Self.image(grid, shift: shift), against: Self.image(grid))
    #expect(abs(found.inPlane.x - shift.x) < Self.tolerance && abs(found.inPlane.y - shift.y) < Self.tolerance)
    let wanted = Vector3(0, shift.x, -shift.y)
    #expect((found.shift - wanted).length < 2 * Self.tolerance)
  }

  @Test func `contrast may be inverted or unequal`() throws {
    let grid = try Self.grid()
    let shift = SIMD2(0.6, -0.9)
    let contrasts: [(Double) -> Double] = [{ 1 - $0 }, { $0 * $0 * $0 }]
    for contrast in contrasts {
      let found = try Self.measure(
        Self.image(grid, shift: shift, noise: 0.02, contrast: contrast), against: Self.image(grid, noise: 0.02, seed: 2)
      )
      for axis in 0..<2 {
        // Noise of 2 % of the brightest tissue; 2.5 errors are exceeded once in eighty times.
        #expect(abs(found.inPlane[axis] - shift[axis]) < 2.5 * found.standardError[axis])
        #expect(found.standardError[axis] < 0.3)
      }
    }
  }

  @Test func `the other series may have other pixels, another origin and rows the other way`() throws {
    let reference = Self.image(try Self.grid())
    let shift = SIMD2(-0.7, 0.8)
    let coarse = try Self.grid(100, 130, pixel: SIMD2(1.05, 1.1), origin: Vector3(0.3, -2.2, 1.7))
    // The reference's slices lie at x = 0, -4, ... -16; these begin at the other end.
    let turned = try Self.grid(120, 150, origin: Vector3(-16, 119 * 0.8, 0), row: Vector3(0, -1, 0))
    for grid in [coarse, turned] {
      let found = try Self.measure(Self.image(grid, shift: shift), against: reference)
      // Bilinear interpolation blurs what a coarser pixel has blurred already.
      #expect(abs(found.inPlane.x - shift.x) < 0.1 && abs(found.inPlane.y - shift.y) < 0.1)
    }
  }

  @Test func `noise alone, no overlap, another plane or frame and too great a shift have a reason instead`() throws {
    let grid = try Self.grid()
    let reference = Self.image(grid)
    for seed in UInt64(1)...20 {
      let noise = Self.image(grid, noise: 0.1, seed: seed) { _ in 0.5 }
      #expect(throws: InPlaneShift.Failure.self) { try Self.measure(noise, against: reference) }
    }
    #expect(throws: InPlaneShift.Failure.structure) {
      try Self.measure(Self.image(grid) { _ in 0.5 }, against: reference)
    }
    let between = try Self.grid(origin: Vector3(2, 0, 0))
    let beside = try Self.grid(origin: Vector3(0, 70, 0))
    for grid in [between, beside] {
      #expect(throws: InPlaneShift.Failure.overlap) { try Self.measure(Self.image(grid), against: reference) }
    }
    let stranger = try Self.grid(frame: "1.2.4")
    #expect(throws: InPlaneShift.Failure.frames) { try Self.measure(Self.image(stranger), against: reference) }
    let oblique = try Self.grid(row: Vector3(0.1, 0.99, 0))
    #expect(throws: InPlaneShift.Failure.planes) { try Self.measure(Self.image(oblique), against: reference) }
    #expect(throws: InPlaneShift.Failure.self) {
      try Self.measure(Self.image(grid, shift: SIMD2(7, 0)), against: reference)
    }
  }

  @Test func `the standard error covers the error that noise makes`() throws {
    let grid = try Self.grid()
    var inside = 0
    var count = 0
    for seed in UInt64(1)...20 {
      let shift = SIMD2(Double(seed % 5) * 0.3 - 0.6, Double(seed % 7) * 0.25 - 0.75)
      let found = try Self.measure(
        Self.image(grid, shift: shift, noise: 0.08, seed: seed) { 1 - $0 },
        against: Self.image(grid, noise: 0.08, seed: seed + 100))
      for axis in 0..<2 {
        count += 1
        if abs(found.inPlane[axis] - shift[axis]) <= 2 * found.standardError[axis] { inside += 1 }
        #expect(found.standardError[axis] < 0.5)  // below a pixel, or the answer is worth nothing
      }
    }
    // 95 % of 40 are 38; fewer than 34 come up by chance once in a hundred.
    #expect(inside >= 34, "\(inside) of \(count)")
  }

  @Test func `windows are the same whatever else is decoded, and few`() throws {
    let grid = try Self.grid()
    let windows = ShiftWindow.around([Self.lesion], in: grid, Self.parameters)
    #expect(windows.count >= Self.parameters.minimumWindows && windows.count <= Self.parameters.windows)
    let box = try #require(ShiftWindow.box(of: windows, in: grid, Self.parameters))
    #expect(box.isInside(grid))
    let many = (0..<30).map { VoxelBox(columns: 40..<60, rows: (3 * $0)..<(3 * $0 + 10), slices: 0..<5) }
    #expect(ShiftWindow.around(many, in: grid, Self.parameters).count == Self.parameters.windows)
    #expect(ShiftWindow.around([Self.lesion], in: try Self.grid(30, 30), Self.parameters).isEmpty)
  }
}
