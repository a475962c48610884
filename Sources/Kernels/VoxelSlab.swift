internal import Dispatch
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A large array of `Float` that several threads fill, chunk by chunk, in its own storage: no copy, no zeroing, and
/// huge pages where the system gives them (page faults cost more than decoding otherwise).
public enum VoxelSlab {
  /// Arrays from this size on ask for huge pages.
  private static let hugePage = 2 << 20

  /// - Parameters:
  ///   - body: fills chunk `index` completely; `scratch` belongs to the thread and is kept from chunk to chunk. Chunks
  ///     come in no fixed order.
  /// - Throws: the error of the lowest failing chunk among those that were tried.
  public static func fill<Failure: Error>(
    chunks: Int, valuesPerChunk: Int, threads: Int,
    _ body:
      @Sendable (_ index: Int, _ scratch: inout [UInt8], _ output: inout MutableSpan<Float>) throws(Failure) -> Void
  ) throws(Failure) -> [Float] {
    let failure = Mutex<(chunk: Int, error: Failure)?>(nil)
    let total = chunks * valuesPerChunk
    let values = unsafe [Float](unsafeUninitializedCapacity: total) { buffer, initialized in
      guard total > 0, let base = buffer.baseAddress else { return }
      unsafe adviseHugePages(UnsafeMutableRawPointer(base), total * MemoryLayout<Float>.stride)
      nonisolated(unsafe) let start = unsafe base
      let next = Atomic<Int>(0)
      @Sendable func work(_: Int) {
        var scratch: [UInt8] = []
        while true {
          let chunk = next.wrappingAdd(1, ordering: .relaxed).oldValue
          guard chunk < chunks else { break }
          var output = unsafe MutableSpan<Float>(
            _unsafeStart: start + chunk * valuesPerChunk, count: valuesPerChunk)
          do throws(Failure) {
            try body(chunk, &scratch, &output)
          } catch {
            failure.withLock { if $0 == nil || chunk < $0!.chunk { $0 = (chunk, error) } }
            next.store(chunks, ordering: .relaxed)
          }
        }
      }
      let workers = max(1, min(threads, chunks))
      if workers == 1 { work(0) } else { DispatchQueue.concurrentPerform(iterations: workers) { work($0) } }
      initialized = failure.withLock { $0 == nil } ? total : 0
    }
    if let failed = failure.withLock({ $0 }) { throw failed.error }
    return values
  }

  /// Asks for huge pages in the part of the range that consists of whole ones.
  private static func adviseHugePages(_ start: UnsafeMutableRawPointer, _ count: Int) {
    #if os(Linux)
      let first = (UInt(bitPattern: start) + UInt(hugePage) - 1) & ~UInt(hugePage - 1)
      let last = (UInt(bitPattern: start) + UInt(count)) & ~UInt(hugePage - 1)
      guard last > first, let inner = unsafe UnsafeMutableRawPointer(bitPattern: first) else { return }
      _ = unsafe madvise(inner, Int(last - first), Int32(MADV_HUGEPAGE))
    #endif
  }
}
