internal import Imaging

/// A block on its way to a `SpineAnatomy`: everything but the levels is settled.
struct SpineDraft: Sendable {
  struct Vertebra: Sendable {
    var span: BodySpan
    var contours: [BodyContour]
    var record: VertebraRecord
    /// Tangent of the axis' tilt backwards (dy/dz) at this body.
    var backwardTilt: Double
  }

  var input: AnatomyInput
  var seriesUsed: [String]
  var wholeSpine: Bool { input.wholeSpine }
  var seriesInstanceUID: String { input.seriesInstanceUID }
  var stack: WorkingStack
  var trace: CanalTrace
  var vertebrae: [Vertebra]
  var parameters: AnatomyParameters
  var levelAnchor: String?
  var levelReason: String?
  var warnings: [String] = []
  var canalScore: Double

  /// Seeks the canal in the first series and the bodies in all of them.
  static func find(
    in block: [AnatomyInput], parameters: AnatomyParameters
  ) -> (draft: SpineDraft?, canalFound: Bool) {
    let input = block[0]
    let bright = input.weighting == .t2
    let air = parameters.canal.airFraction
    guard
      let coarse = WorkingStack(input.volume, pixel: parameters.canal.searchPixel, airFraction: air),
      let path = CanalFinder(parameters: parameters.canal).path(in: coarse, fluidIsBright: bright),
      let stack = WorkingStack(input.volume, pixel: parameters.vertebrae.pixel, airFraction: air),
      let trace = CanalTrace(
        path: path, coarse: coarse, stack: stack, fluidIsBright: bright, parameters: parameters)
    else { return (nil, false) }
    var stacks = [stack]
    var used = [input.seriesInstanceUID]
    for other in block.dropFirst() {
      guard let view = WorkingStack(other.volume, pixel: parameters.vertebrae.pixel, airFraction: air) else { continue }
      stacks.append(view.resampled(like: stack.geometry))
      used.append(other.seriesInstanceUID)
    }
    func foundBoxes(in stacks: [WorkingStack]) -> BodyBoxes {
      let profile = EndPlateProfile(
        joining: stacks.map { view in
          let picture = StraightPicture(
            trace.axis, stack: view, firstU: -40, lastU: 40, halfThickness: parameters.vertebrae.midlineReach)
          return EndPlateProfile(picture: picture, parameters: parameters.vertebrae)
        })
      let chain = SegmentChain(parameters: parameters.vertebrae).bodies(
        profile: profile, bodyDepth: trace.axisBodyDepth)
      return BodyBoxes(chain: chain, profile: profile, trace: trace, parameters: parameters.vertebrae)
    }
    var boxes = foundBoxes(in: stacks)
    let marrow = ReplacedMarrow(parameters: parameters.outline, stacks: stacks, trace: trace)
    if let restored = marrow.restored(lesions: input.lesions, boxes: boxes.boxes) {
      stacks = restored
      boxes = foundBoxes(in: stacks)
    }
    let outliner = BodyOutliner(parameters: parameters.outline, stacks: stacks, axis: trace.axis)
    let outlines = HiddenBodies(parameters: parameters.outline, stacks: stacks, axis: trace.axis).redrawn(
      boxes.boxes.map(outliner.outlines), boxes: boxes.boxes)
    var vertebrae: [Vertebra] = []
    for (box, contours) in zip(boxes.boxes, outlines) where !contours.isEmpty {
      let measure = BodyMeasurement(contours: contours, box: box, axis: trace.axis, stack: stack)
      vertebrae.append(
        Vertebra(
          span: box.span, contours: contours, record: measure.record(),
          backwardTilt: trace.axis.backwardTilt(at: (box.span.top + box.span.bottom) / 2, stack: stack)))
    }
    guard vertebrae.count >= 2 else { return (nil, true) }
    let scores = path.points.map(\.score)
    var draft = SpineDraft(
      input: input, seriesUsed: used, stack: stack, trace: trace, vertebrae: vertebrae, parameters: parameters,
      canalScore: scores.reduce(0, +) / Double(scores.count))
    draft.dropTail()
    guard draft.vertebrae.count >= 2 else { return (nil, true) }
    return (draft, true)
  }

  /// Below the sacrum the canal's path runs on through soft tissue: what has no end plates there is no vertebra.
  private mutating func dropTail() {
    let least = parameters.vertebrae.leastEvidence
    while let last = vertebrae.last, last.record.evidence < least { vertebrae.removeLast() }
    while let first = vertebrae.first, first.record.evidence < least { vertebrae.removeFirst() }
  }

  func anatomy() -> SpineAnatomy {
    var records = vertebrae.map(\.record)
    CollapseMeasurement.fill(&records)
    let depths = zip(trace.walls.front, trace.walls.back).map { $0 + $1 }
    let evidence = records.reduce(0) { $0 + $1.evidence } / Double(max(records.count, 1))
    return SpineAnatomy(
      seriesInstanceUID: seriesInstanceUID, seriesUsed: seriesUsed, wholeSpine: wholeSpine,
      map: AnatomyPainter(draft: self, records: records).map(), canalCentreline: trace.centreline(in: stack),
      canalDepths: depths, vertebrae: records, levelAnchor: levelAnchor, levelReason: levelReason,
      warnings: warnings, quality: min(1, max(0, (evidence + min(canalScore / 1.5, 1)) / 2)))
  }
}
