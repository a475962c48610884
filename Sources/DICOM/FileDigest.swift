internal import CDigest

/// Content hashes of bytes and files.
public enum FileDigest {
  /// 128 bits of XXH3 as 32 hexadecimal digits: fast, no protection against forgery.
  public static func xxh3(_ bytes: [UInt8]) -> String {
    var digest = [UInt8](repeating: 0, count: 16)
    _ = unsafe bytes.withUnsafeBufferPointer { input in
      unsafe digest.withUnsafeMutableBufferPointer { output in
        unsafe cdigest_xxh3_128(input.baseAddress, input.count, output.baseAddress)
      }
    }
    return hexadecimal(digest)
  }

  /// XXH3 of a whole file; `nil` when it cannot be read or is larger than 2 GB.
  public static func xxh3(path: String) -> String? {
    guard let file = try? FileBytes(path: path), file.size <= 2 << 30,
      let bytes = try? file.read(at: 0, count: file.size)
    else { return nil }
    return xxh3(bytes)
  }

  static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
