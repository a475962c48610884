import Imaging

extension EnhancementRim {
  /// Overshoot of a truncated Fourier series beside a step, over the step (Gibbs).
  private static let ringing = 0.09

  /// A shell at the outline against the core, from in-plane distance shells.
  ///
  /// Shells follow the outline whatever its shape. The outermost pixels are left out as far as they only carry over
  /// from the surroundings to the lesion (partial volume, or a mask a pixel too wide); then the depth is found that
  /// best splits the lesion into a brighter shell and a darker core (largest variance between the two). `nil` when the
  /// core has too few pixels or no shell is brighter.
  static func measure(_ patches: [EnhancementPatch], noise: Double, _ parameters: EnhancementParameters) -> Self? {
    let shells = RimShells(patches, parameters)
    guard let split = shells.bestSplit() else { return nil }
    let crossing = shells.halfDepth(split)
    let half = shells.pixel / 2
    let shell = shells.pixels.filter { $0.depth >= split.start && $0.depth < crossing }
    var core = shells.pixels.filter { $0.depth >= crossing + half }
    if core.count < parameters.coreMinimumPixels { core = shells.pixels.filter { $0.depth >= crossing } }
    guard core.count >= parameters.coreMinimumPixels, shell.count >= 2 * parameters.coreMinimumPixels else {
      return nil
    }
    let rimLevel = shell.reduce(0) { $0 + $1.value } / Double(shell.count)
    let coreLevel = core.reduce(0) { $0 + $1.value } / Double(core.count)
    let contrast = rimLevel - coreLevel
    guard contrast > 0, coreLevel > 0 else { return nil }
    let error = noise * (1 / Double(shell.count) + 1 / Double(core.count)).squareRoot()
    let sectors = RimSectors(shell, core: coreLevel, contrast: contrast, count: parameters.rimSectors)
    return Self(
      rim: rimLevel, core: coreLevel, outside: shells.outside, ratio: rimLevel / coreLevel,
      significance: error > 0 ? min(contrast / error, 1e6) : 1e6,
      thicknessMm: max(0, crossing - shells.outerEdge(split, rim: rimLevel)),
      angularCompleteness: sectors.completeness,
      depthShare: shells.depthShare(from: split.start, noise: noise),
      ringingRatio: contrast
        / max(1e-9, Self.ringing * max(abs(rimLevel - shells.outside), abs(coreLevel - shells.outside))),
      weakestSector: sectors.weakestQuarter,
      corePixels: core.count)
  }
}

/// Pixels of a lesion by depth.
struct RimShells {
  struct Pixel {
    var depth: Double
    var value: Double
    var sector: Int
    var patch: Int
    var offset: Int
  }

  struct Split {
    /// Where the shell begins, and where the core begins.
    var start: Double
    var depth: Double
  }

  /// Inside, by growing depth.
  let pixels: [Pixel]
  /// Sums of the values of the first 0, 1, ... pixels.
  private let sums: [Double]
  /// Mean signal one and a half to three pixels outside the outline.
  let outside: Double
  let pixel: Double
  private let minimumCore: Int

  init(_ patches: [EnhancementPatch], _ parameters: EnhancementParameters) {
    var inside: [Pixel] = []
    var outsideSum = 0.0
    var outsideCount = 0
    pixel = patches.first?.pixel ?? 1
    minimumCore = parameters.coreMinimumPixels
    for (number, patch) in patches.enumerated() {
      let sectors = patch.sectors(parameters.rimSectors)
      for index in patch.mask.indices {
        let depth = Double(patch.depth[index])
        if patch.mask[index] != 0 {
          inside.append(
            Pixel(
              depth: depth, value: Double(patch.signal[index]), sector: sectors[index], patch: number, offset: index))
        } else if patch.isAround(index) {
          outsideSum += Double(patch.signal[index])
          outsideCount += 1
        }
      }
    }
    pixels = inside.sorted { ($0.depth, $0.patch, $0.offset) < ($1.depth, $1.patch, $1.offset) }
    var sums = [0.0]
    sums.reserveCapacity(pixels.count + 1)
    for item in pixels { sums.append(sums[sums.count - 1] + item.value) }
    self.sums = sums
    outside = outsideCount > 0 ? outsideSum / Double(outsideCount) : 0
  }

  /// Mean of the pixels between two depths; `nil` for none.
  func level(_ from: Double, _ to: Double) -> Double? {
    let (begin, end) = (first(from), first(to))
    return end > begin ? (sums[end] - sums[begin]) / Double(end - begin) : nil
  }

  /// The first pixel that lies at a depth or deeper.
  private func first(_ depth: Double) -> Int {
    var (low, high) = (0, pixels.count)
    while low < high {
      let middle = (low + high) / 2
      if pixels[middle].depth < depth { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// How far the outermost pixels only carry over from the surroundings: while a layer lies between what is outside
  /// of it and what is inside of it, it tells nothing; at most one and a half pixels.
  private func start() -> Double {
    var begin = 0.0
    var before = outside
    for _ in 0..<2 {
      guard let here = level(begin, begin + 0.75 * pixel),
        let next = level(begin + 0.75 * pixel, begin + 1.75 * pixel)
      else { break }
      guard (here - before) * (next - here) > 0 else { break }
      before = here
      begin += 0.75 * pixel
    }
    return begin
  }

  /// The depth that splits best: the largest variance between a brighter shell and a darker core.
  func bestSplit() -> Split? {
    let begin = start()
    let kept = pixels.filter { $0.depth >= begin }
    guard kept.count >= 3 * minimumCore else { return nil }
    let total = kept.reduce(0) { $0 + $1.value }
    var best: (score: Double, depth: Double)?
    var sum = 0.0
    for index in kept.indices.dropLast(minimumCore) {
      sum += kept[index].value
      let shell = index + 1
      guard shell >= 2 * minimumCore, kept[index].depth < kept[index + 1].depth,
        kept[index + 1].depth >= begin + 0.99 * pixel
      else { continue }
      let core = kept.count - shell
      let difference = sum / Double(shell) - (total - sum) / Double(core)
      let score = difference * difference * Double(shell) * Double(core)
      if difference > 0, score > (best?.score ?? 0) { best = (score, kept[index + 1].depth) }
    }
    return best.map { Split(start: begin, depth: $0.depth) }
  }

  /// Depth at which the profile has fallen half way from the shell's brightest layer to the core.
  func halfDepth(_ split: Split) -> Double {
    let step = pixel / 2
    guard let core = level(split.depth, .infinity) else { return split.depth }
    var peak = -Double.infinity
    var peakDepth = split.start
    var depth = split.start
    while depth < split.depth {
      if let value = level(depth, depth + pixel), value > peak { (peak, peakDepth) = (value, depth + step) }
      depth += step
    }
    let middle = (peak + core) / 2
    var previous: (depth: Double, value: Double)?
    depth = max(peakDepth - step, split.start)
    let deepest = pixels.last?.depth ?? 0
    while depth <= deepest {
      if let value = level(depth, depth + pixel) {
        if let previous, previous.value >= middle, value < middle, previous.value > value {
          let share = (previous.value - middle) / (previous.value - value)
          return previous.depth + share * (depth + step - previous.depth)
        }
        previous = (depth + step, value)
      }
      depth += step
    }
    return split.depth
  }

  /// Depth of the shell's outer edge: 0, or where a mask drawn too wide reaches half way from outside to the shell.
  func outerEdge(_ split: Split, rim: Double) -> Double {
    guard split.start > 0, rim > outside else { return 0 }
    let middle = (rim + outside) / 2
    guard let first = level(0, 0.75 * pixel), first < middle else { return 0 }
    return min(split.start, 0.75 * pixel)
  }

  /// Share of the structured variance that a function of depth explains: between the means of layers one pixel thick,
  /// the noise's part taken out of both. Unlike a split in two it does not ask the rim to have sharp borders.
  func depthShare(from start: Double, noise: Double) -> Double {
    let kept = pixels.filter { $0.depth >= start }
    guard !kept.isEmpty else { return 0 }
    let mean = kept.reduce(0) { $0 + $1.value } / Double(kept.count)
    let total = kept.reduce(0) { $0 + ($1.value - mean) * ($1.value - mean) }
    // By growing depth, so that the sums do not depend on a dictionary's order.
    var layers: [(number: Int, sum: Double, count: Int)] = []
    for item in kept {
      let number = Int(((item.depth - start) / pixel).rounded(.down))
      if layers.last?.number != number { layers.append((number, 0, 0)) }
      layers[layers.count - 1].sum += item.value
      layers[layers.count - 1].count += 1
    }
    var between = 0.0
    for layer in layers {
      let level = layer.sum / Double(layer.count) - mean
      between += Double(layer.count) * level * level
    }
    let structured = total - noise * noise * Double(kept.count)
    guard structured > 0 else { return between > 0 && noise > 0 ? 1 : 0 }
    return min(1, max(0, (between - noise * noise * Double(layers.count)) / structured))
  }
}

/// The shell by direction.
struct RimSectors {
  let completeness: Double
  let weakestQuarter: Double

  /// A direction counts when its part of the shell stands above the core by a third of the shell's mean contrast;
  /// directions weigh by their pixels.
  init(_ shell: [RimShells.Pixel], core: Double, contrast: Double, count: Int) {
    var sums = [Double](repeating: 0, count: count)
    var pixels = [Int](repeating: 0, count: count)
    for item in shell {
      sums[item.sector] += item.value
      pixels[item.sector] += 1
    }
    var present = 0
    var bright = 0
    var contrasts: [(share: Double, pixels: Int)] = []
    for sector in 0..<count where pixels[sector] > 0 {
      let share = (sums[sector] / Double(pixels[sector]) - core) / contrast
      present += pixels[sector]
      if share >= 1.0 / 3 { bright += pixels[sector] }
      contrasts.append((share, pixels[sector]))
    }
    completeness = present > 0 ? Double(bright) / Double(present) : 0
    contrasts.sort { ($0.share, $0.pixels) < ($1.share, $1.pixels) }
    var seen = 0
    var sum = 0.0
    for item in contrasts where seen * 4 < present {
      seen += item.pixels
      sum += item.share * Double(item.pixels)
    }
    weakestQuarter = seen > 0 ? sum / Double(seen) : 0
  }
}
