import Foundation

/// Draws studies as `make accuracy` needs them. Lesion parameters cover the paper's ranges evenly rather than with its
/// frequencies, so that rare classes have enough cases.
enum RandomStudy {
  static func specification(seed: UInt64) -> PhantomStudySpecification {
    var random = RandomSequence(seed: seed, stream: 61)
    var study = PhantomStudySpecification(name: "random", seed: seed)
    study.fieldStrength = random.chance(0.5) ? 1.5 : 3
    study.vendor = random.element(of: PhantomStudySpecification.Vendor.allCases)
    study.blankTags = random.chance(0.08)
    let block = random.uniform()
    study.block = block < 0.14 ? .cervical : block < 0.4 ? .thoracic : block < 0.55 ? .thoracolumbar : .lumbar
    study.anatomy = anatomy(&random)
    study.coilFallOff = random.chance(0.2) ? random.uniform(0.4...1) : random.uniform(0...0.3)
    study.fatResidual = random.uniform(0.05...0.2)
    study.fatSuppressionFailure = random.chance(0.25) ? random.uniform(0.3...0.8) : random.uniform(0...0.15)
    study.obliqueDegrees = random.chance(0.3) ? random.uniform(2...15) : 0
    study.shift = random.chance(0.5) ? random.uniform(0.2...1) : 0
    for index in study.series.indices {
      let t2 = study.series[index].kind == .sagittalT2 || study.series[index].kind == .axialT2
      study.series[index].muscleSNR = exp(random.uniform(log(t2 ? 7 : 9)...log(t2 ? 28 : 45)))
      study.series[index].phaseResolution = random.uniform(0.75...1)
    }
    let matrix = random.element(of: [256, 320, 384])
    let thickness = random.element(of: [3.0, 3.5, 4.0, 4.0, 5.0])
    for index in study.series.indices where study.series[index].kind.rawValue.hasPrefix("sag") {
      study.series[index].matrix = matrix
      study.series[index].sliceThickness = thickness
      study.series[index].slices = Int((62 / (thickness * 1.1)).rounded())
    }
    study.lesions = lesions(study.block, &random)
    let taken = Set(study.lesions.map(\.level))
    study.mimics = mimics(study.block, taken, &random)
    return study
  }

  private static func anatomy(_ random: inout RandomSequence) -> AnatomySpecification {
    var anatomy = AnatomySpecification()
    anatomy.scale = random.uniform(0.95...1.16)
    anatomy.lordosis = random.uniform(0.6...1.3)
    anatomy.kyphosis = random.uniform(0.6...1.3)
    anatomy.scoliosisDegrees = random.chance(0.2) ? random.uniform(-25...25) : random.uniform(-4...4)
    anatomy.marrowFatFraction = random.uniform(0.3...0.6)
    anatomy.muscleFat = random.uniform(0.03...0.3)
    anatomy.subcutaneousFat = random.uniform(8...28)
    anatomy.degeneration = random.uniform(0...0.7)
    return anatomy
  }

  static func levels(_ block: PhantomStudySpecification.Block) -> [String] {
    switch block {
    case .cervical: ["C3", "C4", "C5", "C6", "C7", "T1"]
    case .thoracic: ["T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9", "T10", "T11"]
    case .thoracolumbar: ["T8", "T9", "T10", "T11", "T12", "L1", "L2"]
    default: ["T12", "L1", "L2", "L3", "L4", "L5", "S1"]
    }
  }

  private static func lesions(
    _ block: PhantomStudySpecification.Block, _ random: inout RandomSequence
  ) -> [LesionSpecification] {
    var free = levels(block)
    let wanted = min(random.integer(3...5), free.count - 1)
    var result: [LesionSpecification] = []
    while result.count < wanted, !free.isEmpty {
      let place = random.integer(0...(free.count - 1))
      let level = free[place]
      let lesion = lesion(level, block, &random)
      // A large mass keeps its neighbours free.
      let reach =
        lesion.form == .focal || lesion.form == .wholeVertebra ? 0 : lesion.form == .posteriorInfiltration ? 0 : 1
      let remove = Set((place - reach)...(place + reach))
      if reach > 0,
        result.contains(where: { taken in
          let all = levels(block)
          guard let a = all.firstIndex(of: taken.level), let b = all.firstIndex(of: level) else { return false }
          return abs(a - b) <= reach
        })
      {
        continue
      }
      free = free.enumerated().filter { !remove.contains($0.offset) }.map(\.element)
      result.append(lesion)
    }
    return result
  }

  private static func lesion(
    _ level: String, _ block: PhantomStudySpecification.Block, _ random: inout RandomSequence
  ) -> LesionSpecification {
    var lesion = LesionSpecification()
    lesion.level = level
    let kind = random.uniform()
    let cervical = block == .cervical
    lesion.pattern = random.element(of: [
      .homogeneous, .homogeneous, .heterogeneous, .heterogeneous, .nonEnhancing, .rimEnhancing, .rimEnhancing,
      .wormsInABag,
    ])
    if lesion.pattern == .wormsInABag {
      lesion.form = random.chance(0.8) ? .expansile : .infiltrative
      lesion.part = random.chance(0.65) ? .posteriorElements : .vertebralBody
      lesion.diameter = random.uniform(25...(cervical ? 42 : 62))
    } else if kind < 0.08 {
      lesion.form = .wholeVertebra
      lesion.collapsePercent = random.chance(0.4) ? random.uniform(10...45) : 0
    } else if kind < 0.13, lesion.pattern != .rimEnhancing {
      lesion.form = .posteriorInfiltration
      lesion.part = .posteriorElements
    } else if kind < 0.24, lesion.pattern != .rimEnhancing {
      lesion.form = random.element(of: [.expansile, .infiltrative])
      lesion.part = random.chance(0.5) ? .posteriorElements : .vertebralBody
      lesion.diameter = random.uniform(24...(cervical ? 36 : 50))
    } else if kind < 0.30, lesion.pattern != .rimEnhancing {
      lesion.form = .subligamentous
      lesion.diameter = random.uniform(18...28)
    } else {
      lesion.part = random.chance(0.12) && lesion.pattern != .rimEnhancing ? .posteriorElements : .vertebralBody
      let largest = cervical ? 13.0 : block == .thoracic ? 20.0 : 26.0
      let smallest = lesion.pattern == .rimEnhancing ? 8.0 : lesion.pattern == .heterogeneous ? 5.0 : 2.5
      lesion.diameter = exp(random.uniform(log(smallest)...log(largest)))
    }
    lesion.aspect = [random.uniform(0.7...1), random.uniform(0.7...1)]
    lesion.lobulation = random.uniform(0...0.1)
    lesion.margin = random.chance(0.3) && lesion.pattern != .rimEnhancing ? .illDefined : .wellDefined
    signal(&lesion, &random)
    return lesion
  }

  /// Ratios: a third within 0.8 to 1.25 on each weighting, the rest from 0.4 to 2.6.
  private static func signal(_ lesion: inout LesionSpecification, _ random: inout RandomSequence) {
    let t1 = random.uniform()
    lesion.t1Ratio =
      t1 < 0.4 ? random.uniform(0.8...1.25) : t1 < 0.8 ? random.uniform(0.5...0.8) : random.uniform(1.25...1.8)
    let t2 = random.uniform()
    lesion.t2Ratio =
      t2 < 0.35 ? random.uniform(0.8...1.25) : t2 < 0.8 ? random.uniform(1.25...3) : random.uniform(0.4...0.8)
    if lesion.pattern == .rimEnhancing {
      lesion.t1Ratio = random.uniform(0.5...0.9)
      lesion.t2Ratio = random.uniform(0.6...1.6)
    }
    lesion.matrix =
      lesion.t2Ratio > 1.2
      ? (random.chance(0.85) ? .osteolytic : .mixed) : (random.chance(0.8) ? .osteoblastic : .mixed)
    if lesion.pattern == .rimEnhancing { lesion.matrix = random.chance(0.5) ? .osteoblastic : .mixed }
    if lesion.pattern == .wormsInABag { lesion.matrix = .osteolytic }
  }

  private static func mimics(
    _ block: PhantomStudySpecification.Block, _ taken: Set<String>, _ random: inout RandomSequence
  ) -> [MimicSpecification] {
    levels(block).filter { !taken.contains($0) && $0 != "S1" }.compactMap { level in
      guard random.chance(0.35) else { return nil }
      let kind = random.element(of: MimicSpecification.Kind.allCases)
      let largest = block == .cervical ? 7.0 : block == .thoracic ? 11.0 : 15.0
      return MimicSpecification(kind: kind, level: level, diameter: random.uniform((largest / 2)...largest))
    }
  }
}
