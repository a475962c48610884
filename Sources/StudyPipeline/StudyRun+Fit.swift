internal import Imaging
internal import StudyReading

extension StudyRun {
  /// Lesions that lie outside every series are refused with the distance by which they miss.
  mutating func refuseLesionsOutside() {
    var kept: [LesionSet.Lesion] = []
    for lesion in lesions.lesions {
      var miss = Double.infinity
      var fits = false
      var reason: String?
      for (index, entry) in set.entries.enumerated() {
        do throws(MaskError) {
          let carried = try lesion.carried(on: index, entry.geometry)
          if carried.coveredFraction > 0 { fits = true } else { miss = min(miss, carried.missDistance ?? miss) }
        } catch {
          reason = error.reason
        }
        if fits { break }
      }
      if fits {
        kept.append(lesion)
      } else {
        let distance = miss.isFinite ? "it misses every series by at least \((miss * 10).rounded() / 10) mm" : nil
        lesions.refusals.append(
          .init(subject: .lesion, name: "\(lesion.id)", reason: distance ?? reason ?? "it fits no series"))
      }
    }
    lesions.lesions = kept
  }
}
