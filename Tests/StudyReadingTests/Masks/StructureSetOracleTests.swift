import DICOM
import Foundation
import Imaging
import StudyReading
import TestSupport
import Testing

/// 12 patients of the IBSI validation set (../shared/data/sts_mr): the structure set filled on the MR series against
/// the NIfTI mask and image that come with it.
@Suite(.enabled(if: SharedData.isPresent, "\(SharedData.skipMessage)"))
struct StructureSetOracleTests {
  private static let patients = ["002", "008", "012", "015", "018", "019", "024", "025", "032", "035", "041", "042"]

  @Test func `filled contours agree with the NIfTI masks of 12 patients`() throws {
    var dice: [Double] = []
    var worstPlace = 0.0
    for patient in Self.patients {
      let folder = SharedData.url("sts_mr/STS_\(patient)")
      let scan = try StudyFolder.scan(path: folder.appendingPathComponent("dicom").path)
      let study = try #require(scan.studies.first)
      let series = try #require(StudySeries(study).series.first)
      let discovery = MaskDiscovery.discover(study: study, strangers: [])
      let lesion = try #require(discovery.lesionFiles.first?.lesions.first)
      #expect(lesion.referencedSeriesUIDs == [series.seriesInstanceUID])
      #expect(lesion.frameOfReferenceUID == series.geometry.frameOfReferenceUID)
      let placed = try MaskPlacement.place(lesion, on: series.geometry)
      #expect(placed.coveredFraction == 1)
      let nifti = try MaskReader.read(path: folder.appendingPathComponent("nifti/MR_T1_mask.nii.gz").path)
      let truth = try #require(nifti.masks.first?.region)
      // The NIfTI grid is the series' grid: its voxels name the same places within its own rounding.
      worstPlace = max(worstPlace, Self.gridError(truth.geometry, series.geometry))
      let carried = try RegionCarrying.carry(truth, to: series.geometry)
      #expect(carried.region.count == truth.count)
      let both = Self.overlap(placed.region, carried.region)
      dice.append(2 * Double(both) / Double(placed.region.count + truth.count))
    }
    dice.sort()
    print("MEASURED dice median \((dice[5] + dice[6]) / 2) worst \(dice[0]) grid \(worstPlace) mm")
    #expect((dice[5] + dice[6]) / 2 >= 0.95)
    #expect(dice[0] >= 0.93)
    #expect(worstPlace < 0.01)  // 32-bit floats of the NIfTI header, five decimals of the DICOM one
  }

  private static func overlap(_ first: Region, _ second: Region) -> Int {
    var both = 0
    first.forEachVoxel { column, row, slice in
      if second.contains(column: column, row: row, slice: slice) { both += 1 }
    }
    return both
  }

  /// Largest distance of a corner voxel of one grid from the nearest voxel centre of the other.
  private static func gridError(_ first: VolumeGeometry, _ second: VolumeGeometry) -> Double {
    var worst = 0.0
    for slice in [0, first.slices - 1] {
      for row in [0, first.rows - 1] {
        for column in [0, first.columns - 1] {
          let point = first.position(column: Double(column), row: Double(row), slice: slice)
          let index = second.index(ofPosition: point)
          let rounded = Vector3(index.x.rounded(), index.y.rounded(), index.z.rounded())
          worst = max(worst, (second.position(ofIndex: rounded) - point).length)
        }
      }
    }
    return worst
  }
}
