public import Imaging

// Attributes of one object, grouped as PS3.3 groups them into modules. Absent or empty attributes are `nil` or empty.

/// Patient Module. Values are identifying: only the pseudonymous keys may leave the engine unasked.
public struct PatientModule: Sendable, Hashable {
  public var name: String?
  public var id: String?
  public var issuerOfID: String?
  public var birthDate: String?
  public var sex: String?
  public var age: String?

  init(_ dataset: Dataset) {
    name = dataset.string(.patientName)
    id = dataset.string(.patientID)
    issuerOfID = dataset.string(.issuerOfPatientID)
    birthDate = dataset.string(.patientBirthDate)
    sex = dataset.string(.patientSex)
    age = dataset.string(.patientAge)
  }
}

/// General Study Module.
public struct StudyModule: Sendable, Hashable {
  public var instanceUID: String
  public var id: String?
  public var date: String?
  public var time: String?
  public var description: String?
  public var accessionNumber: String?
  public var referringPhysicianName: String?

  init(_ dataset: Dataset) {
    instanceUID = dataset.string(.studyInstanceUID) ?? ""
    id = dataset.string(.studyID)
    date = dataset.string(.studyDate)
    time = dataset.string(.studyTime)
    description = dataset.string(.studyDescription)
    accessionNumber = dataset.string(.accessionNumber)
    referringPhysicianName = dataset.string(.referringPhysicianName)
  }
}

/// General Series Module and Frame of Reference Module.
public struct SeriesModule: Sendable, Hashable {
  public var instanceUID: String
  public var modality: String?
  public var number: Int?
  public var date: String?
  public var time: String?
  public var description: String?
  public var protocolName: String?
  public var bodyPartExamined: String?
  public var laterality: String?
  public var patientPosition: String?
  public var frameOfReferenceUID: String?

  init(_ dataset: Dataset) {
    instanceUID = dataset.string(.seriesInstanceUID) ?? ""
    modality = dataset.string(.modality)?.uppercased()
    number = dataset.int(.seriesNumber)
    date = dataset.string(.seriesDate)
    time = dataset.string(.seriesTime)
    description = dataset.string(.seriesDescription)
    protocolName = dataset.string(.protocolName)
    bodyPartExamined = dataset.string(.bodyPartExamined)
    laterality = dataset.string(.laterality)
    patientPosition = dataset.string(.patientPosition)
    frameOfReferenceUID = dataset.string(.frameOfReferenceUID)
  }
}

/// General Equipment Module, with the field strength that the scanner has.
public struct EquipmentModule: Sendable, Hashable {
  public var manufacturer: String?
  public var model: String?
  public var institution: String?
  public var station: String?
  public var softwareVersions: [String]
  public var deviceSerialNumber: String?
  /// Tesla; values above 25 are taken for gauss, as some scanners write them.
  public var magneticFieldStrength: Double?

  init(_ dataset: Dataset) {
    manufacturer = dataset.string(.manufacturer)
    model = dataset.string(.manufacturerModelName)
    institution = dataset.string(.institutionName)
    station = dataset.string(.stationName)
    softwareVersions = dataset.strings(.softwareVersions)
    deviceSerialNumber = dataset.string(.deviceSerialNumber)
    if let strength = dataset.double(.magneticFieldStrength), strength > 0 {
      magneticFieldStrength = strength > 25 ? strength / 10_000 : strength
    }
  }
}

/// Contrast/Bolus modules, classic and enhanced.
public struct ContrastModule: Sendable, Hashable {
  public var agent: String?
  public var route: String?
  /// Millilitres.
  public var volume: Double?
  public var startTime: String?

  /// Whether any attribute of the module says something (which may be that nothing was given).
  public var isPresent: Bool { agent != nil || route != nil || volume != nil || startTime != nil }

  init(_ dataset: Dataset) {
    agent = dataset.string(.contrastBolusAgent)
    route = dataset.string(.contrastBolusRoute)
    volume = dataset.double(.contrastBolusVolume)
    startTime = dataset.string(.contrastBolusStartTime)
    if agent == nil, let item = dataset.item(.contrastBolusAgentSequence) {
      agent = item.string(.codeMeaning) ?? item.string(.codeValue)
      if volume == nil { volume = item.double(.contrastBolusVolume) }
    }
  }
}

/// MR acquisition attributes of one frame. Times in milliseconds, angles in degrees.
public struct MRAcquisition: Sendable, Hashable {
  public var scanningSequence: [String] = []
  public var sequenceVariant: [String] = []
  public var scanOptions: [String] = []
  public var acquisitionType: String?
  public var sequenceName: String?
  public var pulseSequenceName: String?
  /// Enhanced MR: SPIN, GRADIENT or BOTH.
  public var echoPulseSequence: String?
  /// Enhanced MR: T1, T2, PROTON_DENSITY, DIFFUSION, STIR and others.
  public var acquisitionContrast: String?
  /// Enhanced MR: FAT, WATER, FAT_AND_WATER, NONE and others.
  public var spectrallySelectedSuppression: String?
  public var inversionRecovery: Bool?
  public var repetitionTime: Double?
  public var echoTime: Double?
  public var inversionTime: Double?
  public var flipAngle: Double?
  public var echoTrainLength: Int?
  public var echoNumber: Int?
  public var numberOfAverages: Double?
  public var pixelBandwidth: Double?
  /// s/mm²
  public var diffusionBValue: Double?
  /// MAGNITUDE, PHASE, REAL, IMAGINARY or MIXED, where the object says so.
  public var complexComponent: String?
  /// Enhanced MR: whether the agent was administered for this frame.
  public var contrastAdministered: Bool?

  public init() {}
}

/// Where one frame lies (Image Plane Module or its functional groups).
public struct ImagePlane: Sendable, Hashable {
  /// Centre of the first voxel, LPS millimetres.
  public var position: Vector3
  /// Direction of growing column index, as written.
  public var rowDirection: Vector3
  /// Direction of growing row index, as written.
  public var columnDirection: Vector3
  /// Millimetres between columns (second value of Pixel Spacing).
  public var columnSpacing: Double
  /// Millimetres between rows (first value of Pixel Spacing).
  public var rowSpacing: Double
  /// Slice Thickness, millimetres.
  public var thickness: Double?
  /// Spacing Between Slices as written, millimetres: a witness only, positions decide.
  public var spacingBetweenSlices: Double?
}

/// Stored value to modality value, with Philips' private scale beside it.
public struct Rescale: Sendable, Hashable {
  public var slope: Double = 1
  public var intercept: Double = 0
  public var type: String?
  /// Philips (2005,100E): floating point value = (slope * stored + intercept) / (slope * scale).
  public var philipsScaleSlope: Double?

  public var isIdentity: Bool { slope == 1 && intercept == 0 }
}

/// Image Pixel Module.
public struct PixelFormat: Sendable, Hashable {
  public var rows: Int
  public var columns: Int
  public var samplesPerPixel: Int
  public var photometricInterpretation: String
  public var bitsAllocated: Int
  public var bitsStored: Int
  public var highBit: Int
  public var isSigned: Bool
  public var numberOfFrames: Int
  public var kind: PixelDataLocation.Kind

  /// Bytes of one frame, decoded.
  public var frameBytes: Int { rows * columns * samplesPerPixel * ((bitsAllocated + 7) / 8) }

  /// MONOCHROME1: small stored values are bright.
  public var isInverted: Bool { photometricInterpretation == "MONOCHROME1" }
}
