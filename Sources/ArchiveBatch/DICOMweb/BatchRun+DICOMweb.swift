internal import Foundation

extension BatchRun {
  /// Lists the server's studies into the index, then fetches and analyses them.
  func runDICOMweb(_ query: DICOMwebQuery) throws -> Summary {
    var record = RunRecord()
    let clock = ContinuousClock.now
    let index = try ArchiveIndex(path: layout.index)
    defer { try? index.close() }
    let list = try index.beginStudyList(of: query.server)
    do {
      let client = try DICOMwebClient(server: query.server, shouldStop: { [stop] in stop?.signal != nil })
      try client.forEachStudyPage(parameters: query.parameters) { page in
        if let signal = stop?.signal { throw BatchFailure(.signal(signal), "stopped by signal \(signal)") }
        try index.addToStudyList(list, page)
      }
    } catch let failure as DICOMwebFailure {
      if let signal = stop?.signal { throw BatchFailure(.signal(signal), "stopped by signal \(signal)") }
      throw BatchFailure(failure.kind == .wrongUse ? .usage : .noUsableInput, failure.message)
    }
    let studies = try index.endStudyList(list)
    record.archive.studies = studies
    record.archive.indexSeconds = Self.seconds(since: clock)
    progress.indexed(files: 0, studies: studies, seconds: record.archive.indexSeconds)
    guard studies > 0 else { throw BatchFailure(.noUsableInput, "the server's answer names no study") }
    return try analyze(&record) { context in
      (DICOMwebFeed(query: query, index: index, context: context), waiting: studies, kept: 0)
    }
  }
}
