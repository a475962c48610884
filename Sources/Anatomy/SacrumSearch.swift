/// Finds S1 in a chain of bodies from head to foot: where the axis turns backwards, below which the disc is a remnant and the
/// bodies taper.
///
/// Discs and sizes are compared with the median of several above, since one disc may be worn and one outline wrong. A worn
/// disc above S1 makes L5 look like S1, whose own next body then looks so more; the best of the chain is taken.
package struct SacrumSearch {
  /// One body of the chain.
  package struct Body {
    /// Millimetres back for each down.
    package var backwardTilt: Double
    /// Along the spine and from front to back, millimetres.
    package var height: Double
    package var depth: Double
    /// Height of the disc above it, millimetres; `nil` for the first.
    package var discAbove: Double?

    package init(backwardTilt: Double, height: Double, depth: Double, discAbove: Double?) {
      self.backwardTilt = backwardTilt
      self.height = height
      self.depth = depth
      self.discAbove = discAbove
    }
  }

  private let bodies: [Body]
  private let parameters: AnatomyParameters.Levels

  package init(bodies: [Body], parameters: AnatomyParameters.Levels = AnatomyParameters.Levels()) {
    self.bodies = bodies
    self.parameters = parameters
  }

  /// The body that is S1 and how much it looks like it; `nil` where none does enough, or two do about as much.
  package var best: (index: Int, score: Double)? {
    let scores = bodies.indices.compactMap { index in score(index).map { (index: index, score: $0) } }
      .sorted { ($1.score, $0.index) < ($0.score, $1.index) }
    guard let best = scores.first, best.score >= parameters.leastSacralScore else { return nil }
    return scores.count > 1 && best.score - scores[1].score < parameters.sacralLead ? nil : best
  }

  /// How much a body looks like S1; `nil` for one that cannot be.
  private func score(_ index: Int) -> Double? {
    guard index >= 2, let disc = bodies[index].discAbove else { return nil }
    let body = bodies[index]
    let above = bodies[max(0, index - 4)..<index]
    let usualHeight = BodyBoxes.median(above.map(\.height))
    let turn = Self.turn(body.backwardTilt, bodies[index - 2].backwardTilt)
    guard body.backwardTilt >= parameters.sacralTilt[0], turn >= parameters.leastSacralTurn,
      // What lies above is a lumbar spine.
      BodyBoxes.median(above.map(\.depth)) >= parameters.lumbarDepth, usualHeight >= parameters.lumbarHeight,
      body.height >= parameters.sacralHeightShare * usualHeight
    else { return nil }
    let steepness =
      (body.backwardTilt - parameters.sacralTilt[0]) / (parameters.sacralTilt[1] - parameters.sacralTilt[0])
    var score = 0.25 + 0.25 * min(1, steepness) + 0.3 * min(1, turn / parameters.sacralTurn)
    if disc < parameters.remnantDisc * usualDisc(index - 3..<index) { score -= 0.4 }
    guard index + 1 < bodies.count else {
      // With nothing seen below it, only a steep body is taken for S1: L5 may be tilted by 25 degrees and more.
      return body.backwardTilt >= parameters.steepSacrum ? score + 0.2 : nil
    }
    let next = bodies[index + 1]
    let usualDepth = BodyBoxes.median(bodies[max(0, index - 3)...index].map(\.depth))
    score += (next.discAbove ?? 0) <= parameters.remnantDisc * usualDisc(index - 2..<index + 1) ? 0.4 : -0.4
    score += next.depth < parameters.taperedDepth[0] * body.depth ? 0.15 : -0.15
    score += next.depth < parameters.taperedDepth[1] * usualDepth ? 0.15 : -0.15
    score += next.height <= parameters.taperedHeight * body.height ? 0.15 : 0
    return score
  }

  private func usualDisc(_ range: Range<Int>) -> Double {
    BodyBoxes.median(bodies[max(1, range.lowerBound)..<range.upperBound].compactMap(\.discAbove))
  }

  /// Tangent of the angle between two tilts given as tangents.
  private static func turn(_ one: Double, _ other: Double) -> Double { (one - other) / max(1 + one * other, 0.05) }
}
