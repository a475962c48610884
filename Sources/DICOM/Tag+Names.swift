// Tags that the engine reads, under the keywords of PS3.6 (in Swift's capitals), with the representation that PS3.6 gives.

// MARK: File meta information

extension Tag {
  public static let transferSyntaxUID = Tag(0x0002, 0x0010, .UI)
  public static let mediaStorageSOPClassUID = Tag(0x0002, 0x0002, .UI)
  public static let mediaStorageSOPInstanceUID = Tag(0x0002, 0x0003, .UI)
}

// MARK: Patient, study, series, equipment

extension Tag {
  public static let specificCharacterSet = Tag(0x0008, 0x0005, .CS)
  public static let patientName = Tag(0x0010, 0x0010, .PN)
  public static let patientID = Tag(0x0010, 0x0020, .LO)
  public static let issuerOfPatientID = Tag(0x0010, 0x0021, .LO)
  public static let patientBirthDate = Tag(0x0010, 0x0030, .DA)
  public static let patientSex = Tag(0x0010, 0x0040, .CS)
  public static let patientAge = Tag(0x0010, 0x1010, .AS)
  public static let studyInstanceUID = Tag(0x0020, 0x000D, .UI)
  public static let studyDate = Tag(0x0008, 0x0020, .DA)
  public static let studyTime = Tag(0x0008, 0x0030, .TM)
  public static let studyID = Tag(0x0020, 0x0010, .SH)
  public static let accessionNumber = Tag(0x0008, 0x0050, .SH)
  public static let studyDescription = Tag(0x0008, 0x1030, .LO)
  public static let referringPhysicianName = Tag(0x0008, 0x0090, .PN)
  public static let seriesInstanceUID = Tag(0x0020, 0x000E, .UI)
  public static let modality = Tag(0x0008, 0x0060, .CS)
  public static let seriesNumber = Tag(0x0020, 0x0011, .IS)
  public static let seriesDate = Tag(0x0008, 0x0021, .DA)
  public static let seriesTime = Tag(0x0008, 0x0031, .TM)
  public static let seriesDescription = Tag(0x0008, 0x103E, .LO)
  public static let protocolName = Tag(0x0018, 0x1030, .LO)
  public static let bodyPartExamined = Tag(0x0018, 0x0015, .CS)
  public static let laterality = Tag(0x0020, 0x0060, .CS)
  public static let patientPosition = Tag(0x0018, 0x5100, .CS)
  public static let manufacturer = Tag(0x0008, 0x0070, .LO)
  public static let manufacturerModelName = Tag(0x0008, 0x1090, .LO)
  public static let institutionName = Tag(0x0008, 0x0080, .LO)
  public static let stationName = Tag(0x0008, 0x1010, .SH)
  public static let softwareVersions = Tag(0x0018, 0x1020, .LO)
  public static let deviceSerialNumber = Tag(0x0018, 0x1000, .LO)
  public static let frameOfReferenceUID = Tag(0x0020, 0x0052, .UI)
  public static let positionReferenceIndicator = Tag(0x0020, 0x1040, .LO)
}

// MARK: Instance and image

extension Tag {
  public static let sopClassUID = Tag(0x0008, 0x0016, .UI)
  public static let sopInstanceUID = Tag(0x0008, 0x0018, .UI)
  public static let instanceNumber = Tag(0x0020, 0x0013, .IS)
  public static let acquisitionNumber = Tag(0x0020, 0x0012, .IS)
  public static let imageType = Tag(0x0008, 0x0008, .CS)
  public static let acquisitionDate = Tag(0x0008, 0x0022, .DA)
  public static let acquisitionTime = Tag(0x0008, 0x0032, .TM)
  public static let acquisitionDateTime = Tag(0x0008, 0x002A, .DT)
  public static let contentDate = Tag(0x0008, 0x0023, .DA)
  public static let contentTime = Tag(0x0008, 0x0033, .TM)
  public static let triggerTime = Tag(0x0018, 0x1060, .DS)
  public static let temporalPositionIdentifier = Tag(0x0020, 0x0100, .IS)
  public static let imagePositionPatient = Tag(0x0020, 0x0032, .DS)
  public static let imageOrientationPatient = Tag(0x0020, 0x0037, .DS)
  public static let sliceLocation = Tag(0x0020, 0x1041, .DS)
  public static let pixelSpacing = Tag(0x0028, 0x0030, .DS)
  public static let imagerPixelSpacing = Tag(0x0018, 0x1164, .DS)
  public static let sliceThickness = Tag(0x0018, 0x0050, .DS)
  public static let spacingBetweenSlices = Tag(0x0018, 0x0088, .DS)
  public static let lossyImageCompression = Tag(0x0028, 0x2110, .CS)
  public static let burnedInAnnotation = Tag(0x0028, 0x0301, .CS)
}

// MARK: Image pixels

extension Tag {
  public static let samplesPerPixel = Tag(0x0028, 0x0002, .US)
  public static let photometricInterpretation = Tag(0x0028, 0x0004, .CS)
  public static let planarConfiguration = Tag(0x0028, 0x0006, .US)
  public static let numberOfFrames = Tag(0x0028, 0x0008, .IS)
  public static let rows = Tag(0x0028, 0x0010, .US)
  public static let columns = Tag(0x0028, 0x0011, .US)
  public static let bitsAllocated = Tag(0x0028, 0x0100, .US)
  public static let bitsStored = Tag(0x0028, 0x0101, .US)
  public static let highBit = Tag(0x0028, 0x0102, .US)
  public static let pixelRepresentation = Tag(0x0028, 0x0103, .US)
  public static let rescaleIntercept = Tag(0x0028, 0x1052, .DS)
  public static let rescaleSlope = Tag(0x0028, 0x1053, .DS)
  public static let rescaleType = Tag(0x0028, 0x1054, .LO)
  public static let modalityLUTSequence = Tag(0x0028, 0x3000, .SQ)
  public static let extendedOffsetTable = Tag(0x7FE0, 0x0001, .OV)
  public static let extendedOffsetTableLengths = Tag(0x7FE0, 0x0002, .OV)
}

// MARK: Magnetic resonance

extension Tag {
  public static let scanningSequence = Tag(0x0018, 0x0020, .CS)
  public static let sequenceVariant = Tag(0x0018, 0x0021, .CS)
  public static let scanOptions = Tag(0x0018, 0x0022, .CS)
  public static let mrAcquisitionType = Tag(0x0018, 0x0023, .CS)
  public static let sequenceName = Tag(0x0018, 0x0024, .SH)
  public static let angioFlag = Tag(0x0018, 0x0025, .CS)
  public static let repetitionTime = Tag(0x0018, 0x0080, .DS)
  public static let echoTime = Tag(0x0018, 0x0081, .DS)
  public static let inversionTime = Tag(0x0018, 0x0082, .DS)
  public static let numberOfAverages = Tag(0x0018, 0x0083, .DS)
  public static let imagingFrequency = Tag(0x0018, 0x0084, .DS)
  public static let imagedNucleus = Tag(0x0018, 0x0085, .SH)
  public static let echoNumbers = Tag(0x0018, 0x0086, .IS)
  public static let magneticFieldStrength = Tag(0x0018, 0x0087, .DS)
  public static let echoTrainLength = Tag(0x0018, 0x0091, .IS)
  public static let pixelBandwidth = Tag(0x0018, 0x0095, .DS)
  public static let receiveCoilName = Tag(0x0018, 0x1250, .SH)
  public static let flipAngle = Tag(0x0018, 0x1314, .DS)
  public static let pulseSequenceName = Tag(0x0018, 0x9005, .SH)
  public static let echoPulseSequence = Tag(0x0018, 0x9008, .CS)
  public static let inversionRecovery = Tag(0x0018, 0x9009, .CS)
  public static let multipleSpinEcho = Tag(0x0018, 0x9011, .CS)
  public static let magnetizationTransfer = Tag(0x0018, 0x9020, .CS)
  public static let spectrallySelectedSuppression = Tag(0x0018, 0x9025, .CS)
  public static let acquisitionContrast = Tag(0x0008, 0x9209, .CS)
  public static let volumetricProperties = Tag(0x0008, 0x9206, .CS)
  public static let complexImageComponent = Tag(0x0008, 0x9208, .CS)
  public static let frameType = Tag(0x0008, 0x9007, .CS)
  public static let effectiveEchoTime = Tag(0x0018, 0x9082, .FD)
  public static let inversionTimes = Tag(0x0018, 0x9079, .FD)
  public static let diffusionBValue = Tag(0x0018, 0x9087, .FD)
  public static let diffusionDirectionality = Tag(0x0018, 0x9075, .CS)
}

// MARK: Contrast agent

extension Tag {
  public static let contrastBolusAgent = Tag(0x0018, 0x0010, .LO)
  public static let contrastBolusRoute = Tag(0x0018, 0x1040, .LO)
  public static let contrastBolusVolume = Tag(0x0018, 0x1041, .DS)
  public static let contrastBolusStartTime = Tag(0x0018, 0x1042, .TM)
  public static let contrastBolusAgentSequence = Tag(0x0018, 0x0012, .SQ)
  public static let contrastBolusUsageSequence = Tag(0x0018, 0x9341, .SQ)
  public static let contrastBolusAgentAdministered = Tag(0x0018, 0x9342, .CS)
  public static let contrastBolusAgentDetected = Tag(0x0018, 0x9343, .CS)
  public static let codeMeaning = Tag(0x0008, 0x0104, .LO)
  public static let codeValue = Tag(0x0008, 0x0100, .SH)
  public static let codingSchemeDesignator = Tag(0x0008, 0x0102, .SH)
}

// MARK: Functional groups

extension Tag {
  public static let sharedFunctionalGroupsSequence = Tag(0x5200, 0x9229, .SQ)
  public static let perFrameFunctionalGroupsSequence = Tag(0x5200, 0x9230, .SQ)
  public static let pixelMeasuresSequence = Tag(0x0028, 0x9110, .SQ)
  public static let planePositionSequence = Tag(0x0020, 0x9113, .SQ)
  public static let planeOrientationSequence = Tag(0x0020, 0x9116, .SQ)
  public static let frameContentSequence = Tag(0x0020, 0x9111, .SQ)
  public static let pixelValueTransformationSequence = Tag(0x0028, 0x9145, .SQ)
  public static let mrTimingAndRelatedParametersSequence = Tag(0x0018, 0x9112, .SQ)
  public static let mrEchoSequence = Tag(0x0018, 0x9114, .SQ)
  public static let mrModifierSequence = Tag(0x0018, 0x9115, .SQ)
  public static let mrImagingModifierSequence = Tag(0x0018, 0x9006, .SQ)
  public static let mrImageFrameTypeSequence = Tag(0x0018, 0x9226, .SQ)
  public static let mrDiffusionSequence = Tag(0x0018, 0x9117, .SQ)
  public static let ctImageFrameTypeSequence = Tag(0x0018, 0x9329, .SQ)
  public static let temporalPositionSequence = Tag(0x0020, 0x9310, .SQ)
  public static let temporalPositionTimeOffset = Tag(0x0020, 0x930D, .FD)
  public static let unassignedSharedConvertedAttributesSequence = Tag(0x0020, 0x9170, .SQ)
  public static let unassignedPerFrameConvertedAttributesSequence = Tag(0x0020, 0x9171, .SQ)
  public static let derivationImageSequence = Tag(0x0008, 0x9124, .SQ)
  public static let sourceImageSequence = Tag(0x0008, 0x2112, .SQ)
  public static let frameAcquisitionNumber = Tag(0x0020, 0x9156, .US)
  public static let frameAcquisitionDateTime = Tag(0x0018, 0x9074, .DT)
  public static let frameReferenceDateTime = Tag(0x0018, 0x9151, .DT)
  public static let stackID = Tag(0x0020, 0x9056, .SH)
  public static let inStackPositionNumber = Tag(0x0020, 0x9057, .UL)
  public static let temporalPositionIndex = Tag(0x0020, 0x9128, .UL)
  public static let dimensionIndexValues = Tag(0x0020, 0x9157, .UL)
  public static let dimensionOrganizationSequence = Tag(0x0020, 0x9221, .SQ)
  public static let dimensionIndexSequence = Tag(0x0020, 0x9222, .SQ)
  public static let dimensionIndexPointer = Tag(0x0020, 0x9165, .AT)
  public static let functionalGroupPointer = Tag(0x0020, 0x9167, .AT)
  public static let conversionSourceAttributesSequence = Tag(0x0020, 0x9172, .SQ)
}

// MARK: References

extension Tag {
  public static let referencedSeriesSequence = Tag(0x0008, 0x1115, .SQ)
  public static let referencedInstanceSequence = Tag(0x0008, 0x114A, .SQ)
  public static let referencedImageSequence = Tag(0x0008, 0x1140, .SQ)
  public static let referencedStudySequence = Tag(0x0008, 0x1110, .SQ)
  public static let referencedSOPSequence = Tag(0x0008, 0x1199, .SQ)
  public static let referencedSOPClassUID = Tag(0x0008, 0x1150, .UI)
  public static let referencedSOPInstanceUID = Tag(0x0008, 0x1155, .UI)
  public static let referencedFrameNumber = Tag(0x0008, 0x1160, .IS)
  public static let studiesContainingOtherReferencedInstancesSequence = Tag(0x0008, 0x1200, .SQ)
}

// MARK: Segmentation

extension Tag {
  public static let segmentationType = Tag(0x0062, 0x0001, .CS)
  public static let segmentSequence = Tag(0x0062, 0x0002, .SQ)
  public static let segmentedPropertyCategoryCodeSequence = Tag(0x0062, 0x0003, .SQ)
  public static let segmentNumber = Tag(0x0062, 0x0004, .US)
  public static let segmentLabel = Tag(0x0062, 0x0005, .LO)
  public static let segmentDescription = Tag(0x0062, 0x0006, .ST)
  public static let segmentAlgorithmType = Tag(0x0062, 0x0008, .CS)
  public static let segmentAlgorithmName = Tag(0x0062, 0x0009, .LO)
  public static let segmentIdentificationSequence = Tag(0x0062, 0x000A, .SQ)
  public static let referencedSegmentNumber = Tag(0x0062, 0x000B, .US)
  public static let maximumFractionalValue = Tag(0x0062, 0x000E, .US)
  public static let segmentedPropertyTypeCodeSequence = Tag(0x0062, 0x000F, .SQ)
  public static let segmentationFractionalType = Tag(0x0062, 0x0010, .CS)
  public static let segmentsOverlap = Tag(0x0062, 0x0013, .CS)
  public static let trackingID = Tag(0x0062, 0x0020, .UT)
  public static let trackingUID = Tag(0x0062, 0x0021, .UI)
  public static let contentLabel = Tag(0x0070, 0x0080, .CS)
  public static let contentDescription = Tag(0x0070, 0x0081, .LO)
  public static let anatomicRegionSequence = Tag(0x0008, 0x2218, .SQ)
}

// MARK: Structure sets

extension Tag {
  public static let structureSetLabel = Tag(0x3006, 0x0002, .SH)
  public static let structureSetName = Tag(0x3006, 0x0004, .LO)
  public static let referencedFrameOfReferenceSequence = Tag(0x3006, 0x0010, .SQ)
  public static let rtReferencedStudySequence = Tag(0x3006, 0x0012, .SQ)
  public static let rtReferencedSeriesSequence = Tag(0x3006, 0x0014, .SQ)
  public static let contourImageSequence = Tag(0x3006, 0x0016, .SQ)
  public static let structureSetROISequence = Tag(0x3006, 0x0020, .SQ)
  public static let roiNumber = Tag(0x3006, 0x0022, .IS)
  public static let referencedFrameOfReferenceUID = Tag(0x3006, 0x0024, .UI)
  public static let roiName = Tag(0x3006, 0x0026, .LO)
  public static let roiDescription = Tag(0x3006, 0x0028, .ST)
  public static let roiGenerationAlgorithm = Tag(0x3006, 0x0036, .CS)
  public static let roiContourSequence = Tag(0x3006, 0x0039, .SQ)
  public static let contourSequence = Tag(0x3006, 0x0040, .SQ)
  public static let contourGeometricType = Tag(0x3006, 0x0042, .CS)
  public static let contourSlabThickness = Tag(0x3006, 0x0044, .DS)
  public static let numberOfContourPoints = Tag(0x3006, 0x0046, .IS)
  public static let contourData = Tag(0x3006, 0x0050, .DS)
  public static let contourNumber = Tag(0x3006, 0x0048, .IS)
  public static let rtROIObservationsSequence = Tag(0x3006, 0x0080, .SQ)
  public static let observationNumber = Tag(0x3006, 0x0082, .IS)
  public static let referencedROINumber = Tag(0x3006, 0x0084, .IS)
  public static let rtROIInterpretedType = Tag(0x3006, 0x00A4, .CS)
}

// MARK: Media directory

extension Tag {
  public static let directoryRecordSequence = Tag(0x0004, 0x1220, .SQ)
  public static let directoryRecordType = Tag(0x0004, 0x1430, .CS)
  public static let referencedFileID = Tag(0x0004, 0x1500, .CS)
}
