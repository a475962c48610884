internal import CDICOM

/// Raw deflate (RFC 1951) into memory of a bounded size.
enum Inflater {
  static func inflate(_ packed: [UInt8], limit: Int) throws(DICOMError) -> [UInt8] {
    // Grow by what comes out, never by what a header claims.
    var capacity = min(limit, max(packed.count * 4, 1 << 16))
    while true {
      var produced = 0
      var status: Int32 = 0
      let bytes = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, initialized in
        status = unsafe packed.withUnsafeBufferPointer { input in
          unsafe cdicom_inflate(input.baseAddress, input.count, buffer.baseAddress, buffer.count, &produced)
        }
        initialized = min(produced, buffer.count)
      }
      switch status {
      case 0: return bytes
      case 1 where capacity < limit: capacity = min(limit, capacity * 4)
      case 1: throw DICOMError(.limitExceeded, "the deflated data set inflates to more than \(limit) bytes")
      default:
        // A stream cut short or without its checksum still holds what came before.
        if produced > 0 { return bytes }
        throw DICOMError(.malformed, "the deflated data set cannot be inflated")
      }
    }
  }
}
