import Imaging

/// Reads one lesion's enhancement: see `EnhancementMeasurement` for the numbers and Guides/enhancement.md for why.
public enum EnhancementReader {
  /// - Returns: a measurement whose parts are `nil`, with the reason in `limits`, where the lesion is too small.
  ///   An empty region or a muscle without signal gives a measurement without any part.
  public static func measure(_ input: EnhancementInput, _ parameters: EnhancementParameters) -> EnhancementMeasurement {
    var result = EnhancementMeasurement()
    guard input.muscle.mean > 0, input.muscle.mean.isFinite else {
      result.limits.append("muscle has no positive mean signal on the post-contrast series")
      return result
    }
    let patches = EnhancementPatch.readable(input, parameters)
    guard let largest = patches.max(by: { $0.count < $1.count }) else {
      result.limits.append("the lesion has no voxel on the post-contrast series")
      return result
    }
    result.slices = patches.map(\.slice)
    result.pixels = patches.reduce(0) { $0 + $1.count }
    result.areaMm2 = patches.reduce(0) { $0 + $1.area }
    result.equivalentDiameterMm = 2 * (largest.area / .pi).squareRoot()
    result.inscribedRadiusMm = patches.map { Double($0.depth.max() ?? 0) }.max() ?? 0
    result.noise =
      input.muscle.noise > 0 ? input.muscle.noise / input.muscle.mean : EnhancementNoise.estimate(patches)
    addLevels(&result, input, patches, parameters)
    guard result.inscribedRadiusMm >= parameters.minimumInscribedRadiusMm,
      result.inscribedRadiusMm >= 1.5 * largest.pixel
    else {
      result.limits.append("the lesion is too thin for a pattern: fewer than three pixels across")
      return result
    }
    result.texture = .measure(patches, noise: result.noise, parameters)
    if result.texture == nil { result.limits.append("too few pixels away from the edge for a texture") }
    result.texture?.ofContrast = EnhancementTexture.ofContrast(patches, input, noise: result.noise, parameters)
    result.rim = .measure(patches, noise: result.noise, parameters)
    result.ridges = .measure(patches, noise: result.noise, parameters)
    result.core = EnhancementCore.measure(patches, input, parameters)
    return result
  }

  /// The signal after contrast over the whole lesion, end slices included, and the double ratio from pixels away from
  /// the edge, or where there are none from the whole mask on both series.
  private static func addLevels(
    _ result: inout EnhancementMeasurement, _ input: EnhancementInput, _ patches: [EnhancementPatch],
    _ parameters: EnhancementParameters
  ) {
    var sum = 0.0
    input.region.forEachVoxel { column, row, slice in sum += Double(input.post[column, row, slice]) }
    result.postRatio = sum / Double(input.region.count) / input.muscle.mean
    guard result.postRatio > 0 else {
      result.limits.append("the lesion has no signal on the post-contrast series")
      return
    }
    let own = result.noise / (Double(input.region.count).squareRoot() * result.postRatio)
    let muscle = input.muscle.relativeStandardError
    result.postRatioRelativeStandardError = (own * own + muscle * muscle).squareRoot()
    guard let pre = input.pre else {
      result.limits.append("no series before contrast to compare with")
      return
    }
    guard pre.ratioToMuscle > 0 else { return }
    let inside = EnhancementLevels(patches, input, noise: result.noise, parameters)
    let (after, before) = (inside?.post ?? result.postRatio, inside?.pre ?? pre.ratioToMuscle)
    var errors = [result.postRatioRelativeStandardError, pre.relativeStandardError]
    if let inside {
      errors = [inside.relativeNoise.x, inside.relativeNoise.y, muscle, input.t1?.muscle.relativeStandardError ?? 0]
    }
    let spread = errors.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let ratio = after / before
    result.preRatio = before
    result.relative = RelativeEnhancement(
      ratio: ratio, ci95: (ratio * exponential(-1.96 * spread))...(ratio * exponential(1.96 * spread)),
      isLowerBound: input.fatSuppressed != false && pre.fatSuppressed != true && before > 1.25,
      pixels: inside?.pixels,
      unmixed: inside == nil
        ? EnhancementLevels.unmixed(post: after, pre: before, patches, input, parameters) : nil)
  }
}

/// Noise from the image itself, where muscle does not give it.
enum EnhancementNoise {
  /// Median absolute response of the mask [1 -2 1; -2 4 -2; 1 -2 1] over 0.6745 * 6, in muscle units: planes and edges
  /// along the axes cancel in it (Immerkaer, Comput Vis Image Underst 1996;64:300, with the median for the mean).
  static func estimate(_ patches: [EnhancementPatch]) -> Double {
    var values: [Double] = []
    for patch in patches where patch.columns >= 3 && patch.rows >= 3 {
      let (signal, columns) = (patch.signal, patch.columns)
      for row in 1..<(patch.rows - 1) {
        for column in 1..<(columns - 1) {
          let at = row * columns + column
          let corners =
            signal[at - columns - 1] + signal[at - columns + 1] + signal[at + columns - 1] + signal[at + columns + 1]
          let sides = signal[at - columns] + signal[at + columns] + signal[at - 1] + signal[at + 1]
          values.append(Double(abs(corners - 2 * sides + 4 * signal[at])))
        }
      }
    }
    return (lowerMedian(values) ?? 0) / (0.6745 * 6)
  }
}

extension EnhancementCore {
  /// Mean signal of the lesion's core on T1 and T2 before contrast, read at the same positions: over muscle, and over
  /// the mean of its shell, the outermost pixel (partial volume) left out. `nil` without either series or where the core
  /// does not lie on them.
  static func measure(
    _ patches: [EnhancementPatch], _ input: EnhancementInput, _ parameters: EnhancementParameters
  ) -> Self? {
    var result = Self()
    if let reading = input.t1.flatMap({ ratio(patches, input.post.geometry, $0, parameters) }) {
      (result.t1Ratio, result.t1StandardError, result.t1ToShell) = (reading.mean, reading.error, reading.toShell)
    }
    if let reading = input.t2.flatMap({ ratio(patches, input.post.geometry, $0, parameters) }) {
      (result.t2Ratio, result.t2StandardError, result.t2ToShell) = (reading.mean, reading.error, reading.toShell)
    }
    return result.t1Ratio == nil && result.t2Ratio == nil ? nil : result
  }

  private static func ratio(
    _ patches: [EnhancementPatch], _ grid: VolumeGeometry, _ companion: EnhancementInput.Companion,
    _ parameters: EnhancementParameters
  ) -> (mean: Double, error: Double, toShell: Double?)? {
    guard companion.muscle.mean > 0 else { return nil }
    var (core, shell) = ((sum: 0.0, count: 0), (sum: 0.0, count: 0))
    for patch in patches {
      guard let reading = patch.reading(companion, in: grid) else { continue }
      let deepest = Double(patch.depth.max() ?? 0)
      let (inner, outer) = (parameters.coreDepthShare * deepest, parameters.shellDepthShare * deepest)
      let edge = min(patch.pixel, outer)
      for index in patch.mask.indices where patch.mask[index] != 0 {
        let (depth, value) = (Double(patch.depth[index]), Double(reading.signal[index]))
        if depth >= inner {
          core = (core.sum + value, core.count + 1)
        } else if depth >= edge, depth < outer {
          shell = (shell.sum + value, shell.count + 1)
        }
      }
    }
    guard core.count >= 3 else { return nil }
    let mean = core.sum / Double(core.count)
    let own = companion.muscle.noise / companion.muscle.mean / Double(core.count).squareRoot()
    let scale = companion.muscle.relativeStandardError * mean
    let around = shell.count >= 3 && shell.sum > 0 ? shell.sum / Double(shell.count) : nil
    return (mean, (own * own + scale * scale).squareRoot(), around.map { mean / $0 })
  }
}
