public import Findings

/// tables.json: the paper's tables, figures and tests over a cohort, and beside each test one that takes the patient,
/// not the lesion, for the independent unit. Percentages are not rounded; P-values and intervals are `nil` with a reason
/// where they do not exist.
public struct CohortTables: Codable, Sendable, Equatable {
  public static let currentVersion = "1.0"

  public var tablesVersion = Self.currentVersion
  /// What made the features.
  public var engines: [String] = []
  /// The column that names the group.
  public var groupBy = "primary"
  /// The groups in the order of the columns; `all` is the total.
  public var groups: [String] = []
  public var table1: [FindingRow] = []
  public var table2: [MatrixRow] = []
  public var table3 = MatrixSignalTable()
  public var size = SizeTables()
  public var levels: [LevelRow] = []
  public var lesionsPerPatient: [LesionsPerPatientRow] = []
  public var multiplicity = MultiplicityNote()
  /// Patients with at least one lesion.
  public var patients = 0
  public var studies = 0
  public var lesions = 0
  /// What is missing, refused or counted apart; `count` counts `unit`.
  public var excluded: [ExclusionRow] = []
  public var notes: [String] = []
  /// Which test is which.
  public var methods: [MethodRow] = []
  public var parameters = CohortParameters()
  public var disclaimer = FeatureDocument.researchDisclaimer

  public init() {}
}

/// One cell of Table 1: how often a finding takes a level in a group.
public struct FindingRow: Codable, Sendable, Equatable {
  public var feature: String
  public var level: String
  public var group: String
  public var count: Int
  /// The evaluable lesions of the group, the denominator of `percent`; for enhancement those with a post-gadolinium
  /// series.
  public var total: Int
  /// All lesions of the group, the denominator of `percentOfAll`.
  public var lesions: Int
  /// Patients with an evaluable lesion.
  public var patients: Int
  /// `nil` for the levels that say why a lesion is not evaluable, and without evaluable lesions.
  @Nullable public var percent: Double?
  @Nullable public var percentOfAll: Double?
  /// Clopper-Pearson, lesions independent; as a share, 0 to 1.
  @Nullable public var ci95Exact: [Double]?
  /// Korn-Graubard, patients independent; as a share, 0 to 1.
  @Nullable public var ci95Clustered: [Double]?
  @Nullable public var ci95ClusteredReason: String?
  /// The paper's one-sample t-test against 0.5, on the first level of a two-level feature.
  @Nullable public var pValue: Double?
  @Nullable public var pValueReason: String?
  /// Holm's correction of `pValue` over the tests of Table 1.
  @Nullable public var pValueHolm: Double?
  /// The same question with patients as the independent unit.
  @Nullable public var pValueClustered: Double?
  @Nullable public var pValueClusteredReason: String?
}

/// One row of Table 2: the matrix as the CT shows it.
public struct MatrixRow: Codable, Sendable, Equatable {
  public var group: String
  public var osteoblastic = 0
  public var osteolytic = 0
  public var mixed = 0
  /// Without a CT, or not decided on it.
  public var indeterminate = 0
  public var total = 0

  public init(
    group: String, osteoblastic: Int = 0, osteolytic: Int = 0, mixed: Int = 0, indeterminate: Int = 0, total: Int = 0
  ) {
    self.group = group
    self.osteoblastic = osteoblastic
    self.osteolytic = osteolytic
    self.mixed = mixed
    self.indeterminate = indeterminate
    self.total = total
  }
}

/// Table 3: T2 signal by matrix, CT the only basis of the matrix.
public struct MatrixSignalTable: Codable, Sendable, Equatable {
  public struct Counts: Codable, Sendable, Equatable {
    public var high = 0
    public var low = 0
  }

  public struct CountsByMatrix: Codable, Sendable, Equatable {
    public var osteoblastic = Counts()
    public var osteolytic = Counts()
  }

  public struct Corrected: Codable, Sendable, Equatable {
    @Nullable public var chiSquare: Double?
    @Nullable public var pValue: Double?
  }

  public var counts = CountsByMatrix()
  @Nullable public var chiSquare: Double?
  public var degreesOfFreedom = 1
  @Nullable public var pValue: Double?
  @Nullable public var pValueReason: String?
  public var continuityCorrected = false
  /// The same with Yates' correction.
  public var withContinuityCorrection = Corrected()
  /// Below 5 the chi-square approximation is poor; Fisher's exact test then speaks.
  @Nullable public var smallestExpectedCount: Double?
  @Nullable public var pValueFisher: Double?
  /// Share of high T2 signal, osteolytic minus osteoblastic, with patients as the independent unit.
  @Nullable public var differenceInShare: Double?
  @Nullable public var ci95Clustered: [Double]?
  @Nullable public var pValueClustered: Double?
  @Nullable public var pValueClusteredReason: String?

  public init() {}
}

public struct SizeTables: Codable, Sendable, Equatable {
  public struct Group: Codable, Sendable, Equatable {
    public var group: String
    public var lesions = 0
    public var measured = 0
    public var notMeasuredWholeVertebra = 0
    public var notMeasuredPosteriorInfiltration = 0
    public var notMeasurable = 0
    @Nullable public var meanMm: Double?
    @Nullable public var sdMm: Double?
    @Nullable public var medianMm: Double?
    @Nullable public var minimumMm: Double?
    @Nullable public var maximumMm: Double?
    /// Of the mean, patients as the independent unit.
    @Nullable public var ci95Clustered: [Double]?
    public var reasons: [String: String]?
  }

  public struct KruskalWallis: Codable, Sendable, Equatable {
    @Nullable public var statistic: Double?
    @Nullable public var degreesOfFreedom: Int?
    /// Chi-square approximation, corrected for ties.
    @Nullable public var pValue: Double?
    @Nullable public var pValueReason: String?
    /// Over all dealings of the lesions, where these are few enough.
    @Nullable public var pValueExact: Double?
    /// Dealing the groups to the patients anew.
    @Nullable public var pValueClustered: Double?
    @Nullable public var pValueClusteredReason: String?
    @Nullable public var clusteredArrangements: Int?

    public init() {}
  }

  public struct Pair: Codable, Sendable, Equatable {
    public var groups: [String]
    /// Mann-Whitney U of the first group.
    @Nullable public var statistic: Double?
    @Nullable public var pValue: Double?
    @Nullable public var pValueReason: String?
    @Nullable public var pValueBonferroni: Double?
    /// `exact` or `normal`.
    @Nullable public var method: String?
    @Nullable public var pValueClustered: Double?
    @Nullable public var pValueClusteredBonferroni: Double?
    @Nullable public var pValueClusteredReason: String?
  }

  public var groups: [Group] = []
  public var kruskalWallis = KruskalWallis()
  public var pairwise: [Pair] = []
  /// The pairs that could be tested: Bonferroni's factor.
  public var comparisons = 0

  public init() {}
}

/// A bar of Fig. 1.
public struct LevelRow: Codable, Sendable, Equatable {
  /// `cervical`, `thoracic`, `lumbar`, `sacral` or `unknown`.
  public var region: String
  public var group: String
  public var count: Int
  /// The lesions of known level.
  public var total: Int
  @Nullable public var percent: Double?
  @Nullable public var percentOfAll: Double?
}

public struct LesionsPerPatientRow: Codable, Sendable, Equatable {
  public var group: String
  /// With at least one lesion.
  public var patients: Int
  public var lesions: Int
  @Nullable public var mean: Double?
  @Nullable public var median: Double?
  @Nullable public var minimum: Int?
  @Nullable public var maximum: Int?
}

public struct MultiplicityNote: Codable, Sendable, Equatable {
  /// Tests of Table 1 that could be computed.
  public var table1Tests = 0
  public var table1BelowSignificance = 0
  public var table1BelowSignificanceHolm = 0
  /// Tests expected below the significance if nothing were there.
  public var table1ExpectedByChance = 0.0
  public var text = ""

  public init() {}
}

public struct ExclusionRow: Codable, Sendable, Equatable {
  public var reason: String
  public var count: Int
  /// `lesions`, `studies`, `patients` or `rows`.
  public var unit: String
}

public struct MethodRow: Codable, Sendable, Equatable {
  /// The fields of tables.json it explains.
  public var fields: [String]
  /// `paper` for the tests that the paper printed, `patients` for those that respect clustering, `other`.
  public var kind: String
  public var text: String
}
