import Foundation
import Phantom
import Testing

@Suite struct KSpaceAnalyticTests {
  @Test(arguments: [1, 2, 7, 12, 30, 64, 192, 320, 385])
  func `the transform agrees with the sum that defines it`(length: Int) {
    let random = CounterRandom(seed: 5, stream: 7)
    let values = (0..<length).map {
      SIMD2(Float(random.uniform(UInt64($0)) - 0.5), Float(random.uniform(UInt64($0) + 9999) - 0.5))
    }
    let plan = FourierTransform(length: length)
    let found = plan.forward(values)
    for k in stride(from: 0, to: length, by: max(1, length / 7)) {
      var sum = SIMD2<Double>.zero
      for n in 0..<length {
        let angle = -2 * Double.pi * Double(k * n % length) / Double(length)
        let (c, s) = (cos(angle), sin(angle))
        sum += SIMD2(
          Double(values[n].x) * c - Double(values[n].y) * s, Double(values[n].x) * s + Double(values[n].y) * c)
      }
      // Single precision over at most 385 terms of size 0.5.
      #expect(abs(Double(found[k].x) - sum.x) < 1e-4 && abs(Double(found[k].y) - sum.y) < 1e-4)
    }
    let back = plan.inverse(found)
    #expect(zip(back, values).allSatisfy { abs($0.x - $1.x) < 1e-5 && abs($0.y - $1.y) < 1e-5 })
  }

  @Test func `an even object keeps its value`() {
    let plan = KSpacePlan(columns: 32, rows: 48)
    let image = plan.acquire(
      [Float](repeating: 3, count: 64 * 96), window: plan.window(phaseResolution: 1), shift: SIMD2(0, 0))
    #expect(image.allSatisfy { abs($0 - 3) < 1e-4 })
  }

  @Test func `an edge overshoots by nine per cent of the step`() {
    // Half a pixel of displacement puts a pixel centre on the first crest of the ringing, one pixel inside the edge:
    // 1/2 + Si(pi)/pi = 1.0895 (Wilbraham, Gibbs). With 63 frequencies of 64 pixels and fine pixels that are points,
    // NumPy's FFT gives 1.1003917.
    let (image, _) = edge(shift: 0.5)
    let overshoot = image[16..<48].max()! - 1
    #expect(abs(overshoot - 0.1003917) < 1e-4)
  }

  @Test func `a displacement moves the object by that many pixels`() {
    let (still, _) = edge(shift: 0)
    let (moved, _) = edge(shift: 3)
    #expect((8..<56).allSatisfy { abs(moved[$0 + 3] - still[$0]) < 1e-3 })
  }

  @Test func `a fine pixel pair lands on its coarse pixel`() {
    let plan = KSpacePlan(columns: 64, rows: 4)
    var object = [Float](repeating: 0, count: 128 * 8)
    for row in 0..<8 { for column in 40..<60 { object[row * 128 + column] = 1 } }
    let image = plan.acquire(object, window: plan.window(phaseResolution: 1), shift: SIMD2(0, 0))
    var weight: Float = 0
    var sum: Float = 0
    for column in 0..<64 {
      weight += image[column]
      sum += image[column] * Float(column)
    }
    // Fine columns 40 to 59 are coarse columns 20 to 29: centre 24.5.
    #expect(abs(sum / weight - 24.5) < 0.02)
  }

  private func edge(shift: Double) -> ([Float], KSpacePlan) {
    let plan = KSpacePlan(columns: 64, rows: 4)
    var object = [Float](repeating: 0, count: 128 * 8)
    for row in 0..<8 { for column in 32..<96 { object[row * 128 + column] = 1 } }
    let image = plan.acquire(object, window: plan.window(phaseResolution: 1), shift: SIMD2(shift, 0))
    return (Array(image[0..<64]), plan)
  }
}
