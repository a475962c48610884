import Findings
import Foundation
import Imaging
import LesionMeasurement

/// Paints one enhancing lesion in its surroundings, in units of muscle, for the tests of the pattern rules.
///
/// It shares no code with the phantom: shapes are drawn on a fine grid (a third of a pixel, three layers a slice),
/// band-limited as an acquisition does it (sinc, hence Gibbs rings, partly apodized), sampled, and given noise.
struct PatternPainter {
  enum Kind: String, CaseIterable { case homogeneous, heterogeneous, nonEnhancing, rimEnhancing, wormsInABag }

  var kind: Kind
  var radius: Double
  var pixel: Double
  var sliceSpacing: Double
  var signalToNoise: Double
  var seed: Int
  var noiseSeed: Int
  /// Millimetres by which the lesion's centre misses a pixel's centre.
  var shift = 0.0
  /// Radians by which the scene is turned in the plane.
  var rotation = 0.0
  /// Pixels by which the mask is dilated (positive) or eroded.
  var maskGrowth = 0
  /// Contrast of lesion over muscle is raised to this power: 3 T against 1.5 T.
  var contrastPower = 1.0

  struct Case {
    var input: EnhancementInput
    var kind: Kind
    var radius: Double
    var detail: String
  }

  /// A random lesion of a pattern and of a range of radii.
  static func random(_ kind: Kind, radius: ClosedRange<Double>, seed: Int) -> PatternPainter {
    var random = PatternRandom(seed &* 31 &+ 7)
    return PatternPainter(
      kind: kind, radius: random.uniform(radius.lowerBound, radius.upperBound), pixel: random.uniform(0.6, 1.0),
      sliceSpacing: random.uniform(3, 6), signalToNoise: random.uniform(10, 30), seed: seed, noiseSeed: seed,
      shift: random.uniform(-0.5, 0.5))
  }

  func paint() -> Case {
    var random = PatternRandom(seed)
    let half = radius * 1.5 + 8
    let count = Int((2 * half / pixel).rounded(.up))
    let slices = max(3, 2 * Int((radius * 0.9 / sliceSpacing).rounded(.up)) + 1)
    let scene = PatternScene(self, random: &random, half: half)
    var voxels: [Float] = []
    var mask: [UInt8] = []
    var noise = PatternRandom(noiseSeed &* 977 &+ 5)
    let sigma = 1 / signalToNoise
    for slice in 0..<slices {
      let z = Double(slice - slices / 2) * sliceSpacing
      let (image, inside) = render(scene, z: z, count: count, half: half)
      for index in image.indices {
        let (a, b) = (image[index] + sigma * noise.normal(), sigma * noise.normal())
        voxels.append(Float(100 * (a * a + b * b).squareRoot()))
        mask.append(inside[index])
      }
      if maskGrowth != 0 { grow(&mask, slice: slice, count: count) }
    }
    let geometry = try! VolumeGeometry(
      columns: count, rows: count, slices: slices, origin: .zero, rowDirection: Vector3(0, 1, 0),
      columnDirection: Vector3(0, 0, -1), spacing: Vector3(pixel, pixel, sliceSpacing))
    let pre = scene.preRatio * exp(0.02 * noise.normal())
    let input = EnhancementInput(
      post: Volume(geometry: geometry, voxels: voxels), region: Region(geometry: geometry, mask: mask),
      muscle: .init(mean: 100, relativeStandardError: 0.02, noise: 100 * sigma), fatSuppressed: true,
      pre: .init(ratioToMuscle: pre, relativeStandardError: 0.03, fatSuppressed: false))
    return Case(input: input, kind: kind, radius: radius, detail: scene.detail)
  }

  /// One slice: mean of three layers, band-limited along rows and columns, sampled at the pixels' centres.
  private func render(_ scene: PatternScene, z: Double, count: Int, half: Double) -> ([Double], [UInt8]) {
    let fine = 3 * count
    let step = pixel / 3
    var sum = [Double](repeating: 0, count: fine * fine)
    let slab = sliceSpacing * 0.9
    for layer in [-1.0, 0, 1] {
      scene.add(to: &sum, z: z + layer * slab / 3, fine: fine, step: step, half: half, shift: shift, weight: 1.0 / 3)
    }
    let taps = Self.bandLimit
    let radius = taps.count / 2
    var across = [Double](repeating: 0, count: fine * count)
    for row in 0..<fine {
      for column in 0..<count {
        var value = 0.0
        for k in taps.indices {
          let at = min(max(3 * column + 1 + k - radius, 0), fine - 1)
          value += taps[k] * sum[row * fine + at]
        }
        across[row * count + column] = value
      }
    }
    var image = [Double](repeating: 0, count: count * count)
    var mask = [UInt8](repeating: 0, count: count * count)
    for row in 0..<count {
      for column in 0..<count {
        var value = 0.0
        for k in taps.indices {
          let at = min(max(3 * row + 1 + k - radius, 0), fine - 1)
          value += taps[k] * across[at * count + column]
        }
        image[row * count + column] = value
        let x = (Double(column) + 0.5) * pixel - half - shift
        let y = (Double(row) + 0.5) * pixel - half - shift
        if scene.isInside(x, y, z) { mask[row * count + column] = 1 }
      }
    }
    return (image, mask)
  }

  /// A sinc of one pixel's band, apodized by a Hann window over eight pixels: rings of about 7 %.
  private static let bandLimit: [Double] = {
    let taps = (-24...24).map { index -> Double in
      let x = Double(index) / 3
      let sinc = index == 0 ? 1 : sin(.pi * x) / (.pi * x)
      return sinc * (0.5 + 0.5 * cos(.pi * Double(index) / 25))
    }
    let total = taps.reduce(0, +)
    return taps.map { $0 / total }
  }()

  private func grow(_ mask: inout [UInt8], slice: Int, count: Int) {
    let start = slice * count * count
    for _ in 0..<abs(maskGrowth) {
      let before = Array(mask[start...])
      for row in 1..<(count - 1) {
        for column in 1..<(count - 1) {
          let at = row * count + column
          let around = [before[at - 1], before[at + 1], before[at - count], before[at + count]]
          if maskGrowth > 0, around.contains(1) { mask[start + at] = 1 }
          if maskGrowth < 0, around.contains(0) { mask[start + at] = 0 }
        }
      }
    }
  }
}
