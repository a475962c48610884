import DICOM
import Foundation
import StudyReading

#if canImport(Glibc)
  import Glibc
#endif

/// load-bench [--threads N] [--repeat N] FOLDER...
///
/// Each folder holds one series. Measured is the whole way from a folder's name to a sorted `Float` volume (walk,
/// headers, grouping, decoding, rescale, content hashes); printed is one JSON line with the median of the runs after
/// the first. `read_convert` is the floor: plain reads of the same files into a reused buffer and a conversion of the
/// last 2 * rows * columns bytes into a fresh slab, with no parsing, sorting or hashing.
@main struct LoadBench {
  static func main() throws {
    var arguments = Array(CommandLine.arguments.dropFirst())
    let threads = take("--threads", from: &arguments) ?? 1
    let runs = take("--repeat", from: &arguments) ?? 5
    let parts = [
      ("load", { try load($0, threads: threads) }), ("read_convert", { try readConvert($0, threads: threads) }),
    ]
    for (name, body) in parts {
      var seconds: [Double] = []
      var processor: [Double] = []
      var voxels = 0
      for _ in 0...runs {
        let start = ContinuousClock.now
        let used = processorSeconds()
        voxels = try arguments.reduce(0) { try $0 + body($1) }
        let elapsed = (ContinuousClock.now - start).components
        seconds.append(Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18)
        processor.append(processorSeconds() - used)
      }
      let median = seconds.dropFirst().sorted()[runs / 2]
      let cost = processor.dropFirst().sorted()[runs / 2]
      let megabytes = Double(voxels) * 2 / 1e6
      print(
        String(
          format:
            #"{"task": "%@", "threads": %d, "median_s": %.4f, "cpu_s": %.4f, "mb_per_s": %.0f, "mb_per_cpu_s": %.0f}"#,
          name, threads, median, cost, megabytes / median, megabytes / cost))
    }
  }

  private static func take(_ name: String, from arguments: inout [String]) -> Int? {
    guard let index = arguments.firstIndex(of: name), index + 1 < arguments.count else { return nil }
    let value = Int(arguments[index + 1])
    arguments.removeSubrange(index...index + 1)
    return value
  }

  private static func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Voxels of all series in a folder.
  private static func load(_ folder: String, threads: Int) throws -> Int {
    let found = try StudyFolder.scan(path: folder, threads: threads)
    return try found.studies.flatMap { StudySeries($0).series }.reduce(0) {
      try $0 + $1.loadVolume(threads: threads).volume.voxels.count
    }
  }

  private static func readConvert(_ folder: String, threads: Int) throws -> Int {
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".dcm") }.sorted()
    let perFile = 512 * 512
    let values = RawSlab.fill(files.map { folder + "/" + $0 }, valuesPerFile: perFile, threads: threads)
    return values.count
  }
}
