/// Which studies of a DICOMweb server a run takes, and how much of them may lie on the disk at a time.
public struct DICOMwebQuery: Sendable, Equatable {
  /// The service's base, such as `https://pacs.example/dicom-web`.
  public var server: String
  /// QIDO-RS parameters, such as `StudyDate=20240101-20241231`.
  public var parameters: [String]
  /// Megabytes of retrieved files that may wait or be worked on at a time; one study may exceed it alone.
  public var cacheLimitMegabytes: Int

  public init(server: String, parameters: [String] = [], cacheLimitMegabytes: Int = 4096) {
    self.server = server
    self.parameters = parameters
    self.cacheLimitMegabytes = cacheLimitMegabytes
  }
}
