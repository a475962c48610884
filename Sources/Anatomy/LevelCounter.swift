internal import Imaging

/// Gives the vertebrae their levels: from a given anchor, from the sacrum, from C2, or from another view of the same
/// patient that shows one of these; else none, with the reason.
struct LevelCounter {
  let parameters: AnatomyParameters.Levels

  /// An index in a draft's chain, its level, the confidence there and how it was found.
  private struct Fix {
    var index: Int
    var level: VertebralLevel
    var confidence: Double
    var words: String
  }

  func count(_ drafts: inout [SpineDraft], anchor: LevelAnchor?) {
    var sure: [Int] = []
    for index in drafts.indices {
      guard let fix = given(drafts[index], anchor) ?? sacrum(drafts[index]) ?? secondCervical(drafts[index]) else {
        continue
      }
      apply(fix, to: &drafts[index])
      sure.append(index)
    }
    carry(&drafts, sure: sure)
    for index in drafts.indices where drafts[index].levelAnchor == nil {
      drafts[index].levelReason =
        "Neither the sacrum nor C2 was recognised, and no other view carries a count to it."
    }
    for index in drafts.indices { describeTransition(&drafts[index]) }
  }

  private func given(_ draft: SpineDraft, _ anchor: LevelAnchor?) -> Fix? {
    guard let anchor else { return nil }
    let nearest = draft.vertebrae.indices.min {
      (draft.vertebrae[$0].record.centre - anchor.point).length
        < (draft.vertebrae[$1].record.centre - anchor.point).length
    }
    guard let nearest, (draft.vertebrae[nearest].record.centre - anchor.point).length <= 40 else { return nil }
    return Fix(index: nearest, level: anchor.level, confidence: 1, words: "given: \(anchor.level.name) at a point")
  }

  private func sacrum(_ draft: SpineDraft) -> Fix? {
    let chain = draft.vertebrae
    let bodies = chain.indices.map { index in
      SacrumSearch.Body(
        backwardTilt: chain[index].backwardTilt, height: Double(chain[index].span.height),
        depth: chain[index].record.depth,
        discAbove: index > 0 ? Double(chain[index].span.top - chain[index - 1].span.bottom) : nil)
    }
    guard let best = SacrumSearch(bodies: bodies, parameters: parameters).best else { return nil }
    return Fix(
      index: best.index, level: .s1, confidence: parameters.sacrumConfidence * min(1, 0.6 + 0.4 * best.score),
      words: "counted from the sacrum (the axis turns backwards at S1)")
  }

  /// C2 with its dens is the highest body and stands out by its height among small cervical bodies.
  private func secondCervical(_ draft: SpineDraft) -> Fix? {
    let chain = draft.vertebrae
    guard chain.count >= 4, !chain[0].record.isCut else { return nil }
    let following = chain[1...min(4, chain.count - 1)].map { Double($0.span.height) }
    let usual = BodyBoxes.median(following)
    let depths = chain[1...min(4, chain.count - 1)].map(\.record.depth)
    guard usual <= parameters.cervicalHeight, BodyBoxes.median(depths) <= parameters.cervicalDepth else { return nil }
    guard Double(chain[0].span.height) >= parameters.densRatio * usual else { return nil }
    return Fix(
      index: 0, level: .c2, confidence: parameters.axisConfidence, words: "counted from C2 (the dens above it)")
  }

  private func apply(_ fix: Fix, to draft: inout SpineDraft) {
    let order = Self.usualLevels
    guard let start = order.firstIndex(of: fix.level) else {
      // A transitional level is given by hand only: neighbours count from the levels next to it.
      draft.vertebrae[fix.index].record.level = fix.level
      draft.vertebrae[fix.index].record.levelConfidence = fix.confidence
      draft.levelAnchor = fix.words
      return
    }
    for index in draft.vertebrae.indices {
      let place = start + index - fix.index
      guard order.indices.contains(place) else { continue }
      draft.vertebrae[index].record.level = order[place]
      draft.vertebrae[index].record.levelConfidence =
        max(0.1, fix.confidence - parameters.stepLoss * Double(abs(index - fix.index)))
    }
    draft.levelAnchor = fix.words
  }

  /// To blocks without a sure anchor, by position in the same frame of reference; whole-spine views lend first.
  private func carry(_ drafts: inout [SpineDraft], sure: [Int]) {
    let lenders = sure.sorted { (drafts[$0].wholeSpine ? 0 : 1, $0) < (drafts[$1].wholeSpine ? 0 : 1, $1) }
    for index in drafts.indices where drafts[index].levelAnchor == nil {
      for lender in lenders {
        let source = drafts[lender]
        guard let frame = source.input.volume.geometry.frameOfReferenceUID,
          frame == drafts[index].input.volume.geometry.frameOfReferenceUID,
          let fix = match(drafts[index], source)
        else { continue }
        apply(fix, to: &drafts[index])
        break
      }
    }
  }

  /// The closest pair of bodies of two views.
  private func match(_ draft: SpineDraft, _ source: SpineDraft) -> Fix? {
    var best: (distance: Double, index: Int, other: Int)?
    for index in draft.vertebrae.indices {
      for other in source.vertebrae.indices where source.vertebrae[other].record.level != nil {
        let distance = (draft.vertebrae[index].record.centre - source.vertebrae[other].record.centre).length
        if distance < best?.distance ?? parameters.matchDistance { best = (distance, index, other) }
      }
    }
    guard let best, let level = source.vertebrae[best.other].record.level else { return nil }
    let view = source.wholeSpine ? "the whole-spine view" : "an overlapping block"
    return Fix(
      index: best.index, level: level, confidence: source.vertebrae[best.other].record.levelConfidence,
      words: "carried from \(view) by position (\(source.levelAnchor ?? "counted there"))")
  }

  /// A full disc below S1 or a body of sacral tilt above it may be a transitional vertebra.
  private func describeTransition(_ draft: inout SpineDraft) {
    let chain = draft.vertebrae
    guard let first = chain.firstIndex(where: { $0.record.level == .s1 }), first > 0, first + 1 < chain.count else {
      return
    }
    let above = chain[first].span.top - chain[first - 1].span.bottom
    let below = chain[first + 1].span.top - chain[first].span.bottom
    let alike = chain[first + 1].record.depth > 0.9 * chain[first].record.depth
    if alike, Double(below) >= parameters.transitionalDisc * Double(above) {
      draft.warnings.append(
        "The disc below S1 is nearly as high as the one above it: a transitional vertebra is possible, levels may be off by one."
      )
      for index in draft.vertebrae.indices { draft.vertebrae[index].record.levelConfidence *= 0.8 }
    }
  }

  /// C1 to S5 without T13 and L6.
  private static let usualLevels = VertebralLevel.allCases.filter { $0 != .t13 && $0 != .l6 && $0 != .coccyx }
}
