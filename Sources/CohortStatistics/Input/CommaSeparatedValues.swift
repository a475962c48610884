package import Foundation

/// RFC 4180 text as rows of fields. Reads CRLF, LF and CR, a byte-order mark, quoted fields with line breaks, and, where
/// the first line holds no comma, semicolons or tabs as the separator (spreadsheets write them). Strict otherwise: a
/// quote inside an unquoted field, text after a closing quote and an unclosed quote are errors with their line.
package struct CommaSeparatedValues: Sendable, Equatable {
  package struct Row: Sendable, Equatable {
    /// The line of the file on which the row begins, from 1.
    package var line: Int
    package var fields: [String]
  }

  package struct SyntaxError: Error, Equatable, CustomStringConvertible {
    package var line: Int
    package var problem: String
    package var description: String { "line \(line): \(problem)" }

    package init(line: Int, problem: String) {
      self.line = line
      self.problem = problem
    }
  }

  package var rows: [Row]

  package init(_ data: Data) throws(SyntaxError) {
    var bytes = [UInt8](data)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw SyntaxError(line: 1, problem: "the text is not UTF-8; save the file as \"CSV UTF-8\"")
    }
    var parser = Parser(bytes: bytes, separator: Self.separator(bytes))
    try parser.run()
    rows = parser.rows
  }

  private static func separator(_ bytes: [UInt8]) -> UInt8 {
    let header = bytes.prefix { $0 != Parser.lineFeed && $0 != Parser.carriageReturn }
    return [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")].first { header.contains($0) } ?? UInt8(ascii: ",")
  }

  private struct Parser {
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let quote = UInt8(ascii: "\"")

    let bytes: [UInt8]
    let separator: UInt8
    var rows: [Row] = []
    var position = 0
    var line = 1

    init(bytes: [UInt8], separator: UInt8) {
      self.bytes = bytes
      self.separator = separator
    }

    mutating func run() throws(SyntaxError) {
      while position < bytes.count {
        let start = line
        var fields = [try field()]
        while position < bytes.count, bytes[position] == separator {
          position += 1
          fields.append(try field())
        }
        endLine()
        // A blank line is no row.
        if fields != [""] { rows.append(Row(line: start, fields: fields)) }
      }
    }

    private mutating func endLine() {
      guard position < bytes.count else { return }
      if bytes[position] == Self.carriageReturn, position + 1 < bytes.count, bytes[position + 1] == Self.lineFeed {
        position += 1
      }
      position += 1
      line += 1
    }

    private mutating func field() throws(SyntaxError) -> String {
      if position < bytes.count, bytes[position] == Self.quote { return try quotedField() }
      let start = position
      while position < bytes.count, !endsField(bytes[position]) {
        if bytes[position] == Self.quote { throw SyntaxError(line: line, problem: "a quote inside an unquoted field") }
        position += 1
      }
      return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func quotedField() throws(SyntaxError) -> String {
      let start = line
      var content: [UInt8] = []
      position += 1
      while position < bytes.count {
        let byte = bytes[position]
        position += 1
        if byte == Self.quote {
          guard position < bytes.count, bytes[position] == Self.quote else {
            if position < bytes.count, !endsField(bytes[position]) {
              throw SyntaxError(line: line, problem: "text after a closing quote")
            }
            return String(decoding: content, as: UTF8.self)
          }
          position += 1
        } else if byte == Self.lineFeed {
          line += 1
        }
        content.append(byte)
      }
      throw SyntaxError(line: start, problem: "a quoted field is not closed")
    }

    private func endsField(_ byte: UInt8) -> Bool {
      byte == separator || byte == Self.lineFeed || byte == Self.carriageReturn
    }
  }
}

extension CommaSeparatedValues {
  /// Rows of fields as RFC 4180 text with CRLF line ends; `nil` becomes an empty field.
  package static func text(_ rows: [[String?]]) -> String {
    rows.map { row in row.map { quoted($0 ?? "") }.joined(separator: ",") + "\r\n" }.joined()
  }

  private static func quoted(_ field: String) -> String {
    let needsQuotes = field.utf8.contains { byte in
      byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n")
        || byte == UInt8(ascii: "\r")
    }
    return needsQuotes ? "\"" + field.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : field
  }
}

/// A table with named columns: the first row is the header, every other row is as long.
package struct NamedColumns: Sendable {
  package let header: [String]
  package let rows: [CommaSeparatedValues.Row]

  package init(_ values: CommaSeparatedValues) throws(CommaSeparatedValues.SyntaxError) {
    guard let first = values.rows.first else {
      throw CommaSeparatedValues.SyntaxError(line: 1, problem: "the file is empty; a header line is expected")
    }
    header = first.fields.map { $0.trimmingCharacters(in: .whitespaces) }
    rows = Array(values.rows.dropFirst())
    for row in rows where row.fields.count != header.count {
      throw CommaSeparatedValues.SyntaxError(
        line: row.line, problem: "\(row.fields.count) fields where the header has \(header.count)")
    }
  }

  /// The position of a column: the exact name, else the name in another letter case.
  package func column(_ name: String) -> Int? {
    header.firstIndex(of: name) ?? header.firstIndex { $0.lowercased() == name.lowercased() }
  }
}
