import Kernels
import Testing

@Suite struct GridKernelsAnalyticTests {
  private func randomMask(_ count: Int, seed: UInt32, per thousand: UInt32) -> [UInt8] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return (state >> 12) % 1000 < thousand ? 1 : 0
    }
  }

  /// Flood fill, as plain as can be.
  private func flooded(_ mask: [UInt8], _ n: (Int, Int, Int), _ connectivity: Connectivity) -> [Int32] {
    var labels = [Int32](repeating: 0, count: mask.count)
    var next: Int32 = 0
    for start in mask.indices where mask[start] != 0 && labels[start] == 0 {
      next += 1
      labels[start] = next
      var stack = [start]
      while let place = stack.popLast() {
        let (x, y, z) = (place % n.0, place / n.0 % n.1, place / n.0 / n.1)
        for dz in -1...1 {
          for dy in -1...1 {
            for dx in -1...1 {
              let steps = abs(dx) + abs(dy) + abs(dz)
              let most = connectivity == .faces ? 1 : connectivity == .edges ? 2 : 3
              guard steps > 0, steps <= most, x + dx >= 0, x + dx < n.0, y + dy >= 0, y + dy < n.1, z + dz >= 0,
                z + dz < n.2
              else { continue }
              let other = place + dx + (dy + dz * n.1) * n.0
              if mask[other] != 0, labels[other] == 0 {
                labels[other] = next
                stack.append(other)
              }
            }
          }
        }
      }
    }
    return labels
  }

  @Test(arguments: [Connectivity.faces, .edges, .corners])
  func `components equal a flood fill`(connectivity: Connectivity) {
    for (seed, thousand) in [(1, 300), (2, 150), (3, 600), (4, 50)] as [(UInt32, UInt32)] {
      let n = (13, 9, 7)
      let mask = randomMask(n.0 * n.1 * n.2, seed: seed, per: thousand)
      let parts = ConnectedComponents(
        mask: mask, columns: n.0, rows: n.1, slices: n.2, connectivity: connectivity)
      #expect(parts.labels == flooded(mask, n, connectivity))
      #expect(parts.sizes.reduce(0, +) == mask.reduce(0) { $0 + Int($1) })
    }
  }

  @Test(arguments: [false, true]) func `distances equal a search over all background voxels`(border: Bool) {
    let n = (11, 9, 6)
    let spacing = SIMD3(0.7, 1.1, 4.0)
    for seed in 1...4 as ClosedRange<UInt32> {
      let mask = randomMask(n.0 * n.1 * n.2, seed: seed, per: 900)
      let distances = DistanceTransform.insideDistance(
        mask: mask, columns: n.0, rows: n.1, slices: n.2, spacing: spacing, outsideIsBackground: border)
      let reach = border ? 1 : 0
      for place in mask.indices {
        let (x, y, z) = (place % n.0, place / n.0 % n.1, place / n.0 / n.1)
        var best = mask[place] == 0 ? 0.0 : Double.infinity
        for k in -reach..<(n.2 + reach) {
          for j in -reach..<(n.1 + reach) {
            for i in -reach..<(n.0 + reach) {
              let inside = i >= 0 && i < n.0 && j >= 0 && j < n.1 && k >= 0 && k < n.2
              if inside, mask[(k * n.1 + j) * n.0 + i] != 0 { continue }
              let d = SIMD3(Double(i - x), Double(j - y), Double(k - z)) * spacing
              best = min(best, (d.x * d.x + d.y * d.y + d.z * d.z).squareRoot())
            }
          }
        }
        // Squares are summed in Float.
        #expect(abs(Double(distances[place]) - best) < 1e-4)
      }
    }
  }

  @Test func `a mask without background is infinitely deep`() {
    let distances = DistanceTransform.insideDistance(
      mask: [1, 1, 1, 1], columns: 2, rows: 2, slices: 1, spacing: SIMD3(1, 1, 1))
    #expect(distances.allSatisfy { $0 == .infinity })
  }

  @Test func `the farthest pair equals a search over all pairs`() throws {
    for seed in 1...6 as ClosedRange<UInt32> {
      let raw = randomMask(3 * 60, seed: seed, per: 500)
      var state = seed &* 77
      let points = (0..<60).map { index -> SIMD3<Double> in
        state = state &* 1_664_525 &+ 1_013_904_223
        return SIMD3(Double(state >> 20), Double(state >> 8 & 4095), Double(raw[index]) * 500)
      }
      var best = 0.0
      var flat = 0.0
      for p in points {
        for q in points {
          let d = p - q
          best = max(best, (d.x * d.x + d.y * d.y + d.z * d.z).squareRoot())
          flat = max(flat, (d.x * d.x + d.y * d.y).squareRoot())
        }
      }
      #expect(abs(try #require(FarthestPair.inSpace(points)).distance - best) < 1e-9)
      let pair = try #require(ConvexHull.farthestPair(points.map { SIMD2($0.x, $0.y) }))
      let gap = pair.0 - pair.1
      #expect(abs((gap.x * gap.x + gap.y * gap.y).squareRoot() - flat) < 1e-9)
    }
    #expect(FarthestPair.inSpace([]) == nil)
    #expect(try #require(FarthestPair.inSpace([SIMD3(1, 2, 3)])).distance == 0)
  }

  @Test func `outlines close around their pixels and holes`() {
    // A ring of eight pixels around a hole, and a single pixel that touches it at a corner.
    let mask: [UInt8] = [
      1, 1, 1, 0,
      1, 0, 1, 0,
      1, 1, 1, 0,
      0, 0, 0, 1,
    ]
    let outlines = MarchingSquares.outlines(mask: mask, columns: 4, rows: 4)
    #expect(outlines.count == 2)
    let areas = outlines.map(ConvexHull.signedArea).sorted()
    // The hole is a diamond of half a pixel; the square of 3 loses four corners of 1/8, the touching pixel adds.
    #expect(areas[0] == -0.5)
    #expect(areas[1] > 8.5)
    // Every vertex lies half-way between an inside and an outside pixel.
    let count = outlines.reduce(0) { $0 + $1.count }
    #expect(count == 12 + 4 + 4)
  }

  @Test func `the hull from row ends is the hull of the outline`() throws {
    for seed in 1...10 as ClosedRange<UInt32> {
      let (columns, rows) = (19, 11)
      let mask = randomMask(columns * rows, seed: seed, per: 120)
      let hull = PlaneHull(outlineOf: mask, offset: 0, columns: columns, rows: rows)
      let pair = try #require(hull.farthestPair(spacing: SIMD2(0.7, 1.9)))
      var best = 0.0
      let vertices = MarchingSquares.outlines(mask: mask, columns: columns, rows: rows).flatMap { $0 }
      for p in vertices {
        for q in vertices {
          let d = (p - q) * SIMD2(0.7, 1.9)
          best = max(best, (d.x * d.x + d.y * d.y).squareRoot())
        }
      }
      #expect(abs(pair.distance - best) < 1e-9)
    }
  }

  @Test func `the mesh of a box has its faces and chamfered edges`() {
    // n voxels along each axis: the half-level mesh encloses n^3 minus the edges' and corners' chamfers.
    let n = 6
    let mesh = MarchingCubes.measure(
      mask: [UInt8](repeating: 1, count: n * n * n), columns: n, rows: n, slices: n, spacing: SIMD3(1, 1, 1))
    // Twelve edges lose a prism of 1/8 over n - 1, eight corners a cube of 1/8 less its tetrahedron of 1/48.
    let expected = Double(n * n * n) - 12 * Double(n - 1) / 8 - 8 * (1.0 / 8 - 1.0 / 48)
    #expect(abs(mesh.volume - expected) < 1e-9)
    let area = 6 * Double((n - 1) * (n - 1)) + 12 * Double(n - 1) * 0.5.squareRoot() + 8 * 3.0.squareRoot() / 8
    #expect(abs(mesh.area - area) < 1e-9)
  }

  @Test func `eigenvalues of a turned diagonal matrix come back`() {
    let (c, s) = (0.8, 0.6)
    // diag(9, 4, 1) turned in the x-y plane.
    let eigen = SymmetricEigen3(
      xx: 9 * c * c + 4 * s * s, yy: 9 * s * s + 4 * c * c, zz: 1, xy: (9 - 4) * c * s, xz: 0, yz: 0)
    #expect(abs(eigen.values.x - 9) < 1e-12 && abs(eigen.values.y - 4) < 1e-12 && abs(eigen.values.z - 1) < 1e-12)
    #expect(abs(abs(eigen.vectors[0].x) - c) < 1e-12)
  }
}
