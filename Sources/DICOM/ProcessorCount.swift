#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Processors that this process may run on.
public enum ProcessorCount {
  public static let available: Int = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
}
