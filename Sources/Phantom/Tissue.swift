import Foundation

/// What the signal equation needs to know of a tissue: the water part (proton density relative to cerebrospinal
/// fluid, T1, T2), the fat that shares the voxel, and the contrast agent that it takes up.
///
/// Values at 1.5 T and 3 T. The family is that of in-vivo relaxometry by separate T1 and T2 measurements: Stanisz et
/// al., Magn Reson Med 2005;54:507 for muscle, cord and blood; de Bazelaire et al., Radiology 2004;230:652 for fat and
/// (as water + fat) marrow, with the marrow water's T1 after Biffar (828 ms, malignant 1252 ms at 1.5 T). Discs and
/// cerebrospinal fluid are of synthetic MR (PMC7410772), the only source that has them all. Proton densities and fat
/// fractions are set so that contrasts are those of clinical spine MR.
package struct Tissue: Sendable {
  package var protonDensity: Double
  /// Water T1 and T2 in milliseconds: at 1.5 T and at 3 T.
  package var t1: (Double, Double)
  package var t2: (Double, Double)
  /// Share of the protons that are fat's, 0 to 1.
  package var fatFraction: Double = 0
  /// Concentration after 0.1 mmol/kg, in mmol/l, a few minutes after injection.
  package var gadolinium: Double = 0
  /// Hounsfield units.
  package var hounsfield: Double = 0

  /// Subcutaneous fat (de Bazelaire): T1 343 and 382 ms, T2 58 and 68 ms.
  static let fatT1 = (343.0, 382.0)
  static let fatT2 = (58.0, 68.0)

  static let air = Tissue(protonDensity: 0, t1: (1000, 1000), t2: (50, 50), hounsfield: -1000)
  static let lung = Tissue(protonDensity: 0.05, t1: (1200, 1300), t2: (20, 15), gadolinium: 0.2, hounsfield: -800)
  static let skin = Tissue(
    protonDensity: 0.6, t1: (800, 900), t2: (33, 33), fatFraction: 0.1, gadolinium: 0.15, hounsfield: 60)
  static let fat = Tissue(
    protonDensity: 0.9, t1: (800, 1000), t2: (40, 40), fatFraction: 0.95, gadolinium: 0.02, hounsfield: -100)
  package static let muscle = Tissue(
    protonDensity: 0.80, t1: (1008, 1412), t2: (44, 50), fatFraction: 0.02, gadolinium: 0.04, hounsfield: 55)
  static let ligament = Tissue(
    protonDensity: 0.35, t1: (600, 700), t2: (12, 12), gadolinium: 0.03, hounsfield: 80)
  static let cortex = Tissue(protonDensity: 0.06, t1: (400, 400), t2: (4, 4), hounsfield: 1000)
  static let cartilage = Tissue(protonDensity: 0.65, t1: (1000, 1168), t2: (30, 27), hounsfield: 100)
  static let nucleus = Tissue(protonDensity: 0.74, t1: (1050, 1165), t2: (102, 102), hounsfield: 85)
  static let degenerateNucleus = Tissue(protonDensity: 0.45, t1: (554, 554), t2: (55.6, 55.6), hounsfield: 90)
  static let annulus = Tissue(protonDensity: 0.42, t1: (554, 600), t2: (30, 30), hounsfield: 100)
  static let cerebrospinalFluid = Tissue(protonDensity: 1.0, t1: (4273, 4273), t2: (1578, 1578), hounsfield: 8)
  static let cord = Tissue(protonDensity: 0.70, t1: (745, 993), t2: (74, 78), hounsfield: 35)
  static let nerve = Tissue(protonDensity: 0.65, t1: (850, 1050), t2: (65, 65), gadolinium: 0.03, hounsfield: 30)
  static let ganglion = Tissue(protonDensity: 0.75, t1: (900, 1100), t2: (75, 75), gadolinium: 0.3, hounsfield: 35)
  /// Flowing blood: dark by the spin echo's outflow.
  static let flowVoid = Tissue(protonDensity: 0.05, t1: (1441, 1932), t2: (150, 120), gadolinium: 0.1, hounsfield: 45)
  /// Slow venous blood (Stanisz: T1 1441 and 1932 ms).
  static let venousBlood = Tissue(
    protonDensity: 0.72, t1: (1441, 1932), t2: (150, 110), gadolinium: 0.7, hounsfield: 45)
  static let viscera = Tissue(
    protonDensity: 0.72, t1: (700, 900), t2: (46, 42), fatFraction: 0.08, gadolinium: 0.3, hounsfield: 55)
  static let bowel = Tissue(protonDensity: 0.75, t1: (1100, 1400), t2: (70, 65), gadolinium: 0.2, hounsfield: 30)

  /// Marrow of a fat fraction: water T1 828 ms (Biffar, 1.5 T), trabecular bone takes a tenth of the protons. Its
  /// apparent T1 at a fat fraction of 0.4 to 0.5 is about 550 ms, as de Bazelaire measured.
  static func marrow(fatFraction: Double) -> Tissue {
    Tissue(
      protonDensity: 0.82, t1: (828, 1050), t2: (42, 40), fatFraction: fatFraction, gadolinium: 0.06, hounsfield: 170)
  }

  // Mimics.
  static let haemangioma = Tissue(
    protonDensity: 1.0, t1: (1100, 1300), t2: (110, 105), fatFraction: 0.55, gadolinium: 0.35, hounsfield: 80)
  static let endplateOedema = Tissue(
    protonDensity: 0.85, t1: (1050, 1300), t2: (75, 72), fatFraction: 0.12, gadolinium: 0.25, hounsfield: 170)
  static let endplateFat = Tissue(
    protonDensity: 0.88, t1: (828, 1050), t2: (45, 42), fatFraction: 0.85, gadolinium: 0.03, hounsfield: 90)
  static let endplateSclerosis = Tissue(
    protonDensity: 0.25, t1: (800, 900), t2: (25, 25), fatFraction: 0.1, gadolinium: 0.02, hounsfield: 550)
  static let redMarrow = Tissue(
    protonDensity: 0.82, t1: (828, 1050), t2: (46, 44), fatFraction: 0.18, gadolinium: 0.12, hounsfield: 190)
}

/// Pulse sequence of one series.
package struct PulseSequence: Sendable {
  package var repetitionTime: Double
  package var echoTime: Double
  /// Inversion time of a short-tau inversion recovery; `nil` for a spin echo.
  package var inversionTime: Double?
  package var fatSuppressed = false
  package var gadolinium = false
  package var fieldStrength: Double

  package init(
    repetitionTime: Double, echoTime: Double, inversionTime: Double? = nil, fatSuppressed: Bool = false,
    gadolinium: Bool = false, fieldStrength: Double
  ) {
    self.repetitionTime = repetitionTime
    self.echoTime = echoTime
    self.inversionTime = inversionTime
    self.fatSuppressed = fatSuppressed
    self.gadolinium = gadolinium
    self.fieldStrength = fieldStrength
  }
}

extension PulseSequence {
  /// Relaxivities of Gd-DTPA in plasma, l/(mmol s): r1 4.1 at 1.5 T and 3.7 at 3 T (Rohrer 2005), r2 4.6 and 5.2.
  static func relaxivity(fieldStrength: Double) -> (r1: Double, r2: Double) {
    fieldStrength < 2.2 ? (4.1, 4.6) : (3.7, 5.2)
  }

  /// Spin echo: S = PD (1 - exp(-TR/T1)) exp(-TE/T2); with an inversion pulse the magnitude of
  /// PD (1 - 2 exp(-TI/T1) + exp(-TR/T1)) exp(-TE/T2). The agent adds r1 C to 1/T1 and r2 C to 1/T2.
  package func signal(protonDensity: Double, t1: Double, t2: Double, concentration: Double) -> Double {
    let (r1, r2) = Self.relaxivity(fieldStrength: fieldStrength)
    let c = gadolinium ? concentration : 0
    let rate1 = 1 / t1 + r1 * c / 1000
    let rate2 = 1 / t2 + r2 * c / 1000
    let decay = exp(-echoTime * rate2)
    if let inversionTime {
      return protonDensity * abs(1 - 2 * exp(-inversionTime * rate1) + exp(-repetitionTime * rate1)) * decay
    }
    return protonDensity * (1 - exp(-repetitionTime * rate1)) * decay
  }

  /// The water's and the fat's share of a tissue's signal, apart: fat suppression works on the second only.
  package func signal(_ tissue: Tissue) -> SIMD2<Float> {
    let high = fieldStrength >= 2.2
    let water = signal(
      protonDensity: tissue.protonDensity * (1 - tissue.fatFraction), t1: high ? tissue.t1.1 : tissue.t1.0,
      t2: high ? tissue.t2.1 : tissue.t2.0, concentration: tissue.gadolinium)
    let fat = signal(
      protonDensity: tissue.protonDensity * tissue.fatFraction, t1: high ? Tissue.fatT1.1 : Tissue.fatT1.0,
      t2: high ? Tissue.fatT2.1 : Tissue.fatT2.0, concentration: 0)
    return SIMD2(Float(water), Float(fat))
  }
}
