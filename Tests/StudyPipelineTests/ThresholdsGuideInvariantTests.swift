import Foundation
import StudyPipeline
import Testing

/// Invariant: every threshold is published in Guides/thresholds.md with the value that the engine has.
@Suite struct ThresholdsGuideInvariantTests {
  private static let guide = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Guides/thresholds.md")

  /// The guide's rows: group, key and default as text.
  private func published() throws -> [String: String] {
    var rows: [String: String] = [:]
    var group = ""
    for line in try String(contentsOf: Self.guide, encoding: .utf8).split(separator: "\n") {
      if line.hasPrefix("## `") {
        group = String(line.dropFirst(4).prefix { $0 != "`" })
      } else if line.hasPrefix("| `") {
        let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        guard cells.count >= 2 else { continue }
        rows["\(group).\(cells[0].dropFirst().prefix { $0 != "`" })"] = cells[1]
      }
    }
    return rows
  }

  /// The engine's values: path and numbers. A soft threshold and its like stay one value.
  private func leaves(_ object: [String: Any], path: String = "") -> [String: [Double]] {
    var result: [String: [Double]] = [:]
    for (key, value) in object {
      let name = path.isEmpty ? key : "\(path).\(key)"
      switch value {
      case let nested as [String: Any]: result.merge(leaves(nested, path: name)) { first, _ in first }
      case let list as [Double]: result[name] = list
      case let number as Double: result[name] = [number]
      default: break
      }
    }
    return result
  }

  private func numbers(_ text: String) -> [Double] {
    text.split { !"0123456789.-".contains($0) }.compactMap { Double($0) }
  }

  @Test func `every threshold stands in the guide with its value`() throws {
    let rows = try published()
    let values = try #require(JSONSerialization.jsonObject(with: EngineConfiguration().jsonData()) as? [String: Any])
    let known = leaves(values)
    #expect(known.count > 300)
    for (path, value) in known {
      if let text = rows[path] {
        #expect(numbers(text) == value, "\(path)")
        continue
      }
      // A pair has one row, its values in the order of its keys.
      let parent = String(path.prefix(upTo: path.lastIndex(of: ".") ?? path.startIndex))
      guard let text = rows[parent] else {
        Issue.record("\(path) is not in the guide")
        continue
      }
      #expect(numbers(text).contains(value[0]), "\(path)")
    }
  }

  @Test func `the guide names no threshold that the engine does not have`() throws {
    let values = try #require(JSONSerialization.jsonObject(with: EngineConfiguration().jsonData()) as? [String: Any])
    let known = leaves(values).keys
    for row in try published().keys {
      #expect(known.contains { $0 == row || $0.hasPrefix(row + ".") }, "\(row)")
    }
  }
}
