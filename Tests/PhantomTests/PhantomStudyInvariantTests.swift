import Foundation
import Imaging
import Phantom
import Testing

@Suite struct PhantomStudyInvariantTests {
  /// A study small enough to be written in a second.
  static func specification(seed: UInt64) -> PhantomStudySpecification {
    var study = PhantomStudySpecification(name: "tiny", seed: seed)
    var lesion = LesionSpecification()
    lesion.level = "L3"
    lesion.diameter = 18
    lesion.t1Ratio = 0.9
    lesion.t2Ratio = 1.8
    lesion.lobulation = 0
    study.lesions = [lesion]
    study.coilFallOff = 0
    study.series = [SeriesSpecification.Kind.sagittalT1, .sagittalT2, .sagittalT1Post].map { kind in
      var series = SeriesSpecification(kind: kind)
      series.matrix = 128
      series.slices = 9
      series.fieldOfView = 240
      series.muscleSNR = 20
      return series
    }
    return study
  }

  static func write(_ study: PhantomStudySpecification) throws -> (URL, PhantomTruth) {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString, isDirectory: true)
    let truth = try PhantomStudy(study).write(to: folder)
    return (folder, truth)
  }

  private static func bytes(_ folder: URL) throws -> [String: Data] {
    var result: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
      let url = folder.appendingPathComponent(name)
      if try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true {
        result[name] = try Data(contentsOf: url)
      }
    }
    return result
  }

  @Test func `the same seed gives the same bytes and another seed does not`() throws {
    let (first, _) = try Self.write(Self.specification(seed: 21))
    let (second, _) = try Self.write(Self.specification(seed: 21))
    let (other, _) = try Self.write(Self.specification(seed: 22))
    defer { for folder in [first, second, other] { try? FileManager.default.removeItem(at: folder) } }
    let a = try Self.bytes(first)
    #expect(a.count == 9 * 3 + 4)
    #expect(try a == Self.bytes(second))
    let image = "study/series01/IM0005.dcm"
    #expect(try a[image] != Self.bytes(other)[image])
  }

  @Test func `a seed of the noise changes the pictures alone, and an offset moves the grids`() throws {
    var noisy = Self.specification(seed: 21)
    noisy.noiseSeed = 5
    var moved = Self.specification(seed: 21)
    moved.gridOffset = 0.5
    let (first, truth) = try Self.write(Self.specification(seed: 21))
    let (second, same) = try Self.write(noisy)
    let (third, shifted) = try Self.write(moved)
    defer { for folder in [first, second, third] { try? FileManager.default.removeItem(at: folder) } }
    let image = "study/series01/IM0005.dcm"
    #expect(try Self.bytes(first)[image] != Self.bytes(second)[image])
    #expect(truth.lesions == same.lesions)
    #expect(try Self.bytes(first)["lesions.nii.gz"] == Self.bytes(second)["lesions.nii.gz"])
    // The object stays where it is; the planes through it are the same, since only columns and rows move.
    let (before, after) = (truth.lesions[0].size, shifted.lesions[0].size)
    #expect(before.maximumSagittalDiameterMm == after.maximumSagittalDiameterMm)
    #expect(try Self.bytes(first)["lesions.nii.gz"] != Self.bytes(third)["lesions.nii.gz"])
  }

  @Test func `wanted ratios come out within the share of partial volume`() throws {
    let (folder, truth) = try Self.write(Self.specification(seed: 23))
    defer { try? FileManager.default.removeItem(at: folder) }
    let lesion = try #require(truth.lesions.first)
    // Marrow at the lesion's edge mixes in: an 18 mm lesion at 1.9 mm pixels and 4 mm slices.
    #expect(abs(try #require(lesion.signal.t1).ratioToMuscle - 0.9) < 0.12)
    #expect(abs(try #require(lesion.signal.t2).ratioToMuscle - 1.8) < 0.12)
    #expect(lesion.size.status == "measured" && lesion.level == "L3" && lesion.part == "vertebral_body")
    #expect(lesion.maskVoxels > 100)
    #expect(truth.series.map(\.role.rawValue).sorted() == ["sag_t1", "sag_t1_post", "sag_t2"])
    let muscle = try #require(truth.series.first { $0.kind == "sag_t1" })
    #expect(abs(try #require(muscle.muscleMean) / (try #require(muscle.noiseSd)) - 20) < 1)
  }

  @Test(arguments: PhantomCases.all.map(\.name))
  func `every named case can be built and its lesions lie in the spine`(name: String) throws {
    let study = try PhantomCases.specification(name, seed: 3)
    let t1 = PulseSequence(repetitionTime: 600, echoTime: 10, fieldStrength: study.fieldStrength)
    let t2 = PulseSequence(repetitionTime: 2900, echoTime: 100, fieldStrength: study.fieldStrength)
    let scene = try PhantomScene(study, nominalT1: t1, nominalT2: t2)
    #expect(scene.lesions.count == study.lesions.count)
    #expect(name == "healthy" || !study.lesions.isEmpty)
  }

  @Test func `a third of the random lesions has a ratio near one on each weighting`() throws {
    let lesions = try (1...60).flatMap { try PhantomCases.specification("random", seed: $0).lesions }
    let near1 = lesions.filter { (0.8...1.25).contains($0.t1Ratio) }.count
    let near2 = lesions.filter { (0.8...1.25).contains($0.t2Ratio) }.count
    #expect(lesions.count > 180)
    #expect(Double(near1) > 0.3 * Double(lesions.count) && Double(near2) > 0.3 * Double(lesions.count))
    #expect(Set(lesions.map(\.pattern)).count == 5 && Set(lesions.map(\.form)).count == 6)
  }
}

@Suite struct PhantomSpecificationMechanicsTests {
  @Test func `fields that are absent keep their defaults`() throws {
    let text =
      #"{"seed": 7, "lesions": [{"level": "T9", "t1_ratio": 1.1, "pattern": "rim_enhancing"}], "series": [{"kind": "sag_t1", "muscle_snr": 9}]}"#
    let study = try PhantomStudy.readSpecification(Data(text.utf8))
    #expect(study.seed == 7 && study.lesions[0].level == "T9" && study.lesions[0].t1Ratio == 1.1)
    #expect(study.lesions[0].diameter == LesionSpecification().diameter)
    #expect(study.series[0].muscleSNR == 9 && study.series.count == 1)
  }

  @Test func `a printed specification reads back as itself`() throws {
    var study = try PhantomCases.specification("mimics", seed: 12)
    study.patientID = "P1"
    study.lesions[0].marginWidth = 2.5
    #expect(try PhantomStudy.readSpecification(PhantomStudy(study).specificationJSON()) == study)
  }

  @Test func `a wrong value is refused with its place`() {
    #expect(throws: PhantomError.badSpecification("field lesions.0.diameter has a value that it cannot hold")) {
      try PhantomStudy.readSpecification(Data(#"{"lesions": [{"diameter": "big"}]}"#.utf8))
    }
    #expect(throws: PhantomError.unknownCase("nothing")) { try PhantomCases.specification("nothing", seed: 1) }
  }

  @Test func `a level that no spine has is refused`() {
    var study = PhantomStudyInvariantTests.specification(seed: 1)
    study.lesions[0].level = "X9"
    #expect(throws: PhantomError.unknownLevel("X9")) {
      try PhantomStudy(study).write(
        to: FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString))
    }
  }

  @Test func `the published schema names the fields that are written`() throws {
    let (folder, _) = try PhantomStudyInvariantTests.write(PhantomStudyInvariantTests.specification(seed: 24))
    defer { try? FileManager.default.removeItem(at: folder) }
    let written = try #require(
      JSONSerialization.jsonObject(with: Data(contentsOf: folder.appendingPathComponent("truth.json")))
        as? [String: Any])
    let schema = try #require(JSONSerialization.jsonObject(with: Data(PhantomSchemas.truth.utf8)) as? [String: Any])
    try Self.compare(written, schema, path: "truth")
  }

  /// Objects hold all required properties and none that the schema does not name (the specification is free).
  private static func compare(_ value: Any, _ schema: [String: Any], path: String) throws {
    if let object = value as? [String: Any], let properties = schema["properties"] as? [String: Any] {
      for name in schema["required"] as? [String] ?? [] { #expect(object[name] != nil, "\(path).\(name) is absent") }
      for (name, inner) in object {
        let described = try #require(properties[name] as? [String: Any], "\(path).\(name) is not in the schema")
        try compare(inner, described, path: "\(path).\(name)")
      }
    } else if let list = value as? [Any], let items = schema["items"] as? [String: Any] {
      for inner in list { try compare(inner, items, path: path + "[]") }
    }
  }
}
