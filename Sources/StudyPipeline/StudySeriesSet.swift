internal import DICOM
internal import Imaging
internal import StudyReading

/// The series of a study with their roles, and which of them a measurement takes.
struct StudySeriesSet: Sendable {
  struct Entry: Sendable {
    var series: ImageSeries
    var understanding: SeriesUnderstanding

    /// Where the voxels lie in the patient as the lesions' series has it: what the files say, less a shift that is
    /// corrected.
    var geometry: VolumeGeometry
    var uid: String { series.seriesInstanceUID }
    var isFatSuppressed: Bool { understanding.fatSuppressed == true }

    init(series: ImageSeries, understanding: SeriesUnderstanding) {
      self.series = series
      self.understanding = understanding
      geometry = series.geometry
    }
  }

  var entries: [Entry]

  /// Series of one role, in the order of their UIDs and parts.
  func indices(role: SeriesRole) -> [Int] { entries.indices.filter { entries[$0].understanding.role == role } }

  /// All series in the order in which size is read on them, unused ones last.
  var readingOrder: [Int] { SeriesRole.allCases.flatMap(indices) }

  /// The series of a role that covers most of a lesion; then one without fat suppression; then the smaller UID.
  ///
  /// `nil` where the role is held by none, or none covers any of it; `reason` then says which.
  func best(_ role: SeriesRole, for lesion: LesionSet.Lesion) -> (index: Int, carried: CarriedRegion)? {
    var best: (index: Int, carried: CarriedRegion)?
    for index in indices(role: role) {
      guard let carried = lesion.carried[index], !carried.region.isEmpty else { continue }
      guard let current = best else {
        best = (index, carried)
        continue
      }
      if isBetter(index, carried, than: current) { best = (index, carried) }
    }
    return best
  }

  private func isBetter(_ index: Int, _ carried: CarriedRegion, than other: (index: Int, carried: CarriedRegion))
    -> Bool
  {
    // Coverage is a count of voxels; a thousandth apart is the same coverage.
    let (mine, others) = ((carried.coveredFraction * 1000).rounded(), (other.carried.coveredFraction * 1000).rounded())
    if mine != others { return mine > others }
    if entries[index].isFatSuppressed != entries[other.index].isFatSuppressed {
      return !entries[index].isFatSuppressed
    }
    return entries[index].uid < entries[other.index].uid
  }

  /// Why a role has no series for a lesion.
  func missing(_ role: SeriesRole) -> String {
    indices(role: role).isEmpty
      ? "no series has the role \(role.rawValue)" : "no \(role.rawValue) series covers the lesion"
  }
}
