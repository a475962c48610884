/// Passes over zeros.
public enum ZeroRun {
  /// Index of the first byte that is not zero, from `start` and below `end`; `end` where there is none. Eight bytes at a
  /// time. Traps on indices outside the bytes.
  public static func end(in bytes: [UInt8], from start: Int, below end: Int) -> Int {
    precondition(start >= 0 && start <= end && end <= bytes.count, "the range must lie in the bytes")
    var index = start
    unsafe bytes.withUnsafeBytes { raw in
      while index + 8 <= end, unsafe raw.loadUnaligned(fromByteOffset: index, as: UInt64.self) == 0 { index += 8 }
      while index < end, unsafe raw[index] == 0 { index += 1 }
    }
    return index
  }

  /// The scalar twin.
  public static func endScalar(in bytes: [UInt8], from start: Int, below end: Int) -> Int {
    (start..<end).first { bytes[$0] != 0 } ?? end
  }
}
