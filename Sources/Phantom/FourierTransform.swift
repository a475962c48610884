import Foundation

/// Discrete Fourier transform of any length whose prime factors are small, in a plan that threads may share.
///
/// X[k] = sum x[n] exp(-2 pi i k n / N); the inverse divides by N. Mixed-radix, decimation in time.
package struct FourierTransform: Sendable {
  package let length: Int
  private let factors: [Int]
  /// exp(-2 pi i k / N), k from 0 to N - 1.
  private let roots: [SIMD2<Float>]

  package init(length: Int) {
    precondition(length > 0, "a transform needs at least one point")
    self.length = length
    var rest = length
    var factors: [Int] = []
    for radix in [4, 2, 3, 5, 7] { while rest % radix == 0 { factors.append(radix); rest /= radix } }
    if rest > 1 { factors.append(rest) }
    self.factors = factors
    roots = (0..<length).map { index in
      let angle = -2 * Double.pi * Double(index) / Double(length)
      return SIMD2(Float(cos(angle)), Float(sin(angle)))
    }
  }

  package func forward(_ values: [SIMD2<Float>]) -> [SIMD2<Float>] {
    var output = [SIMD2<Float>](repeating: .zero, count: length)
    transform(values, 0, 1, &output, 0, length, 0)
    return output
  }

  package func inverse(_ values: [SIMD2<Float>]) -> [SIMD2<Float>] {
    // inverse(x) = swap(forward(swap(x))) / N, where swap exchanges the real and the imaginary part.
    let swapped = forward(values.map { SIMD2($0.y, $0.x) })
    let scale = 1 / Float(length)
    return swapped.map { SIMD2($0.y * scale, $0.x * scale) }
  }

  @inline(__always) private func times(_ a: SIMD2<Float>, _ b: SIMD2<Float>) -> SIMD2<Float> {
    SIMD2(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x)
  }

  private func transform(
    _ input: [SIMD2<Float>], _ start: Int, _ stride: Int, _ output: inout [SIMD2<Float>], _ place: Int, _ count: Int,
    _ level: Int
  ) {
    if count == 1 {
      output[place] = input[start]
      return
    }
    let radix = factors[level]
    let part = count / radix
    if part == 1 {
      for k in 0..<radix { output[place + k] = input[start + k * stride] }
    } else {
      for r in 0..<radix {
        transform(input, start + r * stride, stride * radix, &output, place + r * part, part, level + 1)
      }
    }
    let step = length / count
    switch radix {
    case 2:
      for k in 0..<part {
        let a = output[place + k]
        let b = times(output[place + k + part], roots[k * step])
        output[place + k] = a + b
        output[place + k + part] = a - b
      }
    case 4:
      for k in 0..<part {
        let a = output[place + k]
        let b = times(output[place + k + part], roots[k * step])
        let c = times(output[place + k + 2 * part], roots[2 * k * step])
        let d = times(output[place + k + 3 * part], roots[3 * k * step])
        let sum = b + d
        let difference = b - d
        let turned = SIMD2(difference.y, -difference.x)
        output[place + k] = a + c + sum
        output[place + k + part] = a - c + turned
        output[place + k + 2 * part] = a + c - sum
        output[place + k + 3 * part] = a - c - turned
      }
    default:
      var terms = [SIMD2<Float>](repeating: .zero, count: radix)
      for k in 0..<part {
        for r in 0..<radix { terms[r] = times(output[place + k + r * part], roots[(r * k * step) % length]) }
        for q in 0..<radix {
          var sum = SIMD2<Float>.zero
          for r in 0..<radix { sum += times(terms[r], roots[(r * q * part * step) % length]) }
          output[place + k + q * part] = sum
        }
      }
    }
  }
}
