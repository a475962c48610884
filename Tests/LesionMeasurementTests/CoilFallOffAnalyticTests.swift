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

  @Test func `a muscle in front that holds fat bends the slope by no more than its offset allows`() throws {
    let parameters = SignalParameters()
    // Back and psoas, 20 mm of other tissue between them; psoas is brighter by 12 per cent for its own reasons, the coil is even, and
    // three vertebrae without a gradient lie at psoas' depth.
    var samples = tissue(0, signal: 100, depths: 20..<60, slope: 0, seed: 3)
    samples += tissue(0, signal: 112, depths: -30..<0, slope: 0, seed: 4)
    for group in 1...3 { samples += tissue(group, signal: 150, depths: -30..<0, slope: 0, seed: UInt64(10 + group)) }
    let coil = try #require(
      CoilFallOff(CoilProfile(samples, parameters: parameters), near: 0, parameters: parameters))
    let (factor, error) = try #require(coil.factor(from: 40, to: -15))
    // Without an offset of psoas' own the factor is 1.12; the truth is 1, and has to lie within two standard errors.
    #expect(factor < 1.09)
    #expect(abs(log(factor)) < 2 * error)
  }

  @Test func `of three series the one whose muscle was mixed is left out, of two the surer one weighs more`() throws {
    let parameters = SignalParameters()
    func series(_ slope: Double, _ seed: UInt64, depths: Range<Int> = -20..<40) throws -> CoilFallOff {
      let samples = tissue(0, signal: 100, depths: depths, slope: slope, seed: seed)
      return try #require(CoilFallOff(CoilProfile(samples, parameters: parameters), near: 0, parameters: parameters))
    }
    let (first, second, mixed) = (try series(0.2, 5), try series(0.2, 6), try series(-0.4, 7))
    let agreed = try #require(CoilConsensus([mixed, first, second]).factor(from: 30, to: -10))
    #expect(abs(log(agreed.factor) + 0.2 * 40 / 50) < 0.02)
    let short = try series(-0.4, 8, depths: 20..<36)
    let pair = try #require(CoilConsensus([first, short]).factor(from: 30, to: -10))
    #expect(abs(log(pair.factor) + 0.2 * 40 / 50) < 0.08)
    #expect(CoilConsensus([]).factor(from: 30, to: -10) == nil)
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
