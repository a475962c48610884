/// One DICOM object by its header; the pixel data stays in the file.
public struct Instance: Sendable {
  /// What the object is for the engine.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Pixels that may become a volume (MR, CT, PET and the like, classic or enhanced).
    case image
    case segmentation
    case structureSet
    case structuredReport
    case presentationState
    case registration
    /// DICOMDIR.
    case directory
    /// Anything else.
    case other
  }

  public let path: String
  /// Bytes of the file.
  public let fileSize: Int
  public let kind: Kind
  public let transferSyntax: TransferSyntax
  public let sopClassUID: String
  public let sopInstanceUID: String
  public let patient: PatientModule
  public let study: StudyModule
  public let series: SeriesModule
  public let equipment: EquipmentModule
  public let contrast: ContrastModule
  public let instanceNumber: Int?
  public let acquisitionNumber: Int?
  public let imageType: [String]
  public let acquisitionDate: String?
  public let acquisitionTime: String?
  public let contentTime: String?
  /// Whether the pixels went through lossy compression once (0028,2110).
  public let wasLossyCompressed: Bool
  /// One for each frame; one for a classic image, none for objects without pixels.
  public let frames: [Frame]
  public let pixels: PixelFormat?
  public let pixelData: PixelDataLocation?
  /// What is odd about the file, though it was read.
  public let warnings: [String]
  let device: UInt64
  let inode: UInt64

  /// The MR acquisition attributes of the first frame.
  public var acquisition: MRAcquisition { frames.first?.acquisition ?? MRAcquisition() }

  /// Reads the header of a file.
  public static func read(path: String, limits: ReadingLimits = ReadingLimits()) throws(DICOMError) -> Instance {
    try Instance(file: DICOMFile.open(path: path, limits: limits), limits: limits)
  }

  /// - Throws: `missingAttribute` where an object cannot be placed in a study, `truncated` where an image's pixel data
  ///   is incomplete, `malformed` or `limitExceeded` for impossible pixel attributes.
  public init(file: DICOMFile, limits: ReadingLimits = ReadingLimits()) throws(DICOMError) {
    do throws(DICOMError) {
      try self.init(checking: file, limits: limits)
    } catch {
      var located = error
      located.path = file.path
      throw located
    }
  }

  private init(checking file: DICOMFile, limits: ReadingLimits) throws(DICOMError) {
    let dataset = file.dataset
    var warnings = file.warnings
    let sopClass = dataset.string(.sopClassUID) ?? file.meta.string(.mediaStorageSOPClassUID) ?? ""
    var kind = Kind(sopClassUID: sopClass)
    if kind == .other, file.pixelData != nil, dataset.contains(.rows), !Kind.isNeverImage(sopClass) { kind = .image }
    if kind == .image, file.pixelData == nil {
      if let damage = file.damage { throw damage }
      if sopClass.isEmpty && dataset.elements.isEmpty {
        throw DICOMError(.notDICOM, "no attribute of a DICOM object can be read")
      }
      throw DICOMError(.missingAttribute, "an image without pixel data")
    }
    if let damage = file.damage { warnings.append("the header is damaged: \(damage.message)") }
    path = file.path
    fileSize = file.size
    transferSyntax = file.transferSyntax
    sopClassUID = sopClass
    sopInstanceUID = dataset.string(.sopInstanceUID) ?? file.meta.string(.mediaStorageSOPInstanceUID) ?? ""
    patient = PatientModule(dataset)
    study = StudyModule(dataset)
    series = SeriesModule(dataset)
    equipment = EquipmentModule(dataset)
    contrast = ContrastModule(dataset)
    instanceNumber = dataset.int(.instanceNumber)
    acquisitionNumber = dataset.int(.acquisitionNumber)
    imageType = dataset.strings(.imageType)
    acquisitionDate =
      dataset.string(.acquisitionDate) ?? dataset.string(.acquisitionDateTime).map { String($0.prefix(8)) }
    acquisitionTime =
      dataset.string(.acquisitionTime) ?? dataset.string(.acquisitionDateTime).map { String($0.dropFirst(8)) }
    contentTime = dataset.string(.contentTime)
    wasLossyCompressed = dataset.string(.lossyImageCompression) == "01"
    if kind == .image, let location = file.pixelData {
      let format = try PixelFormat(dataset, location: location, limits: limits, warnings: &warnings)
      try format.checkExtent(location, transferSyntax: file.transferSyntax)
      pixels = format
      frames = try Frame.frames(of: dataset, count: format.numberOfFrames, limits: limits, warnings: &warnings)
    } else {
      pixels = nil
      frames = []
    }
    if kind != .directory {
      guard !sopInstanceUID.isEmpty else { throw DICOMError(.missingAttribute, "SOP Instance UID is missing") }
      guard !study.instanceUID.isEmpty else { throw DICOMError(.missingAttribute, "Study Instance UID is missing") }
      guard !series.instanceUID.isEmpty else { throw DICOMError(.missingAttribute, "Series Instance UID is missing") }
    }
    self.kind = kind
    pixelData = file.pixelData
    self.warnings = warnings
    device = file.device
    inode = file.inode
  }
}

extension Instance.Kind {
  /// By SOP class; storage classes of images that are not named here are `other` until pixels are found.
  init(sopClassUID: String) {
    let storage = "1.2.840.10008.5.1.4.1.1."
    guard sopClassUID.hasPrefix(storage) else {
      self = sopClassUID == "1.2.840.10008.1.3.10" ? .directory : .other
      return
    }
    let suffix = sopClassUID.dropFirst(storage.count)
    switch suffix {
    case "66.4", "66.7": self = .segmentation
    case "481.3": self = .structureSet
    case "66.1", "66.3": self = .registration
    case "2", "2.1", "2.2", "4", "4.1", "4.3", "4.4", "20", "128", "128.1", "130": self = .image
    case _ where suffix.hasPrefix("88."): self = .structuredReport
    case _ where suffix.hasPrefix("11."): self = .presentationState
    default: self = .other
    }
  }

  /// Radiotherapy objects (dose grids have rows and columns too), waveforms, raw data and encapsulated documents.
  static func isNeverImage(_ sopClassUID: String) -> Bool {
    ["481.", "9.", "66", "104."].contains { sopClassUID.hasPrefix("1.2.840.10008.5.1.4.1.1." + $0) }
  }
}

extension PixelFormat {
  init(
    _ dataset: Dataset, location: PixelDataLocation, limits: ReadingLimits, warnings: inout [String]
  ) throws(DICOMError) {
    guard let rows = dataset.int(.rows), let columns = dataset.int(.columns) else {
      throw DICOMError(.missingAttribute, "Rows or Columns is missing")
    }
    guard (1...65_535).contains(rows), (1...65_535).contains(columns) else {
      throw DICOMError(.malformed, "an image of \(columns) columns and \(rows) rows")
    }
    let frames = dataset.int(.numberOfFrames) ?? 1
    guard frames >= 1 else { throw DICOMError(.malformed, "an image of \(frames) frames") }
    guard frames <= limits.frames else { throw DICOMError(.limitExceeded, "more than \(limits.frames) frames") }
    let samples = dataset.int(.samplesPerPixel) ?? 1
    guard (1...4).contains(samples) else { throw DICOMError(.malformed, "\(samples) samples in a pixel") }
    var allocated = dataset.int(.bitsAllocated) ?? (location.kind == .integer ? 16 : 32)
    if location.kind == .float { allocated = 32 }
    if location.kind == .double { allocated = 64 }
    guard [1, 8, 16, 32, 64].contains(allocated) else {
      throw DICOMError(.unsupported, "\(allocated) bits allocated to a pixel")
    }
    var stored = dataset.int(.bitsStored) ?? allocated
    if !(1...allocated).contains(stored) {
      warnings.append("Bits Stored is impossible: taken as Bits Allocated")
      stored = allocated
    }
    var high = dataset.int(.highBit) ?? stored - 1
    if high >= allocated || high + 1 < stored {
      warnings.append("High Bit is impossible: taken as Bits Stored - 1")
      high = stored - 1
    }
    self.init(
      rows: rows, columns: columns, samplesPerPixel: samples,
      photometricInterpretation: dataset.string(.photometricInterpretation) ?? "MONOCHROME2", bitsAllocated: allocated,
      bitsStored: stored, highBit: high, isSigned: dataset.int(.pixelRepresentation) == 1, numberOfFrames: frames,
      kind: location.kind)
    guard frameBytes <= limits.frameBytes else {
      throw DICOMError(.limitExceeded, "a frame of more than \(limits.frameBytes) bytes")
    }
  }

  /// Refuses native pixel data that is shorter than the attributes promise.
  func checkExtent(_ location: PixelDataLocation, transferSyntax: TransferSyntax) throws(DICOMError) {
    guard let length = location.length else {
      guard location.available >= 16 else { throw DICOMError(.truncated, "the file ends where its pixel data begins") }
      return
    }
    let needed = bitsAllocated == 1 ? (rows * columns * numberOfFrames + 7) / 8 : frameBytes * numberOfFrames
    if location.available < min(length, needed) {
      throw DICOMError(
        .truncated, "the pixel data should have \(needed) bytes, the file ends after \(location.available)")
    }
    if length < needed {
      throw DICOMError(.malformed, "the pixel data has \(length) bytes where the attributes ask for \(needed)")
    }
  }
}
