/// Why a cohort or an agreement could not be made. Messages name files, lines and columns, never what a cell holds.
public enum CohortError: Error, Equatable, CustomStringConvertible {
  /// A file could not be read.
  case unreadable(file: String, why: String)
  /// The primaries or readings file is no table that can be used.
  case table(file: String, why: String)
  /// No features.json lies in the folders, or none could be joined.
  case nothingToUse(String)
  /// The same study was found twice with different content.
  case contradictoryStudies(first: String, second: String)

  public var description: String {
    switch self {
    case .unreadable(let file, let why): "cannot read \(file): \(why)"
    case .table(let file, let why): "\(file): \(why)"
    case .nothingToUse(let why): why
    case .contradictoryStudies(let first, let second):
      "\(first) and \(second) are the same study with different findings; give only one of them"
    }
  }
}
