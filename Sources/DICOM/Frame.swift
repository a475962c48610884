/// One frame of an image: a classic image has one, an enhanced one has as many as its functional groups describe.
public struct Frame: Sendable, Hashable {
  /// Counts from 1, as DICOM counts frames.
  public var number: Int
  /// `nil` where position, orientation or spacing is absent or impossible.
  public var plane: ImagePlane?
  public var rescale = Rescale()
  public var acquisition = MRAcquisition()
  /// Image Type, or Frame Type of an enhanced image.
  public var imageType: [String] = []
  public var acquisitionNumber: Int?
  public var temporalPosition: Int?
  /// As written: TM of a classic image, DT of an enhanced one.
  public var acquisitionTime: String?
  public var contentTime: String?
  /// Milliseconds after the R wave.
  public var triggerTime: Double?
  public var stackID: String?
  public var inStackPosition: Int?
  public var dimensionIndexValues: [Int] = []

  /// The frames of an image: functional groups where they stand, else the top level for all frames.
  static func frames(
    of dataset: Dataset, count: Int, limits: ReadingLimits, warnings: inout [String]
  ) throws(DICOMError) -> [Frame] {
    let shared = dataset.item(.sharedFunctionalGroupsSequence)
    let perFrame = dataset.items(.perFrameFunctionalGroupsSequence)
    if shared == nil && perFrame.isEmpty {
      let frame = Frame(classic: dataset)
      return (1...count).map { number in
        var copy = frame
        copy.number = number
        return copy
      }
    }
    if perFrame.count != count {
      warnings.append("Number of Frames is \(count), \(perFrame.count) frames are described")
    }
    guard !perFrame.isEmpty else { throw DICOMError(.missingAttribute, "no frame is described by functional groups") }
    let base = Frame(classic: dataset)
    let onlyShared = FunctionalGroups(shared: shared, frame: nil)
    var template = base
    template.read(onlyShared)
    return perFrame.prefix(count).enumerated().map { index, item in
      var frame = template
      frame.number = index + 1
      frame.read(FunctionalGroups(shared: shared, frame: item))
      return frame
    }
  }

  /// A classic image.
  init(classic dataset: Dataset) {
    number = 1
    plane = ImagePlane(measures: dataset, orientation: dataset, position: dataset)
    rescale.read(dataset)
    rescale.readPhilips(dataset)
    acquisition.readClassic(dataset)
    acquisition.readEnhancedTopLevel(dataset)
    imageType = dataset.strings(.imageType)
    acquisitionNumber = dataset.int(.acquisitionNumber)
    temporalPosition = dataset.int(.temporalPositionIdentifier)
    acquisitionTime = dataset.string(.acquisitionTime) ?? dataset.string(.acquisitionDateTime)
    contentTime = dataset.string(.contentTime)
    triggerTime = dataset.double(.triggerTime)
  }
}

extension ImagePlane {
  /// `nil` unless six direction cosines, three coordinates and two positive spacings are there.
  init?(measures: Dataset?, orientation: Dataset?, position: Dataset?) {
    guard let cosines = orientation?.doubles(.imageOrientationPatient), cosines.count == 6,
      let point = position?.doubles(.imagePositionPatient), point.count == 3, let measures
    else { return nil }
    var spacing = measures.doubles(.pixelSpacing)
    if spacing.count != 2 { spacing = measures.doubles(.imagerPixelSpacing) }
    guard spacing.count == 2, spacing[0] > 0, spacing[1] > 0 else { return nil }
    self.position = .init(point[0], point[1], point[2])
    rowDirection = .init(cosines[0], cosines[1], cosines[2])
    columnDirection = .init(cosines[3], cosines[4], cosines[5])
    rowSpacing = spacing[0]
    columnSpacing = spacing[1]
    thickness = measures.double(.sliceThickness).flatMap { $0 > 0 ? $0 : nil }
    spacingBetweenSlices = measures.double(.spacingBetweenSlices)
  }
}

extension Rescale {
  mutating func read(_ dataset: Dataset) {
    if let slope = dataset.double(.rescaleSlope), slope != 0 { self.slope = slope }
    if let intercept = dataset.double(.rescaleIntercept) { self.intercept = intercept }
    if let type = dataset.string(.rescaleType) { self.type = type }
  }

  /// (2005,100E) of the block "Philips MR Imaging DD 001".
  mutating func readPhilips(_ dataset: Dataset) {
    guard
      let tag = dataset.privateTag(creator: "Philips MR Imaging DD 001", group: 0x2005, element: 0x0E, .FL),
      let scale = dataset.double(tag), scale > 0
    else { return }
    philipsScaleSlope = scale
  }
}

extension MRAcquisition {
  /// MR Image Module; only attributes that have a value replace what is there.
  mutating func readClassic(_ dataset: Dataset) {
    let scanning = dataset.strings(.scanningSequence).filter { !$0.isEmpty }
    if !scanning.isEmpty { scanningSequence = scanning }
    let variant = dataset.strings(.sequenceVariant).filter { !$0.isEmpty }
    if !variant.isEmpty { sequenceVariant = variant }
    let options = dataset.strings(.scanOptions).filter { !$0.isEmpty }
    if !options.isEmpty { scanOptions = options }
    acquisitionType = dataset.string(.mrAcquisitionType) ?? acquisitionType
    sequenceName = dataset.string(.sequenceName) ?? sequenceName
    repetitionTime = dataset.double(.repetitionTime) ?? repetitionTime
    echoTime = dataset.double(.echoTime) ?? echoTime
    inversionTime = dataset.double(.inversionTime) ?? inversionTime
    flipAngle = dataset.double(.flipAngle) ?? flipAngle
    echoTrainLength = dataset.int(.echoTrainLength) ?? echoTrainLength
    echoNumber = dataset.int(.echoNumbers) ?? echoNumber
    numberOfAverages = dataset.double(.numberOfAverages) ?? numberOfAverages
    pixelBandwidth = dataset.double(.pixelBandwidth) ?? pixelBandwidth
    diffusionBValue = dataset.double(.diffusionBValue) ?? diffusionBValue
  }

  /// MR Pulse Sequence and Enhanced MR Image modules, which stand beside the functional groups.
  mutating func readEnhancedTopLevel(_ dataset: Dataset) {
    pulseSequenceName = dataset.string(.pulseSequenceName) ?? pulseSequenceName
    echoPulseSequence = dataset.string(.echoPulseSequence) ?? echoPulseSequence
    acquisitionContrast = dataset.string(.acquisitionContrast) ?? acquisitionContrast
    complexComponent = dataset.string(.complexImageComponent) ?? complexComponent
  }
}
