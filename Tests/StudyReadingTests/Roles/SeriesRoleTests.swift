import DICOM
import Foundation
import Imaging
import StudyReading
import Testing

/// Roles from headers alone. Each case is written as DICOM files and read back.
struct SeriesRoleMechanicsTests {
  private func roles(
    _ series: [TestSeries], overrides: [(role: SeriesRole, seriesInstanceUID: String)] = []
  ) throws -> [SeriesUnderstanding] {
    let folder = try ScratchFolder()
    for one in series { try one.write(into: folder) }
    let study = try #require(StudyFolder.scan(path: folder.url.path).studies.first)
    let read = StudySeries(study).series
    let understood = SeriesClassifier.classify(read, overrides: overrides)
    return series.compactMap { one in
      read.firstIndex { $0.seriesInstanceUID == one.uid }.map { understood[$0] }
    }
  }

  @Test func `a plain protocol gets its six roles`() throws {
    let result = try roles([
      TestSeries(number: 1, description: "t1_tse_sag", repetition: 600, echo: 10, time: "100000"),
      TestSeries(number: 2, description: "t2_tse_sag", repetition: 3000, echo: 100, time: "100500"),
      TestSeries(number: 3, description: "t1_tse_tra", plane: .axial, repetition: 620, echo: 9, time: "101000"),
      TestSeries(number: 4, description: "t2_tse_tra", plane: .axial, repetition: 3500, echo: 110, time: "101500"),
      TestSeries(
        number: 5, description: "t1_tse_sag_fs_gd", repetition: 650, echo: 10, options: "FS", agent: "Magnevist",
        time: "102000"),
      TestSeries(
        number: 6, description: "t1_tse_tra_fs_gd", plane: .axial, repetition: 650, echo: 10, options: "FS",
        agent: "Magnevist", time: "102500"),
    ])
    #expect(result.map(\.role) == [.sagittalT1, .sagittalT2, .axialT1, .axialT2, .sagittalT1Post, .axialT1Post])
    #expect(result.map(\.fatSuppressed) == [false, false, false, false, true, true])
    #expect(result.allSatisfy { $0.warnings.isEmpty }, "\(result.map(\.warnings))")
    #expect(result.allSatisfy { !$0.evidence.isEmpty })
  }

  @Test func `no evidence quotes the header's text`() throws {
    let result = try roles([
      TestSeries(number: 1, description: "SECRETNAME T2 sag", protocolName: "Smith Spine", repetition: 3000, echo: 100)
    ])
    #expect(result[0].role == .sagittalT2)
    #expect(result[0].evidence.allSatisfy { !$0.contains("SECRET") && !$0.contains("Smith") && !$0.contains("secret") })
  }

  @Test(
    arguments: [
      ("T1w tra KM", ContrastPhase.post, false), ("t1_tse_sag_fs_gd", .post, true),
      ("SAG T1 FS POST GADO", .post, true),
      ("T1 SAG nach KM", .post, false), ("T1 sag ohne KM", .pre, false), ("Sag T1 +C", .post, false),
      ("SAG T1 C+ FS", .post, true), ("T1 SE sag fettgesättigt KM", .post, true), ("T1 TSE SPIR +Gd SAG", .post, true),
      ("SAG T1 SPAIR GADO", .post, true), ("T1 TSE sag nativ", .pre, false), ("sag T1 sans injection", .pre, false),
      ("SAG T1 FATSAT APRES INJECTION", .post, true), ("T1 sag con contraste", .post, false),
      ("SAG T1 SIN CONTRASTE", .pre, false), ("T1 sag dopo mdc", .post, false), ("T1 SAG senza mdc", .pre, false),
      ("T1 SAG sem contraste", .pre, false), ("T1 sag zonder contrast", .pre, false), ("T1 SAG 조영후", .post, false),
      ("T1 sag 造影後", .post, false), ("T1W_mDIXON_TSE W post", .post, true), ("SAG T1 PRE", .pre, false),
      ("T1 SAG CE", .post, false), ("Sag T1 W/O", .pre, false), ("sagT1fs KM", .post, true),
    ] as [(String, ContrastPhase, Bool)])
  func `descriptions in many languages say the contrast phase`(text: String, phase: ContrastPhase, fat: Bool) throws {
    let result = try roles([TestSeries(number: 1, description: text, repetition: 600, echo: 10)])
    #expect(result[0].weighting == .t1, "\(text)")
    #expect(result[0].contrast == phase, "\(text): \(result[0].evidence)")
    #expect(result[0].fatSuppressed == fat, "\(text): \(result[0].evidence)")
  }

  @Test(
    arguments: [
      ("T2 STIR sag", Weighting.t2, true), ("SAG T2 FRFSE", .t2, false), ("T2w_TSE sag C7-T1", .t2, false),
      ("TIRM sag", .t2, true), ("sag T1 T12-L5", .t1, false), ("T2 T1-T6 sag", .t2, false), ("sag PD FS", .other, true),
      ("T2* sag", .other, false), ("t2_me2d medic", .other, false), ("sagT2fs", .t2, true),
    ] as [(String, Weighting, Bool)])
  func `descriptions alone say the weighting`(text: String, weighting: Weighting, fat: Bool) throws {
    let result = try roles([TestSeries(number: 1, description: text, scanning: "")])
    #expect(result[0].weighting == weighting, "\(text): \(result[0].evidence)")
    if fat {
      #expect(result[0].fatSuppressed == true, "\(text)")
    } else {
      #expect(result[0].fatSuppressed != true, "\(text)")
    }
  }

  @Test(
    arguments: [
      TestSeries(number: 1, description: "Localizer", repetition: 8, echo: 3, scanning: "GR"),
      TestSeries(number: 1, imageType: "ORIGINAL\\PRIMARY\\LOCALIZER"),
      TestSeries(number: 1, description: "ep2d_diff_b50_800", repetition: 3000, echo: 70, scanning: "EP"),
      TestSeries(number: 1, repetition: 3000, echo: 70, scanning: "EP", imageType: "DERIVED\\PRIMARY\\DIFFUSION\\ADC"),
      TestSeries(number: 1, description: "T1 sag SUB", repetition: 600, echo: 10),
      TestSeries(
        number: 1, description: "T2 sag", repetition: 3000, echo: 90, imageType: "DERIVED\\PRIMARY\\DIXON\\FAT"),
      TestSeries(number: 1, description: "survey", repetition: 10, echo: 4, scanning: "GR"),
      TestSeries(number: 1, description: "T2 myelo", repetition: 8000, echo: 700),
      TestSeries(number: 1, description: "t1 sag", plane: .coronal, repetition: 600, echo: 10),
    ])
  func `what takes no role is unused and says why`(series: TestSeries) throws {
    let result = try roles([series])
    #expect(result[0].role == .unused, "\(result[0].evidence)")
    #expect(!result[0].warnings.isEmpty)
  }

  @Test func `inversion times tell STIR from T1 FLAIR`() throws {
    let result = try roles([
      TestSeries(number: 1, repetition: 4000, echo: 40, inversion: 160, scanning: "SE\\IR"),
      TestSeries(number: 2, repetition: 2200, echo: 12, inversion: 860, scanning: "SE\\IR"),
    ])
    #expect(result[0].weighting == .t2)
    #expect(result[0].fatSuppressed == true)
    #expect(result[0].role == .sagittalT2)
    #expect(result[1].weighting == .t1)
  }

  @Test func `a contrast tag that says NONE does not undo the rest`() throws {
    let result = try roles([
      TestSeries(number: 1, description: "T1 sag", repetition: 600, echo: 10, agent: "NONE", time: "100000"),
      TestSeries(number: 2, description: "T2 sag", repetition: 3000, echo: 100, agent: "NONE", time: "100500"),
      TestSeries(
        number: 3, description: "T1 sag FS KM", repetition: 600, echo: 10, options: "FS", agent: "NONE", time: "101500"),
    ])
    #expect(result.map(\.role) == [.sagittalT1, .sagittalT2, .sagittalT1Post])
    #expect(result[2].warnings.contains { $0.contains("contrast") })
  }

  @Test func `the order of acquisition shows the contrast phase where words are missing`() throws {
    let result = try roles([
      TestSeries(number: 1, description: "T1 sag", repetition: 600, echo: 10, time: "100000"),
      TestSeries(number: 2, description: "T2 sag", repetition: 3000, echo: 100, time: "100500"),
      TestSeries(number: 3, description: "T1 sag FS", repetition: 620, echo: 10, options: "FS", time: "102000"),
      TestSeries(number: 4, description: "T1 tra KM", plane: .axial, repetition: 620, echo: 10, time: "102500"),
    ])
    #expect(result.map(\.role) == [.sagittalT1, .sagittalT2, .sagittalT1Post, .axialT1Post])
  }

  @Test func `a fat-suppressed T1 alone has an unknown phase and no role`() throws {
    let result = try roles([TestSeries(number: 1, description: "T1 sag FS", repetition: 600, echo: 10, options: "FS")])
    #expect(result[0].contrast == .unknown)
    #expect(result[0].role == .unused)
    #expect(result[0].warnings.contains { $0.contains("--role") })
  }

  @Test func `a description that contradicts the times is told and the times decide`() throws {
    let result = try roles([TestSeries(number: 1, description: "T1 sag", repetition: 3000, echo: 100)])
    #expect(result[0].weighting == .t2)
    #expect(result[0].warnings.contains { $0.contains("disagree about weighting") })
  }

  @Test func `nothing in the header leaves everything unknown`() throws {
    let result = try roles([TestSeries(number: 1, scanning: "")])
    #expect(result[0].weighting == .unknown)
    #expect(result[0].contrast == .unknown)
    #expect(result[0].fatSuppressed == nil)
    #expect(result[0].role == .unused)
  }

  @Test func `a role given by the user wins`() throws {
    let result = try roles([TestSeries(number: 1, scanning: "")], overrides: [(.sagittalT2, "1.2.3.4.1")])
    #expect(result[0].role == .sagittalT2)
    #expect(result[0].weighting == .t2)
    #expect(result[0].evidence.first == "role given by the user")
  }

  @Test func `a protocol name that all series share says nothing about one series`() throws {
    let result = try roles([
      TestSeries(number: 1, description: "SAG T1 FSE", protocolName: "SPINE WITH CONTRAST", repetition: 600, echo: 10),
      TestSeries(number: 2, description: "SAG T2", protocolName: "SPINE WITH CONTRAST", repetition: 3000, echo: 100),
    ])
    #expect(result.map(\.role) == [.sagittalT1, .sagittalT2])
    #expect(result.allSatisfy { $0.warnings.isEmpty })
  }

  @Test func `planes hold to 30 degrees`() throws {
    let near = try roles([TestSeries(number: 1, description: "T2", repetition: 3000, echo: 100, tilt: 29)])
    let far = try roles([TestSeries(number: 1, description: "T2", repetition: 3000, echo: 100, tilt: 31)])
    #expect(near[0].plane == .sagittal)
    #expect(abs((near[0].obliquityDegrees ?? 0) - 29) < 0.01)
    #expect(far[0].plane == .oblique)
    #expect(far[0].role == .unused)
  }

  @Test func `whole-spine views and CT are recognised`() throws {
    let result = try roles([
      TestSeries(number: 1, description: "T2 sag composed", repetition: 3000, echo: 100),
      TestSeries(number: 2, description: "T2 sag", repetition: 3000, echo: 100, size: 500),
      TestSeries(number: 3, plane: .axial, scanning: "", imageType: "ORIGINAL\\PRIMARY\\AXIAL", modality: "CT"),
    ])
    #expect(result.map(\.wholeSpine) == [true, true, false])
    #expect(result[2].role == .ct)
  }
}
