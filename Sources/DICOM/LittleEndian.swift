extension [UInt8] {
  /// Four bytes from `offset`, the least significant first. Traps beyond the end.
  func littleEndian32(at offset: Int) -> Int {
    let low = UInt32(self[offset]) | UInt32(self[offset + 1]) << 8
    let high = UInt32(self[offset + 2]) | UInt32(self[offset + 3]) << 8
    return Int(low | high << 16)
  }
}
