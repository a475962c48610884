/// Convolution of a grid with one kernel along each axis.
///
/// Values beyond the grid repeat those of its border. Kernels have an odd number of taps, the middle one over the
/// voxel, and are applied as correlation: `out(x) = sum of kernel(k) in(x + k - radius)`.
public enum SeparableConvolution {
  /// Gaussian smoothing. Sigmas are in voxels; an axis of sigma 0 or of length 1 is left as it is. The kernel reaches
  /// to 4 sigma and sums to one.
  public static func gaussian(
    _ values: [Float], columns: Int, rows: Int, slices: Int, sigma: SIMD3<Double>
  ) -> [Float] {
    convolve(
      values, columns: columns, rows: rows, slices: slices,
      alongColumns: columns > 1 && sigma.x > 0 ? gaussianKernel(sigma: sigma.x) : nil,
      alongRows: rows > 1 && sigma.y > 0 ? gaussianKernel(sigma: sigma.y) : nil,
      alongSlices: slices > 1 && sigma.z > 0 ? gaussianKernel(sigma: sigma.z) : nil)
  }

  /// The sampled Gaussian and its derivatives of order 1 and 2 with respect to the voxel index, to 4 sigma (at least
  /// one voxel) either side. Order 0 sums to one; order 1 has first moment 1 (a ramp of slope 1 gives 1); order 2
  /// sums to zero and has second moment 2 (x squared gives 2).
  public static func gaussianKernel(sigma: Double, order: Int = 0) -> [Float] {
    precondition(sigma > 0 && (0...2).contains(order), "a Gaussian has a positive width, and is derived at most twice")
    let radius = max(1, Int((4 * sigma).rounded(.up)))
    let places = (-radius...radius).map(Double.init)
    var taps = places.map { exponential(-$0 * $0 / (2 * sigma * sigma)) }
    let sum = taps.reduce(0, +)
    taps = taps.map { $0 / sum }
    switch order {
    case 1:
      taps = zip(places, taps).map { $0 * $1 }
      let moment = zip(places, taps).reduce(0) { $0 + $1.0 * $1.1 }
      taps = taps.map { $0 / moment }
    case 2:
      let variance = zip(places, taps).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
      taps = zip(places, taps).map { ($0 * $0 - variance) * $1 }
      let moment = zip(places, taps).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
      taps = taps.map { 2 * $0 / moment }
    default: break
    }
    return taps.map(Float.init)
  }

  /// One pass for each axis that has a kernel. Traps when `values` does not fill the grid or a kernel is even.
  public static func convolve(
    _ values: [Float], columns: Int, rows: Int, slices: Int, alongColumns: [Float]? = nil, alongRows: [Float]? = nil,
    alongSlices: [Float]? = nil
  ) -> [Float] {
    precondition(values.count == columns * rows * slices, "one value for each voxel")
    var result = values
    if let kernel = alongColumns { result = columnPass(result, columns: columns, kernel: kernel) }
    if let kernel = alongRows {
      result = stridePass(result, line: columns, length: rows, outer: slices, kernel: kernel)
    }
    if let kernel = alongSlices {
      result = stridePass(result, line: columns * rows, length: slices, outer: 1, kernel: kernel)
    }
    return result
  }

  private static func columnPass(_ values: [Float], columns: Int, kernel: [Float]) -> [Float] {
    let radius = checkedRadius(kernel)
    guard columns > 0 else { return values }
    var padded = [Float](repeating: 0, count: columns + 2 * radius)
    var result = values
    for base in stride(from: 0, to: values.count, by: columns) {
      for index in 0..<columns { padded[radius + index] = values[base + index] }
      for index in 0..<radius {
        padded[index] = values[base]
        padded[radius + columns + index] = values[base + columns - 1]
      }
      unsafe padded.withUnsafeBytes { source in
        unsafe kernel.withUnsafeBufferPointer { taps in
          unsafe result.withUnsafeMutableBytes { target in
            var column = 0
            while column + 8 <= columns {
              var sum = SIMD8<Float>()
              for tap in 0..<taps.count {
                sum +=
                  unsafe source.loadUnaligned(fromByteOffset: (column &+ tap) &* 4, as: SIMD8<Float>.self) * taps[tap]
              }
              unsafe target.storeBytes(of: sum, toByteOffset: (base &+ column) &* 4, as: SIMD8<Float>.self)
              column &+= 8
            }
          }
        }
      }
      for column in (columns & ~7)..<columns {
        var sum: Float = 0
        for tap in kernel.indices { sum += padded[column + tap] * kernel[tap] }
        result[base + column] = sum
      }
    }
    return result
  }

  /// Convolves along an axis whose neighbours lie `line` values apart.
  private static func stridePass(_ values: [Float], line: Int, length: Int, outer: Int, kernel: [Float]) -> [Float] {
    let radius = checkedRadius(kernel)
    var result = [Float](repeating: 0, count: values.count)
    // Byte offsets of the lines that the taps read.
    var lines = [Int](repeating: 0, count: kernel.count)
    unsafe values.withUnsafeBytes { source in
      unsafe kernel.withUnsafeBufferPointer { taps in
        unsafe result.withUnsafeMutableBytes { target in
          for block in 0..<outer {
            for place in 0..<length {
              for tap in kernel.indices {
                lines[tap] = (block * length + min(max(place + tap - radius, 0), length - 1)) * line * 4
              }
              let out = (block * length + place) * line * 4
              unsafe lines.withUnsafeBufferPointer { lines in
                unsafe accumulate(source, lines, taps, target, out, line)
              }
            }
          }
        }
      }
    }
    return result
  }

  /// One line of the result: sums in registers over the taps, eight values at a time.
  @inline(__always)
  private static func accumulate(
    _ source: UnsafeRawBufferPointer, _ lines: UnsafeBufferPointer<Int>, _ taps: UnsafeBufferPointer<Float>,
    _ target: UnsafeMutableRawBufferPointer, _ out: Int, _ count: Int
  ) {
    var index = 0
    while index &+ 8 <= count {
      var sum = SIMD8<Float>()
      for tap in 0..<taps.count {
        sum +=
          unsafe source.loadUnaligned(fromByteOffset: lines[tap] &+ index &* 4, as: SIMD8<Float>.self) * taps[tap]
      }
      unsafe target.storeBytes(of: sum, toByteOffset: out &+ index &* 4, as: SIMD8<Float>.self)
      index &+= 8
    }
    while index < count {
      var sum: Float = 0
      for tap in 0..<taps.count {
        sum += unsafe source.loadUnaligned(fromByteOffset: lines[tap] &+ index &* 4, as: Float.self) * taps[tap]
      }
      unsafe target.storeBytes(of: sum, toByteOffset: out &+ index &* 4, as: Float.self)
      index &+= 1
    }
  }

  /// The scalar twin of `convolve` along one axis, for any stride.
  public static func convolveScalar(_ values: [Float], stride: Int, length: Int, kernel: [Float]) -> [Float] {
    let radius = checkedRadius(kernel)
    return values.indices.map { index in
      let place = index / stride % length
      return kernel.indices.reduce(Float(0)) { sum, tap in
        let other = min(max(place + tap - radius, 0), length - 1)
        return sum + values[index + (other - place) * stride] * kernel[tap]
      }
    }
  }

  private static func checkedRadius(_ kernel: [Float]) -> Int {
    precondition(kernel.count % 2 == 1, "a kernel needs a middle")
    return kernel.count / 2
  }
}
