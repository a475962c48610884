internal import Foundation
internal import Glibc
internal import StudyPipeline

/// A worker process: reads tasks from standard input, one at a time, and answers on descriptor 3.
public enum WorkerLoop {
  /// Serves until standard input ends, which it does when the coordinator is gone; then the process ends at once, in
  /// the middle of a task or not, because nobody is left to take the result.
  public static func run(services: WorkerServices, memoryLimitMegabytes: Int?) -> Never {
    signal(SIGINT, SIG_IGN)
    if let memoryLimitMegabytes { limitMemory(megabytes: memoryLimitMegabytes) }
    let queue = TaskQueue()
    Thread.detachNewThread {
      var splitter = LineSplitter()
      while case .bytes(let data) = Descriptor.read(0) { splitter.append(data).forEach(queue.push) }
      _exit(0)
    }
    while true { serve(queue.pop(), services) }
  }

  private static func serve(_ line: Data, _ services: WorkerServices) {
    guard let task = try? JSONDecoder().decode(WorkerTask.self, from: line) else { _exit(70) }
    switch task {
    case .headers(let paths): answer(.headers(paths.map(services.readHeader)))
    case .study(let task): answer(.study(analyze(task, services)))
    case .retrieve(let task): answer(.retrieved(services.retrieve(task) { answer(.stage($0)) }))
    }
  }

  private static func analyze(_ task: StudyTask, _ services: WorkerServices) -> StudyResult {
    var result: StudyResult
    do {
      answer(.stage("start"))
      task.testHook?.act()
      result = try services.analyze(task) { answer(.stage($0)) }
    } catch {
      result = StudyResult()
      result.failure = error as? StudyFailure ?? StudyFailure(.internalError, "\(type(of: error))")
    }
    result.peakMemoryMegabytes = ProcessMemory.peakBytes >> 20
    return result
  }

  private static func answer(_ reply: WorkerReply) {
    guard let line = try? JSONLine.encode(reply), Descriptor.write(line, to: ChildProcess.replyDescriptor) else {
      _exit(70)
    }
  }

  /// The coordinator watches resident memory; this is the backstop for an allocation that comes faster than it looks.
  /// Half as much again plus the runtime's own arenas, because address space is not resident memory.
  private static func limitMemory(megabytes: Int) {
    let bytes = rlim_t(megabytes + megabytes / 2 + 1024) << 20
    var limit = rlimit(rlim_cur: bytes, rlim_max: bytes)
    _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &limit)
  }
}

/// Lines from the reading thread to the working one.
private final class TaskQueue: @unchecked Sendable {
  private let condition = NSCondition()
  private var lines: [Data] = []

  func push(_ line: Data) {
    condition.withLock {
      lines.append(line)
      condition.signal()
    }
  }

  func pop() -> Data {
    condition.lock()
    defer { condition.unlock() }
    while lines.isEmpty { condition.wait() }
    return lines.removeFirst()
  }
}

extension TestHook {
  /// Does the harm that the hook names.
  func act() {
    switch self {
    case .crash:
      signal(SIGSEGV, SIG_DFL)
      raise(SIGSEGV)
    case .abort: Glibc.abort()
    case .hang: while true { usleep(100_000) }
    case .slow: usleep(300_000)
    case .memory:
      var hoard: [[UInt8]] = []
      while hoard.count < 1 << 20 {
        hoard.append([UInt8](repeating: UInt8(truncatingIfNeeded: hoard.count), count: 8 << 20))
        usleep(2000)
      }
    }
  }
}
