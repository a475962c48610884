internal import Foundation
internal import Glibc

/// What a pool of workers is to do, asked for piece by piece so that nothing piles up in memory.
protocol WorkSource: AnyObject {
  /// The next task, or `nil` when there is none at the moment.
  func nextTask() throws -> PooledTask?
  /// Takes what became of a task.
  func finish(_ task: PooledTask, _ outcome: TaskOutcome) throws
  /// No more tasks will come, whatever the running ones bring.
  var isExhausted: Bool { get }
  /// Called about ten times a second.
  func tick(running: Int)
  /// Tasks that a worker may hold at a time: more than one hides the exchange where tasks are short.
  var tasksPerWorker: Int { get }
}

extension WorkSource {
  var tasksPerWorker: Int { 1 }
}

/// A task with a number that its source understands.
struct PooledTask {
  var number: Int64
  var task: WorkerTask
}

enum TaskOutcome {
  case reply(WorkerReply)
  case died(WorkerDeath)
}

/// How a worker came to its end while it had a task.
struct WorkerDeath: Equatable {
  enum Cause: Equatable {
    case signal(Int32)
    case exit(Int32)
    case timeout(seconds: Double)
    case memory(megabytes: Int, limit: Int)
  }

  var cause: Cause
  var lastStage: String?

  var signal: Int32? {
    switch cause {
    case .signal(let number): number
    case .timeout, .memory: SIGKILL
    case .exit: nil
    }
  }

  var reason: String {
    let stage = lastStage.map { ", last stage: \($0)" } ?? ""
    return switch cause {
    case .signal(let number): "the worker died of signal \(number) (\(Self.name(of: number)))\(stage)"
    case .exit(let code): "the worker ended with exit code \(code)\(stage)"
    case .timeout(let seconds): "stopped after the time limit of \(Int(seconds.rounded())) s\(stage)"
    case .memory(let megabytes, let limit):
      "stopped at \(megabytes) MB of memory, over the limit of \(limit) MB\(stage)"
    }
  }

  private static func name(of signal: Int32) -> String {
    switch signal {
    case SIGSEGV: "segmentation fault"
    case SIGABRT: "abort"
    case SIGBUS: "bus error"
    case SIGFPE: "arithmetic error"
    case SIGILL, SIGTRAP: "trap"
    case SIGKILL: "killed"
    case SIGTERM: "terminated"
    default: "signal"
    }
  }
}

/// Limits of one task and how workers start.
struct WorkerPoolSettings {
  var jobs: Int
  var executable: String
  var arguments: [String]
  var timeoutSeconds: Double?
  var memoryLimitMegabytes: Int?
  /// A folder for the workers' standard error; `nil` lets it through to ours.
  var errorFolder: String?
}

/// Reusable worker processes, one task at a time each, with a time and a memory limit, replaced after a death.
///
/// One thread polls the reply pipes; memory is looked at every 25 ms. A worker that dies takes its one task down and
/// nothing else.
final class WorkerPool {
  private final class Worker {
    let process: ChildProcess
    var splitter = LineSplitter()
    /// The one that it works on, and those that wait for it.
    var tasks: [PooledTask] = []
    var deadline: ContinuousClock.Instant?
    var lastStage: String?
    var stopCause: WorkerDeath.Cause?

    init(process: consuming ChildProcess) { self.process = process }

    var isIdle: Bool { tasks.isEmpty }
  }

  private let settings: WorkerPoolSettings
  private let shouldStop: () -> Bool
  private let wakeDescriptor: Int32
  private var workers: [Worker] = []
  /// Tasks that waited behind one that took its worker down.
  private var orphans: [PooledTask] = []
  private var started = 0
  /// Outcomes that the source has yet to take: workers get their next tasks first.
  private var completed: [(PooledTask, TaskOutcome)] = []
  private var lastTick = ContinuousClock.now
  private var lastMemoryLook = ContinuousClock.now
  /// The largest sum of the workers' resident memory that was seen, in bytes.
  private(set) var peakResidentBytes = 0

  /// - Parameter wakeDescriptor: becomes readable when `shouldStop` may have changed; -1 for none.
  init(settings: WorkerPoolSettings, wakeDescriptor: Int32 = -1, shouldStop: @escaping () -> Bool = { false }) {
    self.settings = settings
    self.wakeDescriptor = wakeDescriptor
    self.shouldStop = shouldStop
  }

  deinit { stopAll() }

  /// Runs the source's tasks until it is exhausted, or until a stop is asked for: then running tasks are abandoned.
  func run(_ source: some WorkSource) throws {
    while !shouldStop() {
      let exhausted = try assign(source)
      for (task, outcome) in completed { try source.finish(task, outcome) }
      let settled = completed.isEmpty
      completed = []
      let running = workers.count { !$0.isIdle }
      if running == 0 && settled {
        if exhausted { return }
        if try !assign(source), workers.allSatisfy(\.isIdle) { usleep(20_000) }
      }
      guard settled else { continue }
      for index in Descriptor.waitForReading(workers.map { $0.process.replies } + [wakeDescriptor], milliseconds: 25)
        .sorted(by: >) where index < workers.count
      {
        try read(workers[index])
      }
      enforceLimits()
      if ContinuousClock.now - lastTick > .milliseconds(100) {
        lastTick = .now
        source.tick(running: workers.count { !$0.isIdle })
      }
    }
  }

  /// Ends every worker, waiting for none of their tasks.
  func stopAll() {
    for worker in workers {
      _ = worker.process.wait()
    }
    workers = []
  }

  /// Gives tasks to idle workers, starting workers up to the number of jobs; whether the source is exhausted.
  private func assign(_ source: some WorkSource) throws -> Bool {
    let depth = source.tasksPerWorker
    while workers.count < settings.jobs || workers.contains(where: { $0.tasks.count < depth }) {
      guard let task = try orphans.popLast() ?? source.nextTask() else { return source.isExhausted }
      let worker = try freestWorker()
      worker.tasks.append(task)
      if worker.tasks.count == 1 { begin(worker) }
      // A write that fails means that the worker died while idle; reading finds its end and reports the death.
      _ = Descriptor.write(try JSONLine.encode(task.task), to: worker.process.requests)
    }
    return false
  }

  /// An idle worker, a new one while there are fewer than jobs, or the one that holds fewest tasks.
  private func freestWorker() throws -> Worker {
    if let idle = workers.first(where: \.isIdle) { return idle }
    if workers.count < settings.jobs { return try start() }
    return try workers.min { $0.tasks.count < $1.tasks.count } ?? start()
  }

  private func begin(_ worker: Worker) {
    worker.lastStage = nil
    worker.deadline = settings.timeoutSeconds.map { .now + .seconds($0) }
  }

  /// Starts as many workers as there are jobs, before there is work for them.
  func startAll() throws {
    while workers.count < settings.jobs { _ = try start() }
  }

  private func start() throws -> Worker {
    started += 1
    let process = try ChildProcess(
      executable: settings.executable, arguments: settings.arguments,
      standardError: settings.errorFolder.map { "\($0)/worker-\(workers.count + 1).log" })
    let worker = Worker(process: process)
    workers.append(worker)
    return worker
  }

  private func read(_ worker: Worker) throws {
    while true {
      switch Descriptor.read(worker.process.replies) {
      case .nothingNow: return
      case .end: return bury(worker)
      case .bytes(let data):
        for line in worker.splitter.append(data) { try take(line, from: worker) }
      }
    }
  }

  private func take(_ line: Data, from worker: Worker) throws {
    let reply = try JSONDecoder().decode(WorkerReply.self, from: line)
    if case .stage(let stage) = reply {
      worker.lastStage = stage
      return
    }
    guard !worker.isIdle else { return }
    let task = worker.tasks.removeFirst()
    worker.deadline = nil
    if !worker.isIdle { begin(worker) }
    completed.append((task, .reply(reply)))
  }

  private func bury(_ worker: Worker) {
    let end = worker.process.wait(isDying: worker.stopCause == nil)
    workers.removeAll { $0 === worker }
    guard let task = worker.tasks.first else { return }
    orphans += worker.tasks.dropFirst()
    let cause: WorkerDeath.Cause =
      worker.stopCause
      ?? {
        switch end {
        case .exited(let code): .exit(code);
        case .signalled(let number): .signal(number)
        }
      }()
    completed.append((task, .died(WorkerDeath(cause: cause, lastStage: worker.lastStage))))
  }

  private func enforceLimits() {
    let now = ContinuousClock.now
    for worker in workers where worker.deadline.map({ now > $0 }) == true {
      worker.stopCause = .timeout(seconds: settings.timeoutSeconds ?? 0)
      bury(worker)
    }
    guard now - lastMemoryLook > .milliseconds(25) else { return }
    lastMemoryLook = now
    var sum = 0
    for worker in workers {
      let resident = worker.process.residentBytes ?? 0
      sum += resident
      if let limit = settings.memoryLimitMegabytes, resident > limit << 20 {
        worker.stopCause = .memory(megabytes: resident >> 20, limit: limit)
        bury(worker)
      }
    }
    peakResidentBytes = max(peakResidentBytes, sum)
  }
}
