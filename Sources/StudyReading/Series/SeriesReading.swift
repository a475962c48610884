public import DICOM
internal import Imaging

/// The stacks of a study.
public struct StudySeries: Sendable {
  /// By Series Instance UID, then part.
  public let series: [ImageSeries]
  public let refused: [RefusedImages]

  /// Splits and sorts the images of a study; only headers are needed (pixels are read where copies have to be told
  /// from time points).
  public init(_ study: StudyFolder.Study) {
    var series: [ImageSeries] = []
    var refused: [RefusedImages] = []
    for images in study.series {
      let read = ImageSeries.stacks(of: images)
      series += read.series
      refused += read.refused
    }
    self.series = series
    self.refused = refused
  }
}

extension ImageSeries {
  /// The stacks of one DICOM series, split where it holds several, and what could not be placed.
  public static func stacks(of images: StudyFolder.Series) -> (series: [ImageSeries], refused: [RefusedImages]) {
    var (candidates, refused) = SliceCandidate.candidates(of: images)
    let parts = SeriesSplitting.split(candidates, instances: images.instances)
    candidates = []
    var built: [(part: SeriesSplitting.Part, stack: StackGeometry.Result)] = []
    for part in parts {
      do throws(VolumeGeometry.Failure) {
        built.append((part, try StackGeometry.build(part.candidates)))
      } catch {
        refused.append(
          RefusedImages(
            seriesInstanceUID: images.instanceUID, reason: "no grid can be built: \(error)",
            count: part.candidates.count,
            paths: Set(part.candidates.map(\.instance)).sorted().map { images.instances[$0].path }))
      }
    }
    let series = built.enumerated().map { index, item in
      ImageSeries(images, item.part, item.stack, index: index, of: built.count)
    }
    return (series, refused)
  }

  private init(
    _ images: StudyFolder.Series, _ part: SeriesSplitting.Part, _ stack: StackGeometry.Result, index: Int,
    of count: Int
  ) {
    let used = Set(stack.candidates.map(\.instance)).sorted()
    let place = Dictionary(uniqueKeysWithValues: used.enumerated().map { ($0.element, $0.offset) })
    seriesInstanceUID = images.instanceUID
    self.part = index
    partCount = count
    partLabel = count > 1 ? part.label : ""
    instances = used.map { images.instances[$0] }
    slices = stack.candidates.map { candidate in
      let isMultiframe = images.instances[candidate.instance].frames.count > 1
      return Slice(
        instance: place[candidate.instance]!, frame: candidate.frame, sopInstanceUID: candidate.sopInstanceUID,
        frameNumber: isMultiframe ? candidate.frame + 1 : nil)
    }
    geometry = stack.geometry
    scale = IntensityScale(
      frames: stack.candidates.map(\.attributes),
      isInverted: instances.contains { $0.pixels?.isInverted == true })
    var warnings = images.warnings
    if count > 1 { warnings.append("part \(index + 1) of \(count) of its series: \(part.label)") }
    warnings += part.warnings + stack.warnings
    warnings += Self.encodingWarnings(instances)
    self.warnings = warnings
  }

  private static func encodingWarnings(_ instances: [Instance]) -> [String] {
    var warnings: [String] = []
    let lossy = instances.filter { $0.wasLossyCompressed }.count
    if lossy > 0 { warnings.append("\(lossy) objects were compressed with loss") }
    for text in Set(instances.flatMap(\.warnings)).sorted() {
      let count = instances.filter { $0.warnings.contains(text) }.count
      warnings.append(instances.count == 1 ? text : "\(count) objects: \(text)")
    }
    return warnings
  }
}
