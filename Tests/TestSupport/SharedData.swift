public import Foundation

/// Test data written by others, which lies beside a checkout in `../shared/data` (or where SPINEMET_TEST_DATA says)
/// and is never part of it. Tests of such data carry `.enabled(if: SharedData.isPresent, SharedData.skipMessage)`.
public enum SharedData {
  /// The folder, or `nil` where it is absent.
  public static let folder: URL? = {
    let environment = ProcessInfo.processInfo.environment["SPINEMET_TEST_DATA"]
    let candidate =
      environment.map { URL(fileURLWithPath: $0, isDirectory: true) }
      ?? Repository.root.deletingLastPathComponent().appendingPathComponent("shared/data", isDirectory: true)
    return FileManager.default.fileExists(atPath: candidate.path) ? candidate : nil
  }()

  public static var isPresent: Bool { folder != nil }

  public static let skipMessage = "../shared/data is absent (SPINEMET_TEST_DATA can name it)"

  /// A file or folder of the test data. Traps where the data is absent: guard the test with `isPresent`.
  public static func url(_ path: String) -> URL { folder!.appendingPathComponent(path) }
}

/// Places inside this repository.
public enum Repository {
  public static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  public static var testImages: URL { root.appendingPathComponent("TestImages", isDirectory: true) }
}
