internal import Foundation
internal import Glibc

/// One child process with a pipe for requests (its standard input) and a pipe for replies (its descriptor 3).
///
/// Its standard output goes nowhere and its standard error to a file or to ours, so nothing that a library prints can
/// pass for a reply. It runs in its own process group: a Ctrl-C at the terminal reaches the coordinator alone.
struct ChildProcess: ~Copyable {
  static let replyDescriptor: Int32 = 3

  /// How a process ended.
  enum End: Sendable, Equatable { case exited(Int32), signalled(Int32) }

  let identifier: pid_t
  let requests: Int32
  let replies: Int32

  init(executable: String, arguments: [String], standardError: String?) throws(BatchFailure) {
    let input = try Self.makePipe()
    let output = try Self.makePipe()
    defer {
      close(input.read)
      close(output.write)
    }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    // The reply end must not sit on 0 or 3 when those are overwritten; descriptors from pipe2 are at least 4 here
    // because 0 to 2 are open and `makePipe` lifts the rest.
    unsafe posix_spawn_file_actions_adddup2(&actions, input.read, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    if let standardError {
      unsafe posix_spawn_file_actions_addopen(&actions, 2, standardError, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    }
    unsafe posix_spawn_file_actions_adddup2(&actions, output.write, Self.replyDescriptor)

    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    unsafe posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    var all = sigset_t()
    unsafe sigfillset(&all)
    unsafe posix_spawnattr_setsigdefault(&attributes, &all)

    var argv = unsafe Self.strings([executable] + arguments)
    defer { unsafe argv.forEach { unsafe free($0) } }
    var environment = unsafe Self.strings(Self.environment)
    defer { unsafe environment.forEach { unsafe free($0) } }
    var pid: pid_t = 0
    let status = unsafe posix_spawn(&pid, executable, &actions, &attributes, &argv, &environment)
    guard status == 0 else {
      close(input.write)
      close(output.read)
      throw BatchFailure(.internalError, unsafe "cannot start a worker process: \(String(cString: strerror(status)))")
    }
    identifier = pid
    requests = input.write
    replies = output.read
    _ = fcntl(replies, F_SETFL, O_NONBLOCK)
  }

  /// Ours, with Swift's crash handler off: it would spend seconds on a backtrace that nobody reads. Arrays of up to
  /// 32 MB (the most that the C library allows) come from the heap, and up to 256 MB of it stay with a worker, so that
  /// its next study finds them without a page fault.
  private static var environment: [String] {
    var variables = ProcessInfo.processInfo.environment
    if variables["SWIFT_BACKTRACE"] == nil { variables["SWIFT_BACKTRACE"] = "enable=no" }
    if variables["MALLOC_MMAP_THRESHOLD_"] == nil { variables["MALLOC_MMAP_THRESHOLD_"] = String(32 << 20) }
    if variables["MALLOC_TRIM_THRESHOLD_"] == nil { variables["MALLOC_TRIM_THRESHOLD_"] = String(256 << 20) }
    return variables.map { "\($0.key)=\($0.value)" }.sorted()
  }

  private static func strings(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
    unsafe texts.map { unsafe strdup($0) } + [nil]
  }

  deinit {
    close(requests)
    close(replies)
  }

  /// A pipe whose ends close on exec and stand above the descriptors that a child uses. One thread starts workers, so
  /// no child can be born between the two calls.
  private static func makePipe() throws(BatchFailure) -> (read: Int32, write: Int32) {
    guard let ends = Descriptor.makePipe() else {
      throw BatchFailure(.internalError, "cannot make a pipe: \(FileSystem.lastError)")
    }
    func lifted(_ descriptor: Int32) -> Int32 {
      let higher = fcntl(descriptor, F_DUPFD_CLOEXEC, replyDescriptor + 1)
      close(descriptor)
      return higher
    }
    return (lifted(ends.read), lifted(ends.write))
  }

  /// Resident memory in bytes, from `/proc`; `nil` when the process is gone.
  var residentBytes: Int? {
    guard let text = Descriptor.readSmallFile("/proc/\(identifier)/statm") else { return nil }
    let fields = text.split(separator: " ")
    return fields.count > 1 ? Int(fields[1]).map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) } : nil
  }

  /// Ends it at once. Safe until `wait` has returned.
  private func kill() { _ = Glibc.kill(identifier, SIGKILL) }

  /// Waits for its end. A process that closed its replies is given a second to die as it was about to, so that its own
  /// signal is seen and not ours.
  func wait(isDying: Bool = false) -> End {
    var status: Int32 = 0
    for _ in 0..<(isDying ? 1000 : 0) {
      if unsafe waitpid(identifier, &status, WNOHANG) == identifier { return Self.end(status) }
      usleep(1000)
    }
    kill()
    while unsafe waitpid(identifier, &status, 0) < 0 && errno == EINTR {}
    return Self.end(status)
  }

  private static func end(_ status: Int32) -> End {
    let signal = status & 0x7f
    return signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal)
  }
}

/// Reading and writing whole pieces on raw descriptors.
enum Descriptor {
  /// A pipe, or `nil` when the process has too many descriptors.
  static func makePipe() -> (read: Int32, write: Int32)? {
    var ends: [Int32] = [0, 0]
    guard unsafe pipe(&ends) == 0 else { return nil }
    return (ends[0], ends[1])
  }

  /// Writes everything; `false` when the other side is gone.
  static func write(_ data: Data, to descriptor: Int32) -> Bool {
    unsafe data.withUnsafeBytes { bytes in
      var offset = 0
      while offset < bytes.count {
        let count = unsafe Glibc.write(descriptor, bytes.baseAddress! + offset, bytes.count - offset)
        if count < 0 {
          if errno == EINTR { continue }
          return false
        }
        offset += count
      }
      return true
    }
  }

  enum Chunk { case bytes(Data), nothingNow, end }

  /// What one read gives.
  static func read(_ descriptor: Int32, upTo limit: Int = 1 << 16) -> Chunk {
    var buffer = [UInt8](repeating: 0, count: limit)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress!, limit) }
      if count > 0 { return .bytes(Data(buffer[..<count])) }
      if count == 0 { return .end }
      if errno == EINTR { continue }
      return errno == EAGAIN ? .nothingNow : .end
    }
  }

  static func readSmallFile(_ path: String) -> String? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    guard case .bytes(let data) = read(descriptor, upTo: 4096) else { return nil }
    return String(decoding: data, as: UTF8.self)
  }

  /// Waits until one of `descriptors` can be read or has ended; returns the indices of those.
  static func waitForReading(_ descriptors: [Int32], milliseconds: Int32) -> [Int] {
    var entries = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    let count = unsafe poll(&entries, nfds_t(entries.count), milliseconds)
    guard count > 0 else { return [] }
    return entries.indices.filter { entries[$0].revents != 0 }
  }
}
