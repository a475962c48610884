import Kernels
import Testing

struct PixelConversionAnalyticTests {
  private func convert(_ conversion: PixelConversion, _ bytes: [UInt8], _ count: Int, scalar: Bool) -> [Float] {
    var values = [Float](repeating: -1, count: count)
    var span = values.mutableSpan
    if scalar {
      conversion.convertScalar(bytes, slope: 2, intercept: 1, into: &span)
    } else {
      conversion.convert(bytes, slope: 2, intercept: 1, into: &span)
    }
    return values
  }

  @Test func `vector and scalar conversions agree at every length, sign and bit layout`() {
    for isSigned in [false, true] {
      for (stored, high) in [(16, 15), (12, 11), (12, 15), (10, 12), (8, 7), (1, 0)] {
        for isInverted in [false, true] {
          let conversion = PixelConversion(
            word: .integer16, bitsStored: stored, highBit: high, isSigned: isSigned, isInverted: isInverted)
          for count in 0...33 {
            let bytes = (0..<2 * count).map { UInt8(truncatingIfNeeded: $0 * 97 + 13) }
            #expect(
              convert(conversion, bytes, count, scalar: false) == convert(conversion, bytes, count, scalar: true))
          }
        }
      }
    }
  }

  @Test func `overlay bits are dropped and the sign is taken from the high bit`() {
    // 0xF801: overlay 0xF, then 0x801 = -2047 in 12 bits.
    let signed = PixelConversion(word: .integer16, bitsStored: 12, highBit: 11, isSigned: true, isInverted: false)
    #expect(convert(signed, [0x01, 0xF8], 1, scalar: false) == [-4093])
    let unsigned = PixelConversion(word: .integer16, bitsStored: 12, highBit: 11, isSigned: false, isInverted: false)
    #expect(convert(unsigned, [0x01, 0xF8], 1, scalar: false) == [4099])
  }

  @Test func `inversion mirrors the stored range`() {
    let eight = PixelConversion(word: .integer8, bitsStored: 8, highBit: 7, isSigned: false, isInverted: true)
    #expect(convert(eight, [0, 255, 10], 3, scalar: false) == [511, 1, 491])
    let signed = PixelConversion(word: .integer16, bitsStored: 16, highBit: 15, isSigned: true, isInverted: true)
    #expect(convert(signed, [0xFF, 0xFF], 1, scalar: false) == [1])
  }

  @Test func `a slab holds what its chunks wrote, whatever the number of threads`() throws {
    for threads in 1...4 {
      let values = VoxelSlab.fill(chunks: 37, valuesPerChunk: 1000, threads: threads) { chunk, _, output in
        for index in 0..<output.count { output[index] = Float(chunk * 1000 + index) }
      }
      #expect(values == (0..<37_000).map(Float.init))
    }
  }

  struct Failure: Error {}

  @Test func `a failing chunk fails the slab`() {
    #expect(throws: Failure.self) {
      try VoxelSlab.fill(chunks: 8, valuesPerChunk: 10, threads: 2) {
        (chunk: Int, _: inout [UInt8], output: inout MutableSpan<Float>) throws(Failure) in
        for index in 0..<output.count { output[index] = 0 }
        if chunk == 5 { throw Failure() }
      }
    }
  }
}
