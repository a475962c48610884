import CohortStatistics
import Findings
import Foundation
import Testing

/// `agree` from files to files.
@Suite struct AgreementMechanicsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func lesion(
    _ identifier: Int, _ centroid: [Double], margin: MarginRecord.MarginClass = .wellDefined, diameter: Double? = 12,
    volume: Double? = nil
  ) -> LesionRecord {
    var lesion = TestLesion.record(identifier)
    lesion.location.centroidLpsMm = centroid
    lesion.margin.class = margin
    lesion.size.status = diameter == nil ? .notMeasurable : .measured
    lesion.size.maximumSagittalDiameterMm = diameter
    lesion.size.volumeMm3 = volume
    return lesion
  }

  private func write(_ reading: String, _ studies: [String: [LesionRecord]]) throws -> String {
    for (study, lesions) in studies {
      let document = TestLesion.document(study: study, patientKey: "patient of \(study)", lesions: lesions)
      try folder.write(document.jsonData(), "\(reading)/\(study)/features.json")
    }
    return folder.path(reading)
  }

  private var three: [LesionRecord] {
    [
      lesion(1, [0, 0, 0], diameter: 14.2), lesion(2, [0, 0, 40], margin: .illDefined, diameter: 9.1),
      lesion(3, [0, 0, 80], diameter: 33.7),
    ]
  }

  private func agreement(_ first: String, _ second: String) throws -> Agreement {
    try Agreement(first: first, second: second)
  }

  @Test func `a reading agrees with itself, as features and as lesions_csv`() throws {
    let studies = ["1.2.1": three, "1.2.2": three]
    let first = try write("a", studies)
    let documents = studies.sorted { $0.key < $1.key }.map {
      TestLesion.document(study: $0.key, patientKey: "patient of \($0.key)", lesions: $0.value)
    }
    let table = try folder.write(LesionTable.csv(documents), "b.csv")
    for second in [first, table] {
      let result = try agreement(first, second)
      #expect(result.detection.matched == 6 && result.unmatched.isEmpty && !result.hasRefusals)
      let margin = try #require(result.categorical.first { $0.name == "margin.class" })
      #expect(margin.kappa == 1 && margin.agreementPercent == 100 && margin.kappaCi95Clustered == [1, 1])
      let size = try #require(result.numerical.first { $0.name == "size.maximum_sagittal_diameter_mm" })
      #expect(size.icc == 1 && size.bias == 0 && size.lowerLimit == 0 && size.ratio?.mean == 1)
      #expect(size.iccCi95 == nil && size.iccCi95Reason == "the readings agree on every lesion")
    }
  }

  @Test func `numbers of lesions mean nothing where centroids are given`() throws {
    let first = try write("a", ["1.2": three])
    let second = try write("b", ["1.2": [lesion(1, [3, 0, 81]), lesion(2, [0, 2, 1]), lesion(9, [0, -2, 39])]])
    let result = try agreement(first, second)
    #expect(result.matches.map { [$0.firstLesionId, $0.secondLesionId] } == [[1, 2], [2, 9], [3, 1]])
    #expect((result.matches[0].distanceMm! - 5.0.squareRoot()).magnitude < 1e-9)
  }

  @Test func `the gate grows with the lesion, and what has no partner is named`() throws {
    // 20 mm apart: beyond 10 mm, within the radius of a ball of 40 cm3 (21.2 mm).
    let first = try write("a", ["1.2": [lesion(1, [0, 0, 0]), lesion(2, [0, 0, 100], volume: 40_000)]])
    let second = try write("b", ["1.2": [lesion(1, [0, 0, 20]), lesion(2, [0, 0, 120])]])
    let result = try agreement(first, second)
    #expect(result.matches.map { [$0.firstLesionId, $0.secondLesionId] } == [[2, 2]])
    #expect(result.unmatched.map(\.reading) == ["first", "second"] && result.unmatched.map(\.lesionId) == [1, 1])
    #expect(result.detection.shareOfFirstFound == 0.5 && result.detection.shareOfSecondFound == 0.5)
    // A single pair: every statistic is missing with its reason.
    let size = try #require(result.numerical.first { $0.name == "size.maximum_sagittal_diameter_mm" })
    #expect(size.icc == nil && size.iccReason == "fewer than two lesions measured by both readings")
    #expect(size.bias == nil && size.blandAltmanReason == size.iccReason && size.ratioReason == size.iccReason)
    let margin = try #require(result.categorical.first { $0.name == "margin.class" })
    #expect(margin.kappa == nil && margin.kappaReason == "both readings know only one class")
  }

  @Test func `a value that one reader lacks is counted as missing`() throws {
    var other = three
    other[0].size.maximumSagittalDiameterMm = nil
    other[1].signal.t1.class = nil
    let result = try agreement(try write("a", ["1.2": three]), try write("b", ["1.2": other]))
    let size = try #require(result.numerical.first { $0.name == "size.maximum_sagittal_diameter_mm" })
    #expect(size.lesions == 2 && size.missing == 1)
    let signal = try #require(result.categorical.first { $0.name == "signal.t1.class" })
    #expect(signal.lesions == 0 && signal.missing == 3)
    #expect(signal.kappaReason == "no lesion that both readings classify")
  }

  @Test func `studies and files that only one reading has are refusals`() throws {
    let first = try write("a", ["1.2": three, "1.3": three])
    let second = try write("b", ["1.2": three])
    try folder.write("{", "b/broken/features.json")
    var said: [String] = []
    let result = try Agreement(first: first, second: second) { said.append($0) }
    #expect(result.hasRefusals && result.detection.studiesOnlyFirst == 1 && result.detection.matched == 3)
    #expect(said.count == 2 && said.contains { $0.contains("not valid") })
  }

  @Test func `nothing in common, an empty folder and a missing one are errors`() throws {
    let first = try write("a", ["1.2": three])
    let second = try write("b", ["1.9": three])
    try FileManager.default.createDirectory(atPath: folder.path("empty"), withIntermediateDirectories: true)
    for other in [second, folder.path("empty"), folder.path("nowhere"), folder.path("nowhere.csv")] {
      #expect(throws: CohortError.self) { try agreement(first, other) }
    }
  }

  @Test func `a reader's own table may be short`() throws {
    let first = try write("a", ["1.2": three])
    // No study, no patient: the one study that the other reading has; lettered coordinates, a class in capitals.
    let table = try folder.write(
      """
      location.centroid_lps_mm.x,location.centroid_lps_mm.y,location.centroid_lps_mm.z,margin.class
      1,0,0,Well_Defined
      0,1,41,well_defined
      0,0,79,
      """, "reader.csv")
    let result = try agreement(first, table)
    #expect(result.detection.matched == 3)
    #expect(result.categorical.map(\.name) == ["margin.class"] && result.numerical.isEmpty)
    #expect(result.categorical[0].lesions == 2 && result.categorical[0].missing == 1)
    #expect(result.categorical[0].counts == [[1, 0], [1, 0]])
    #expect(result.notes.contains { $0.contains("Not compared") })
  }

  @Test func `without centroids the numbers match`() throws {
    let first = try folder.write("lesion_id,margin.class\n1,well_defined\n2,ill_defined\n", "a.csv")
    let second = try folder.write("lesion_id,margin.class\n2,ill_defined\n3,ill_defined\n", "b.csv")
    let result = try agreement(first, second)
    #expect(result.matches.map(\.firstLesionId) == [2] && result.matches[0].distanceMm == nil)
    #expect(result.notes.contains { $0.contains("matched by number") })
  }

  @Test(arguments: [
    ("lesion_id,margin.class\n1,sharp\n", "line 2, column margin.class: not one of"),
    ("lesion_id,size.volume_mm3\n1,large\n", "line 2, column size.volume_mm3: not a number"),
    ("lesion_id,margin.class\n1,well_defined\n1,ill_defined\n", "line 3 repeats"),
    ("lesion_id,shoe_size\n1,44\n", "none of the columns"),
    ("margin.class\nwell_defined\n", "it has neither"),
    ("location.centroid_lps_mm,margin.class\n1 2,well_defined\n", "not three numbers"),
    ("lesion_id,margin.class\n", "holds no lesion"),
  ])
  func `a table that cannot be used says which line and why`(text: String, why: String) throws {
    let first = try write("a", ["1.2": three])
    let table = try folder.write(text, "reader.csv")
    let error = #expect(throws: CohortError.self) { try agreement(first, table) }
    #expect(error?.description.contains(why) == true, "\(String(describing: error))")
    #expect(error?.description.contains("reader.csv") == true)
  }

  @Test func `the order of files and lesions leaves no trace, and the page stands alone`() throws {
    let shifted = three.map { lesion in
      var lesion = lesion
      lesion.size.maximumSagittalDiameterMm! += Double(lesion.lesionId)
      return lesion
    }
    let first = try write("a", ["1.2": three, "1.3": three])
    let second = try write("b", ["1.2": shifted, "1.3": shifted.reversed()])
    let result = try agreement(first, second)
    let files = try result.files()
    #expect(files.map(\.name) == ["agreement.json", "agreement.md", "matches.csv", "agreement.html"])
    let again = try write("c", ["1.2": shifted.reversed(), "1.3": shifted])
    #expect(try agreement(first, again).jsonData() == result.jsonData())
    let page = String(decoding: files[3].data, as: UTF8.self)
    #expect(!page.contains("<script") && !page.contains("src=") && !page.contains("{{") && page.contains("<svg"))
    let matches = try CommaSeparatedValues(files[2].data)
    #expect(matches.rows.count == 7)
    // Exchanging the readers turns the differences round and nothing else.
    let reversed = try agreement(second, first)
    let (forth, back) = (
      try #require(result.numerical.first { $0.name == "size.maximum_sagittal_diameter_mm" }),
      try #require(reversed.numerical.first { $0.name == "size.maximum_sagittal_diameter_mm" })
    )
    #expect(forth.bias == 2 && back.bias == -2 && forth.icc == back.icc)
    #expect(forth.biasCi95Clustered == [2, 2])
  }
}
