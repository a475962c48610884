import Foundation
import Kernels
import Testing

@Suite struct RidgeFilterAnalyticTests {
  private func raster(_ columns: Int, _ rows: Int, _ dx: Double, _ dy: Double, _ f: (Double, Double) -> Double)
    -> RidgeRaster
  {
    var pixels: [Float] = []
    for row in 0..<rows {
      for column in 0..<columns {
        pixels.append(Float(f((Double(column) - Double(columns) / 2) * dx, (Double(row) - Double(rows) / 2) * dy)))
      }
    }
    return RidgeRaster(columns: columns, rows: rows, pixels: pixels, columnSpacing: dx, rowSpacing: dy)
  }

  /// A Gaussian line of height A and width w is seen at scale w * sqrt 2 with its own height, at any angle and for
  /// unequal pixels.
  @Test(arguments: [0.0, 0.4, 0.9, 1.3, 1.57])
  func `a Gaussian line is measured at its own height`(angle: Double) {
    let image = raster(80, 80, 0.5, 0.6) { x, y in
      let across = -x * sin(angle) + y * cos(angle)
      return 10 + 3 * exp(-across * across / (2 * 1.0))
    }
    let seen = RidgeFilter.bright(image, sigmas: [0.7, 1.0, 2.0.squareRoot(), 2.0], noise: 0.1)
    let centre = 40 * 80 + 40
    // 2 %: taps of a pixel's width are not quite Gaussians.
    #expect(abs(Double(seen.height[centre]) - 3) < 0.06)
    #expect(seen.scale[centre] == 2)
    let turn = abs(sin(Double(seen.direction[centre]) - angle))
    #expect(turn < 0.02)
  }

  @Test func `a blob, a ramp, a flat field and a dark line draw nothing at their centre`() {
    let scales = [1.0, 1.5]
    let blob = raster(60, 60, 0.7, 0.7) { x, y in exp(-(x * x + y * y) / 4) }
    #expect(RidgeFilter.bright(blob, sigmas: scales, noise: 0).height[30 * 60 + 30] < 0.01)
    let ramp = raster(60, 60, 0.7, 0.7) { x, y in 2 * x + y }
    #expect(RidgeFilter.bright(ramp, sigmas: scales, noise: 0).height[30 * 60 + 30] < 0.001)
    let flat = raster(20, 20, 1, 1) { _, _ in 5 }
    #expect(RidgeFilter.bright(flat, sigmas: scales, noise: 1).height.allSatisfy { $0 < 1e-4 })
    let dark = raster(60, 60, 0.7, 0.7) { _, y in -exp(-y * y / 2) }
    #expect(RidgeFilter.bright(dark, sigmas: scales, noise: 0).height[30 * 60 + 30] == 0)
  }

  @Test func `white noise has the standard deviation that the gain says`() {
    var state: UInt64 = 9
    func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / 9_007_199_254_740_992
    }
    let image = raster(200, 200, 0.8, 0.8) { _, _ in
      (-2 * log(max(uniform(), 1e-12))).squareRoot() * cos(2 * .pi * uniform())
    }
    let hessian = RidgeHessian(image, sigma: 1)
    let mean = hessian.xx.reduce(0) { $0 + Double($1) } / 40_000
    let variance = hessian.xx.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / 40_000
    let gain = RidgeFilter.noiseGain(sigma: 1, columnSpacing: 0.8, rowSpacing: 0.8)
    // 40 000 correlated pixels: 3 %.
    #expect(abs(variance.squareRoot() / gain - 1) < 0.03)
  }

  @Test(arguments: 0...33) func `the vector measure equals its scalar twin at every length`(count: Int) {
    let xx = (0..<count).map { Float(sin(Double($0) * 1.7)) }
    let yy = (0..<count).map { Float(cos(Double($0) * 2.3)) }
    let xy = (0..<count).map { Float(sin(Double($0) * 0.9 + 1)) }
    let vector = RidgeHessian.measure(xx, yy, xy)
    #expect(vector == (0..<count).map { RidgeHessian.measureScalar(xx[$0], yy[$0], xy[$0]) })
  }
}

@Suite struct SkeletonAnalyticTests {
  private func mask(_ rows: [String]) -> [UInt8] { rows.flatMap { $0.map { $0 == "#" ? 1 : 0 } } }

  @Test func `a thick bar thins to one line of its length`() {
    var bar = [UInt8](repeating: 0, count: 40 * 11)
    for row in 3..<8 { for column in 5..<35 { bar[row * 40 + column] = 1 } }
    let thin = SkeletonThinning.thin(bar, columns: 40, rows: 11)
    let graph = SkeletonGraph(skeleton: thin, columns: 40, rows: 11, columnSpacing: 0.5, rowSpacing: 2)
    #expect(graph.branches.count == 1 && graph.junctions == 0)
    // 30 columns of 0.5 mm; thinning takes up to half the bar's five rows from either end.
    #expect(abs(graph.branches[0].length - 13) < 1.6)
    #expect(abs(graph.branches[0].length - graph.branches[0].chord) < 0.5)
  }

  @Test func `a cross has four branches and one junction, a ring is one closed branch`() {
    let cross = mask([
      "....#....", "....#....", "....#....", "....#....", "#########", "....#....", "....#....",
      "....#....", "....#....",
    ])
    let graph = SkeletonGraph(skeleton: cross, columns: 9, rows: 9, columnSpacing: 1, rowSpacing: 1)
    #expect(graph.branches.count == 4 && graph.junctions == 1)
    #expect(graph.branches.allSatisfy { abs($0.length - 4) < 1e-9 })
    var ring = [UInt8](repeating: 0, count: 400)
    for step in 0..<200 {
      let angle = Double(step) / 200 * 2 * .pi
      ring[Int((10 + 7 * sin(angle)).rounded()) * 20 + Int((10 + 7 * cos(angle)).rounded())] = 1
    }
    let closed = SkeletonGraph(
      skeleton: SkeletonThinning.thin(ring, columns: 20, rows: 20), columns: 20, rows: 20, columnSpacing: 1,
      rowSpacing: 1)
    #expect(closed.branches.count == 1)
    // Circumference 44 mm; a pixel's staircase, smoothed: 6 %.
    #expect(abs(closed.branches[0].length / (14 * .pi) - 1) < 0.06)
    #expect(closed.branches[0].chord < 1.5)
  }

  @Test func `thinning keeps the number of parts and holes`() {
    var state: UInt64 = 3
    for _ in 0..<20 {
      var image = [UInt8](repeating: 0, count: 30 * 30)
      for index in image.indices {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let (column, row) = (index % 30, index / 30)
        if column > 0, row > 0, column < 29, row < 29, state >> 62 != 0 { image[index] = 1 }
      }
      let thin = SkeletonThinning.thin(image, columns: 30, rows: 30)
      func parts(_ mask: [UInt8]) -> Int {
        ConnectedComponents(mask: mask, columns: 30, rows: 30, slices: 1, connectivity: .corners).count
      }
      func holes(_ mask: [UInt8]) -> Int {
        ConnectedComponents(
          mask: mask.map { $0 == 0 ? 1 : 0 }, columns: 30, rows: 30, slices: 1, connectivity: .faces
        ).count
      }
      #expect(parts(thin) == parts(image))
      #expect(holes(thin) == holes(image))
    }
  }

  @Test func `hairs are cut and lines of their own stay`() {
    let image = mask(["..........", ".####.....", "..........", ".########.", "....#.....", ".........."])
    let kept = SkeletonGraph.pruned(image, columns: 10, rows: 6, columnSpacing: 1, rowSpacing: 1, shorterThan: 1.6)
    #expect(kept[4 * 10 + 4] == 0)
    #expect((1...8).allSatisfy { kept[3 * 10 + $0] == 1 })
    #expect((1...4).allSatisfy { kept[1 * 10 + $0] == 1 })
  }
}
