internal import Dispatch
internal import Findings
public import Foundation
internal import Imaging
public import StudyPipeline
internal import Synchronization

/// The files of one analysed study: features.json always; report.html and overlays where scenes were kept.
public struct OutputFolder: Sendable {
  public let folder: URL

  public init(_ folder: URL) { self.folder = folder }

  public var featuresFile: URL { folder.appendingPathComponent("features.json") }
  public var reportFile: URL { folder.appendingPathComponent("report.html") }

  /// Makes the folder and tries to write into it, so that a read-only place is known before the work.
  public func checkWritable() throws(AtomicFile.Failure) {
    try AtomicFile.makeFolder(folder)
    let probe = folder.appendingPathComponent(".spinemet-probe")
    try AtomicFile.write(Data(), to: probe)
    try? FileManager.default.removeItem(at: probe)
  }

  /// Makes the folder and writes everything, features.json last: where it stands, the rest stands too.
  ///
  /// - Parameter isDurable: `false` where the caller syncs the folder before it relies on it.
  /// - Returns: the study's lines of lesions.csv, without the header.
  @discardableResult
  public func write(_ study: AnalyzedStudy, isDurable: Bool = true) throws -> String {
    try AtomicFile.makeFolder(folder)
    if !study.scenes.isEmpty {
      let pictures = try writeOverlays(study, isDurable: isDurable)
      try AtomicFile.write(HTMLReport.page(study.document, pictures: pictures), to: reportFile, isDurable: isDurable)
    }
    if let source = study.dicomSource { try DICOMReport.write(study, source: source, to: folder) }
    let json = try study.document.jsonData()
    let rows = LesionTable.rows(study.document, json: json)
    try AtomicFile.write(
      Data((LesionTable.header + rows).utf8), to: folder.appendingPathComponent("lesions.csv"), isDurable: isDurable)
    try AtomicFile.write(json, to: featuresFile, isDurable: isDurable)
    return rows
  }

  private func writeOverlays(_ study: AnalyzedStudy, isDurable: Bool) throws -> [HTMLReport.Picture] {
    let overlays = folder.appendingPathComponent("overlays", isDirectory: true)
    try AtomicFile.makeFolder(overlays)
    var names: [String] = []
    var used: [String: Int] = [:]
    for scene in study.scenes {
      let count = used[scene.role.rawValue, default: 0] + 1
      used[scene.role.rawValue] = count
      names.append(count == 1 ? "\(scene.role.rawValue).png" : "\(scene.role.rawValue)_\(count).png")
    }
    var pictures: [HTMLReport.Picture] = []
    for (index, data) in Self.draw(study.scenes).enumerated() {
      guard let data else { continue }
      let scene = study.scenes[index]
      try AtomicFile.write(data, to: overlays.appendingPathComponent(names[index]), isDurable: isDurable)
      pictures.append(
        .init(file: "overlays/\(names[index])", caption: "\(scene.role.rawValue), series \(scene.seriesInstanceUID)"))
    }
    return pictures
  }

  /// The pictures as PNG, several at a time; `nil` for one that cannot be drawn.
  private static func draw(_ scenes: [AnalyzedStudy.Scene]) -> [Data?] {
    let drawn = Mutex([Data?](repeating: nil, count: scenes.count))
    DispatchQueue.concurrentPerform(iterations: scenes.count) { index in
      let data = OverlayPicture.draw(scenes[index]).pngData()
      drawn.withLock { $0[index] = data }
    }
    return drawn.withLock { $0 }
  }
}
