import Imaging
import LesionMeasurement
import Testing

@Suite struct SignalAnalyticTests {
  /// Lesion: columns 4..<12 of rows 4..<12; muscle: columns 20..<36 of rows 0..<40; air elsewhere.
  private func scene(lesion: Double, muscle: Double, sigma: Double, seed: UInt64) throws -> (Volume, Region, [Region]) {
    let grid = try Fixtures.sagittalGrid(columns: 64, rows: 64, slices: 3, spacing: Vector3(0.8, 0.8, 4))
    let isLesion = { (c: Int, r: Int) in (4..<12).contains(c) && (4..<12).contains(r) }
    let isMuscle = { (c: Int, r: Int) in (20..<36).contains(c) && (0..<40).contains(r) }
    var generator = SeededGenerator(seed: seed)
    let volume = Fixtures.volume(grid) { c, r, _ in
      let amplitude = isLesion(c, r) ? lesion : isMuscle(c, r) ? muscle : 0
      let real = amplitude + sigma * generator.normal()
      let imaginary = sigma * generator.normal()
      return (real * real + imaginary * imaginary).squareRoot()
    }
    return (
      volume, Fixtures.region(grid) { c, r, _ in isLesion(c, r) },
      [Fixtures.region(grid) { c, r, _ in isMuscle(c, r) }]
    )
  }

  @Test func `without noise the ratio is the quotient of the means`() throws {
    let (volume, lesion, muscle) = try scene(lesion: 150, muscle: 100, sigma: 0, seed: 1)
    let signal = try SignalMeasurement(
      volume: volume, lesion: lesion, muscle: MuscleReference(volume: volume, patches: muscle))
    #expect(signal.ratio == 1.5)
    #expect(signal.signalClass == .hyperintense)
    #expect(signal.lesion.standardDeviation == 0)
  }

  @Test(arguments: [10.0, 20, 50]) func `sigma of the noise is found within a tenth`(snr: Double) throws {
    for seed in 1...5 as ClosedRange<UInt64> {
      let (volume, _, muscle) = try scene(lesion: 80, muscle: 100, sigma: 100 / snr, seed: seed)
      let noise = try #require(try MuscleReference(volume: volume, patches: muscle).noise)
      #expect(abs(noise.sigma * snr / 100 - 1) < 0.1)  // some 2,000 voxels: the median's own error is 2 to 3 %
    }
  }

  @Test(arguments: [3.0, 4, 8]) func `at low SNR the Rician floor is removed from a dark lesion`(snr: Double) throws {
    var raw = 0.0
    var corrected = 0.0
    for seed in 1...10 as ClosedRange<UInt64> {
      let (volume, lesion, muscle) = try scene(lesion: 40, muscle: 100, sigma: 100 / snr, seed: seed)
      let reference = try MuscleReference(volume: volume, patches: muscle)
      let signal = try SignalMeasurement(volume: volume, lesion: lesion, muscle: reference)
      #expect(signal.isNoiseCorrected)
      raw += signal.lesion.mean / signal.muscleMean / 10
      corrected += (signal.ratio ?? 0) / 10
    }
    #expect(raw > 0.4 + (snr < 5 ? 0.05 : 0.01), "the floor lifts the dark lesion more than muscle")
    #expect(abs(corrected - 0.4) < (snr < 5 ? 0.03 : 0.01), "\(raw) became \(corrected)")
  }

  @Test func `muscle that lies in the noise gives no ratio but a reason`() throws {
    let (volume, lesion, muscle) = try scene(lesion: 100, muscle: 100, sigma: 100, seed: 3)
    let signal = try SignalMeasurement(
      volume: volume, lesion: lesion, muscle: MuscleReference(volume: volume, patches: muscle))
    #expect(signal.ratio == nil)
    #expect(signal.reasons["ratio_to_muscle"] != nil)
    #expect(signal.lesion.count == 192)
  }

  @Test func `the interval covers the true ratio in about 95 of 100 cases`() throws {
    var covered = 0
    for seed in 1...200 as ClosedRange<UInt64> {
      let (volume, lesion, muscle) = try scene(lesion: 105, muscle: 100, sigma: 10, seed: seed)
      let signal = try SignalMeasurement(
        volume: volume, lesion: lesion, muscle: MuscleReference(volume: volume, patches: muscle))
      if let interval = signal.ratioInterval95, interval.contains(1.05) { covered += 1 }
    }
    // Binomial 95 % limits about 0.95 of 200 are 183 to 196; a robust noise estimate errs to the wide side.
    #expect(covered >= 183)
  }

  @Test func `class and interval tell the same story`() throws {
    for seed in 1...60 as ClosedRange<UInt64> {
      let truth = 1.0 + 0.2 * Double(seed) / 60
      let (volume, lesion, muscle) = try scene(lesion: 100 * truth, muscle: 100, sigma: 10, seed: seed)
      let signal = try SignalMeasurement(
        volume: volume, lesion: lesion, muscle: MuscleReference(volume: volume, patches: muscle))
      let interval = try #require(signal.ratioInterval95)
      // Fieller's interval inverts the test, up to the degrees of freedom, which are taken at the ratio.
      switch try #require(signal.signalClass) {
      case .hyperintense: #expect(interval.lowerBound > 1.0999)
      case .isoToHypointense: #expect(interval.upperBound < 1.1001)
      case .indeterminate: #expect(interval.lowerBound < 1.1001 && interval.upperBound > 1.0999)
      }
    }
  }

  @Test func `one voxel and one muscle voxel give a ratio with a warning`() throws {
    let grid = try Fixtures.sagittalGrid(columns: 4, rows: 4, slices: 1, spacing: Vector3(1, 1, 4))
    let volume = Fixtures.volume(grid) { c, _, _ in c == 0 ? 50 : 100 }
    let signal = try SignalMeasurement(
      volume: volume, lesion: Fixtures.region(grid) { c, r, _ in c == 0 && r == 0 },
      muscle: MuscleReference(volume: volume, patches: [Fixtures.region(grid) { c, r, _ in c == 3 && r == 3 }]))
    #expect(signal.ratio == 0.5)
    #expect(!signal.warnings.isEmpty)
  }

  @Test func `a region on another grid is refused`() throws {
    let grid = try Fixtures.sagittalGrid(columns: 4, rows: 4, slices: 1, spacing: Vector3(1, 1, 4))
    let other = try Fixtures.sagittalGrid(columns: 4, rows: 4, slices: 1, spacing: Vector3(1, 1.1, 4))
    let volume = Fixtures.volume(grid) { _, _, _ in 1 }
    #expect(throws: MeasurementFailure.regionOnAnotherGrid) {
      try IntensityStatistics(of: volume, in: Fixtures.region(other) { _, _, _ in true })
    }
  }
}
