import Imaging

/// The text before an NRRD file's data: fields (`name: value`) and key/value pairs (`name:=value`).
struct NRRDHeader {
  enum Encoding: String { case raw, gzip, ascii }

  let type: RawVoxels.NumberType
  /// Extent of each axis, the first running fastest.
  let sizes: [Int]
  /// LPS millimetres per step of each axis; `nil` for an axis without a place in space (a list of layers).
  let directions: [Vector3?]
  /// Centre of the first voxel, LPS millimetres.
  let origin: Vector3
  let encoding: Encoding
  let isBigEndian: Bool
  /// Detached data file, as written in the header.
  let dataFile: String?
  let lineSkip: Int
  /// -1 means that the data are the file's last bytes.
  let byteSkip: Int
  let pairs: [String: String]
  let warnings: [String]

  /// Axes with a direction in space, in the file's order.
  var spatialAxes: [Int] { directions.indices.filter { directions[$0] != nil } }

  /// - Parameter text: the header without the blank line that ends it.
  init(text: String, file: String) throws(MaskError) {
    let refuse = { (reason: String) in MaskError(file: file, reason: reason) }
    var fields: [String: String] = [:]
    var pairs: [String: String] = [:]
    let lines = text.split(omittingEmptySubsequences: true, whereSeparator: \.isNewline)
    guard let magic = lines.first, magic.hasPrefix("NRRD000") else { throw refuse("not an NRRD file") }
    for line in lines.dropFirst() where !line.hasPrefix("#") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let name = String(line[..<colon])
      let after = line.index(after: colon)
      if after < line.endIndex, line[after] == "=" {
        pairs[name] = String(line[line.index(after: after)...])
      } else {
        fields[name.lowercased()] = String(line[after...].drop { $0 == " " || $0 == "\t" })
      }
    }
    self.pairs = pairs
    guard let type = Self.types[Self.trimmed(fields["type"] ?? "").lowercased()] else {
      throw refuse("the NRRD type is missing or not a number type that is read")
    }
    self.type = type
    let sizes = Self.integers(fields["sizes"] ?? "")
    guard let dimension = Int(Self.trimmed(fields["dimension"] ?? "")), sizes.count == dimension,
      (2...5).contains(dimension), sizes.allSatisfy({ $0 > 0 })
    else { throw refuse("the NRRD sizes are missing or do not fit the dimension") }
    self.sizes = sizes
    encoding = try Self.encoding(fields["encoding"], file: file)
    let endian = Self.trimmed(fields["endian"] ?? "little").lowercased()
    guard endian == "little" || endian == "big" else { throw refuse("the NRRD endian field is neither little nor big") }
    isBigEndian = endian == "big"
    dataFile = (fields["data file"] ?? fields["datafile"]).map(Self.trimmed)
    lineSkip = Int(Self.trimmed(fields["line skip"] ?? fields["lineskip"] ?? "0")) ?? 0
    byteSkip = Int(Self.trimmed(fields["byte skip"] ?? fields["byteskip"] ?? "0")) ?? 0
    (directions, origin, warnings) = try Self.placement(fields, dimension: dimension, file: file)
  }

  private static let types: [String: RawVoxels.NumberType] = {
    let names: [(RawVoxels.NumberType, [String])] = [
      (.int8, ["signed char", "int8", "int8_t"]), (.uint8, ["uchar", "unsigned char", "uint8", "uint8_t"]),
      (.int16, ["short", "short int", "signed short", "signed short int", "int16", "int16_t"]),
      (.uint16, ["ushort", "unsigned short", "unsigned short int", "uint16", "uint16_t"]),
      (.int32, ["int", "signed int", "int32", "int32_t"]), (.uint32, ["uint", "unsigned int", "uint32", "uint32_t"]),
      (
        .int64,
        ["longlong", "long long", "long long int", "signed long long", "signed long long int", "int64", "int64_t"]
      ),
      (.uint64, ["ulonglong", "unsigned long long", "unsigned long long int", "uint64", "uint64_t"]),
      (.float32, ["float"]), (.float64, ["double"]),
    ]
    return Dictionary(uniqueKeysWithValues: names.flatMap { entry in entry.1.map { ($0, entry.0) } })
  }()

  private static func encoding(_ text: String?, file: String) throws(MaskError) -> Encoding {
    switch trimmed(text ?? "raw").lowercased() {
    case "raw": return .raw
    case "gz", "gzip": return .gzip
    case "txt", "text", "ascii": return .ascii
    default: throw MaskError(file: file, reason: "the NRRD encoding is not read (raw, gzip and ascii are)")
    }
  }

  /// Directions and origin, turned to LPS by the `space` field. A file without a space counts as LPS, which is what
  /// tools that leave the field out assume.
  private static func placement(
    _ fields: [String: String], dimension: Int, file: String
  ) throws(MaskError) -> ([Vector3?], Vector3, [String]) {
    var warnings: [String] = []
    var sign = Vector3(1, 1, 1)
    if let space = fields["space"].map(trimmed)?.lowercased() {
      guard let known = spaceSign(space) else {
        throw MaskError(file: file, reason: "the NRRD space is not anatomical")
      }
      sign = known
    } else {
      warnings.append("the NRRD header names no space: left-posterior-superior was taken")
    }
    let origin = (fields["space origin"].flatMap { vectors($0).first } ?? nil).map { $0 * sign }
    if origin == nil { warnings.append("the NRRD header names no space origin: 0, 0, 0 was taken") }
    if let text = fields["space directions"] {
      let found = vectors(text)
      guard found.count == dimension, found.compactMap({ $0 }).count == 3 else {
        throw MaskError(file: file, reason: "the NRRD space directions do not fit the dimension")
      }
      return (found.map { $0.map { $0 * sign } }, origin ?? .zero, warnings)
    }
    let spacings = (fields["spacings"] ?? "").split(separator: " ").map { Double($0) ?? 1 }
    guard dimension == 3 else { throw MaskError(file: file, reason: "the NRRD header has no space directions") }
    warnings.append("the NRRD header has no space directions: the axes were taken as those of the space")
    let unit: [Vector3] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    return (
      (0..<3).map { unit[$0] * sign * (spacings.count == 3 ? spacings[$0] : 1) }, origin ?? .zero, warnings
    )
  }

  /// Signs that turn a vector of the named space to LPS.
  static func spaceSign(_ space: String) -> Vector3? {
    switch space {
    case "left-posterior-superior", "lps", "left-posterior-superior-time", "lpst": [1, 1, 1]
    case "right-anterior-superior", "ras", "right-anterior-superior-time", "rast": [-1, -1, 1]
    case "left-anterior-superior", "las", "left-anterior-superior-time", "last": [1, -1, 1]
    default: nil
    }
  }

  /// `(1,0,0) none (0,1,0)`: one entry an axis.
  private static func vectors(_ text: String) -> [Vector3?] {
    var result: [Vector3?] = []
    var rest = text[...]
    while let start = rest.firstIndex(where: { $0 != " " && $0 != "\t" }) {
      rest = rest[start...]
      guard rest.first == "(" else {
        let end = rest.firstIndex(where: { $0 == " " || $0 == "\t" }) ?? rest.endIndex
        result.append(nil)
        rest = rest[end...]
        continue
      }
      guard let end = rest.firstIndex(of: ")") else { break }
      let numbers = rest[rest.index(after: rest.startIndex)..<end].split(separator: ",").compactMap {
        Double(trimmed(String($0)))
      }
      let finite = numbers.count == 3 && numbers.allSatisfy(\.isFinite)
      result.append(finite ? Vector3(numbers[0], numbers[1], numbers[2]) : nil)
      rest = rest[rest.index(after: end)...]
    }
    return result
  }

  private static func integers(_ text: String) -> [Int] { text.split(separator: " ").compactMap { Int($0) } }

  static func trimmed(_ text: String) -> String {
    var view = text[...]
    while let last = view.last, last.isWhitespace { view = view.dropLast() }
    return String(view.drop(while: \.isWhitespace))
  }
}
