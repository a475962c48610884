internal import Glibc

/// This process's own memory.
enum ProcessMemory {
  /// The largest resident size so far.
  static var peakBytes: Int {
    var usage = rusage()
    _ = unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Int(usage.ru_maxrss) * 1024
  }
}
