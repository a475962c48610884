import CohortStatistics
import Foundation
import Testing

@Suite struct CommaSeparatedValuesMechanicsTests {
  private func fields(_ text: String) throws -> [[String]] {
    try CommaSeparatedValues(Data(text.utf8)).rows.map(\.fields)
  }

  @Test func `quotes, line breaks and doubled quotes are RFC 4180's`() throws {
    let text = "a,b\r\n\"x, y\",\"say \"\"no\"\"\"\r\n\"two\r\nlines\",\r\n"
    #expect(try fields(text) == [["a", "b"], ["x, y", "say \"no\""], ["two\r\nlines", ""]])
  }

  @Test func `every line end, a byte-order mark and blank lines are read`() throws {
    #expect(try fields("\u{FEFF}a,b\n1,2\n\n3,4") == [["a", "b"], ["1", "2"], ["3", "4"]])
    #expect(try fields("a,b\r1,2\r") == [["a", "b"], ["1", "2"]])
  }

  @Test func `a header without commas may use semicolons or tabs`() throws {
    #expect(try fields("a;b\n1,5;2\n") == [["a", "b"], ["1,5", "2"]])
    #expect(try fields("a\tb\n1\t2\n") == [["a", "b"], ["1", "2"]])
  }

  @Test func `rows keep the line they begin on`() throws {
    let rows = try CommaSeparatedValues(Data("a\n\"1\n2\"\n3\n".utf8)).rows
    #expect(rows.map(\.line) == [1, 2, 4])
  }

  @Test(arguments: [
    ("a,b\n1,\"2\n", 2, "a quoted field is not closed"), ("a\n1\"2\n", 2, "a quote inside an unquoted field"),
    ("a\n\"1\"2\n", 2, "text after a closing quote"),
  ])
  func `broken quoting is an error with its line`(_ text: String, _ line: Int, _ problem: String) {
    #expect(throws: CommaSeparatedValues.SyntaxError(line: line, problem: problem)) {
      try CommaSeparatedValues(Data(text.utf8))
    }
  }

  @Test func `text that is not UTF-8 is an error`() {
    #expect(throws: CommaSeparatedValues.SyntaxError.self) {
      try CommaSeparatedValues(Data([0x61, 0x2C, 0xB0, 0xA1, 0x0A]))
    }
  }

  @Test func `a row of another length is an error`() {
    #expect(throws: CommaSeparatedValues.SyntaxError(line: 3, problem: "1 fields where the header has 2")) {
      try NamedColumns(CommaSeparatedValues(Data("a,b\n1,2\n3\n".utf8)))
    }
  }

  @Test func `what is written reads back`() throws {
    let rows: [[String?]] = [["a,b", "c\"d", nil], ["e\r\nf", "", "g;h"]]
    let text = CommaSeparatedValues.text([["x", "y", "z"]] + rows)
    #expect(try fields(text).dropFirst().map { $0 } == rows.map { $0.map { $0 ?? "" } })
  }
}
