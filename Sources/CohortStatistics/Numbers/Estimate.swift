/// A number, or why there is none.
package enum Estimate<Value: Sendable>: Sendable {
  case value(Value)
  case unavailable(String)

  package var value: Value? { if case .value(let value) = self { value } else { nil } }
  package var reason: String? { if case .unavailable(let reason) = self { reason } else { nil } }

  package func map<Other>(_ transform: (Value) -> Other) -> Estimate<Other> {
    switch self {
    case .value(let value): .value(transform(value))
    case .unavailable(let reason): .unavailable(reason)
    }
  }
}

extension Estimate: Equatable where Value: Equatable {}

/// Both ends of a confidence interval.
package struct Interval: Sendable, Equatable {
  package var lower: Double
  package var upper: Double

  package init(_ lower: Double, _ upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  package var array: [Double] { [lower, upper] }
}

extension Estimate where Value == Double {
  /// A value that a distribution could not give becomes a reason.
  package init(_ value: Double?, otherwise reason: String = "the distribution has no value here") {
    if let value, value.isFinite { self = .value(value) } else { self = .unavailable(reason) }
  }
}
