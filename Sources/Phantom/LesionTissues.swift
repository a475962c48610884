import Foundation

/// Finds proton density, T1 and T2 of a tumour so that its signal over muscle's is as wanted on T1 and T2.
enum LesionTissues {
  /// Four tissues: plain and enhancing, of the tumour and of its sclerotic part.
  ///
  /// - Parameters:
  ///   - coreShare: mean share of the sclerotic part, whose signal is `coreDarkness` of the rest before contrast.
  static func make(
    _ specification: LesionSpecification, coreShare: Double, fieldStrength: Double, t1: PulseSequence, t2: PulseSequence
  ) -> [Tissue] {
    let coreDarkness = 0.5
    let dilution = 1 - coreShare * (1 - coreDarkness)
    let muscle1 = total(t1, .muscle)
    let muscle2 = total(t2, .muscle)
    let wanted1 = specification.t1Ratio * muscle1 / dilution
    let wanted2 = specification.t2Ratio * muscle2 / dilution
    let tissue = solve(wanted1: wanted1, wanted2: wanted2, t1: t1, t2: t2)
    var core = tissue
    core.protonDensity *= coreDarkness
    var (low, high) = concentrations(specification)
    if specification.pattern == .nonEnhancing { high = low }
    let (soft, dense): (Double, Double) =
      switch specification.matrix {
      case .osteolytic: (45, 60)
      case .osteoblastic: (480, 720)
      case .mixed: (60, 560)
      }
    return [(tissue, low, soft), (tissue, high, soft), (core, low, dense), (core, high, dense)].map {
      base, agent, units in
      var result = base
      result.gadolinium = agent
      result.hounsfield = units
      return result
    }
  }

  private static func total(_ sequence: PulseSequence, _ tissue: Tissue) -> Double {
    let parts = sequence.signal(tissue)
    return Double(parts.x + parts.y)
  }

  /// Concentrations where the pattern is weak and where it is strong, mmol/l.
  private static func concentrations(_ specification: LesionSpecification) -> (Double, Double) {
    let strong = specification.gadolinium
    switch specification.pattern {
    case .homogeneous: return (0.05, strong ?? 0.45)
    case .heterogeneous: return (0.06, strong ?? 0.75)
    case .nonEnhancing: return (0.015, 0.015)
    case .rimEnhancing: return (0.02, strong ?? 0.65)
    case .wormsInABag: return (0.22, strong ?? 1.6)
    }
  }

  /// T1 is sought on a ladder around malignant marrow water's (1252 ms at 1.5 T, Biffar), T2 by bisection for the
  /// quotient of the two signals, and the proton density for the level; the first T1 whose density is possible wins.
  private static func solve(wanted1: Double, wanted2: Double, t1: PulseSequence, t2: PulseSequence) -> Tissue {
    let high = t1.fieldStrength >= 2.2
    let usual = high ? 1550.0 : 1252.0
    var best = Tissue(protonDensity: 0.85, t1: (usual, usual), t2: (60, 60))
    var bestError = Double.infinity
    for factor in [1.0, 0.85, 1.2, 0.7, 1.45, 0.55, 0.42, 1.8, 0.32] {
      let longitudinal = usual * factor
      var low = 10.0
      var high = 600.0
      for _ in 0..<60 {
        let middle = (low * high).squareRoot()
        let one = t1.signal(protonDensity: 1, t1: longitudinal, t2: middle, concentration: 0)
        let two = t2.signal(protonDensity: 1, t1: longitudinal, t2: middle, concentration: 0)
        if two / one < wanted2 / wanted1 { low = middle } else { high = middle }
      }
      let transverse = (low * high).squareRoot()
      let density = wanted1 / t1.signal(protonDensity: 1, t1: longitudinal, t2: transverse, concentration: 0)
      let clamped = min(max(density, 0.12), 1.05)
      let error = abs(log(density / clamped))
      if error < bestError - 1e-9 {
        bestError = error
        best = Tissue(
          protonDensity: clamped, t1: (longitudinal, longitudinal), t2: (transverse, transverse), fatFraction: 0)
      }
      if error == 0 { break }
    }
    return best
  }
}
