internal import Imaging

/// Finds canal, vertebral bodies and levels in the sagittal series of a study, without clicks and without training.
///
/// Series that show the same part of the spine in the same frame of reference form a block; the canal is found in the
/// block's best series, end plates and outlines in all of its series together. Levels are counted where a block shows
/// the sacrum or C2 (or at a given anchor) and carried to the other blocks by position.
public struct SpineFinder: Sendable {
  public var parameters: AnatomyParameters

  public init(parameters: AnatomyParameters = AnatomyParameters()) { self.parameters = parameters }

  /// One result for each block, the one with the most vertebrae first, whole-spine views last; never empty.
  public func spines(in inputs: [AnatomyInput], anchor: LevelAnchor? = nil) throws(AnatomyFailure) -> [SpineAnatomy] {
    let sagittal = inputs.filter { $0.plane == .sagittal && ($0.weighting == .t1 || $0.weighting == .t2) }
    guard !sagittal.isEmpty else { throw .noSagittalSeries }
    var drafts: [SpineDraft] = []
    var canalFound = false
    for block in blocks(of: sagittal) {
      var draft: SpineDraft?
      // Where the best series shows no canal, the next one is tried.
      for lead in block.indices where draft == nil {
        var order = block
        order.swapAt(0, lead)
        let result = SpineDraft.find(in: order, parameters: parameters)
        canalFound = canalFound || result.canalFound
        draft = result.draft
      }
      if let draft { drafts.append(draft) }
    }
    guard !drafts.isEmpty else {
      throw canalFound ? .noVertebrae(series: sagittal.count) : .noCanal(series: sagittal.count)
    }
    LevelCounter(parameters: parameters.levels).count(&drafts, anchor: anchor)
    drafts.sort { first, second in
      if first.wholeSpine != second.wholeSpine { return second.wholeSpine }
      if first.vertebrae.count != second.vertebrae.count { return first.vertebrae.count > second.vertebrae.count }
      return first.seriesInstanceUID < second.seriesInstanceUID
    }
    return drafts.map { $0.anatomy() }
  }

  /// Series of one frame of reference whose extents along the spine agree, best first in each block.
  private func blocks(of inputs: [AnatomyInput]) -> [[AnatomyInput]] {
    let ranked = inputs.sorted { first, second in
      let one = Self.rank(first)
      let two = Self.rank(second)
      return one != two ? one < two : first.seriesInstanceUID < second.seriesInstanceUID
    }
    var blocks: [[AnatomyInput]] = []
    for input in ranked {
      let range = Self.heightRange(input.volume.geometry)
      let home = blocks.firstIndex { block in
        let first = block[0]
        guard first.wholeSpine == input.wholeSpine,
          first.volume.geometry.frameOfReferenceUID == input.volume.geometry.frameOfReferenceUID
        else { return false }
        let other = Self.heightRange(first.volume.geometry)
        let shared = min(range.upperBound, other.upperBound) - max(range.lowerBound, other.lowerBound)
        let shorter = min(range.upperBound - range.lowerBound, other.upperBound - other.lowerBound)
        return shared > 0.7 * shorter
      }
      if let home { blocks[home].append(input) } else { blocks.append([input]) }
    }
    return blocks
  }

  /// Fluid is surest on T2 without fat suppression, then on T2 with it, then on T1.
  private static func rank(_ input: AnatomyInput) -> Int {
    let suppressed = input.fatSuppressed ?? false
    if input.weighting == .t2 { return suppressed ? 1 : 0 }
    return input.contrast == .post || suppressed ? 3 : 2
  }

  private static func heightRange(_ geometry: VolumeGeometry) -> ClosedRange<Double> {
    let middle = geometry.slices / 2
    let corners = [
      (0.0, 0.0), (Double(geometry.columns - 1), 0.0), (0.0, Double(geometry.rows - 1)),
      (Double(geometry.columns - 1), Double(geometry.rows - 1)),
    ]
    let heights = corners.map { geometry.position(column: $0.0, row: $0.1, slice: middle).z }
    return (heights.min() ?? 0)...(heights.max() ?? 0)
  }
}
