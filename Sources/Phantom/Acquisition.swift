import Foundation
import Imaging

/// How a series is acquired: its grid, slice profile, k-space and sequence.
struct Acquisition: Sendable {
  let kind: SeriesSpecification.Kind
  let number: Int
  let geometry: VolumeGeometry
  let sliceThickness: Double
  let sequence: PulseSequence
  /// Share of k-space acquired along the columns' direction.
  let phaseResolution: Double
  let muscleSNR: Double
  /// Displacement of the patient in this series: along the rows and along the columns, millimetres.
  let shift: SIMD2<Double>
  /// Series of one group share the grid and are sampled together.
  let group: Int
}

/// What came out of the scanner, and what would have without noise and coil.
struct AcquiredSeries: Sendable {
  let acquisition: Acquisition
  /// Magnitude with noise and the coil's sensitivity.
  let image: [Float]
  /// Without noise and with an even coil; partial volume and k-space truncation included.
  let ideal: [Float]
  /// Sensitivity of the coil, 1 at the depth of the paraspinal muscle.
  let sensitivity: [Float]
  /// Standard deviation of the noise of each quadrature channel.
  let noise: Double
}

/// The receive coil's sensitivity over the patient.
struct Coil: Sendable {
  /// Position of the coil's plane along the patient's back (LPS y).
  let plane: Double
  let fallOff: Double

  /// A surface coil's axial field (1 + (d/R)^2)^(-3/2) with R = 100 mm, raised to the fall-off that the vendor's
  /// normalisation leaves, with the ripple of 110 mm elements; 1 at 45 mm.
  func sensitivity(at point: Vector3) -> Double {
    let reference = 1 + (45.0 / 100) * (45.0 / 100)
    let distance = max(plane - point.y, 0) / 100
    let field = pow((1 + distance * distance) / reference, -1.5)
    let ripple = 1 + 0.06 * cos(2 * .pi * point.z / 110)
    return pow(field * ripple, fallOff)
  }
}

/// Share of the fat signal that fat suppression leaves at a point.
struct FatSuppression: Sendable {
  let residual: Double
  let failure: Double
  let field: NoiseField

  func share(at point: Vector3) -> Float {
    let off = smoothStep(0.15, 0.6, field.value(point.x / 50, point.y / 55, point.z / 60))
    return Float(min(residual + failure * Double(off), 1))
  }
}
