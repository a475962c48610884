public import Foundation

/// The features.json files of one or more output folders.
public enum FeatureFiles {
  /// Every file called features.json in the folders, however deep, sorted by path; a path to a file is taken as it is.
  public static func find(_ paths: [String]) throws(CohortError) -> [URL] {
    var found = Set<URL>()
    for path in paths {
      var isFolder: ObjCBool = false
      guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        throw .unreadable(file: path, why: "it does not exist")
      }
      let url = URL(fileURLWithPath: path).resolvingSymlinksInPath()
      if isFolder.boolValue { try collect(url, into: &found) } else { found.insert(url) }
    }
    return found.sorted { $0.path < $1.path }
  }

  private static func collect(_ folder: URL, into found: inout Set<URL>) throws(CohortError) {
    guard let walk = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil) else {
      throw .unreadable(file: folder.path, why: "the folder cannot be listed")
    }
    for case let url as URL in walk where url.lastPathComponent == "features.json" {
      found.insert(url.resolvingSymlinksInPath())
    }
  }
}
