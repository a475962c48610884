extension BatchRun {
  func runDICOMweb(_ query: DICOMwebQuery) throws -> Summary { throw BatchFailure(.usage, "not yet") }
}
