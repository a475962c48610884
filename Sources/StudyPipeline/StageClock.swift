/// Seconds by stage, in the order in which stages first ran.
struct StageClock {
  private(set) var stages: [(stage: String, seconds: Double)] = []

  /// Called with a stage's name when it begins; a batch records the last one of a study that dies.
  var onStage: (@Sendable (String) -> Void)?

  mutating func measure<Value, Failure: Error>(
    _ stage: String, _ body: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    onStage?(stage)
    let clock = ContinuousClock()
    let start = clock.now
    defer { add(stage, clock.now - start) }
    return try body()
  }

  private mutating func add(_ stage: String, _ duration: Duration) {
    let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    if let index = stages.firstIndex(where: { $0.stage == stage }) {
      stages[index].seconds += seconds
    } else {
      stages.append((stage, seconds))
    }
  }
}
