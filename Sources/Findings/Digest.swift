internal import CDigest

/// SHA-256 and HMAC-SHA-256 (OpenSSL) as the contract's keys and digests need them, in lower-case hexadecimal.
public enum Digest {
  /// 64 hexadecimal digits of SHA-256 over `bytes`.
  public static func sha256(_ bytes: [UInt8]) -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    let status = unsafe cdigest_sha256(bytes, bytes.count, &digest)
    precondition(status == 0, "SHA-256 is part of OpenSSL")
    return hexadecimal(digest)
  }

  /// 64 hexadecimal digits of HMAC-SHA-256.
  public static func hmacSHA256(key: [UInt8], _ bytes: [UInt8]) -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    let status = unsafe cdigest_hmac_sha256(key, key.count, bytes, bytes.count, &digest)
    precondition(status == 0, "HMAC-SHA-256 is part of OpenSSL")
    return hexadecimal(digest)
  }

  static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 2)
    for byte in bytes { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
    return String(decoding: text, as: UTF8.self)
  }
}
