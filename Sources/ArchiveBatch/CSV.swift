/// RFC 4180.
package enum CSV {
  package static let lineEnd = "\r\n"

  /// A field, quoted where it must be.
  package static func field(_ text: String) -> String {
    text.utf8.contains { $0 == 0x22 || $0 == 0x2c || $0 == 0x0a || $0 == 0x0d }
      ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }

  package static func row(_ fields: [String]) -> String { fields.map(field).joined(separator: ",") + lineEnd }

  /// The records of a whole file: quoted fields may hold commas, quotes and line ends; either line end is read.
  package static func records(_ text: String) -> [[String]] {
    var records: [[String]] = []
    var record: [String] = []
    var field = ""
    var quoted = false
    var scalars = text.unicodeScalars.makeIterator()
    var pending: Unicode.Scalar?
    func endRecord() {
      record.append(field)
      field = ""
      if record != [""] { records.append(record) }
      record = []
    }
    while let scalar = pending ?? scalars.next() {
      pending = nil
      if quoted {
        guard scalar == "\"" else {
          field.unicodeScalars.append(scalar)
          continue
        }
        let next = scalars.next()
        if next == "\"" { field.append("\"") } else { (quoted, pending) = (false, next) }
      } else {
        switch scalar {
        case "\"": quoted = true
        case ",":
          record.append(field)
          field = ""
        case "\n": endRecord()
        case "\r", "\u{FEFF}": break
        default: field.unicodeScalars.append(scalar)
        }
      }
    }
    if !field.isEmpty || !record.isEmpty { endRecord() }
    return records
  }
}
