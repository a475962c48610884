internal import Foundation

/// The coil's fall-off as several series show it that were received by the same coil.
///
/// Fat that stayed in a muscle lifts its signal on T1 and T2 and lowers it where fat is suppressed, by other amounts in each
/// series, while the coil's sensitivity is the same in all. The median of the log factors therefore leaves out a series whose
/// tissues were mixed; of an even number it is the mean of the middle two, weighted by 1 / variance.
public struct CoilConsensus: Sendable {
  private let fallOffs: [CoilFallOff]
  private let parameters: SignalParameters

  public init(_ fallOffs: [CoilFallOff], parameters: SignalParameters = SignalParameters()) {
    self.fallOffs = fallOffs
    self.parameters = parameters
  }

  /// Sensitivity at `target` over that at `source` (posterior coordinates, LPS y), and its relative standard error: of the
  /// variance of a typical series the parameters' share, which the others have with it since they show the same tissues,
  /// and the rest shared out over the series. `nil` where no series reaches the target.
  public func factor(from source: Double, to target: Double) -> (factor: Double, relativeError: Double)? {
    let seen = fallOffs.compactMap { $0.factor(from: source, to: target) }.map {
      // Equal depths need no coil; the floor keeps weights finite there.
      (level: log($0.factor), variance: max(1e-8, $0.relativeError * $0.relativeError))
    }.sorted { $0.level < $1.level }
    guard !seen.isEmpty else { return nil }
    let (low, high) = (seen[(seen.count - 1) / 2], seen[seen.count / 2])
    let level = (low.level * high.variance + high.level * low.variance) / (low.variance + high.variance)
    let typical = seen.map(\.variance).sorted()[seen.count / 2]
    let shared = parameters.coilSharedError
    return (exp(level), (typical * (shared + (1 - shared) / Double(seen.count))).squareRoot())
  }
}
