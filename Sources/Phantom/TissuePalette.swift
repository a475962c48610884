import Imaging

/// The tissues of a study by number; lesions add theirs behind the fixed ones.
struct TissuePalette: Sendable {
  enum Fixed: Int, CaseIterable {
    case air, lung, skin, fat, muscle, ligament, cortex, cartilage, nucleus, degenerateNucleus, annulus
    case cerebrospinalFluid, cord, nerve, ganglion, flowVoid, venousBlood, viscera, bowel
    case haemangioma, endplateOedema, endplateFat, endplateSclerosis, redMarrow
    /// Marrow without fat and with a fat fraction of 1: others are mixtures of the two.
    case marrowWater, marrowFat
  }

  static let fixed: [Tissue] = Fixed.allCases.map { name in
    switch name {
    case .air: .air
    case .lung: .lung
    case .skin: .skin
    case .fat: .fat
    case .muscle: .muscle
    case .ligament: .ligament
    case .cortex: .cortex
    case .cartilage: .cartilage
    case .nucleus: .nucleus
    case .degenerateNucleus: .degenerateNucleus
    case .annulus: .annulus
    case .cerebrospinalFluid: .cerebrospinalFluid
    case .cord: .cord
    case .nerve: .nerve
    case .ganglion: .ganglion
    case .flowVoid: .flowVoid
    case .venousBlood: .venousBlood
    case .viscera: .viscera
    case .bowel: .bowel
    case .haemangioma: .haemangioma
    case .endplateOedema: .endplateOedema
    case .endplateFat: .endplateFat
    case .endplateSclerosis: .endplateSclerosis
    case .redMarrow: .redMarrow
    case .marrowWater: .marrow(fatFraction: 0)
    case .marrowFat: .marrow(fatFraction: 1)
    }
  }

  var tissues = Self.fixed

  /// Adds a tissue and gives its number.
  mutating func add(_ tissue: Tissue) -> Int {
    tissues.append(tissue)
    return tissues.count - 1
  }
}

/// What lies at a point: a mixture of two tissues, a gain on their signal (bone trabeculae, texture), and its name.
struct TissueSample {
  var first: Int
  var second: Int
  var weight: Float
  var gain: Float
  var structure: SpineStructure
  var level: VertebralLevel?
  /// Far from the spine, where one sample a pixel is enough.
  var remote = false

  @inline(__always) init(
    _ first: TissuePalette.Fixed, _ structure: SpineStructure = .background, level: VertebralLevel? = nil,
    mixedWith second: TissuePalette.Fixed? = nil, weight: Float = 0, gain: Float = 1
  ) {
    self.first = first.rawValue
    self.second = (second ?? first).rawValue
    self.weight = weight
    self.gain = gain
    self.structure = structure
    self.level = level
  }
}
