public import Foundation
public import StudyPipeline

/// A validated plan of one batch run.
public struct BatchOptions: Sendable {
  /// Where the studies are.
  public enum Source: Sendable, Equatable {
    case folder(String)
    case dicomweb(DICOMwebQuery)
  }

  public var source: Source
  public var output: String
  public var analysis = AnalysisOptions()
  /// Worker processes.
  public var jobs = 1
  public var retryFailed = false
  public var shard: Shard?
  /// Wall time of one study. Fifteen minutes is a hundred times what a large study takes; a study that needs longer hangs.
  public var timeoutSeconds: Double? = 900
  /// Memory of one study, which is also where its worker is stopped.
  public var memoryLimitMegabytes: Int? = 4096
  /// An index made before, to start from.
  public var indexFile: String?
  /// Stop after the index.
  public var indexOnly = false
  /// Lets the workers' standard error through.
  public var verbose = false
  /// Faults on purpose for studies whose UID ends so; see `TestHook`.
  public var testHooks: [(hook: TestHook, studyUIDEnding: String)] = []

  public init(source: Source, output: String) {
    self.source = source
    self.output = output
  }
}

/// What a batch must know of the program that it runs in.
public struct BatchEngine: Sendable {
  public var version: String
  /// The header line of lesions.csv with its line end; the columns of `StudyResult.lesionRows`.
  public var lesionsHeader: String
  /// The program that serves as a worker, and its arguments.
  public var workerExecutable: String
  public var workerArguments: [String]
  /// The effective thresholds as JSON, for the manifest.
  public var configuration: Data?
  public var configurationDigest: String

  public init(
    version: String, lesionsHeader: String, workerExecutable: String, workerArguments: [String],
    configuration: Data? = nil, configurationDigest: String = ""
  ) {
    self.version = version
    self.configuration = configuration
    self.configurationDigest = configurationDigest
    self.lesionsHeader = lesionsHeader
    self.workerExecutable = workerExecutable
    self.workerArguments = workerArguments
  }
}
