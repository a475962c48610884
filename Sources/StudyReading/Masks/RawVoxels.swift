/// A file's voxels as bytes, and how to read numbers and labels from them.
struct RawVoxels {
  enum NumberType: String, Sendable {
    case int8, uint8, int16, uint16, int32, uint32, int64, uint64, float32, float64

    var bytes: Int {
      switch self {
      case .int8, .uint8: 1
      case .int16, .uint16: 2
      case .int32, .uint32, .float32: 4
      case .int64, .uint64, .float64: 8
      }
    }
  }

  var bytes: [UInt8]
  var type: NumberType
  /// The bytes are big endian.
  var isBigEndian = false
  var slope: Float = 1
  var intercept: Float = 0

  var count: Int { bytes.count / type.bytes }

  /// `slope * value + intercept` of the voxels in `range`.
  func floats(_ range: Range<Int>) -> [Float] {
    let plain: [Float] =
      switch type {
      case .uint8: bytes[range].map { Float($0) }
      case .int8: bytes[range].map { Float(Int8(bitPattern: $0)) }
      case .uint16: integers(range, UInt16.self).map { Float($0) }
      case .int16: integers(range, UInt16.self).map { Float(Int16(bitPattern: $0)) }
      case .uint32: integers(range, UInt32.self).map { Float($0) }
      case .int32: integers(range, UInt32.self).map { Float(Int32(bitPattern: $0)) }
      case .uint64: integers(range, UInt64.self).map { Float($0) }
      case .int64: integers(range, UInt64.self).map { Float(Int64(bitPattern: $0)) }
      case .float32: integers(range, UInt32.self).map { Float(bitPattern: $0) }
      case .float64: integers(range, UInt64.self).map { Float(Double(bitPattern: $0)) }
      }
    return slope == 1 && intercept == 0 ? plain : plain.map { $0 * slope + intercept }
  }

  /// The voxels in `range` as labels: whole numbers from 0 to 65535 (negative ones are background). Other numbers
  /// (probabilities, interpolated masks) become label 1 at half the maximum or above, which `warning` says.
  func labels(_ range: Range<Int>, file: String) throws(MaskError) -> (labels: [UInt16], warning: String?) {
    if slope == 1, intercept == 0 {
      switch type {
      case .uint8: return (bytes[range].map { UInt16($0) }, nil)
      case .uint16: return (integers(range, UInt16.self), nil)
      case .int16:
        return (integers(range, UInt16.self).map { $0 > UInt16(Int16.max) ? 0 : $0 }, nil)
      default: break
      }
    }
    let values = floats(range)
    var maximum: Float = 0
    var whole = true
    for value in values where value.isFinite {
      maximum = max(maximum, value)
      if whole, abs(value - value.rounded()) > 1e-3 { whole = false }
    }
    guard maximum > 0 else { return (Array(repeating: 0, count: values.count), nil) }
    if whole {
      guard maximum <= 65535 else { throw MaskError(file: file, reason: "label values above 65535 are not read") }
      return (values.map { $0.isFinite ? UInt16(max($0, 0).rounded()) : 0 }, nil)
    }
    guard maximum <= 255 else {
      throw MaskError(file: file, reason: "values are neither whole numbers nor fractions: an image, not a mask")
    }
    let threshold = maximum / 2
    return (
      values.map { $0 >= threshold ? 1 : 0 }, "fractional values: voxels at half the maximum or above were taken"
    )
  }

  private func integers<Value: FixedWidthInteger & UnsignedInteger>(
    _ range: Range<Int>, _ type: Value.Type
  ) -> [Value] {
    let width = MemoryLayout<Value>.size
    var result: [Value] = []
    result.reserveCapacity(range.count)
    for index in range {
      var value: Value = 0
      for place in 0..<width {
        value =
          (value << 8) | Value(truncatingIfNeeded: bytes[index * width + (isBigEndian ? place : width - 1 - place)])
      }
      result.append(value)
    }
    return result
  }
}
