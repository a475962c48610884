/// The functional group macros that apply to one frame (PS3.3 C.7.6.16): the frame's own, else the shared one.
struct FunctionalGroups {
  let shared: Dataset?
  let frame: Dataset?

  func item(_ macro: Tag) -> Dataset? { frame?.item(macro) ?? shared?.item(macro) }
}

extension Frame {
  /// Takes over what the groups say; what they leave open keeps its value.
  mutating func read(_ groups: FunctionalGroups) {
    readConverted(groups)
    readPlane(groups)
    if let content = groups.item(.frameContentSequence) { readContent(content) }
    if let transformation = groups.item(.pixelValueTransformationSequence) { rescale.read(transformation) }
    if let type = groups.item(.mrImageFrameTypeSequence) ?? groups.item(.ctImageFrameTypeSequence) {
      let values = type.strings(.frameType)
      if !values.isEmpty { imageType = values }
      acquisition.complexComponent = type.string(.complexImageComponent) ?? acquisition.complexComponent
      acquisition.acquisitionContrast = type.string(.acquisitionContrast) ?? acquisition.acquisitionContrast
    }
    if let time = groups.item(.temporalPositionSequence)?.double(.temporalPositionTimeOffset), acquisitionTime == nil {
      acquisitionTime = "\(time)"
    }
    acquisition.read(groups)
  }

  /// Legacy Converted Enhanced images keep classic attributes in two sequences; Philips keeps a classic header of each
  /// frame in (2005,140F).
  private mutating func readConverted(_ groups: FunctionalGroups) {
    var sources: [Dataset] = []
    if let item = groups.item(.unassignedSharedConvertedAttributesSequence) { sources.append(item) }
    if let item = groups.item(.unassignedPerFrameConvertedAttributesSequence) { sources.append(item) }
    if let tag = groups.frame?.privateTag(creator: "Philips MR Imaging DD 005", group: 0x2005, element: 0x0F, .SQ)
      ?? groups.frame?.privateTag(creator: "Philips MR Imaging DD 001", group: 0x2005, element: 0x0F, .SQ),
      let item = groups.frame?.item(tag)
    {
      sources.append(item)
    }
    for source in sources {
      rescale.readPhilips(source)
      acquisition.readClassic(source)
      if let number = source.int(.acquisitionNumber) { acquisitionNumber = number }
      if let position = source.int(.temporalPositionIdentifier) { temporalPosition = position }
      if let time = source.string(.acquisitionTime) { acquisitionTime = time }
      if let time = source.double(.triggerTime) { triggerTime = time }
    }
    if let frame = groups.frame { rescale.readPhilips(frame) }
  }

  private mutating func readPlane(_ groups: FunctionalGroups) {
    let measures = groups.item(.pixelMeasuresSequence)
    let orientation = groups.item(.planeOrientationSequence)
    let position = groups.item(.planePositionSequence)
    if measures != nil || orientation != nil || position != nil {
      plane = ImagePlane(measures: measures, orientation: orientation, position: position)
    }
  }

  private mutating func readContent(_ content: Dataset) {
    acquisitionNumber = content.int(.frameAcquisitionNumber) ?? acquisitionNumber
    temporalPosition = content.int(.temporalPositionIndex) ?? temporalPosition
    acquisitionTime = content.string(.frameAcquisitionDateTime) ?? acquisitionTime
    stackID = content.string(.stackID) ?? stackID
    inStackPosition = content.int(.inStackPositionNumber) ?? inStackPosition
    let indices = content.ints(.dimensionIndexValues)
    if !indices.isEmpty { dimensionIndexValues = indices }
  }
}

extension MRAcquisition {
  mutating func read(_ groups: FunctionalGroups) {
    if let timing = groups.item(.mrTimingAndRelatedParametersSequence) { readClassic(timing) }
    if let echo = groups.item(.mrEchoSequence), let time = echo.double(.effectiveEchoTime) { echoTime = time }
    if let modifier = groups.item(.mrModifierSequence) {
      if let recovery = modifier.string(.inversionRecovery) { inversionRecovery = recovery == "YES" }
      inversionTime = modifier.doubles(.inversionTimes).first ?? inversionTime
      spectrallySelectedSuppression =
        modifier.string(.spectrallySelectedSuppression) ?? spectrallySelectedSuppression
    }
    if let diffusion = groups.item(.mrDiffusionSequence) {
      diffusionBValue = diffusion.double(.diffusionBValue) ?? diffusionBValue
    }
    if let usage = groups.item(.contrastBolusUsageSequence),
      let administered = usage.string(.contrastBolusAgentAdministered)
    {
      contrastAdministered = administered == "YES"
    }
  }
}
