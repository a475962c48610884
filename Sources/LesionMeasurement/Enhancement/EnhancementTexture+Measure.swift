import Imaging

extension EnhancementTexture {
  /// Coefficient of variation of the pixels deeper than the edge margin.
  ///
  /// From each slice a plane `a + b x + c y` is fitted and taken out, as far as coil fall-off and uneven fat suppression
  /// tilt a lesion (`slopeLimitPerMm`). With r residuals of n pixels and p fitted numbers
  ///
  ///     CV^2 = max(0, sum r^2 / (n - p) - noise^2) / mean^2
  ///
  /// Its standard error is that of a variance of n - p independent numbers. `nil` with fewer than
  /// `textureMinimumPixels` pixels.
  ///
  /// - Parameter scale: what stands for the mean, in a picture of differences.
  static func measure(
    _ patches: [EnhancementPatch], noise: Double, over scale: Double? = nil, _ parameters: EnhancementParameters
  ) -> Self? {
    var residualSquares = 0.0
    var totalSquares = 0.0
    var freedom = 0
    var count = 0
    var sum = 0.0
    var layeredSquares = 0.0
    for patch in patches {
      let points = patch.interior(parameters)
      guard points.count >= parameters.textureMinimumSlicePixels else { continue }
      let middle = points.reduce(0) { $0 + $1.value } / Double(points.count)
      let fit = PlaneFit(points, steepest: parameters.slopeLimitPerMm * abs(scale ?? middle))
      residualSquares += fit.residualSquares
      totalSquares += fit.totalSquares
      layeredSquares += fit.layeredSquares
      freedom += points.count - fit.parameters
      count += points.count
      sum += points.reduce(0) { $0 + $1.value }
    }
    let mean = scale ?? sum / Double(max(count, 1))
    guard count >= parameters.textureMinimumPixels, freedom > 0, mean > 0 else { return nil }
    let variance = residualSquares / Double(freedom)
    let structured = max(0, variance - noise * noise)
    let coefficient = structured.squareRoot() / mean
    let varianceError = variance * (2 / Double(freedom)).squareRoot()
    // d sqrt(v) = dv / (2 sqrt(v)), bounded where v vanishes.
    let error = varianceError / (2 * max(structured, varianceError).squareRoot()) / mean
    let structuredTotal = totalSquares - noise * noise * Double(count)
    let share = structuredTotal > 0 ? min(1, max(0, layeredSquares / structuredTotal)) : 0
    return Self(
      coefficientOfVariation: coefficient, standardError: error, pixels: count, slopeShare: share, ofContrast: nil)
  }
}

extension EnhancementTexture {
  /// The unevenness of (post - E pre). Where the shift between the series was not measured, it is the smallest over shifts
  /// of up to one and a half pixels: first whole pixels, then halves about the best.
  static func ofContrast(
    _ patches: [EnhancementPatch], _ input: EnhancementInput, noise: Double, _ parameters: EnhancementParameters
  ) -> Double? {
    guard let t1 = input.t1, t1.muscle.mean > 0 else { return nil }
    let after = mean(patches, parameters)
    func unevenness(_ shift: SIMD2<Double>) -> Double? {
      let before = patches.compactMap { $0.reading(t1, in: input.post.geometry, shift: shift) }
      let level = mean(before, parameters)
      guard before.count == patches.count, level > 0 else { return nil }
      let gain = after / level
      let share = before.reduce(0) { $0 + $1.noiseShare } / Double(before.count)
      let own = gain * t1.muscle.noise / t1.muscle.mean * share.squareRoot()
      let differences = zip(patches, before).map { $0.minus($1, times: Float(gain)) }
      return measure(differences, noise: (noise * noise + own * own).squareRoot(), over: after, parameters)?
        .coefficientOfVariation
    }
    var best = (value: unevenness(.zero), shift: SIMD2<Double>.zero)
    for step in t1.shift == nil ? [1.0, 0.5] : [] {
      let centre = best.shift
      for neighbour in neighbours {
        let shift = centre + step * neighbour
        if let value = unevenness(shift), value < best.value ?? .infinity { best = (value, shift) }
      }
    }
    return best.value
  }

  private static let neighbours: [SIMD2<Double>] = [
    SIMD2(-1, 0), SIMD2(1, 0), SIMD2(0, -1), SIMD2(-1, -1), SIMD2(1, -1), SIMD2(0, 1), SIMD2(-1, 1), SIMD2(1, 1),
  ]

  private static func mean(_ patches: [EnhancementPatch], _ parameters: EnhancementParameters) -> Double {
    let values = patches.flatMap { $0.interior(parameters).map(\.value) }
    return values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
  }
}

extension EnhancementPatch {
  struct Point {
    var x: Double
    var y: Double
    var value: Double
  }

  /// How far inside the outline texture and ridges are read.
  func edgeMargin(_ parameters: EnhancementParameters) -> Double {
    let deepest = Double(depth.max() ?? 0)
    return min(parameters.edgePixels * pixel, parameters.edgeShare * deepest)
  }

  /// Pixels deeper than the edge margin, in millimetres of the plane.
  func interior(_ parameters: EnhancementParameters) -> [Point] {
    let margin = Float(edgeMargin(parameters))
    return mask.indices.compactMap { index in
      guard mask[index] != 0, depth[index] >= margin else { return nil }
      return Point(
        x: Double(index % columns) * columnSpacing, y: Double(index / columns) * rowSpacing,
        value: Double(signal[index]))
    }
  }
}

/// The least-squares plane through values over a plane, and how much a function of the slope's direction explains.
struct PlaneFit {
  var mean = 0.0
  var slopeX = 0.0
  var slopeY = 0.0
  var centreX = 0.0
  var centreY = 0.0
  var parameters = 1
  var totalSquares = 0.0
  var residualSquares = 0.0
  /// Sum of squares explained by the means of six layers of equal count across the steepest slope.
  var layeredSquares = 0.0

  /// - Parameter steepest: a greater slope per mm is taken out only up to this, and explains nothing.
  init(_ points: [EnhancementPatch.Point], steepest: Double = .infinity) {
    let count = Double(points.count)
    guard count > 0 else { return }
    centreX = points.reduce(0) { $0 + $1.x } / count
    centreY = points.reduce(0) { $0 + $1.y } / count
    mean = points.reduce(0) { $0 + $1.value } / count
    var (xx, xy, yy, xv, yv) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for point in points {
      let (x, y, v) = (point.x - centreX, point.y - centreY, point.value - mean)
      xx += x * x
      xy += x * y
      yy += y * y
      xv += x * v
      yv += y * v
      totalSquares += v * v
    }
    let determinant = xx * yy - xy * xy
    if points.count >= 12, determinant > 1e-9 * xx * yy {
      slopeX = (xv * yy - yv * xy) / determinant
      slopeY = (yv * xx - xv * xy) / determinant
      parameters = 3
    }
    let slope = (slopeX * slopeX + slopeY * slopeY).squareRoot()
    let isSteep = slope > steepest
    if isSteep { (slopeX, slopeY) = (slopeX * steepest / slope, slopeY * steepest / slope) }
    for point in points {
      let residual = point.value - value(point.x, point.y)
      residualSquares += residual * residual
    }
    if parameters == 3, !isSteep { layeredSquares = layered(points) }
  }

  func value(_ x: Double, _ y: Double) -> Double { mean + slopeX * (x - centreX) + slopeY * (y - centreY) }

  private func layered(_ points: [EnhancementPatch.Point]) -> Double {
    let ordered = points.map { (key: slopeX * $0.x + slopeY * $0.y, value: $0.value) }.sorted { $0.key < $1.key }
    let layers = 6
    var explained = 0.0
    for layer in 0..<layers {
      let range = (layer * ordered.count / layers)..<((layer + 1) * ordered.count / layers)
      guard !range.isEmpty else { continue }
      let average = ordered[range].reduce(0) { $0 + $1.value } / Double(range.count)
      explained += Double(range.count) * (average - mean) * (average - mean)
    }
    return explained
  }
}
