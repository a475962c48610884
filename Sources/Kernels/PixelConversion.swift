/// Stored pixel values as bytes in little endian order, turned into `Float`.
///
/// A value occupies `bitsStored` bits below and including `highBit` of a word of `bitsAllocated` bits; what stands in
/// the other bits (overlays) is dropped, and the sign is taken from `highBit`. The result is `slope * value +
/// intercept` in single precision, multiplication first. Inverted values (MONOCHROME1) are mirrored in the stored
/// range: 2^bitsStored - 1 - value, or -1 - value where signed.
public struct PixelConversion: Sendable, Hashable {
  public enum Word: Sendable, Hashable { case integer8, integer16, integer32, float32, float64 }

  let word: Word
  let shiftLeft: Int
  let shiftRight: Int
  let isSigned: Bool
  let bitsStored: Int
  let isInverted: Bool

  /// Traps on bits that do not fit the word: callers check headers before.
  public init(word: Word, bitsStored: Int, highBit: Int, isSigned: Bool, isInverted: Bool) {
    let width =
      switch word {
      case .integer8: 8
      case .integer16: 16
      case .integer32, .float32: 32
      case .float64: 64
      }
    precondition(bitsStored >= 1 && highBit < width && highBit + 1 >= bitsStored, "the stored bits must fit the word")
    self.word = word
    shiftLeft = width - 1 - highBit
    shiftRight = width - bitsStored
    self.isSigned = isSigned
    self.bitsStored = bitsStored
    self.isInverted = isInverted
  }

  public var bytesPerValue: Int {
    switch word {
    case .integer8: 1
    case .integer16: 2
    case .integer32, .float32: 4
    case .float64: 8
    }
  }

  /// Slope and intercept with the inversion folded in.
  private func folded(_ slope: Float, _ intercept: Float) -> (slope: Float, intercept: Float) {
    guard isInverted, word != .float32, word != .float64 else { return (slope, intercept) }
    let mirror: Float = isSigned ? -1 : Float((1 << bitsStored) - 1)
    return (-slope, slope * mirror + intercept)
  }

  /// Converts `output.count` values. Traps when `bytes` holds fewer.
  public func convert(_ bytes: [UInt8], slope: Float, intercept: Float, into output: inout MutableSpan<Float>) {
    convert(bytes, from: 0, slope: slope, intercept: intercept, into: &output, at: 0, count: output.count)
  }

  /// Converts the `count` values that begin with value `from` of the bytes, into the places from `at`. Traps when bytes
  /// or output hold fewer.
  public func convert(
    _ bytes: [UInt8], from: Int, slope: Float, intercept: Float, into output: inout MutableSpan<Float>, at: Int,
    count: Int
  ) {
    precondition(
      from >= 0 && at >= 0 && count >= 0 && bytes.count >= (from + count) * bytesPerValue
        && output.count >= at + count, "the bytes must hold all values")
    let (slope, intercept) = folded(slope, intercept)
    unsafe bytes.withUnsafeBytes { whole in
      unsafe output.withUnsafeMutableBufferPointer { target in
        guard let begin = target.baseAddress, let first = whole.baseAddress else { return }
        let target = unsafe begin + at
        let source = unsafe first + from * bytesPerValue
        let input = unsafe UnsafeRawBufferPointer(start: source, count: count * bytesPerValue)
        switch word {
        case .integer16 where isSigned:
          unsafe Self.signed16(source, target, count, shiftLeft, shiftRight, slope, intercept)
        case .integer16:
          unsafe Self.unsigned16(source, target, count, shiftLeft, shiftRight, slope, intercept)
        default:
          for index in 0..<count {
            unsafe target[index] = slope * value(input, at: index) + intercept
          }
        }
      }
    }
  }

  /// The scalar twin of `convert`: one value at a time, obviously right.
  public func convertScalar(_ bytes: [UInt8], slope: Float, intercept: Float, into output: inout MutableSpan<Float>) {
    precondition(bytes.count >= output.count * bytesPerValue, "the bytes must hold all values")
    let (slope, intercept) = folded(slope, intercept)
    unsafe bytes.withUnsafeBytes { input in
      for index in 0..<output.count { output[index] = unsafe slope * value(input, at: index) + intercept }
    }
  }

  private func value(_ input: UnsafeRawBufferPointer, at index: Int) -> Float {
    switch word {
    case .integer8:
      let word = unsafe input.loadUnaligned(fromByteOffset: index, as: UInt8.self) << UInt8(shiftLeft)
      return isSigned ? Float(Int8(bitPattern: word) >> Int8(shiftRight)) : Float(word >> UInt8(shiftRight))
    case .integer16:
      let raw = unsafe UInt16(littleEndian: input.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self))
      let word = raw << UInt16(shiftLeft)
      return isSigned ? Float(Int16(bitPattern: word) >> Int16(shiftRight)) : Float(word >> UInt16(shiftRight))
    case .integer32:
      let raw = unsafe UInt32(littleEndian: input.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self))
      let word = raw << UInt32(shiftLeft)
      return isSigned ? Float(Int32(bitPattern: word) >> Int32(shiftRight)) : Float(word >> UInt32(shiftRight))
    case .float32:
      let raw = unsafe UInt32(littleEndian: input.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self))
      return Float(bitPattern: raw)
    case .float64:
      let raw = unsafe UInt64(littleEndian: input.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))
      return Float(Double(bitPattern: raw))
    }
  }

  // MARK: SIMD

  private static func unsigned16(
    _ source: UnsafeRawPointer, _ target: UnsafeMutablePointer<Float>, _ count: Int, _ left: Int, _ right: Int,
    _ slope: Float, _ intercept: Float
  ) {
    let lanes = 8
    let up = SIMD8<UInt16>(repeating: UInt16(left))
    let down = SIMD8<UInt16>(repeating: UInt16(right))
    var index = 0
    while index + lanes <= count {
      let raw = unsafe (source + 2 * index).loadUnaligned(as: SIMD8<UInt16>.self)
      let words = (raw &<< up) &>> down
      let values = SIMD8<Float>(SIMD8<Int32>(truncatingIfNeeded: words)) * slope + intercept
      unsafe UnsafeMutableRawPointer(target + index).storeBytes(of: values, as: SIMD8<Float>.self)
      index += lanes
    }
    while index < count {
      let raw = unsafe (source + 2 * index).loadUnaligned(as: UInt16.self)
      let word = (raw &<< UInt16(left)) &>> UInt16(right)
      unsafe target[index] = slope * Float(word) + intercept
      index += 1
    }
  }

  private static func signed16(
    _ source: UnsafeRawPointer, _ target: UnsafeMutablePointer<Float>, _ count: Int, _ left: Int, _ right: Int,
    _ slope: Float, _ intercept: Float
  ) {
    let lanes = 8
    let up = SIMD8<Int16>(repeating: Int16(left))
    let down = SIMD8<Int16>(repeating: Int16(right))
    var index = 0
    while index + lanes <= count {
      let raw = unsafe (source + 2 * index).loadUnaligned(as: SIMD8<Int16>.self)
      let words = (raw &<< up) &>> down
      let values = SIMD8<Float>(SIMD8<Int32>(truncatingIfNeeded: words)) * slope + intercept
      unsafe UnsafeMutableRawPointer(target + index).storeBytes(of: values, as: SIMD8<Float>.self)
      index += lanes
    }
    while index < count {
      let raw = unsafe (source + 2 * index).loadUnaligned(as: Int16.self)
      let word = (raw &<< Int16(left)) &>> Int16(right)
      unsafe target[index] = slope * Float(word) + intercept
      index += 1
    }
  }
}
