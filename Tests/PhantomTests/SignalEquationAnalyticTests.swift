import Phantom
import Testing

/// The signal equation and the noise against values worked out by hand and by SciPy.
@Suite struct SignalEquationAnalyticTests {
  private let t1 = PulseSequence(repetitionTime: 600, echoTime: 10, fieldStrength: 1.5)

  @Test func `muscle on T1 follows the spin-echo equation`() {
    // 0.8 (1 - exp(-600/1008)) exp(-10/44), by hand.
    #expect(abs(t1.signal(protonDensity: 0.8, t1: 1008, t2: 44, concentration: 0) - 0.285901019176087) < 1e-12)
  }

  @Test func `the agent shortens T1 and T2 by its relaxivities only after injection`() {
    var after = t1
    after.gadolinium = true
    // 1/T1 + 4.1 x 0.5 per second, 1/T2 + 4.6 x 0.5 per second.
    #expect(abs(after.signal(protonDensity: 0.8, t1: 1008, t2: 44, concentration: 0.5) - 0.522476883997346) < 1e-12)
    #expect(
      t1.signal(protonDensity: 0.8, t1: 1008, t2: 44, concentration: 0.5)
        == t1.signal(protonDensity: 0.8, t1: 1008, t2: 44, concentration: 0))
  }

  @Test func `an inversion at ln 2 of its T1 nulls fat`() {
    let stir = PulseSequence(
      repetitionTime: 3500, echoTime: 0, inversionTime: 343 * 0.693147180559945, fieldStrength: 1.5)
    // What is left is the repetition's exp(-TR/T1).
    #expect(abs(stir.signal(protonDensity: 1, t1: 343, t2: 58, concentration: 0) - 3.7018912e-05) < 1e-9)
  }

  @Test func `a tissue of two thirds the signal has a contrast to noise of a third of its SNR`() {
    // CNR = SNR (1 - ratio): by definition, here through the noise generator with SNR 12.
    let plan = KSpacePlan(columns: 64, rows: 64)
    let noise = plan.noise(
      deviation: 1.0 / 12, window: plan.window(phaseResolution: 1), random: CounterRandom(seed: 3, stream: 1))
    let bright = noise.prefix(2048).map { 1 + $0.x }
    let dark = noise.suffix(2048).map { 2.0 / 3 + $0.x }
    let difference = bright.reduce(0, +) / 2048 - dark.reduce(0, +) / 2048
    let mean = noise.reduce(Float(0)) { $0 + $1.x } / 4096
    let deviation = (noise.reduce(Float(0)) { $0 + ($1.x - mean) * ($1.x - mean) } / 4095).squareRoot()
    // Standard error of each: 2 % of the deviation, and 1.1 % for the deviation itself; four of them.
    #expect(abs(difference / deviation - 4) < 0.35)
  }

  /// Mean and variance of scipy.stats.rice(nu).stats(moments="mv"), SciPy 1.x, scale 1.
  @Test(arguments: [
    (0.0, 1.2533141373155003, 0.4292036732051032), (1, 1.548572460551146, 0.6019233344225694),
    (2, 2.272383428068742, 0.8362735558385532), (5, 5.101069639492125, 0.9790885330516836),
    (20, 20.025015684057216, 0.998746853262503),
  ])
  func `magnitude noise is Rician`(signal: Double, mean: Double, variance: Double) {
    let plan = KSpacePlan(columns: 256, rows: 256)
    let noise = plan.noise(
      deviation: 1, window: plan.window(phaseResolution: 1), random: CounterRandom(seed: 9, stream: UInt64(signal)))
    let values = noise.map { pair -> Double in
      let real = signal + Double(pair.x)
      return (real * real + Double(pair.y) * Double(pair.y)).squareRoot()
    }
    let count = Double(values.count)
    let found = values.reduce(0, +) / count
    let spread = values.reduce(0) { $0 + ($1 - found) * ($1 - found) } / (count - 1)
    // Four standard errors of 65,536 values: 4/256 of the deviation, 4 sqrt(2)/256 of the variance.
    #expect(abs(found - mean) < 4.0 / 256 * variance.squareRoot())
    #expect(abs(spread - variance) < 4 * 1.5 / 256 * variance)
  }

  @Test func `a shorter k-space keeps the noise's deviation and correlates it along the phase direction`() {
    let plan = KSpacePlan(columns: 128, rows: 128)
    let noise = plan.noise(
      deviation: 2, window: plan.window(phaseResolution: 0.6), random: CounterRandom(seed: 4, stream: 2))
    let count = Double(noise.count)
    let variance = noise.reduce(0.0) { $0 + Double($1.x * $1.x) } / count
    #expect(abs(variance - 4) < 0.25)
    func correlation(_ step: Int, _ last: Int, _ stride: Int) -> Double {
      var sum = 0.0
      for y in 0..<(stride == 1 ? 128 : last) {
        for x in 0..<(stride == 1 ? last : 128) {
          sum += Double(noise[y * 128 + x].x * noise[y * 128 + x + step].x)
        }
      }
      return sum / count / variance
    }
    // sinc(0.6) = 0.505 between neighbouring rows, nothing between columns (standard error 0.008).
    #expect(abs(correlation(128, 127, 128) - 0.505) < 0.05)
    #expect(abs(correlation(1, 127, 1)) < 0.05)
  }
}
