import Imaging

/// What one label of a spine label map stands for.
struct AnatomyLabel: Hashable {
  enum Part: Hashable {
    case structure(SpineStructure)
    /// A vertebra that the map does not split into body and posterior elements.
    case wholeVertebra
  }

  var part: Part
  var level: VertebralLevel?

  init(_ part: Part, _ level: VertebralLevel? = nil) {
    self.part = part
    self.level = level
  }

  /// Reads a name such as `vertebrae_L3`, `L3 vertebral body`, `disc_T12_L1`, `spinal_canal`, `autochthon_left`;
  /// `nil` for what is no part of the spine's surroundings.
  init?(name: String) {
    let words = SegmentNaming.words(name)
    let levels = words.compactMap(Self.level)
    let has = { (beginnings: [String]) in words.contains { word in beginnings.contains { word.hasPrefix($0) } } }
    level = levels.first
    if has(["disc", "disk", "ivd", "intervertebral", "bandscheibe", "disque"]) {
      part = .structure(.intervertebralDisc)
    } else if words.contains("cord") || has(["myelon", "medull", "moelle", "ruckenmark"]) {
      (part, level) = (.structure(.spinalCord), nil)
    } else if has(["canal", "kanal", "csf", "thecal", "liquor", "dural"]) {
      (part, level) = (.structure(.spinalCanal), nil)
    } else if has(["iliopsoas", "psoas"]) {
      (part, level) = (.structure(.psoasMuscle), nil)
    } else if has(["autochthon", "erector", "multifid", "paraspinal", "transversospinalis"]) {
      (part, level) = (.structure(.posteriorParaspinalMuscle), nil)
    } else if has(["gluteus", "quadratus", "muscle", "muskel"]) {
      (part, level) = (.structure(.otherMuscle), nil)
    } else if has(["aorta", "cava", "iliac", "artery", "vein", "vena", "vessel"]) {
      (part, level) = (.structure(.vessel), nil)
    } else if has(["rib", "costal"]) && !has(["process"]) {
      return nil
    } else if has([
      "posterior", "arch", "arcus", "spinous", "spinosus", "process", "lamina", "pedicle", "facet", "articular",
    ]) {
      part = .structure(.posteriorElements)
    } else if has(["corpus", "dens", "endplate"]) || words.contains("body") {
      part = .structure(.vertebralBody)
    } else if has(["sacrum", "sakrum"]) {
      (part, level) = (.wholeVertebra, level ?? .s1)
    } else if has(["coccyx", "cocc"]) {
      (part, level) = (.wholeVertebra, .coccyx)
    } else if has(["vertebra", "wirbel", "vertebre"]) || level != nil {
      part = .wholeVertebra
    } else {
      return nil
    }
    // TotalSpineSeg names the disc above the sacrum "L5-S".
    if case .structure(.intervertebralDisc) = part { level = levels.min() }
  }

  private static func level(_ word: String) -> VertebralLevel? {
    VertebralLevel(name: word.hasPrefix("th") ? "t" + word.dropFirst(2) : word)
  }
}

/// The label tables of tools, read from their own sources.
enum AnatomyPreset: String, CaseIterable {
  case totalspineseg
  case totalsegmentatorMR = "totalsegmentator_mr"
  case totalsegmentatorVertebraeMR = "totalsegmentator_vertebrae_mr"
  case totalsegmentator
  case spineps
  case spinemet

  /// - Parameter present: labels that occur, to tell TotalSegmentator's two MR tasks apart.
  func label(_ value: Int, present: Set<Int>) -> AnatomyLabel? {
    switch self {
    case .totalspineseg: Self.totalSpineSeg(value)
    case .totalsegmentatorMR:
      // `vertebrae_mr` ends at 25, `total_mr` has muscles and vessels above.
      present.contains { $0 > 25 } ? Self.totalMR[value].flatMap { AnatomyLabel(name: $0) } : Self.vertebraeMR(value)
    case .totalsegmentatorVertebraeMR: Self.vertebraeMR(value)
    case .totalsegmentator: Self.total(value)
    case .spineps: Self.instance(value)
    case .spinemet: Self.spineMet(value)
    }
  }

  /// The labels of the phantom: level * 32 + structure.
  private static func spineMet(_ value: Int) -> AnatomyLabel? {
    guard let structure = SpineStructure(rawValue: UInt8(truncatingIfNeeded: value % 32)), structure != .background,
      value / 32 < 256
    else { return nil }
    return AnatomyLabel(.structure(structure), VertebralLevel(rawValue: UInt8(value / 32)))
  }

  /// TotalSpineSeg, `resources/labels_maps/tss_map.json`: cord 1, canal 2, C1 11, T1 21, L1 41, sacrum 50, discs from
  /// C2-C3 63, C7-T1 71, T12-L1 91, L5-S 100.
  private static func totalSpineSeg(_ value: Int) -> AnatomyLabel? {
    switch value {
    case 1: AnatomyLabel(.structure(.spinalCord))
    case 2: AnatomyLabel(.structure(.spinalCanal))
    case 11...17: AnatomyLabel(.wholeVertebra, level(.c1, value - 11))
    case 21...32: AnatomyLabel(.wholeVertebra, level(.t1, value - 21))
    case 41...46: AnatomyLabel(.wholeVertebra, level(.l1, value - 41))
    case 50: AnatomyLabel(.wholeVertebra, .s1)
    case 63...67: AnatomyLabel(.structure(.intervertebralDisc), level(.c2, value - 63))
    case 71: AnatomyLabel(.structure(.intervertebralDisc), .c7)
    case 72...82: AnatomyLabel(.structure(.intervertebralDisc), level(.t1, value - 72))
    case 91: AnatomyLabel(.structure(.intervertebralDisc), .t12)
    case 92...95: AnatomyLabel(.structure(.intervertebralDisc), level(.l1, value - 92))
    case 100: AnatomyLabel(.structure(.intervertebralDisc), .l5)
    default: nil
    }
  }

  /// TotalSegmentator, `map_to_binary.py`, class map `vertebrae_mr`: sacrum 1, L5 2 up to C1 25.
  private static func vertebraeMR(_ value: Int) -> AnatomyLabel? {
    switch value {
    case 1: AnatomyLabel(.wholeVertebra, .s1)
    case 2...6: AnatomyLabel(.wholeVertebra, level(.l1, 6 - value))
    case 7...18: AnatomyLabel(.wholeVertebra, level(.t1, 18 - value))
    case 19...25: AnatomyLabel(.wholeVertebra, level(.c1, 25 - value))
    default: nil
    }
  }

  /// TotalSegmentator, `map_to_binary.py`, class map `total_mr` (the spine's surroundings only).
  private static let totalMR: [Int: String] = [
    18: "sacrum", 19: "vertebrae", 20: "intervertebral_discs", 21: "spinal_cord", 23: "aorta", 24: "inferior_vena_cava",
    26: "iliac_artery_left", 27: "iliac_artery_right", 28: "iliac_vena_left", 29: "iliac_vena_right",
    40: "gluteus_maximus_left", 41: "gluteus_maximus_right", 42: "gluteus_medius_left", 43: "gluteus_medius_right",
    44: "gluteus_minimus_left", 45: "gluteus_minimus_right", 46: "autochthon_left", 47: "autochthon_right",
    48: "iliopsoas_left", 49: "iliopsoas_right",
  ]

  /// TotalSegmentator, `map_to_binary.py`, class map `total` (CT, version 2).
  private static func total(_ value: Int) -> AnatomyLabel? {
    switch value {
    case 25, 26: AnatomyLabel(.wholeVertebra, .s1)
    case 27...31: AnatomyLabel(.wholeVertebra, level(.l1, 31 - value))
    case 32...43: AnatomyLabel(.wholeVertebra, level(.t1, 43 - value))
    case 44...50: AnatomyLabel(.wholeVertebra, level(.c1, 50 - value))
    case 52, 62, 63, 65, 66, 67, 68: AnatomyLabel(.structure(.vessel))
    case 79: AnatomyLabel(.structure(.spinalCord))
    case 80...85: AnatomyLabel(.structure(.otherMuscle))
    case 86, 87: AnatomyLabel(.structure(.posteriorParaspinalMuscle))
    case 88, 89: AnatomyLabel(.structure(.psoasMuscle))
    default: nil
    }
  }

  /// SPINEPS vertebra instances (TPTBox, `Vertebra_Instance`): C1 1 to L5 24, L6 25, S1 26, coccyx 27, T13 28, further
  /// sacral segments from 29; the disc below a vertebra 100 more, its endplate 200 more.
  static func instance(_ value: Int) -> AnatomyLabel? {
    switch value {
    case 101...128: AnatomyLabel(.structure(.intervertebralDisc), instanceLevel(value - 100))
    case 201...233: AnatomyLabel(.structure(.vertebralBody), instanceLevel(value - 200))
    default: instanceLevel(value).map { AnatomyLabel(.wholeVertebra, $0) }
    }
  }

  static func instanceLevel(_ value: Int) -> VertebralLevel? {
    switch value {
    case 1...7: level(.c1, value - 1)
    case 8...19: level(.t1, value - 8)
    case 20...25: level(.l1, value - 20)
    case 26: .s1
    case 27: .coccyx
    case 28: .t13
    case 29...32: level(.s2, value - 29)
    default: nil
    }
  }

  /// SPINEPS subregions (TPTBox, `Location`): arch and processes 41 to 48, body 49 and 50 (both are its body; which a
  /// model writes changed between releases), dens 51, endplates 52, 53 and 62, cord 60, canal 61, disc 100, sacrum 26.
  static func subregion(_ value: Int) -> AnatomyLabel? {
    switch value {
    case 41...48: AnatomyLabel(.structure(.posteriorElements))
    case 49...53, 62: AnatomyLabel(.structure(.vertebralBody))
    case 60: AnatomyLabel(.structure(.spinalCord))
    case 61: AnatomyLabel(.structure(.spinalCanal))
    case 100: AnatomyLabel(.structure(.intervertebralDisc))
    case 26, 40: AnatomyLabel(.wholeVertebra, value == 26 ? .s1 : nil)
    default: nil
    }
  }

  private static func level(_ first: VertebralLevel, _ steps: Int) -> VertebralLevel? {
    VertebralLevel(rawValue: first.rawValue + UInt8(steps))
  }

  /// The preset that a set of labels can only belong to; `nil` where several would do.
  static func recognised(_ present: Set<Int>) -> AnatomyPreset? {
    let fits = { (test: (Int) -> AnatomyLabel?) in present.allSatisfy { test($0) != nil } }
    if present.contains(where: { $0 > 320 }), fits(spineMet) { return .spinemet }
    if present.contains(1) || present.contains(2), present.contains(where: { $0 >= 63 }), fits(totalSpineSeg) {
      return .totalspineseg
    }
    if present.contains(where: { $0 > 100 }), fits(instance) { return .spineps }
    if present.contains(61) || present.contains(60), present.contains(where: { (41...50).contains($0) }),
      fits(subregion)
    {
      return .spineps
    }
    return nil
  }
}
