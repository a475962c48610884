internal import CDICOM

/// A file read up to its pixel data.
public struct DICOMFile: Sendable {
  public let path: String
  /// Bytes of the file.
  public let size: Int
  /// Group 0002; empty in files that begin with the data set.
  public let meta: Dataset
  public let dataset: Dataset
  public let transferSyntax: TransferSyntax
  public let pixelData: PixelDataLocation?
  /// Why reading stopped before the end; what was read is sound.
  public let damage: DICOMError?
  /// Departures from the standard that were read all the same.
  public let warnings: [String]
  let device: UInt64
  let inode: UInt64
  /// Where the deflated data set begins; `nil` in other files.
  let deflatedOffset: Int?

  /// Bytes of the first read: enough for the header of nearly every classic MR image.
  private static let firstRead = 16 << 10

  /// Reads the header of a file with or without preamble and file meta information.
  ///
  /// - Throws: `notDICOM` when nothing in the bytes says so, `unsupported`, `malformed` or `limitExceeded` when the
  ///   data set cannot be entered at all. Damage further on is told in `damage`.
  ///
  /// - Parameter last: reads no element of the data set beyond this one, and then no pixel data either; `nil` for all.
  ///   Elements that stand out of order behind it are missed.
  public static func open(
    path: String, limits: ReadingLimits = ReadingLimits(), upTo last: Tag? = nil
  ) throws(DICOMError) -> DICOMFile {
    do throws(DICOMError) {
      let file = try FileBytes(path: path)
      // The first elements alone stand in the first page of most files.
      var wanted = last == nil ? firstRead : 4096
      while true {
        let bytes = try file.read(at: 0, count: wanted)
        switch attempt(bytes, file: file, path: path, limits: limits, upTo: last) {
        case .success(let result): return result
        case .failure(.failed(let error)): throw error
        case .failure(.needsBytes(let count)):
          if count > limits.headerBytes {
            throw DICOMError(.limitExceeded, "the header is larger than \(limits.headerBytes) bytes")
          }
          if bytes.count < min(wanted, file.size) { throw DICOMError(.truncated, "the file shrank while it was read") }
          wanted = min(max(wanted * 4, count + firstRead), limits.headerBytes)
        }
      }
    } catch {
      var located = error
      located.path = path
      throw located
    }
  }

  private static func attempt(
    _ bytes: [UInt8], file: borrowing FileBytes, path: String, limits: ReadingLimits, upTo last: Tag?
  ) -> Result<DICOMFile, DatasetParser.Stop> {
    do throws(DatasetParser.Stop) {
      return .success(try read(bytes, file: file, path: path, limits: limits, upTo: last))
    } catch {
      return .failure(error)
    }
  }

  private static func read(
    _ bytes: [UInt8], file: borrowing FileBytes, path: String, limits: ReadingLimits, upTo last: Tag?
  ) throws(DatasetParser.Stop) -> DICOMFile {
    var warnings: [String] = []
    let parser = DatasetParser(bytes: bytes, totalSize: file.size, limits: limits)
    var start = try entry(bytes)
    var meta = Dataset(
      bytes: bytes, elements: [], encoding: .explicitLittle, characterSet: .ascii, limits: limits, depth: 0)
    if start.hasMeta {
      let metaEncoding = encoding(at: start.offset, bytes) ?? .explicitLittle
      let outcome = try parser.elements(from: start.offset, to: file.size, encoding: metaEncoding, onlyGroup: 0x0002)
      meta = Dataset(
        bytes: bytes, elements: outcome.elements, encoding: metaEncoding, characterSet: .ascii, limits: limits, depth: 0
      )
      start.offset = outcome.end
    } else {
      warnings.append("no file meta information: encoding guessed from the first element")
    }
    var syntax = TransferSyntax(uid: meta.string(.transferSyntaxUID) ?? "")
    if let deflated = try inflateIfNeeded(syntax, from: start.offset, file: file, limits: limits) {
      return try body(
        deflated, start: 0, size: deflated.count, meta: meta, syntax: syntax, file: file, path: path, limits: limits,
        warnings: warnings, upTo: last, deflatedOffset: start.offset)
    }
    guard file.size - start.offset >= 8 else {
      throw .failed(DICOMError(.truncated, "the file ends before the data set"))
    }
    if syntax.uid.isEmpty {
      let guessed = encoding(at: start.offset, bytes) ?? .implicitLittle
      syntax = TransferSyntax(guessedFrom: guessed)
      if start.hasMeta { warnings.append("transfer syntax missing: guessed from the first element") }
    }
    return try body(
      bytes, start: start.offset, size: file.size, meta: meta, syntax: syntax, file: file, path: path, limits: limits,
      warnings: warnings, upTo: last)
  }

  private static func body(
    _ bytes: [UInt8], start: Int, size: Int, meta: Dataset, syntax: TransferSyntax, file: borrowing FileBytes,
    path: String, limits: ReadingLimits, warnings: [String], upTo last: Tag?,
    deflatedOffset: Int? = nil
  ) throws(DatasetParser.Stop) -> DICOMFile {
    var warnings = warnings
    let parser = DatasetParser(bytes: bytes, totalSize: size, limits: limits)
    var encoding = syntax.encoding
    if let found = Self.encoding(at: start, bytes), found != encoding {
      warnings.append("the data set is not written in the transfer syntax that the file declares")
      encoding = found
    }
    let outcome = try parser.elements(
      from: start, to: size, encoding: encoding, stopsAtPixelData: true, upTo: last?.rawValue)
    if let last = outcome.elements.map({ $0.offset + $0.length }).max(), last > bytes.count {
      throw .needsBytes(last)
    }
    let dataset = Dataset(
      bytes: bytes, elements: outcome.elements, encoding: encoding, characterSet: .ascii, limits: limits, depth: 0)
    let location = outcome.pixelData.map {
      PixelDataLocation(
        kind: .init(tag: $0.tag), offset: $0.offset,
        length: $0.length == DatasetParser.undefined ? nil : $0.length, available: max(0, size - $0.offset),
        isLittleEndian: encoding.isLittleEndian, isWordData: $0.representation != .OB)
    }
    return DICOMFile(
      path: path, size: file.size, meta: meta, dataset: dataset, transferSyntax: syntax, pixelData: location,
      damage: outcome.damage, warnings: warnings, device: file.device, inode: file.inode,
      deflatedOffset: deflatedOffset)
  }

  // MARK: Finding the first element

  private static func entry(_ bytes: [UInt8]) throws(DatasetParser.Stop) -> (offset: Int, hasMeta: Bool) {
    let magic: [UInt8] = [0x44, 0x49, 0x43, 0x4D]
    if bytes.count >= 132, Array(bytes[128..<132]) == magic { return (132, true) }
    if bytes.count >= 4, Array(bytes[0..<4]) == magic { return (4, true) }
    guard bytes.count >= 8 else { throw .failed(DICOMError(.notDICOM, "too short to be a DICOM file")) }
    if isPlausibleStart(bytes) { return (0, bytes[0] == 2 && bytes[1] == 0) }
    throw .failed(DICOMError(.notDICOM, "neither a DICOM preamble nor a data set"))
  }

  /// A first element of group 0002 or 0008 with a low element number and, if it has letters, letters that exist.
  private static func isPlausibleStart(_ bytes: [UInt8]) -> Bool {
    let little = (bytes[0] == 2 || bytes[0] == 8) && bytes[1] == 0 && bytes[3] == 0
    let big = bytes[0] == 0 && bytes[1] == 8 && bytes[2] == 0
    guard little || big else { return false }
    if ValueRepresentation.isPlausible(bytes[4], bytes[5]) { return true }
    return little && bytes.littleEndian32(at: 4) <= 1 << 16
  }

  /// How the element at `offset` is written; `nil` when it cannot be told.
  private static func encoding(at offset: Int, _ bytes: [UInt8]) -> ElementEncoding? {
    guard offset + 8 <= bytes.count else { return nil }
    let isExplicit = ValueRepresentation.isPlausible(bytes[offset + 4], bytes[offset + 5])
    // The first group of a data set is below 0x0100 everywhere, so one of its bytes is zero.
    let first = bytes[offset]
    let second = bytes[offset + 1]
    guard (first == 0) != (second == 0) else { return nil }
    return ElementEncoding(isExplicit: isExplicit, isLittleEndian: second == 0)
  }

  // MARK: Deflated data sets

  private static func inflateIfNeeded(
    _ syntax: TransferSyntax, from offset: Int, file: borrowing FileBytes, limits: ReadingLimits
  ) throws(DatasetParser.Stop) -> [UInt8]? {
    guard syntax.isDeflated else { return nil }
    do {
      return try inflated(from: offset, file: file, limits: limits)
    } catch {
      throw .failed(error)
    }
  }

  /// The data set of a deflated file, inflated. The size is bounded by `limits.inflatedBytes`.
  static func inflated(
    from offset: Int, file: borrowing FileBytes, limits: ReadingLimits
  ) throws(DICOMError) -> [UInt8] {
    guard file.size - offset <= limits.headerBytes else {
      throw DICOMError(.limitExceeded, "the deflated data set is larger than \(limits.headerBytes) bytes")
    }
    let packed = try file.read(at: offset, count: file.size - offset)
    return try Inflater.inflate(packed, limit: limits.inflatedBytes)
  }
}
