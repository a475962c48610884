#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// An open regular file that is read at offsets. The one place of this room that owns a descriptor.
///
/// Reads with `pread`, never by mapping: a file that shrinks while it is read gives an error and not a SIGBUS.
struct FileBytes: ~Copyable {
  let size: Int
  let device: UInt64
  let inode: UInt64
  private let descriptor: Int32

  init(path: String) throws(DICOMError) {
    // Non-blocking, so that a named pipe among the files cannot hang the walk.
    let opened = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard opened >= 0 else { throw DICOMError(.cannotRead, "cannot open the file: \(Self.reason(errno))", path: path) }
    var status = stat()
    guard unsafe fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(opened)
      throw DICOMError(.cannotRead, "not a regular file", path: path)
    }
    descriptor = opened
    size = Int(status.st_size)
    device = UInt64(truncatingIfNeeded: status.st_dev)
    inode = UInt64(truncatingIfNeeded: status.st_ino)
  }

  deinit { close(descriptor) }

  /// The bytes from `offset`, as many as there are up to `count`.
  func read(at offset: Int, count: Int) throws(DICOMError) -> [UInt8] {
    var bytes: [UInt8] = []
    try read(at: offset, count: count, into: &bytes)
    return bytes
  }

  /// Replaces `bytes` by those from `offset`, as many as there are up to `count`; its storage is reused.
  func read(at offset: Int, count: Int, into bytes: inout [UInt8]) throws(DICOMError) {
    let wanted = max(0, min(count, size - offset))
    var failure: Int32 = 0
    var done = 0
    if bytes.count != wanted {
      let fresh = unsafe [UInt8](unsafeUninitializedCapacity: wanted) { buffer, initialized in
        (done, failure) = unsafe Self.fill(buffer, descriptor, offset)
        initialized = done
      }
      bytes = fresh
    } else {
      (done, failure) = unsafe bytes.withUnsafeMutableBufferPointer { unsafe Self.fill($0, descriptor, offset) }
      if done < bytes.count { bytes.removeLast(bytes.count - done) }
    }
    if failure != 0 { throw DICOMError(.cannotRead, "reading failed: \(Self.reason(failure))") }
  }

  private static func fill(
    _ buffer: UnsafeMutableBufferPointer<UInt8>, _ descriptor: Int32, _ offset: Int
  ) -> (done: Int, failure: Int32) {
    var done = 0
    while done < buffer.count {
      let got = unsafe pread(descriptor, buffer.baseAddress! + done, buffer.count - done, off_t(offset + done))
      if got > 0 {
        done += got
      } else if got == 0 {
        break
      } else if errno != EINTR {
        return (done, errno)
      }
    }
    return (done, 0)
  }

  static func reason(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
}
