/// What a segment that is not a lesion shows.
public enum ReferenceKind: String, Sendable, Hashable, CaseIterable, Codable {
  case muscle
  case vertebra
  case canal
  case disc
  /// Named by the file as something that is no lesion: an organ at risk, a treatment volume, the skin.
  case other
}

/// Tells lesions from reference structures by the words of a segment's name and coded type.
///
/// A word for a lesion wins over a word for a structure, so that "metastasis L3 vertebra" is a lesion and "L3 vertebra"
/// is a reference. Words are matched at the start of a word of the text, in any letter case and with or without
/// accents; a text without any known word is a lesion, since a file given as lesions most often holds nothing else.
enum SegmentNaming {
  /// Beginnings of words that mean a lesion (English, German, French, Spanish, Italian, Portuguese, Dutch).
  static let lesionWords = [
    "lesion", "laesion", "lasion", "lesao", "lesione", "laesie", "lesie", "met", "mets", "metast", "tumor", "tumour",
    "tumeur", "neoplas", "mass", "masse", "nodul", "gtv", "cancer", "krebs", "malign", "filia", "absiedlung", "target",
  ]

  /// Beginnings of words that mean a reference structure, tried in this order.
  static let referenceWords: [(kind: ReferenceKind, words: [String])] = [
    (
      .muscle,
      [
        "muscle", "muscul", "muskel", "musculo", "muscolo", "spier", "psoas", "multifid", "erector", "iliacus",
        "iliopsoas", "autochthon", "paraspinal", "gluteus",
      ]
    ),
    (.disc, ["disc", "disk", "disque", "discus", "bandscheibe", "zwischenwirbel", "intervertebral", "disko"]),
    (
      .canal,
      [
        "canal", "canale", "kanal", "spinalkanal", "myelon", "cord", "spinalcord", "spinal_cord", "ruckenmark",
        "rueckenmark", "csf", "liquor", "thecal", "dural", "medull", "moelle", "wirbelkanal", "kanaal",
      ]
    ),
    (
      .vertebra,
      [
        "vertebra", "vertebre", "vertebrae", "vertebral", "wirbel", "wervel", "sacrum", "sakrum", "sacro", "lamina",
        "pedicle", "spinous", "posterior_element", "bone", "knochen", "spine",
      ]
    ),
  ]

  /// Words after which a segment is neither a lesion nor one of the four structures.
  static let otherWords = ["ptv", "ctv", "itv", "external", "body", "skin", "background", "couch", "bolus", "isocent"]

  /// Coded property types (SNOMED CT and its older SRT form) of lesions: neoplasm, mass, lesion, metastasis.
  static let lesionCodes: Set<String> = [
    "108369006", "M-8FFFF", "86049000", "M-80003", "14799000", "M-80006", "4147007", "M-03000", "52988006", "M-01100",
    "49755003", "M-01000", "94222008", "126537000", "27925004", "M-03010",
  ]

  /// Coded property types of reference structures.
  static let referenceCodes: [String: ReferenceKind] = [
    "91727004": .muscle, "T-13001": .muscle, "71616004": .muscle, "10013000": .muscle, "T-13000": .muscle,
    "51282000": .vertebra, "T-11500": .vertebra, "54735007": .vertebra, "T-11AD0": .vertebra,
    "61853006": .canal, "T-11511": .canal, "2748008": .canal, "T-A7010": .canal,
    "360499006": .disc, "244571003": .disc, "T-15340": .disc,
  ]

  /// Whether a text says that it is a lesion.
  static func saysLesion(_ texts: [String?]) -> Bool {
    texts.compactMap { $0 }.map(words).contains { begins($0, lesionWords, whole: wholeLesionWords) }
  }

  private static let wholeLesionWords: Set<String> = ["met", "mets", "mass", "masse", "target"]

  /// The first text that holds a known word decides: pass the name first, then the coded type.
  static func reference(_ texts: [String?]) -> ReferenceKind? {
    let known = texts.compactMap { $0 }.map(words)
    if saysLesion(texts) { return nil }
    for text in known {
      for entry in referenceWords where begins(text, entry.words, whole: ["cord", "bone", "spine"]) {
        return entry.kind
      }
      if begins(text, otherWords, whole: ["body", "skin"]), text.count == 1 || text.contains(where: isVolumeName) {
        return .other
      }
      if text.contains(where: isLevelName), text.count == 1 { return .vertebra }
    }
    return nil
  }

  private static func isVolumeName(_ word: String) -> Bool { ["ptv", "ctv", "itv"].contains { word.hasPrefix($0) } }

  /// A bare vertebral level such as "L3" or "T12" names a vertebra.
  private static func isLevelName(_ word: String) -> Bool {
    guard let first = word.first, "ctls".contains(first), let number = Int(word.dropFirst()) else { return false }
    return (1...13).contains(number)
  }

  private static func begins(_ text: [String], _ beginnings: [String], whole: Set<String>) -> Bool {
    text.contains { word in
      beginnings.contains { whole.contains($0) ? word == $0 : word.hasPrefix($0) }
    }
  }

  /// Lower-case words without accents; digits stay with their letters, "GTV_Mass" gives "gtv" and "mass".
  static func words(_ text: String) -> [String] {
    var words: [String] = []
    var current = ""
    for character in text.lowercased() {
      if character.isLetter || character.isNumber {
        current += plain(character)
      } else if !current.isEmpty {
        words.append(current)
        current = ""
      }
    }
    if !current.isEmpty { words.append(current) }
    return words
  }

  /// The letter without its accent, for the letters of the languages above.
  private static func plain(_ character: Character) -> String {
    switch character {
    case "á", "à", "â", "ä", "ã", "å": "a"
    case "é", "è", "ê", "ë": "e"
    case "í", "ì", "î", "ï": "i"
    case "ó", "ò", "ô", "ö", "õ": "o"
    case "ú", "ù", "û", "ü": "u"
    case "ç": "c"
    case "ñ": "n"
    case "ß": "ss"
    default: String(character)
    }
  }
}
