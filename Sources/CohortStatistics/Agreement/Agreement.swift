public import Findings

/// Agreement of two readings of the same lesions: who found what, and how far classes and numbers agree.
public struct Agreement: Encodable, Sendable {
  public struct Match: Codable, Sendable, Equatable {
    public var studyInstanceUid: String
    public var firstLesionId: Int
    public var secondLesionId: Int
    @Nullable public var distanceMm: Double?
  }

  public struct Unmatched: Codable, Sendable, Equatable {
    /// `first` or `second`: the reading that has it.
    public var reading: String
    public var studyInstanceUid: String
    public var lesionId: Int
  }

  public struct Detection: Codable, Sendable, Equatable {
    public var studies = 0
    public var studiesOnlyFirst = 0
    public var studiesOnlySecond = 0
    public var lesionsFirst = 0
    public var lesionsSecond = 0
    public var matched = 0
    public var onlyFirst = 0
    public var onlySecond = 0
    /// matched / lesions of the other reading; `nil` where that has none.
    @Nullable public var shareOfFirstFound: Double?
    @Nullable public var shareOfSecondFound: Double?
  }

  public var agreementVersion = "1.0"
  public var matching = MatchingParameters()
  public var detection = Detection()
  public var categorical: [CategoricalAgreement] = []
  public var numerical: [NumericalAgreement] = []
  public var matches: [Match] = []
  public var unmatched: [Unmatched] = []
  public var notes: [String] = []
  public var methods = Self.methodTexts
  public var disclaimer = FeatureDocument.researchDisclaimer

  /// Whether one reading has studies that the other has not: exit code 2.
  public var hasRefusals: Bool { detection.studiesOnlyFirst + detection.studiesOnlySecond + refusedFiles > 0 }

  private var refusedFiles = 0
  private(set) var pairs: [LesionPair] = []

  private enum CodingKeys: CodingKey {
    case agreementVersion, matching, detection, categorical, numerical, matches, unmatched, notes, methods, disclaimer
  }

  /// Reads, matches and compares.
  ///
  /// - Parameters:
  ///   - first: a features.json, a folder that holds some, or a CSV with the columns of lesions.csv.
  ///   - second: the other reading.
  ///   - refused: called with a sentence for everything that is left out.
  public init(
    first: String, second: String, parameters: MatchingParameters = MatchingParameters(),
    refused: (String) -> Void = { _ in }
  ) throws(CohortError) {
    matching = parameters
    var refusals = 0
    let count = { (text: String) in
      refusals += 1
      refused(text)
    }
    var one = try Reading(path: first, refused: count)
    var other = try Reading(path: second, refused: count)
    refusedFiles = refusals
    try Self.nameOnlyStudy(&one, like: other, file: first)
    try Self.nameOnlyStudy(&other, like: one, file: second)
    let common = one.studies.intersection(other.studies).sorted()
    guard !common.isEmpty else { throw .nothingToUse("\(first) and \(second) have no study in common") }
    detection.studies = common.count
    detection.studiesOnlyFirst = one.studies.count - common.count
    detection.studiesOnlySecond = other.studies.count - common.count
    if detection.studiesOnlyFirst > 0 { refused("\(detection.studiesOnlyFirst) studies are only in \(first)") }
    if detection.studiesOnlySecond > 0 { refused("\(detection.studiesOnlySecond) studies are only in \(second)") }
    match(one, other, common)
    compare(items: one.items.intersection(other.items))
  }

  /// A CSV without studies is of the one study that the other reading has.
  private static func nameOnlyStudy(
    _ reading: inout Reading, like other: Reading, file: String
  ) throws(CohortError) {
    guard reading.studies.contains(Reading.onlyStudy), !other.studies.contains(Reading.onlyStudy) else { return }
    guard other.studies.count == 1, let study = other.studies.first else {
      throw .table(file: file, why: "lesions without study_instance_uid, and the other reading has several studies")
    }
    reading.studies.remove(Reading.onlyStudy)
    reading.studies.insert(study)
    let patient = other.lesions.first?.patient ?? Reading.onlyStudy
    for index in reading.lesions.indices where reading.lesions[index].study == Reading.onlyStudy {
      reading.lesions[index].study = study
      reading.lesions[index].patient = patient
    }
  }

  private mutating func match(_ first: Reading, _ second: Reading, _ studies: [String]) {
    let firstByStudy = Dictionary(grouping: first.lesions, by: \.study)
    let secondByStudy = Dictionary(grouping: second.lesions, by: \.study)
    for study in studies {
      let result = LesionMatching(firstByStudy[study] ?? [], secondByStudy[study] ?? [], parameters: matching)
      pairs += result.pairs
      for pair in result.pairs {
        matches.append(
          Match(
            studyInstanceUid: study, firstLesionId: pair.first.identifier, secondLesionId: pair.second.identifier,
            distanceMm: pair.distanceMm))
      }
      for (name, lesions) in [("first", result.onlyFirst), ("second", result.onlySecond)] {
        unmatched += lesions.map { Unmatched(reading: name, studyInstanceUid: study, lesionId: $0.identifier) }
      }
    }
    detection.matched = pairs.count
    detection.onlyFirst = unmatched.count { $0.reading == "first" }
    detection.onlySecond = unmatched.count { $0.reading == "second" }
    detection.lesionsFirst = pairs.count + detection.onlyFirst
    detection.lesionsSecond = pairs.count + detection.onlySecond
    let matched = Double(pairs.count)
    detection.shareOfFirstFound = detection.lesionsFirst > 0 ? matched / Double(detection.lesionsFirst) : nil
    detection.shareOfSecondFound = detection.lesionsSecond > 0 ? matched / Double(detection.lesionsSecond) : nil
    let withoutPoint = pairs.count { $0.distanceMm == nil }
    if withoutPoint > 0 { notes.append("\(withoutPoint) lesions were matched by number, a centroid being absent.") }
    if pairs.isEmpty { notes.append("No lesion matches; there is nothing to compare.") }
  }

  private mutating func compare(items: Set<String>) {
    let patients = PatientIndex(pairs)
    categorical = CategoricalItem.all.filter { items.contains($0.name) }
      .map { CategoricalAgreement($0, pairs: pairs, patients: patients) }
    numerical = NumericalItem.all.filter { items.contains($0.name) }
      .map { NumericalAgreement($0, pairs: pairs, patients: patients) }
    let compared = Set(categorical.map(\.name) + numerical.map(\.name))
    let absent = (CategoricalItem.all.map(\.name) + NumericalItem.all.map(\.name)).filter { !compared.contains($0) }
    if !absent.isEmpty { notes.append("Not compared, absent from a reading: \(absent.joined(separator: ", ")).") }
  }

  private static let methodTexts = [
    "Matching: centroids within 10 mm or the larger lesion's radius, one to one, as many as possible, least total distance.",
    "Kappa: Cohen's, interval of Fleiss, Cohen and Everitt; weighted linearly for levels, quadratically for degrees.",
    "ICC(2,1): two-way random effects, absolute agreement, single reading; interval of McGraw and Wong.",
    "Bland-Altman: second less first, mean +- 1.96 SD, exact intervals of the limits for normal differences.",
    "Intervals named clustered: jackknife over patients; lesions of one patient are not independent.",
  ]
}

/// Patients of the matched lesions, numbered.
struct PatientIndex: Sendable {
  let ofPair: [Int]
  let count: Int

  init(_ pairs: [LesionPair]) {
    var numbers: [String: Int] = [:]
    var ofPair: [Int] = []
    for pair in pairs {
      let number = numbers[pair.first.patient] ?? numbers.count
      numbers[pair.first.patient] = number
      ofPair.append(number)
    }
    self.ofPair = ofPair
    count = numbers.count
  }
}
