import Foundation
import LesionMeasurement
import Testing

/// Analytic truth: tissues of one signal each under log S = slope * y / 50 mm, y the posterior coordinate.
@Suite struct CoilFallOffAnalyticTests {
  /// Samples of a tissue between two depths, with a spread of 3 %.
  private func tissue(
    _ group: Int, signal: Double, depths: Range<Int>, slope: Double, seed: UInt64
  ) -> [CoilFallOff.Sample] {
    var generator = SeededGenerator(seed: seed)
    return (0..<4000).map { index in
      let y = Double(depths.lowerBound) + Double(depths.count) * (Double(index) + 0.5) / 4000
      let value = signal * exp(slope * y / 50) * (1 + 0.03 * generator.normal())
      return .init(group: group, y: y, z: Double(index % 40) - 20, value: Float(value))
    }
  }

  @Test(arguments: [0.0, 0.2, 0.6]) func `muscle over a wide depth shows the slope`(slope: Double) throws {
    let parameters = SignalParameters()
    let samples = tissue(0, signal: 100, depths: -20..<40, slope: slope, seed: 1)
    let coil = try #require(
      CoilFallOff(CoilProfile(samples, parameters: parameters), near: 0, parameters: parameters))
    let (factor, error) = try #require(coil.factor(from: 30, to: -10))
    // 40 mm apart; the curvature is free within its prior, so that two per cent of error are its own.
    #expect(abs(log(factor) + slope * 40 / 50) < 0.02)
    #expect(error < 0.05)
  }

  @Test func `a gradient that marrow has of itself does not pass for the coil's`() throws {
    let parameters = SignalParameters()
    var samples = tissue(0, signal: 100, depths: -20..<40, slope: 0.3, seed: 2)
    for group in 1...3 {
      samples += tissue(group, signal: 150, depths: -25..<0, slope: 0.3 + 0.1, seed: UInt64(2 + group))
    }
    let coil = try #require(
      CoilFallOff(CoilProfile(samples, parameters: parameters), near: 0, parameters: parameters))
    let (factor, _) = try #require(coil.factor(from: 30, to: -10))
    #expect(abs(log(factor) + 0.3 * 40 / 50) < 0.02)
  }

  @Test func `marrow alone leaves the slope as unsure as its own gradient is`() throws {
    let parameters = SignalParameters()
    var samples: [CoilFallOff.Sample] = []
    for group in 1...3 { samples += tissue(group, signal: 150, depths: -25..<0, slope: 0.3, seed: UInt64(group)) }
    let coil = try #require(
      CoilFallOff(CoilProfile(samples, parameters: parameters), near: 0, parameters: parameters))
    let (_, error) = try #require(coil.factor(from: 20, to: -20))
    #expect(error > 0.5 * parameters.coilMarrowGradient * 40 / 50)
  }

  @Test func `far beyond the tissues, or with too few of them, there is no factor`() throws {
    let parameters = SignalParameters()
    let samples = tissue(0, signal: 100, depths: 0..<40, slope: 0.3, seed: 1)
    let profile = CoilProfile(samples, parameters: parameters)
    let coil = try #require(CoilFallOff(profile, near: 0, parameters: parameters))
    #expect(coil.factor(from: 20, to: -40) == nil)
    #expect(CoilFallOff(profile, near: 500, parameters: parameters) == nil)
    let thin = CoilProfile(samples.filter { $0.y < 8 }, parameters: parameters)
    #expect(CoilFallOff(thin, near: 0, parameters: parameters) == nil)
  }
}
