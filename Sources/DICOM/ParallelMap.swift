internal import Dispatch
internal import Synchronization

/// Maps a list over several threads; the order of the results is that of the list.
enum ParallelMap {
  static func map<Input: Sendable, Output: Sendable>(
    _ inputs: [Input], threads: Int? = nil, chunk: Int = 16, _ body: @Sendable (Input) -> Output
  ) -> [Output] {
    let chunks = (inputs.count + chunk - 1) / chunk
    let workers = min(threads ?? ProcessorCount.available, chunks)
    if workers <= 1 { return inputs.map(body) }
    let results = Mutex<[(first: Int, values: [Output])]>([])
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < chunks else { break }
        let first = index * chunk
        let values = inputs[first..<min(first + chunk, inputs.count)].map(body)
        results.withLock { $0.append((first, values)) }
      }
    }
    return results.withLock { $0.sorted { $0.first < $1.first }.flatMap(\.values) }
  }
}
