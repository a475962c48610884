import DICOM
import Foundation
import Imaging
import StudyReading
import Testing
import TestSupport

/// Enhanced and classic images of Siemens and Philips against the NIfTI files that dcm2niix made of them.
@Suite(.enabled(if: SharedData.isPresent, "\(SharedData.skipMessage)"))
struct EnhancedImageOracleTests {
  private func series(_ folder: String) throws -> [ImageSeries] {
    let found = try StudyFolder.scan(path: SharedData.url(folder).path)
    return found.studies.flatMap { StudySeries($0).series }
  }

  @Test func `an enhanced Siemens series of four time points equals its reference`() throws {
    let reference = try NIfTIReference(SharedData.url("enhanced/enh/Ref/Siemens_REST1_w_SMS_PF7-8_6.nii"))
    let series = try series("enhanced/enh/In/Siemens")
    #expect(series.count == reference.dimensions[3])
    for (time, part) in series.enumerated() {
      #expect(part.partLabel == "time point \(time + 1) of 4")
      let difference = try reference.difference(from: part.loadVolume().volume, time: time)
      // The sform is single precision: 1e-4 mm at 200 mm. Values are integers.
      #expect(difference.position < 1e-3)
      #expect(difference.value == 0)
    }
  }

  @Test func `a classic Philips series of three time points equals its reference`() throws {
    let reference = try NIfTIReference(SharedData.url("enhanced/philips/Ref/EPI_asc_CLEAR_201.nii"))
    let series = try series("enhanced/philips/In/Magdeburg_2014/fmri")
    #expect(series.count == reference.dimensions[3])
    for (time, part) in series.enumerated() {
      let rescale = part.frame(ofSlice: 0).rescale
      #expect(part.scale.kind == .rescaled)
      #expect(part.scale.isRatioSafe)
      let scale = try #require(rescale.philipsScaleSlope)
      let difference = try reference.difference(
        from: displayedToFloat(part.loadVolume().volume, rescale, scale), time: time)
      #expect(difference.position < 1e-3)
      // dcm2niix holds Philips' floating point values, displayed / (slope * scale), and a slope in single precision:
      // 1e-6 of the largest value, 415,962.
      #expect(difference.value < 0.42)
    }
  }

  private func displayedToFloat(_ volume: Volume, _ rescale: Rescale, _ scale: Double) -> Volume {
    let factor = Float(1 / (rescale.slope * scale))
    return Volume(geometry: volume.geometry, voxels: volume.voxels.map { $0 * factor })
  }
}
