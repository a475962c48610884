import Foundation
import Imaging
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
      CoilFallOff(CoilProfile(samples, parameters: parameters), near: Vector3(0, 0, 0), parameters: parameters))
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
      CoilFallOff(CoilProfile(samples, parameters: parameters), near: Vector3(0, 0, 0), parameters: parameters))
    let (factor, _) = try #require(coil.factor(from: 30, to: -10))
    #expect(abs(log(factor) + 0.3 * 40 / 50) < 0.02)
  }

  @Test func `marrow alone leaves the slope as unsure as its own gradient is`() throws {
    let parameters = SignalParameters()
    var samples: [CoilFallOff.Sample] = []
    for group in 1...3 { samples += tissue(group, signal: 150, depths: -25..<0, slope: 0.3, seed: UInt64(group)) }
    let coil = try #require(
      CoilFallOff(CoilProfile(samples, parameters: parameters), near: Vector3(0, 0, 0), parameters: parameters))
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
      CoilFallOff(CoilProfile(samples, parameters: parameters), near: Vector3(0, 0, 0), parameters: parameters))
    let (factor, error) = try #require(coil.factor(from: 40, to: -15))
    // Without an offset of psoas' own the factor is 1.12; the truth is 1, and has to lie within two standard errors.
    #expect(factor < 1.09)
    #expect(abs(log(factor)) < 2 * error)
  }

  @Test func `muscle that a saturation band darkens in front of the spine does not count`() throws {
    let parameters = SignalParameters()
    // As on sagittal studies of the upper thorax: muscle in front of the spine at a fifth of its signal.
    var samples = tissue(0, signal: 100, depths: 20..<60, slope: 0.2, seed: 20)
    samples += tissue(0, signal: 20, depths: -90..<(-60), slope: 0.2, seed: 21)
    for group in 1...3 { samples += tissue(group, signal: 150, depths: -15..<10, slope: 0.2, seed: UInt64(22 + group)) }
    let profile = CoilProfile(samples, parameters: parameters)
    let coil = try #require(CoilFallOff(profile, near: Vector3(0, 0, 0), parameters: parameters))
    let (factor, error) = try #require(coil.factor(from: 40, to: 0))
    #expect(abs(log(factor) + 0.2 * 40 / 50) < 0.02)
    #expect(error < 0.05)
  }

  @Test func `bins where an outline left its bone neither bend the slope nor widen its error`() throws {
    let parameters = SignalParameters()
    var samples = tissue(0, signal: 100, depths: 20..<60, slope: 0.2, seed: 50)
    for group in 1...3 { samples += tissue(group, signal: 150, depths: -15..<10, slope: 0.2, seed: UInt64(51 + group)) }
    let clean = try #require(
      CoilFallOff(CoilProfile(samples, parameters: parameters), near: Vector3(0, 0, 0), parameters: parameters)?
        .factor(from: 40, to: 0))
    // The front of one body at a third of its signal, of another at one and a half times.
    samples = samples.map { sample in
      let share: Float = sample.y < -8 ? (sample.group == 1 ? 0.33 : sample.group == 2 ? 1.5 : 1) : 1
      return .init(group: sample.group, y: sample.y, z: sample.z, value: sample.value * share)
    }
    let leaked = try #require(
      CoilFallOff(CoilProfile(samples, parameters: parameters), near: Vector3(0, 0, 0), parameters: parameters)?
        .factor(from: 40, to: 0))
    #expect(abs(log(leaked.factor) + 0.2 * 40 / 50) < 0.02)
    #expect(leaked.relativeError < 1.5 * clean.relativeError)
  }

  @Test func `a bare loop's fall-off is met from muscle alone, the bend within its error`() throws {
    let parameters = SignalParameters()
    // log S = -1.5 log(1 + (d / 100 mm)^2) at a distance d = 100 - y: muscle at 30 to 70 mm, the target at 85 mm.
    let field = { (y: Double) in -1.5 * log(1 + pow((100 - y) / 100, 2)) }
    let samples = tissue(0, signal: 100, depths: 30..<70, slope: 0, seed: 30).map { sample in
      CoilFallOff.Sample(group: 0, y: sample.y, z: sample.z, value: sample.value * Float(exp(field(sample.y))))
    }
    let profile = CoilProfile(samples, parameters: parameters)
    let coil = try #require(CoilFallOff(profile, near: Vector3(0, 15, 0), parameters: parameters))
    let (factor, error) = try #require(coil.factor(from: 50, to: 15))
    #expect(abs(log(factor) - (field(15) - field(50))) < 2 * error)
    #expect(error < 0.1)
  }

  @Test func `the error of several series shrinks with their number, but never below what they share`() throws {
    let parameters = SignalParameters()
    let one = try #require(
      CoilFallOff(
        CoilProfile(tissue(0, signal: 100, depths: -20..<40, slope: 0.2, seed: 40), parameters: parameters),
        near: Vector3(0, 0, 0), parameters: parameters))
    let error = { (count: Int) in
      try #require(CoilConsensus(Array(repeating: one, count: count)).factor(from: 30, to: -10)).relativeError
    }
    #expect(try error(3) < error(1))
    #expect(try error(100) > 0.7 * error(1))
  }

  @Test func `of three series the one whose muscle was mixed is left out, of two the surer one weighs more`() throws {
    let parameters = SignalParameters()
    func series(_ slope: Double, _ seed: UInt64, depths: Range<Int> = -20..<40) throws -> CoilFallOff {
      let samples = tissue(0, signal: 100, depths: depths, slope: slope, seed: seed)
      return try #require(
        CoilFallOff(CoilProfile(samples, parameters: parameters), near: Vector3(0, 0, 0), parameters: parameters))
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
    let coil = try #require(CoilFallOff(profile, near: Vector3(0, 0, 0), parameters: parameters))
    #expect(coil.factor(from: 20, to: -40) == nil)
    #expect(CoilFallOff(profile, near: Vector3(0, 0, 500), parameters: parameters) == nil)
    let thin = CoilProfile(samples.filter { $0.y < 8 }, parameters: parameters)
    #expect(CoilFallOff(thin, near: Vector3(0, 0, 0), parameters: parameters) == nil)
  }
}
