internal import Findings
internal import Foundation
internal import StudyPipeline

/// What decides a result besides a study's files: the options that change bytes, and the content of the files that
/// they name. Threads and limits do not count.
enum ConfigurationDigest {
  /// `sha256:` and 64 hexadecimal digits.
  static func of(_ options: AnalysisOptions) throws -> String {
    var plain = options
    plain.threads = 0
    plain.memoryLimitMegabytes = nil
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    var text = String(decoding: try encoder.encode(plain), as: UTF8.self)
    let named =
      plain.lesionFiles
      + [plain.muscle, plain.anatomy, plain.configurationFile, plain.pseudonymKeyFile].compactMap { $0 }
    for name in named {
      let path = StudyOptions.filePart(of: name)
      guard let data = FileManager.default.contents(atPath: path) else { continue }
      text += "\n" + Digest.sha256([UInt8](data))
    }
    return "sha256:" + Digest.sha256(Array(text.utf8))
  }
}

/// The options of one study of an archive.
enum StudyOptions {
  /// The file of `FILE`, `FILE:LABEL` or `FILE:PRESET`.
  static func filePart(of text: String) -> String {
    if FileStatus(path: text) != nil { return text }
    return text.lastIndex(of: ":").map { String(text[..<$0]) } ?? text
  }

  /// In a batch a mask option may be a bare file name, which is then looked for beside each study. Throws the reason
  /// when a study has no such file.
  static func resolve(_ options: AnalysisOptions, masks: [String]) throws(StudyFailure) -> AnalysisOptions {
    var resolved = options
    resolved.lesionFiles = []
    for file in options.lesionFiles { resolved.lesionFiles.append(try find(file, masks)) }
    if let muscle = options.muscle { resolved.muscle = try find(muscle, masks) }
    if let anatomy = options.anatomy { resolved.anatomy = try find(anatomy, masks) }
    return resolved
  }

  private static func find(_ text: String, _ masks: [String]) throws(StudyFailure) -> String {
    let file = filePart(of: text)
    if FileStatus(path: file) != nil || file.contains("/") { return text }
    guard let path = masks.first(where: { $0.hasSuffix("/" + file) }) else {
      throw StudyFailure(.noUsableInput, "the mask file that the options name is not beside this study")
    }
    return path + text.dropFirst(file.count)
  }
}
