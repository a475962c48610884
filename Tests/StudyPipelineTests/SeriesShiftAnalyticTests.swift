import Findings
import Foundation
import Imaging
import Phantom
import StudyPipeline
import Testing

/// Phantoms whose series are displaced by known shifts: what is told, and what `--align` makes of it.
@Suite struct SeriesShiftAnalyticTests {
  private struct Phantom {
    let folder: URL
    let truth: PhantomTruth

    init(shift: Double, seed: UInt64) throws {
      var study = try PhantomCases.specification("small", seed: seed)
      study.shift = shift
      folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString, isDirectory: true)
      truth = try PhantomStudy(study).write(to: folder)
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    func analyze(align: Bool, report: Bool = false) throws -> FeatureDocument {
      var options = AnalysisOptions()
      options.lesionFiles = [folder.appendingPathComponent("lesions.nii.gz").path]
      options.muscle = folder.appendingPathComponent("muscle.nii.gz").path
      options.automaticAnatomy = false
      options.writeReport = report
      options.align = align
      return try StudyAnalyzer.analyze(
        .folder(folder.appendingPathComponent("study").path), options: options, configuration: EngineConfiguration()
      ).document
    }

    func drawn(_ uid: String) throws -> SeriesTruth {
      try #require(truth.series.first { $0.seriesInstanceUid == uid })
    }

    /// Mean relative error of the ratios on the series that were displaced.
    func ratioError(_ document: FeatureDocument) throws -> Double {
      var errors: [Double] = []
      for lesion in document.lesions {
        let drawn = try #require(truth.lesions.first { $0.lesionId == lesion.lesionId })
        for (wanted, record) in [(drawn.signal.t2, lesion.signal.t2), (drawn.signal.t1Post, lesion.signal.t1Post)] {
          let wanted = try #require(wanted?.ratioToMuscle)
          errors.append(abs(try #require(record.ratioToMuscle) / wanted - 1))
        }
      }
      return errors.reduce(0, +) / Double(errors.count)
    }
  }

  @Test func `a shift is told with its sign, its error and a warning; align takes it out and ratios come nearer`()
    throws
  {
    var before = 0.0
    var after = 0.0
    for seed in UInt64(31)...33 {
      let phantom = try Phantom(shift: 2.5, seed: seed)
      defer { phantom.remove() }
      let plain = try phantom.analyze(align: false)
      let aligned = try phantom.analyze(align: true)
      let reference = try #require(plain.series.first { $0.role == .sagittalT1 })
      #expect(reference.shift == nil && reference.reasons?["shift"] != nil)
      for series in plain.series where series.plane == .sagittal && series.role != .sagittalT1 {
        let shift = try #require(series.shift, "\(series.reasons ?? [:])")
        #expect(shift.referenceSeriesInstanceUid == reference.seriesInstanceUid && !shift.corrected)
        let wanted = try phantom.drawn(series.seriesInstanceUid).shiftMm
        for axis in 0..<2 {
          // Three errors are exceeded once in 370 times.
          #expect(abs(shift.inPlaneMm[axis] - wanted[axis]) < 3 * shift.standardErrorMm[axis])
        }
        let size = (wanted[0] * wanted[0] + wanted[1] * wanted[1]).squareRoot()
        if size > 1.2 {  // a pixel
          #expect(plain.warnings.contains { $0.contains(series.seriesInstanceUid) && $0.contains("--align") })
          #expect(aligned.series.first { $0.seriesInstanceUid == series.seriesInstanceUid }?.shift?.corrected == true)
        }
      }
      for series in plain.series where series.plane == .axial {
        #expect(series.shift == nil && series.reasons?["shift"]?.contains("plane") == true)
      }
      #expect(aligned.warnings.allSatisfy { !$0.contains("--align") })
      // The lesions' own series is not touched.
      #expect(plain.lesions.map(\.size) == aligned.lesions.map(\.size))
      #expect(plain.lesions.map(\.signal.t1.lesionMean) == aligned.lesions.map(\.signal.t1.lesionMean))
      // One coil is read from all series, so that muscle at the lesion's depth moves with them, by far less than its error.
      for (one, other) in zip(plain.lesions, aligned.lesions) {
        let (before, after) = (one.signal.t1.ratioToMuscle, other.signal.t1.ratioToMuscle)
        #expect(abs(try #require(before) / #require(after) - 1) < 0.005)
      }
      before += try phantom.ratioError(plain)
      after += try phantom.ratioError(aligned)
    }
    #expect(after < before)
  }

  @Test func `series that lie as they should are left alone, to the last byte of every lesion`() throws {
    let phantom = try Phantom(shift: 0, seed: 34)
    defer { phantom.remove() }
    let plain = try phantom.analyze(align: false)
    let aligned = try phantom.analyze(align: true)
    #expect(plain.lesions == aligned.lesions)
    #expect(aligned.series.allSatisfy { $0.shift?.corrected != true })
    #expect(plain.warnings.allSatisfy { !$0.contains("--align") })
  }

  @Test func `pictures change no shift and no number with align`() throws {
    let phantom = try Phantom(shift: 2.5, seed: 35)
    defer { phantom.remove() }
    #expect(
      try phantom.analyze(align: true).jsonData() == phantom.analyze(align: true, report: true).jsonData())
  }
}
