/// The work that a worker process can do, given by the program that it runs in: the pipeline in `spinemet`, a fake in
/// tests of the batch itself.
public struct WorkerServices: Sendable {
  public typealias StageReport = @Sendable (String) -> Void

  /// Reads one file's header, never its pixels.
  public var readHeader: @Sendable (String) -> FileHeader
  /// Analyses one study and writes its files into the task's output folder; the coordinator syncs them. Throws
  /// `StudyFailure` when it is refused.
  public var analyze: @Sendable (StudyTask, StageReport) throws -> StudyResult
  /// Fetches one study.
  public var retrieve: @Sendable (RetrieveTask, StageReport) -> RetrievedStudy

  public init(
    readHeader: @escaping @Sendable (String) -> FileHeader,
    analyze: @escaping @Sendable (StudyTask, StageReport) throws -> StudyResult,
    retrieve: @escaping @Sendable (RetrieveTask, StageReport) -> RetrievedStudy = {
      DICOMwebRetriever.retrieve($0, stage: $1)
    }
  ) {
    self.readHeader = readHeader
    self.analyze = analyze
    self.retrieve = retrieve
  }
}
