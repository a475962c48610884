internal import Imaging

/// Draws bodies again whose outline was drawn about something else: a tumour unlike marrow on every series hides its body
/// from the outliner, which starts from the signal in the middle.
///
/// Its end plates are seen nonetheless, and its neighbours tell the rest: bodies change little from one to the next. The
/// box between the end plates gets the neighbours' marrow signal, in as many slices as the neighbours fill, and the outline is
/// sought about that.
struct HiddenBodies {
  let parameters: AnatomyParameters.Outline
  /// All series on the grid of the first.
  let stacks: [WorkingStack]
  let axis: StraightSpine

  /// The outlines of every box, those of hidden bodies drawn again. Nothing changes where half of them or more are hidden or
  /// have no outline at all: then nothing tells what marrow looks like.
  func redrawn(_ outlines: [[BodyContour]], boxes: [BodyBox]) -> [[BodyContour]] {
    let seen = zip(boxes, outlines).map { Body($0, $1, axis: axis, stack: stacks[0]) }
    let typical = BodyBoxes.median(seen.map(\.share))
    let isWhole = seen.map { $0.share >= parameters.hiddenShare * typical }
    let healthy = seen.indices.filter { isWhole[$0] }
    guard typical > 0, 2 * healthy.count > boxes.count, let last = healthy.last else { return outlines }
    var filled = stacks
    var isFilled = [Bool](repeating: false, count: boxes.count)
    for index in boxes.indices where index < last && (index > healthy[0] || hasEndPlates(boxes[index].span)) {
      let near = healthy.filter { $0 != index }.sorted { (abs($0 - index), $0) < (abs($1 - index), $1) }.prefix(4)
      let slices = hiddenSlices(seen[index], isWhole: isWhole[index], near: near.map { seen[$0] })
      guard !slices.isEmpty else { continue }
      fill(boxes[index], slices: slices, like: near.map { seen[$0] }, into: &filled)
      isFilled[index] = true
    }
    guard isFilled.contains(true) else { return outlines }
    let outliner = BodyOutliner(parameters: parameters, stacks: filled, axis: axis)
    return outlines.indices.map { index in
      guard isFilled[index] else { return outlines[index] }
      let again = outliner.outlines(of: boxes[index])
      let share = Body(boxes[index], again, axis: axis, stack: stacks[0]).share
      return isWhole[index] || share > seen[index].share ? again : outlines[index]
    }
  }

  /// At the ends of the chain boxes may hold no body (the dens, what lies below the sacrum's last disc): above the first body that
  /// is seen both end plates have to be sure, below the last one nothing is drawn again.
  private func hasEndPlates(_ span: BodySpan) -> Bool {
    span.top > 1 && Double(min(span.topScore, span.bottomScore)) >= parameters.hiddenEvidence
  }

  /// All slices that the neighbours fill where the middle one is hidden or its outline leads nowhere; else those of a side on
  /// which the outline ends well before the neighbours' do.
  private func hiddenSlices(_ body: Body, isWhole: Bool, near: [Body]) -> [Int] {
    let first = near.map(\.reach.0).sorted()[near.count / 2]
    let last = near.map(\.reach.1).sorted()[near.count / 2]
    let all = max(0, body.middleSlice - first)...min(stacks[0].slices - 1, body.middleSlice + last)
    let isShort = [isShort(body.reach.0, usual: first), isShort(body.reach.1, usual: last)]
    if !isWhole || !isShort.contains(false) { return Array(all) }
    return all.filter { slice in
      (isShort[0] && slice < body.middleSlice - body.reach.0) || (isShort[1] && slice > body.middleSlice + body.reach.1)
    }
  }

  private func isShort(_ reach: Int, usual: Int) -> Bool {
    usual - reach >= 2 && Double(usual - reach) >= (1 - parameters.hiddenShare) * Double(usual)
  }

  /// What the outlines show of one body.
  private struct Body {
    var middleSlice: Int
    /// Area of the middle outline over its box'; 0 without an outline.
    var share: Double
    /// Signal inside the middle outline, per series.
    var signal: [Double]
    /// Slices to the first side and to the last.
    var reach: (Int, Int)

    init(_ box: BodyBox, _ contours: [BodyContour], axis: StraightSpine, stack: WorkingStack) {
      let middleSlice = axis.nearestSlice(s: Double(box.span.top + box.span.bottom) / 2, in: stack)
      let contour = contours.first { $0.slice == middleSlice }
      self.middleSlice = middleSlice
      let area = max(box.depth * Double(box.span.height) * axis.pixel, 1)
      share = (contour?.area ?? 0) * stack.pixel * stack.pixel / area
      signal = contour?.signal ?? []
      reach = (
        middleSlice - (contours.first?.slice ?? middleSlice), (contours.last?.slice ?? middleSlice) - middleSlice
      )
    }
  }

  private func fill(_ box: BodyBox, slices: [Int], like near: [Body], into filled: inout [WorkingStack]) {
    // A millimetre of what lies at the box' sides stays, so that cortex and end plates show where they are.
    let offsets = axis.offsets(of: box, in: stacks[0], inset: 1)
    let area = stacks[0].rows * stacks[0].columns
    for series in stacks.indices {
      let level = Float(BodyBoxes.median(near.map { $0.signal[series] }))
      for slice in slices {
        for offset in offsets { filled[series].voxels[slice * area + offset] = level }
      }
    }
  }
}
