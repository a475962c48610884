/// The box between two end plates from which a body's outline starts.
struct BodyBox: Sendable {
  var span: BodySpan
  var topTilt: Double
  var bottomTilt: Double
  /// Back and front of the body, millimetres from the axis.
  var back: Double
  var front: Double
  var depth: Double { front - back }
}

/// Boxes for a chain of bodies. The back comes from the canal's front wall; the depth of a body is the median over its
/// neighbours, as bodies change little from one to the next and a vessel or tumour in front can hide one border.
struct BodyBoxes: Sendable {
  let boxes: [BodyBox]

  init(chain: [BodySpan], profile: EndPlateProfile, trace: CanalTrace, parameters: AnatomyParameters.Vertebrae) {
    let own = chain.map { span -> Double in
      let margin = max(1, span.height / 5)
      return Self.median(Array(trace.axisBodyDepth[(span.top + margin)...max(span.top + margin, span.bottom - margin)]))
    }
    let limit = parameters.steepestTilt
    boxes = chain.indices.map { index in
      let span = chain[index]
      let near = own[max(0, index - 2)...min(own.count - 1, index + 2)]
      let depth = Self.median(Array(near))
      let middle = (span.top + span.bottom) / 2
      let back = trace.backOfBody(axisStation: middle)
      return BodyBox(
        span: span, topTilt: min(max(Double(profile.riseTilt[span.top]), -limit), limit),
        bottomTilt: min(max(Double(profile.fallTilt[span.bottom]), -limit), limit), back: back, front: back + depth)
    }
  }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return 0 }
    return (sorted[sorted.count / 2] + sorted[(sorted.count - 1) / 2]) / 2
  }
}

extension StraightSpine {
  /// The stack's slice in which a station lies; the outermost one beside it.
  func nearestSlice(s: Double, in stack: WorkingStack) -> Int {
    min(max(Int(slice(s: s).rounded()), 0), stack.slices - 1)
  }

  /// Place in a slice of the stack; `nil` beside it.
  func offset(s: Double, u: Double, in stack: WorkingStack) -> Int? {
    let place = place(s: s, u: u)
    let (column, row) = (Int(place.column.rounded()), Int(place.row.rounded()))
    guard column >= 0, row >= 0, column < stack.columns, row < stack.rows else { return nil }
    return row * stack.columns + column
  }

  /// Places in a slice of the stack that lie in a box, at least `inset` millimetres from its sides; rising.
  func offsets(of box: BodyBox, in stack: WorkingStack, inset: Double = 0) -> [Int] {
    var offsets: Set<Int> = []
    for u in stride(from: box.back + inset, through: box.front - inset, by: pixel / 2) {
      let top = Double(box.span.top) + box.topTilt * u + inset
      let bottom = Double(box.span.bottom) + box.bottomTilt * u - inset
      for s in stride(from: top, through: bottom, by: pixel / 2) {
        if let offset = offset(s: s, u: u, in: stack) { offsets.insert(offset) }
      }
    }
    return offsets.sorted()
  }
}
