/// Whether a file's header says the same to this package's reader and to DCMTK.
///
/// Compared is every attribute, sequences and file meta information included, that the first reader found and that is a
/// number, a code, a UID, a date or a time; free text, private elements of unknown representation and bulk data are not.
public struct HeaderComparison: Sendable, Hashable {
  /// Values that both were asked for.
  public private(set) var compared = 0
  /// Where they differ, such as `(0040,9096)[0](0028,1052)`: no values, which may identify a patient.
  public private(set) var differences: [String] = []

  /// - Throws: what the first reader has to say of the file, `malformed` where DCMTK cannot read it, `environment` where
  ///   DCMTK's data dictionary is missing.
  public static func of(path: String, limits: ReadingLimits = ReadingLimits()) throws(DICOMError) -> HeaderComparison {
    let file = try DICOMFile.open(path: path, limits: limits)
    let witness = try WitnessFile(path: path)
    var comparison = HeaderComparison()
    comparison.compare(file.meta, witness, at: [])
    comparison.compare(file.dataset, witness, at: [])
    return comparison
  }

  private mutating func compare(_ dataset: Dataset, _ witness: borrowing WitnessFile, at place: [UInt32]) {
    // A group's length is of the bytes, and DCMTK computes it anew.
    for tag in dataset.tags where tag.element != 0 {
      guard dataset.bytes(tag)?.isEmpty == false else { continue }
      let path = place + [tag.rawValue]
      switch witness.value(path) {
      case .items(let count):
        let items = dataset.items(tag)
        note(items.count == count, path)
        guard items.count == count else { continue }
        for (number, item) in items.enumerated() { compare(item, witness, at: path + [UInt32(number)]) }
      case .text(let representation, let text):
        guard Self.isCompared(representation) else { continue }
        note(Self.agree(dataset, Tag(rawValue: tag.rawValue, representation: representation), text), path)
      case nil:
        // Nothing to hold against a value without text; a number without one would be a difference.
        if Self.isCompared(tag.representation) { note(false, path) }
      }
    }
  }

  private mutating func note(_ same: Bool, _ path: [UInt32]) {
    compared += 1
    guard !same else { return }
    let steps = path.enumerated().map { place, step in
      place.isMultiple(of: 2) ? Tag(rawValue: step).description : "[\(step)]"
    }
    differences.append(steps.joined())
  }

  private static func isCompared(_ representation: ValueRepresentation) -> Bool {
    switch representation {
    case .US, .SS, .UL, .SL, .FL, .FD, .DS, .IS, .UI, .CS, .DA, .TM, .DT, .AS: true
    default: false
    }
  }

  private static func agree(_ dataset: Dataset, _ tag: Tag, _ text: [UInt8]) -> Bool {
    let values = Dataset.split(text[...]).map(Dataset.ascii)
    guard tag.representation.valueSize != nil else {
      // A decimal comma and the like are text that both give as it stands.
      return dataset.strings(tag) == values
    }
    let numbers = dataset.doubles(tag)
    let others = values.prefix { Double($0)?.isFinite ?? false }.compactMap { Double($0) }
    // DCMTK prints FL with eight digits and FD with 17.
    let tolerance = tag.representation == .FL ? 1e-6 : 1e-14
    return numbers.count == others.count
      && zip(numbers, others).allSatisfy { abs($0 - $1) <= tolerance * max(abs($0), abs($1)) }
  }
}
