import Foundation
import Imaging
import LesionMeasurement
import Testing

/// Analytic truth: muscle of 100 with streaks and septa of fat, and nothing else known of it than its compartment.
@Suite struct PureMuscleAnalyticTests {
  private struct Scene {
    var volume: Volume
    var compartment: Region
    /// Muscle's own signal at each place, noise-free.
    var muscle: (Int, Int, Int) -> Double
    var isFat: (Int, Int, Int) -> Bool
  }

  /// Fat in stripes along the fibres, of a share that grows to the front, with partial volume at their borders.
  private func scene(fat: Double, fallOff: Double, sigma: Double) throws -> Scene {
    let grid = try Fixtures.sagittalGrid(columns: 60, rows: 120, slices: 5, spacing: Vector3(0.8, 0.8, 4))
    var generator = SeededGenerator(seed: 7)
    let share = { (c: Int, r: Int, s: Int) -> Double in
      let phase = (Double(c) + 0.05 * Double(r) + 3 * Double(s)).truncatingRemainder(dividingBy: 15)
      let width = 2 + 3 * (1 - Double(c) / 60)
      return max(0, min(1, width / 2 + 0.5 - abs(phase - 7)))
    }
    let sensitivity = { (c: Int) in exp(fallOff * (Double(c) - 30) * 0.8 / 50) }
    let volume = Fixtures.volume(grid) { c, r, s in
      let amplitude = sensitivity(c) * (100 + share(c, r, s) * (fat - 100))
      let (real, imaginary) = (amplitude + sigma * generator.normal(), sigma * generator.normal())
      return (real * real + imaginary * imaginary).squareRoot()
    }
    return Scene(
      volume: volume, compartment: Fixtures.region(grid) { c, r, _ in (2..<58).contains(c) && (2..<118).contains(r) },
      muscle: { c, _, _ in 100 * sensitivity(c) }, isFat: { share($0, $1, $2) > 0.5 })
  }

  /// 300: T1 and T2; 40: fat suppressed. One per cent: the rest of partial volume that local means let through.
  @Test(arguments: [(300.0, 0.0, 5.0), (40, 0, 5), (300, 0.6, 5), (40, 0.6, 5), (300, 0.2, 20)])
  func `what is kept has muscle's own mean`(fat: Double, fallOff: Double, sigma: Double) throws {
    let scene = try scene(fat: fat, fallOff: fallOff, sigma: sigma)
    let pure = PureMuscle.regions([scene.compartment], in: scene.volume, parameters: SignalParameters())[0]
    var (found, truth, fatty) = (0.0, 0.0, 0)
    pure.forEachVoxel { c, r, s in
      found += Double(scene.volume[c, r, s])
      truth += scene.muscle(c, r, s)
      fatty += scene.isFat(c, r, s) ? 1 : 0
    }
    var whole = 0.0
    scene.compartment.forEachVoxel { c, r, s in whole += Double(scene.volume[c, r, s]) / scene.muscle(c, r, s) }
    whole /= Double(scene.compartment.count)
    #expect(abs(whole - 1) > 0.1, "the compartment's own mean is no muscle's")
    // Magnitude images lift 100 by sigma^2 / 200.
    #expect(abs(found / truth - 1 - sigma * sigma / 20_000) < 0.01)
    #expect(pure.count > scene.compartment.count / 5)
    #expect(Double(fatty) < 0.01 * Double(pure.count))
  }

  @Test func `muscle without fat is kept nearly whole`() throws {
    let scene = try scene(fat: 100, fallOff: 0, sigma: 5)
    let pure = PureMuscle.regions([scene.compartment], in: scene.volume, parameters: SignalParameters())[0]
    // Within 1.5 standard deviations lie 87 % of a normal distribution; the outermost ring has no neighbourhood.
    #expect(Double(pure.count) > 0.8 * Double(scene.compartment.count))
  }

  @Test func `regions too small for a choice stay as they are, empty ones empty`() throws {
    let grid = try Fixtures.sagittalGrid(columns: 20, rows: 20, slices: 1, spacing: Vector3(1, 1, 4))
    let volume = Fixtures.volume(grid) { _, _, _ in 100 }
    let small = Fixtures.region(grid) { c, r, _ in c < 5 && r < 5 }
    let none = Fixtures.region(grid) { _, _, _ in false }
    #expect(PureMuscle.regions([small, none], in: volume, parameters: SignalParameters()) == [small, none])
    let flat = Fixtures.region(grid) { _, _, _ in true }
    #expect(PureMuscle.regions([flat], in: volume, parameters: SignalParameters())[0].count == 18 * 18)
  }
}
