internal import Foundation
internal import Glibc
internal import TestSupport

/// A folder of minimal DICOM files (explicit little endian, no pixels) and the test program's runs over it.
struct TinyArchive: ~Copyable {
  let base: URL
  var archive: URL { base.appendingPathComponent("archive") }

  init() throws {
    base = FileManager.default.temporaryDirectory.appendingPathComponent("spinemet-batch-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: archive, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: base) }

  func output(_ name: String) -> URL { base.appendingPathComponent(name) }

  /// `studies` studies of `files` files each, one folder a study.
  func fill(studies: Int, files: Int = 3) throws {
    for study in 1...studies {
      for file in 1...files {
        try add("S\(study)/IM\(file).dcm", study: "1.2.3.\(study)", sop: "1.2.3.\(study).\(file)")
      }
    }
  }

  func add(_ path: String, study: String, sop: String) throws {
    try write(Self.dicom(study: study, sop: sop), to: path)
  }

  func write(_ data: Data, to path: String) throws {
    let url = archive.appendingPathComponent(path)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: url)
  }

  static func dicom(study: String, sop: String) -> Data {
    func element(_ group: UInt16, _ number: UInt16, _ representation: String, _ text: String) -> Data {
      var value = Data(text.utf8)
      if value.count % 2 == 1 { value.append(representation == "UI" ? 0 : 0x20) }
      var data = Data()
      for word in [group, number] { data += [UInt8(word & 255), UInt8(word >> 8)] }
      data += Data(representation.utf8) + [UInt8(value.count & 255), UInt8(value.count >> 8)]
      return data + value
    }
    let mr = "1.2.840.10008.5.1.4.1.1.4"
    let meta =
      element(2, 2, "UI", mr) + element(2, 3, "UI", sop) + element(2, 0x10, "UI", "1.2.840.10008.1.2.1")
    let length = Data([2, 0, 0, 0]) + Data("UL".utf8) + Data([4, 0, UInt8(meta.count), 0, 0, 0])
    return Data(count: 128) + Data("DICM".utf8) + length + meta + element(8, 0x16, "UI", mr)
      + element(8, 0x18, "UI", sop) + element(8, 0x60, "CS", "MR") + element(0x20, 0xD, "UI", study)
      + element(0x20, 0xE, "UI", study + ".1")
  }

  // MARK: Runs

  static var program: URL { ProgramRun.built("BatchTestProgram") }

  func start(_ arguments: [String], environment: [String: String] = [:]) throws -> Process {
    let process = Process()
    process.executableURL = Self.program
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// Waits until a study of a run that was started is being analysed.
  func waitForWork(_ output: String) throws {
    let folder = self.output(output).appendingPathComponent(".spinemet/tmp").path
    for _ in 0..<600 {
      if (try? FileManager.default.contentsOfDirectory(atPath: folder))?.isEmpty == false { return }
      usleep(50_000)
    }
    throw CocoaError(.fileNoSuchFile)
  }

  /// Runs the test program over the archive and returns its exit code.
  @discardableResult
  func batch(_ output: String, _ options: [String] = [], environment: [String: String] = [:]) throws -> Int32 {
    let process = try start(["batch", archive.path, self.output(output).path] + options, environment: environment)
    process.waitUntilExit()
    return process.terminationStatus
  }

  func merge(_ inputs: [String], into output: String) throws -> Int32 {
    let process = try start(["merge", self.output(output).path] + inputs.map { self.output($0).path })
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// Every result file of an output with its bytes: all but the manifest, which holds times, and the working files.
  func results(_ output: String) throws -> [String: Data] {
    let root = self.output(output)
    var results: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: root.path)
    where !path.hasPrefix(".spinemet") && path != "manifest.json" {
      let url = root.appendingPathComponent(path)
      results[path] = FileManager.default.contents(atPath: url.path) ?? Data()
    }
    return results
  }

  func manifest(_ output: String) throws -> Manifest {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(
      Manifest.self, from: Data(contentsOf: self.output(output).appendingPathComponent("manifest.json")))
  }

  struct Manifest: Decodable {
    struct Archive: Decodable {
      struct Stray: Decodable {
        var reason: String
        var count: Int
      }
      var files: Int
      var studies: Int
      var headersRead: Int
      var strayFiles: [Stray]
    }
    struct Counts: Decodable {
      var done: Int
      var refused: Int
      var failed: Int
      var resumed: Int
      var lesions: Int
      var notInArchive: Int
    }
    struct Refusal: Decodable {
      var studyInstanceUid: String
      var outcome: String
      var reason: String
      var signal: Int?
      var lastStage: String?
    }
    var archive: Archive?
    var counts: Counts
    var refusals: [Refusal]
    var peakWorkerMemoryMb: Int?
  }
}
