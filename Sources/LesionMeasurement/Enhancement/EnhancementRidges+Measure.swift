import Imaging
import Kernels

extension EnhancementRidges {
  /// Bright curved lines inside the outline, over all slices read.
  ///
  /// The surroundings are replaced by what the lesion's own pixels continue to (normalized convolution), so that the
  /// lesion's edge, its neighbours and vessels that touch it from outside draw no line. `nil` where nothing can be
  /// searched.
  static func measure(_ patches: [EnhancementPatch], noise: Double, _ parameters: EnhancementParameters) -> Self? {
    var tally = RidgeTally()
    for patch in patches { tally.add(RidgePatch(patch, noise: noise, parameters), parameters) }
    return tally.summary(noise: noise)
  }
}

/// The ridge filter on one slice of the lesion.
struct RidgePatch {
  let patch: EnhancementPatch
  let searched: [UInt8]
  let lines: [UInt8]
  let skeleton: [UInt8]
  let response: RidgeFilter.Response

  init(_ patch: EnhancementPatch, noise: Double, _ parameters: EnhancementParameters) {
    self.patch = patch
    let margin = Float(patch.edgeMargin(parameters))
    let searched: [UInt8] = patch.mask.indices.map { patch.mask[$0] != 0 && patch.depth[$0] >= margin ? 1 : 0 }
    self.searched = searched
    let filled = Self.filled(patch, searched)
    let response = RidgeFilter.bright(filled, sigmas: parameters.ridgeScalesMm, noise: noise)
    self.response = response
    let height = Float(parameters.ridgeMinimumHeight)
    let significance = Float(noise > 0 ? parameters.ridgeMinimumSignificance : 0)
    let growth = Float(parameters.ridgeGrowthShare)
    let weak: [UInt8] = searched.indices.map {
      searched[$0] != 0 && response.height[$0] >= height * growth && response.significance[$0] >= significance * growth
        ? 1 : 0
    }
    let parts = ConnectedComponents(
      mask: weak, columns: patch.columns, rows: patch.rows, slices: 1, connectivity: .corners)
    var strong = [Bool](repeating: false, count: parts.count + 1)
    for index in searched.indices
    where parts.labels[index] > 0 && response.height[index] >= height && response.significance[index] >= significance {
      strong[Int(parts.labels[index])] = true
    }
    let lines: [UInt8] = searched.indices.map { strong[Int(parts.labels[$0])] ? 1 : 0 }
    self.lines = lines
    let crests = Self.crests(response, lines, patch)
    skeleton = SkeletonGraph.pruned(
      SkeletonThinning.thin(crests, columns: patch.columns, rows: patch.rows), columns: patch.columns,
      rows: patch.rows, columnSpacing: patch.columnSpacing, rowSpacing: patch.rowSpacing,
      shorterThan: parameters.ridgeSpurMm)
  }

  /// Whether one of a pixel's eight neighbours is what `test` asks for.
  func touches(_ index: Int, _ test: (Int) -> Bool) -> Bool {
    let (column, row) = (index % patch.columns, index / patch.columns)
    for r in max(0, row - 1)...min(patch.rows - 1, row + 1) {
      for c in max(0, column - 1)...min(patch.columns - 1, column + 1) where test(r * patch.columns + c) { return true }
    }
    return false
  }

  /// The searched pixels as they are, the others by the Gaussian-weighted mean of the searched ones.
  private static func filled(_ patch: EnhancementPatch, _ searched: [UInt8]) -> RidgeRaster {
    let sigma = 2.0
    let weights = searched.map(Float.init)
    let weighted = zip(patch.signal, weights).map { $0 * $1 }
    func smooth(_ values: [Float]) -> [Float] {
      RidgeFilter.smoothed(
        RidgeRaster(
          columns: patch.columns, rows: patch.rows, pixels: values, columnSpacing: patch.columnSpacing,
          rowSpacing: patch.rowSpacing), sigma: sigma)
    }
    let (sum, weight) = (smooth(weighted), smooth(weights))
    let total = weights.reduce(0, +)
    let mean = total > 0 ? weighted.reduce(0, +) / total : 0
    let pixels = patch.signal.indices.map { index -> Float in
      if searched[index] != 0 { return patch.signal[index] }
      return weight[index] > 1e-4 ? sum[index] / weight[index] : mean
    }
    return RidgeRaster(
      columns: patch.columns, rows: patch.rows, pixels: pixels, columnSpacing: patch.columnSpacing,
      rowSpacing: patch.rowSpacing)
  }

  /// Pixels of the lines that are not lower than their neighbours across the line.
  private static func crests(
    _ response: RidgeFilter.Response, _ lines: [UInt8], _ patch: EnhancementPatch
  ) -> [UInt8] {
    let (columns, rows) = (patch.columns, patch.rows)
    func height(_ x: Double, _ y: Double) -> Float {
      let (x, y) = (min(max(x, 0), Double(columns - 1)), min(max(y, 0), Double(rows - 1)))
      let (c, r) = (min(Int(x), max(columns - 2, 0)), min(Int(y), max(rows - 2, 0)))
      let (fx, fy) = (Float(x - Double(c)), Float(y - Double(r)))
      func at(_ dc: Int, _ dr: Int) -> Float {
        response.height[min(r + dr, rows - 1) * columns + min(c + dc, columns - 1)]
      }
      return (at(0, 0) * (1 - fx) + at(1, 0) * fx) * (1 - fy) + (at(0, 1) * (1 - fx) + at(1, 1) * fx) * fy
    }
    return lines.indices.map { index in
      guard lines[index] != 0 else { return 0 }
      let along = Double(response.direction[index])
      let (column, row) = (Double(index % columns), Double(index / columns))
      let (dx, dy) = (-sine(along), cosine(along))
      let here = response.height[index]
      return height(column + dx, row + dy) <= here && height(column - dx, row - dy) <= here ? 1 : 0
    }
  }
}

/// Sums over the slices.
private struct RidgeTally {
  var searchedArea = 0.0
  var lineArea = 0.0
  var length = 0.0
  var heights: [Double] = []
  var widths: [Double] = []
  var lines = 0
  var branches = 0
  var tortuosity = (sum: 0.0, weight: 0.0)
  var elongation = (sum: 0.0, weight: 0.0)
  var variation = (sum: 0.0, weight: 0.0)
  var direction = (x: 0.0, y: 0.0, weight: 0.0)
  var bag: [Double] = []
  var bagResiduals: [Double] = []

  mutating func add(_ ridge: RidgePatch, _ parameters: EnhancementParameters) {
    let patch = ridge.patch
    let pixelArea = patch.columnSpacing * patch.rowSpacing
    searchedArea += Double(ridge.searched.reduce(0) { $0 + Int($1) }) * pixelArea
    let parts = ConnectedComponents(
      mask: ridge.skeleton, columns: patch.columns, rows: patch.rows, slices: 1, connectivity: .corners)
    var lengths = [Double](repeating: 0, count: parts.count + 1)
    var kept: [[SkeletonGraph.Branch]] = Array(repeating: [], count: parts.count + 1)
    let graph = SkeletonGraph(
      skeleton: ridge.skeleton, columns: patch.columns, rows: patch.rows, columnSpacing: patch.columnSpacing,
      rowSpacing: patch.rowSpacing)
    for branch in graph.branches {
      let part = Int(parts.labels[branch.pixels[0]])
      lengths[part] += branch.length + patch.pixel
      kept[part].append(branch)
    }
    var isLine = [Bool](repeating: false, count: parts.count + 1)
    for part in 1..<max(lengths.count, 1) where lengths[part] >= parameters.ridgeMinimumLengthMm {
      isLine[part] = true
      lines += 1
      branches += kept[part].count
      length += lengths[part]
      addShape(kept[part], length: lengths[part], ridge, parameters)
    }
    addAreas(ridge, isLine, parts.labels, pixelArea)
  }

  private mutating func addShape(
    _ branches: [SkeletonGraph.Branch], length: Double, _ ridge: RidgePatch, _ parameters: EnhancementParameters
  ) {
    var own: [Double] = []
    var ownWidths: [Double] = []
    for branch in branches {
      for pixel in branch.pixels {
        own.append(Double(ridge.response.height[pixel]))
        // Width at half height of a Gaussian line whose best scale is s: 2.355 s / sqrt 2.
        ownWidths.append(1.665 * parameters.ridgeScalesMm[Int(ridge.response.scale[pixel])])
        let angle = 2 * Double(ridge.response.direction[pixel])
        direction.x += cosine(angle)
        direction.y += sine(angle)
        direction.weight += 1
      }
      if branch.length >= parameters.ridgeMinimumLengthMm {
        tortuosity.sum += branch.length * min(branch.length / max(branch.chord, branch.length / 3), 3)
        tortuosity.weight += branch.length
      }
    }
    heights += own
    widths += ownWidths
    let mean = own.reduce(0, +) / Double(own.count)
    let variance = own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(own.count)
    if mean > 0 {
      variation.sum += length * variance.squareRoot() / mean
      variation.weight += length
    }
    let width = ownWidths.reduce(0, +) / Double(ownWidths.count)
    elongation.sum += length * length / width
    elongation.weight += length
  }

  /// Area of the lines proper, and the tissue between them (a pixel away from any line).
  private mutating func addAreas(_ ridge: RidgePatch, _ isLine: [Bool], _ labels: [Int32], _ pixelArea: Double) {
    let patch = ridge.patch
    let bodies = ConnectedComponents(
      mask: ridge.lines, columns: patch.columns, rows: patch.rows, slices: 1, connectivity: .corners)
    var isBody = [Bool](repeating: false, count: bodies.count + 1)
    for index in labels.indices where isLine[Int(labels[index])] { isBody[Int(bodies.labels[index])] = true }
    isBody[0] = false
    var points: [EnhancementPatch.Point] = []
    for index in ridge.lines.indices where ridge.searched[index] != 0 {
      if isBody[Int(bodies.labels[index])] {
        lineArea += pixelArea
      } else if !ridge.touches(index, { isBody[Int(bodies.labels[$0])] }) {
        points.append(
          EnhancementPatch.Point(
            x: Double(index % patch.columns) * patch.columnSpacing,
            y: Double(index / patch.columns) * patch.rowSpacing, value: Double(patch.signal[index])))
      }
    }
    bag += points.map(\.value)
    let fit = PlaneFit(points)
    bagResiduals += points.map { $0.value - fit.value($0.x, $0.y) }
  }

  func summary(noise: Double) -> EnhancementRidges? {
    guard searchedArea > 0 else { return nil }
    let between = lowerMedian(bag) ?? 0
    let height = lowerMedian(heights) ?? 0
    // The median absolute residual, so that the ends of lines and partial volume beside them do not count.
    let spread = 1.4826 * (lowerMedian(bagResiduals.map { abs($0) }) ?? 0)
    let unevenness = max(0, spread * spread - noise * noise).squareRoot()
    let floor = lowerMedian(bagResiduals).map { $0 - 3 * noise - 0.15 * between } ?? 0
    let dark = bagResiduals.reduce(0) { $0 + ($1 < floor ? 1 : 0) }
    let order = (direction.x * direction.x + direction.y * direction.y).squareRoot()
    return EnhancementRidges(
      areaFraction: lineArea / searchedArea, lengthDensity: length / searchedArea, totalLengthMm: length,
      height: height, contrast: between > 0 ? (between + height) / between : 1, bag: between,
      bagUnevenness: height > 0 ? unevenness / height : 0,
      bagVariation: between > 0 ? unevenness / between : 0,
      bagDarkShare: bagResiduals.isEmpty ? 0 : Double(dark) / Double(bagResiduals.count),
      tortuosity: tortuosity.weight > 0 ? tortuosity.sum / tortuosity.weight : 1, lines: lines, branches: branches,
      elongation: elongation.weight > 0 ? elongation.sum / elongation.weight : 0,
      alignment: direction.weight > 0 ? order / direction.weight : 0,
      heightVariation: variation.weight > 0 ? variation.sum / variation.weight : 0, widthMm: lowerMedian(widths) ?? 0)
  }
}
