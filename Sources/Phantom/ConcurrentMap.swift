import Dispatch
import Synchronization

/// Holds results by index while several threads make them.
private final class Slots<Value: Sendable>: Sendable {
  private let values: Mutex<[Value?]>

  init(count: Int) { values = Mutex(Array(repeating: nil, count: count)) }

  func set(_ index: Int, _ value: Value) { values.withLock { $0[index] = value } }

  func all() -> [Value] { values.withLock { $0.map { $0! } } }
}

/// `body` of each index, made on all processors; the result does not depend on their number.
func concurrentMap<Value: Sendable>(_ count: Int, _ body: @Sendable @escaping (Int) -> Value) -> [Value] {
  guard count > 0 else { return [] }
  let slots = Slots<Value>(count: count)
  DispatchQueue.concurrentPerform(iterations: count) { slots.set($0, body($0)) }
  return slots.all()
}
