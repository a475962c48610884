/// What Philips, Siemens and GE write into the text attributes of spine protocols.
struct VendorTags: Sendable {
  let vendor: PhantomStudySpecification.Vendor
  let fieldStrength: Double
  typealias Kind = SeriesSpecification.Kind

  var manufacturer: String {
    switch vendor {
    case .philips: "Philips Medical Systems"
    case .siemens: "SIEMENS"
    case .ge: "GE MEDICAL SYSTEMS"
    }
  }

  var model: String {
    switch vendor {
    case .philips: "Achieva"
    case .siemens: "TrioTim"
    case .ge: "SIGNA HDxt"
    }
  }

  var imageType: String {
    switch vendor {
    case .philips: "ORIGINAL\\PRIMARY\\M_SE\\M\\SE"
    case .siemens: "ORIGINAL\\PRIMARY\\M\\ND\\NORM"
    case .ge: "ORIGINAL\\PRIMARY\\OTHER"
    }
  }

  /// GE sites often leave the contrast attribute to the technologist.
  var writesContrast: Bool { vendor != .ge }

  func isT2(_ kind: Kind) -> Bool {
    switch kind {
    case .sagittalT2, .sagittalT2FatSuppressed, .sagittalSTIR, .axialT2, .wholeSpineT2: true
    default: false
    }
  }

  func description(_ kind: Kind) -> String {
    switch (vendor, kind) {
    case (.philips, .sagittalT1): "T1W_TSE SAG"
    case (.philips, .sagittalT2): "T2W_TSE SAG"
    case (.philips, .sagittalT2FatSuppressed): "T2W_SPIR SAG"
    case (.philips, .sagittalSTIR): "STIR_TSE SAG"
    case (.philips, .sagittalT1Post): "T1W_SPIR SAG GD"
    case (.philips, .axialT1): "T1W_TSE AX"
    case (.philips, .axialT2): "T2W_TSE AX"
    case (.philips, .axialT1Post): "T1W_SPIR AX GD"
    case (.philips, .wholeSpineT2): "T2W WHOLE SPINE"
    case (.siemens, .sagittalT1): "t1_tse_sag"
    case (.siemens, .sagittalT2): "t2_tse_sag"
    case (.siemens, .sagittalT2FatSuppressed): "t2_tse_sag_fs"
    case (.siemens, .sagittalSTIR): "t2_tirm_sag"
    case (.siemens, .sagittalT1Post): "t1_tse_sag_fs_km"
    case (.siemens, .axialT1): "t1_tse_tra"
    case (.siemens, .axialT2): "t2_tse_tra"
    case (.siemens, .axialT1Post): "t1_tse_tra_fs_km"
    case (.siemens, .wholeSpineT2): "t2_tse_sag_composed"
    case (.ge, .sagittalT1): "SAG T1 FSE"
    case (.ge, .sagittalT2): "SAG T2 FRFSE"
    case (.ge, .sagittalT2FatSuppressed): "SAG T2 FS"
    case (.ge, .sagittalSTIR): "SAG STIR"
    case (.ge, .sagittalT1Post): "SAG T1 FS +C"
    case (.ge, .axialT1): "AX T1"
    case (.ge, .axialT2): "AX T2 FRFSE"
    case (.ge, .axialT1Post): "AX T1 FS +C"
    case (.ge, .wholeSpineT2): "SAG T2 TOTAL SPINE"
    case (_, .ct): "SPINE 3.0 B60s"
    }
  }

  func protocolName(_ kind: Kind) -> String { vendor == .ge ? "SPINE WITH CONTRAST" : description(kind) }

  func variant(_ kind: Kind) -> String {
    if vendor == .siemens { return "SK\\SP\\OSP" }
    return vendor == .ge ? "SK" : "SK"
  }

  func options(_ kind: Kind) -> String {
    let suppressed: Bool =
      switch kind {
      case .sagittalT1Post, .axialT1Post, .sagittalT2FatSuppressed: true
      default: false
      }
    switch vendor {
    case .philips: return suppressed ? "SFS\\FC" : "FC"
    case .siemens: return suppressed ? "FS\\SAT1" : "PFP\\SAT1"
    case .ge: return suppressed ? "FAST_GEMS\\FS\\SS" : "FAST_GEMS\\SEQ_GEMS"
    }
  }

  func sequenceName(_ kind: Kind) -> String? {
    guard vendor == .siemens else { return nil }
    if kind == .sagittalSTIR { return "*tir2d1_15" }
    return isT2(kind) ? "*tse2d1_17" : "*tse2d1_3"
  }
}
