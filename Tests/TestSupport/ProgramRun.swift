public import Foundation

/// A program run to its end, with what it wrote.
public struct ProgramRun: Sendable {
  public let code: Int32
  public let output: Data
  /// Standard error.
  public let talk: String

  /// - Throws: where the program cannot be started.
  public init(_ program: URL, _ arguments: [String]) throws {
    let folder = try Self.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    // Files, not pipes: a pipe that nobody empties stops the program.
    let (output, talk) = (folder.appendingPathComponent("output"), folder.appendingPathComponent("talk"))
    for file in [output, talk] { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: talk)
    try process.run()
    process.waitUntilExit()
    code = process.terminationStatus
    self.output = try Data(contentsOf: output)
    self.talk = String(decoding: try Data(contentsOf: talk), as: UTF8.self)
  }

  /// A program of this package, which is built beside the tests.
  public static func built(_ name: String) -> URL {
    URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent(name)
  }

  /// The first Python 3 that runs a statement: SPINEMET_PYTHON names one, else the system's.
  public static func python(that statement: String) -> URL? {
    let named = ProcessInfo.processInfo.environment["SPINEMET_PYTHON"]
    return ([named].compactMap { $0 } + ["/usr/bin/python3"]).map { URL(fileURLWithPath: $0) }
      .first { (try? ProgramRun($0, ["-c", statement]))?.code == 0 }
  }

  public static func temporaryFolder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("spinemet-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }
}
