/// Fetches one study in a worker process.
public enum DICOMwebRetriever {
  /// Brings the study's series into the task's folder, unless its instances are those of the known fingerprint.
  public static func retrieve(_ task: RetrieveTask, stage: (String) -> Void) -> RetrievedStudy {
    var result = RetrievedStudy()
    do {
      let client = try DICOMwebClient(server: task.server)
      stage("query")
      let series = try client.series(study: task.studyInstanceUID)
      guard !series.isEmpty else {
        result.failure = "the server holds no MR series of this study"
        return result
      }
      result.fingerprint = try client.fingerprint(study: task.studyInstanceUID, series: series)
      if result.fingerprint == task.knownFingerprint {
        result.isUnchanged = true
        return result
      }
      stage("retrieve")
      try FileSystem.makeFolder(task.folder)
      for (number, item) in series.enumerated() {
        let part = try client.retrieve(
          study: task.studyInstanceUID, series: item.seriesInstanceUID, into: task.folder, prefix: "s\(number + 1)")
        result.files += part.files
        result.bytes += part.bytes
      }
    } catch let failure as DICOMwebFailure {
      result.failure = failure.message
      result.cannotWrite = failure.kind == .cannotWrite
      result.isUnreachable = failure.kind == .unreachable
    } catch {
      result.failure = (error as? BatchFailure)?.message ?? "\(type(of: error))"
      result.cannotWrite = (error as? BatchFailure)?.kind == .cannotWrite
    }
    return result
  }
}
