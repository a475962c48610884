import Imaging

/// Words of series descriptions and protocol names, as data: what a word means and how much it counts.
///
/// Texts are compared in lower case without accents, cut at everything that is neither letter nor digit; `+` and `*`
/// become words of their own. Ranges of vertebrae ("T1-T6", "C2-T1") are taken out first.
enum SeriesWords {
  struct Rule: Sendable {
    /// Any of these: a word, several words that follow each other, or (ending in `~`) the beginning of a word.
    var patterns: [String]
    var claims: [(claim: Testimony.Claim, factor: Double)]
    var meaning: String
  }

  static let rules: [Rule] = weighting + fat + exclusions + composed

  private static let weighting: [Rule] = [
    Rule(patterns: ["t1~"], claims: [(.weighting(.t1), 1)], meaning: "T1"),
    Rule(patterns: ["t2~"], claims: [(.weighting(.t2), 1)], meaning: "T2"),
    Rule(
      patterns: [
        "stir", "stir~", "tirm", "tirm~", "tir", "turbo stir", "irfse", "ir tse", "turboinversion", "tiral",
      ],
      claims: [(.weighting(.t2), 1.25), (.fatSuppressed(true), 1.25)], meaning: "short-tau inversion recovery"),
    Rule(
      patterns: [
        "t2 star", "t2star~", "t2 *", "t2 ffe", "t2ffe", "t2 gre", "medic", "merge", "mffe", "t2 fl2d", "swi", "swan",
      ],
      claims: [(.weighting(.other), 2.2)], meaning: "T2*"),
    Rule(
      patterns: ["pd", "pdw", "pdwi", "pd tse", "pd fse", "pd fs", "proton~", "protonen~", "densite~", "dp", "rho"],
      claims: [(.weighting(.other), 1.2)], meaning: "proton density"),
    Rule(
      patterns: ["ciss", "fiesta~", "trufi~", "bffe", "truefisp"], claims: [(.weighting(.other), 1.2)],
      meaning: "steady state"),
  ]

  private static let fat: [Rule] = [
    Rule(
      patterns: [
        "fs", "fatsat~", "fat sat~", "fatsup~", "fat sup~", "fsat", "spair~", "spir", "chess", "fettges~", "fettunter~",
        "fettsat~", "fett sat~", "fettsupp~", "sat graisse", "satgraisse", "suppression graisse", "sat grasa",
        "satgrasa", "supresion grasa", "saturacion grasa", "sat grasso", "satgrasso", "soppressione", "sat gordura",
        "supressao gordura", "vetsat", "vetonder~", "vet onder~", "spectral fat", "q fatsat", "we", "watex", "proset",
        "fatsuppressed", "fat suppressed", "t1fs", "t2fs", "t2wfs", "t1wfs", "fs~t1", "sfs",
      ], claims: [(.fatSuppressed(true), 1)], meaning: "fat suppression"),
    Rule(
      patterns: [
        "dixon w", "mdixon w~", "dixon water", "water", "wasser", "wasserbild", "eau", "agua", "acqua", "ideal w~",
        "flex water", "w only", "dixon tse w", "wdixon", "w dixon",
      ], claims: [(.fatSuppressed(true), 1)], meaning: "Dixon water image"),
    Rule(
      patterns: [
        "no fs", "non fs", "nofs", "ohne fs", "sans fs", "sin fs", "without fs", "wo fs", "no fatsat", "nonfs",
      ],
      claims: [(.fatSuppressed(false), 2.5)], meaning: "no fat suppression"),
    Rule(
      patterns: ["in phase", "inphase~", "inph~", "dixon in", "dixon ip", "ip"], claims: [(.fatSuppressed(false), 1)],
      meaning: "in-phase image"),
  ]

  private static let exclusions: [Rule] = [
    Rule(
      patterns: [
        "loc", "locali~", "lokali~", "loca", "scout~", "survey~", "surview", "topogram~", "planung", "planning",
        "3plane", "3 plane", "three plane", "triplane", "reper~", "ubersicht~", "uebersicht~", "pilot", "aascout",
        "aaspine", "aahead", "calibration", "calib", "asset", "ref scan", "refscan", "coilsurvey", "smart brain",
        "로컬라이저", "位置決め", "定位",
      ], claims: [(.excluded(.localizer), 1)], meaning: "localizer"),
    Rule(
      patterns: [
        "dwi~", "diff", "diffu~", "adc~", "trace~", "dti~", "ivim", "resolve", "zoomit diff", "focus dwi", "b0", "b50",
        "b500", "b600", "b800", "b1000", "edwi", "exp adc", "dwibs", "확산", "拡散", "弥散",
      ], claims: [(.excluded(.diffusion), 1)], meaning: "diffusion"),
    Rule(
      patterns: ["sub", "subtr~", "substr~", "subtraktion~", "soustr~", "sottr~", "resta", "subs", "サブトラクション"],
      claims: [(.excluded(.subtraction), 1)], meaning: "subtraction"),
    Rule(
      patterns: ["mip", "mip~", "myelo~", "mielo~", "ミエロ", "hydro", "projection"],
      claims: [(.excluded(.projection), 1)], meaning: "projection or myelogram"),
    Rule(
      patterns: ["dyn", "dynami~", "dce", "perf", "perfusion", "twist", "tricks", "4d thrive", "disco", "bolustrack~"],
      claims: [(.excluded(.dynamic), 1)], meaning: "dynamic series"),
    Rule(
      patterns: ["angio~", "mra", "tof", "tof~", "cemra"], claims: [(.excluded(.angiography), 1)],
      meaning: "angiography"),
    Rule(
      patterns: [
        "dixon f", "fat only", "fatonly", "fat image", "fettbild", "ideal f", "flex fat", "dixon fat", "mdixon f",
      ],
      claims: [(.excluded(.fatImage), 1)], meaning: "Dixon fat image"),
    Rule(
      patterns: ["opp", "opp~", "opposed~", "out of phase", "outphase", "out phase", "oop", "dixon op", "op phase"],
      claims: [(.excluded(.opposedPhase), 1)], meaning: "opposed phase"),
    Rule(
      patterns: [
        "t1 map~", "t2 map~", "t1map~", "t2map~", "fat fraction", "fatfraction", "pdff", "fa map", "fieldmap~",
      ],
      claims: [(.excluded(.parameterMap), 1)], meaning: "parameter map"),
    Rule(
      patterns: [
        "screen save~", "screensave", "screen capture", "report", "phoenix~", "exam card", "secondary capture",
      ],
      claims: [(.excluded(.secondaryCapture), 1)], meaning: "screen save or report"),
  ]

  private static let composed: [Rule] = [
    Rule(
      patterns: [
        "compos~", "stitch~", "whole spine", "wholespine", "total spine", "totalspine", "full spine", "ganze ws",
        "ganzws", "gws", "gesamte ws", "gesamtws", "ganzwirbel~", "ganzkorper~", "rachis entier", "rachis complet",
        "columna completa", "columna total", "in toto", "colonna intera", "coluna total", "coluna inteira",
        "hele wervel~", "totale wervel~", "mobiview", "pasting", "fused", "全脊椎", "全脊柱", "전척추",
      ], claims: [(.wholeSpine, 1)], meaning: "whole spine")
  ]

  // MARK: Contrast agent

  /// Words for a contrast agent. After one of `before` or `without` they mean a series before it; alone or after one
  /// of `after` they mean a series with it.
  static let agent = [
    "km", "gd", "gad", "gado", "gado~", "gadolin~", "gadovist", "gadobutrol", "dotarem", "clariscan", "prohance",
    "magnevist", "multihance", "omniscan", "contrast", "contrast~", "contraste", "kontrast", "kontrast~", "contrasto",
    "contrasto~", "mdc", "ce", "inj", "injection", "injekt~", "gdl", "gddtpa", "civ", "gd~dtpa", "enhanced",
    "enhancement",
  ]
  /// Words that mean a contrast agent without any of the above.
  static let postAlone = [
    "post", "postcontrast~", "postgad~", "postgd", "postkm", "postinj~", "poscontraste", "postcon", "ceT1", "cet1",
    "t1c", "t1ce", "t1gd", "t1km", "t1gad~", "t1post", "t1c+", "post c", "c plus", "plus c", "plus gd", "plus km",
    "plus gad", "plus cm", "plus k", "plus contrast", "t1 c plus", "apres", "poscon", "nach cm", "mit cm", "with", "造影",
    "造影後",
    "조영", "조영후", "조영증강", "증강", "增强", "增強",
  ]
  static let preAlone = [
    "pre", "precontrast~", "pregad~", "pregd", "prekm", "preinj~", "nativ", "native~", "nativo", "nativa", "unenhanced",
    "noncontrast~", "basal", "basale", "blanco", "t1pre", "nc", "noncon", "sincontraste", "ungespritzt", "without",
    "wo", "造影前",
    "조영전", "平扫", "平掃", "単純",
  ]
  static let without = [
    "ohne", "vor", "sans", "avant", "sin", "antes", "senza", "prima", "sem", "zonder", "voor", "non", "no", "without",
    "wo", "w o", "pre", "before", "minus",
  ]
  /// After "post" these mean an operation or a place and no agent.
  static let notAgentAfterPost = ["op", "opera~", "surg~", "lamin~", "rt", "radiat~", "trauma~", "element~", "proc~"]
}
