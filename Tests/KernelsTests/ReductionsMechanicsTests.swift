import Kernels
import Testing

@Suite struct ReductionsMechanicsTests {
  private func values(_ count: Int) -> [Float] {
    var state: UInt32 = 12345
    return (0..<count).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Float(state >> 8) / 1000 - 8000
    }
  }

  @Test(arguments: 0...33) func `vector and scalar kernels agree at every length`(count: Int) {
    let values = values(count)
    #expect(Reductions.extremes(values)?.minimum == Reductions.extremesScalar(values)?.minimum)
    #expect(Reductions.extremes(values)?.maximum == Reductions.extremesScalar(values)?.maximum)
    let fast = Reductions.powerSums(values, pivot: 120)
    let slow = Reductions.powerSumsScalar(values, pivot: 120)
    // Float lanes carry 24 bits; powers of 1e4 stay within 1e-6 of the Double sums' own size.
    let size = values.map { Double(abs($0 - 120)) }.max() ?? 0
    let limit = 1e-6 * Double(max(count, 1))
    #expect(abs(fast.first - slow.first) <= limit * size)
    #expect(abs(fast.second - slow.second) <= limit * size * size)
    #expect(abs(fast.third - slow.third) <= limit * size * size * size)
    #expect(abs(fast.fourth - slow.fourth) <= limit * size * size * size * size)
  }

  @Test(arguments: [(0, 0), (15, 40), (16, 16), (33, 47), (64, 17), (100, 100)])
  func `tiles agree with their scalar twin at every size`(columns: Int, rows: Int) {
    let image = values(columns * rows).map { $0 < -7990 ? 0 : $0 }
    let tiles = TileMoments(columns: columns, rows: rows) { row, line in
      for column in 0..<columns { line[column] = image[row * columns + column] }
    }.tiles
    let slow = TileMoments.scalar(image, columns: columns, rows: rows)
    #expect(tiles.count == (columns / 16) * (rows / 16))
    #expect(tiles.map(\.nonPositive) == slow.map(\.nonPositive))
    for (fast, slow) in zip(tiles, slow) {
      // 32 additions a lane in Float carry 1e-6 of the sum of sizes, which is 256 times 8000 at most.
      #expect(abs(fast.sum - slow.sum) <= 1e-6 * 256 * 8000)
      #expect(abs(fast.squares - slow.squares) <= 1e-6 * slow.squares)
    }
  }

  @Test(arguments: [1, 2, 511, 513, 5000]) func `one rank of values equals that of a sorted list`(count: Int) {
    let values = values(count)
    let sorted = values.sorted()
    for rank in [0, count / 3, count / 2, count - 1] {
      #expect(OrderStatistics.value(of: values, rank: rank) == sorted[rank])
    }
  }

  @Test(arguments: 0...40) func `the end of a run of zeros is found at every place`(place: Int) {
    var bytes = [UInt8](repeating: 0, count: 40)
    if place < 40 { bytes[place] = 1 }
    for start in 0...min(place, 40) {
      for end in [start, min(start + 3, 40), 40] {
        #expect(
          ZeroRun.end(in: bytes, from: start, below: end) == ZeroRun.endScalar(in: bytes, from: start, below: end))
      }
    }
  }

  @Test(arguments: [1, 2, 7, 4096, 5001]) func `the median equals that of all order statistics`(count: Int) {
    let values = values(count)
    #expect(OrderStatistics.median(of: values) == OrderStatistics(values).median)
  }

  @Test(arguments: [(1, 1), (2, 3), (4, 4), (7, 5), (12, 9)])
  func `cubic sampling agrees with its scalar twin, and with the pixels at their centres`(columns: Int, rows: Int) {
    let image = values(2 * columns * rows)
    for (y, x) in (0...(8 * (rows - 1))).flatMap({ row in (0...(8 * (columns - 1))).map { (row, $0) } }) {
      let place = (Double(x) / 8, Double(y) / 8)
      let fast = CubicSampling.value(image, columns: columns, rows: rows, image: 1, x: place.0, y: place.1)
      let slow = CubicSampling.valueScalar(image, columns: columns, rows: rows, image: 1, x: place.0, y: place.1)
      #expect(fast == slow)
      if x % 8 == 0, y % 8 == 0 { #expect(fast == Double(image[(rows + y / 8) * columns + x / 8])) }
    }
  }

  @Test func `a large offset costs the mean no digits`() {
    let values = (0..<100_000).map { Float(1_000_000 + $0 % 3) }
    #expect(abs((Reductions.mean(values) ?? 0) - (1_000_000 + 0.99999)) < 1e-6)
  }

  @Test(arguments: [1, 2, 5, 4096, 4097, 20_000]) func `percentiles equal those of a sorted list`(count: Int) throws {
    let values = values(count)
    let sorted = values.sorted()
    let order = OrderStatistics(values)
    for percent in [0, 10, 25, 50, 75, 90, 100] {
      let place = Double(percent) / 100 * Double(count - 1)
      let below = Int(place)
      let above = min(below + 1, count - 1)
      let expected = Double(sorted[below]) + (Double(sorted[above]) - Double(sorted[below])) * (place - Double(below))
      #expect(order.percentile(Double(percent) / 100) == expected)
    }
    #expect(OrderStatistics([]).median == nil)
  }

  @Test(arguments: 1...33) func `convolution agrees with its scalar twin along each axis`(count: Int) {
    let kernel: [Float] = [0.1, 0.2, 0.4, 0.2, 0.1]
    let row = values(count * 3)
    let along = SeparableConvolution.convolve(row, columns: count, rows: 3, slices: 1, alongColumns: kernel)
    let twin = SeparableConvolution.convolveScalar(row, stride: 1, length: count, kernel: kernel)
    let across = SeparableConvolution.convolve(row, columns: 3, rows: count, slices: 1, alongRows: kernel)
    let acrossTwin = SeparableConvolution.convolveScalar(row, stride: 3, length: count, kernel: kernel)
    let deep = SeparableConvolution.convolve(row, columns: 3, rows: 1, slices: count, alongSlices: kernel)
    // The same products in the same order; a fused multiply-add may round once less.
    #expect(zip(along, twin).allSatisfy { abs($0 - $1) <= 1e-2 })
    #expect(zip(across, acrossTwin).allSatisfy { abs($0 - $1) <= 1e-2 })
    #expect(across == deep)
  }

  @Test func `derivative kernels take the derivatives of a ramp and a parabola`() {
    for sigma in [0.7, 1.5, 3] {
      let radius = SeparableConvolution.gaussianKernel(sigma: sigma).count / 2
      let places = (-radius...radius).map(Float.init)
      let first = zip(places, SeparableConvolution.gaussianKernel(sigma: sigma, order: 1)).reduce(0) {
        $0 + $1.0 * $1.1
      }
      let second = zip(places, SeparableConvolution.gaussianKernel(sigma: sigma, order: 2))
        .reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
      #expect(abs(first - 1) < 1e-5)
      #expect(abs(second - 2) < 1e-4)
    }
  }
}
