import Imaging

/// Mean signals of the lesion after and before contrast at the same places, over muscle on their series.
///
/// A lesion's edge mixes with marrow, and fat suppression takes other marrow away than it left before contrast, so that
/// the edge tells of the marrow's fat. Where the lesion is wide enough to have pixels free of it, only those are read.
struct EnhancementLevels {
  let post: Double
  let pre: Double
  /// Standard errors over the means that the images' noise gives; 0 where the whole mask is read.
  let relativeNoise: SIMD2<Double>
  /// Pixels that were read, away from the edge.
  let pixels: Int

  /// From pixels deeper than the edge margin, of sections wide enough to have such; `nil` without T1 before contrast at
  /// those places, or where fewer than `interiorMinimumPixels` remain.
  init?(_ patches: [EnhancementPatch], _ input: EnhancementInput, noise: Double, _ parameters: EnhancementParameters) {
    guard let t1 = input.t1, t1.muscle.mean > 0 else { return nil }
    var sums = SIMD2<Double>.zero
    var share = 0.0
    var count = 0
    for patch in patches where Double(patch.depth.max() ?? 0) >= parameters.resolvedRadiusPixels * patch.pixel {
      guard let before = patch.reading(t1, in: input.post.geometry) else { continue }
      let points = zip(patch.interior(parameters), before.interior(parameters))
      for (after, before) in points { sums += SIMD2(after.value, before.value) }
      let number = patch.interior(parameters).count
      share += before.noiseShare * Double(number)
      count += number
    }
    guard count >= parameters.interiorMinimumPixels, sums.x > 0, sums.y > 0 else { return nil }
    post = sums.x / Double(count)
    pre = sums.y / Double(count)
    pixels = count
    let own = t1.muscle.noise / t1.muscle.mean * (share / Double(count)).squareRoot()
    relativeNoise = SIMD2(noise / post, own / pre) / Double(count).squareRoot()
  }

  /// The double ratio of a lesion too narrow for pixels of its own, if `unresolvedMixing` of its signal came from what
  /// lies around it (one and a half to three pixels outside the outline, on both series).
  ///
  /// `nil` without T1 there, or where nothing of a signal would be left.
  static func unmixed(
    post: Double, pre: Double, _ patches: [EnhancementPatch], _ input: EnhancementInput,
    _ parameters: EnhancementParameters
  ) -> Double? {
    guard let t1 = input.t1, t1.muscle.mean > 0 else { return nil }
    var sums = SIMD2<Double>.zero
    var count = 0
    for patch in patches {
      guard let before = patch.reading(t1, in: input.post.geometry, margin: 3 * patch.pixel) else { continue }
      for index in patch.mask.indices where patch.isAround(index) && before.signal[index].isFinite {
        sums += SIMD2(Double(patch.signal[index]), Double(before.signal[index]))
        count += 1
      }
    }
    guard count > 0 else { return nil }
    let around = parameters.unresolvedMixing * sums / Double(count)
    let (after, before) = (post - around.x, pre - around.y)
    return after > 0 && before > 0 ? after / before : nil
  }
}
