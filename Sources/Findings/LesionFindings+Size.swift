public import LesionMeasurement

extension LesionFindings {
  /// The size of one lesion under the paper's rule (`sizeStatus`): where it forbids a size, the sagittal values are
  /// null with the rule as their reason, volume and 3-D diameter remain.
  ///
  /// - Parameters:
  ///   - sagittal: on the series named, or reformatted.
  ///   - inPlane: in the mask's own acquisition plane; `meshInPlane` the same by `SizeOfMesh`.
  ///   - sopInstanceUID, frameNumber: of the slice measured, where there is one.
  public func size(
    sagittal: SagittalSize?, space: SizeInSpace?, inPlane: PlanarDiameter?, meshInPlane: Double?,
    location: LocationMeasurement?, seriesInstanceUID: String?, sopInstanceUID: String?, frameNumber: Int?,
    reason: String
  ) -> SizeRecord {
    let rule = sizeStatus(location)
    var record = SizeRecord(status: space == nil ? .notMeasurable : rule.status)
    var reasons: [String: String] = [:]
    if record.status == .measured, let sagittal {
      record.fill(sagittal, seriesInstanceUID, sopInstanceUID, frameNumber, &reasons)
    } else {
      if record.status == .measured { record.status = .notMeasurable }
      for name in [
        "maximum_sagittal_diameter_mm", "maximum_sagittal_diameter_ci95_mm", "endpoints_lps_mm",
        "perpendicular_diameter_mm", "series_instance_uid", "sop_instance_uid", "frame_number", "slice_index",
      ] { reasons[name] = rule.reason ?? reason }
    }
    record.maximumInPlaneDiameterMm = inPlane?.millimetres
    if inPlane == nil { reasons["maximum_in_plane_diameter_mm"] = reason }
    record.maximumInPlaneMeshDiameterMm = meshInPlane
    if meshInPlane == nil { reasons["maximum_in_plane_mesh_diameter_mm"] = reason }
    if let space {
      record.maximum3dDiameterMm = space.maximumDiameter
      record.volumeMm3 = space.volume
      record.volumeCi95Mm3 = [space.volumeInterval95.lowerBound, space.volumeInterval95.upperBound]
    } else {
      for name in ["maximum_3d_diameter_mm", "volume_mm3", "volume_ci95_mm3"] { reasons[name] = reason }
    }
    record.reasons = reasons.isEmpty ? nil : reasons
    return record
  }

  /// The signal of one lesion on one series.
  public func signal(
    _ measured: SignalMeasurement?, seriesInstanceUID: String?, coveredFraction: Double?, reason: String
  ) -> SignalRecord {
    var record = SignalRecord()
    record.seriesInstanceUid = seriesInstanceUID
    record.coveredFraction = coveredFraction
    var reasons: [String: String] = [:]
    if seriesInstanceUID == nil { reasons["series_instance_uid"] = reason }
    if coveredFraction == nil { reasons["covered_fraction"] = reason }
    guard let measured else {
      for name in [
        "ratio_to_muscle", "ratio_ci95", "lesion_mean", "lesion_sd", "lesion_median", "lesion_voxels", "muscle_mean",
        "muscle_sd", "coil_factor", "class", "probability_hyperintense",
      ] { reasons[name] = reason }
      record.reasons = reasons
      return record
    }
    record.ratioToMuscle = measured.ratio
    record.ratioCi95 = measured.ratioInterval95.map { [$0.lowerBound, $0.upperBound] }
    record.lesionMean = measured.lesion.mean
    record.lesionSd = measured.lesion.standardDeviation
    record.lesionMedian = measured.lesion.median
    record.lesionVoxels = measured.lesion.count
    record.muscleMean = measured.muscleMean
    record.muscleSd = measured.muscleStandardDeviation
    record.class = measured.signalClass.flatMap { SignalRecord.SignalClass(rawValue: $0.rawValue) }
    record.probabilityHyperintense = measured.probabilityHyperintense
    record.warnings = measured.warnings.isEmpty ? nil : measured.warnings
    reasons.merge(measured.reasons) { first, _ in first }
    record.reasons = reasons.isEmpty ? nil : reasons
    return record
  }

  /// The margin of one lesion; `seriesInstanceUID` is that of the image that gave most profiles.
  public func margin(_ measured: MarginMeasurement?, seriesInstanceUID: String?, reason: String) -> MarginRecord {
    var record = MarginRecord()
    var reasons: [String: String] = [:]
    record.seriesInstanceUid = seriesInstanceUID
    if seriesInstanceUID == nil { reasons["series_instance_uid"] = reason }
    guard let measured else {
      for name in ["class", "edge_width_mm", "edge_width_ci95_mm", "distinct_fraction", "solidity", "regularity"] {
        reasons[name] = reason
      }
      record.reasons = reasons
      return record
    }
    record.class = MarginRecord.MarginClass(rawValue: measured.marginClass.rawValue) ?? .indeterminate
    record.edgeWidthMm = measured.edgeWidth
    record.edgeWidthCi95Mm = measured.edgeWidthInterval95.map { [$0.lowerBound, $0.upperBound] }
    record.distinctFraction = measured.distinctFraction
    record.solidity = measured.solidity
    record.regularity = measured.regularity
    record.evidence = measured.evidence
    reasons.merge(measured.reasons) { first, _ in first }
    record.reasons = reasons.isEmpty ? nil : reasons
    return record
  }
}

extension SizeRecord {
  fileprivate mutating func fill(
    _ sagittal: SagittalSize, _ series: String?, _ instance: String?, _ frame: Int?, _ reasons: inout [String: String]
  ) {
    maximumSagittalDiameterMm = sagittal.diameter.millimetres
    let interval = sagittal.diameter.interval95
    maximumSagittalDiameterCi95Mm = [interval.lowerBound, interval.upperBound]
    endpointsLpsMm = sagittal.diameter.endpoints.map { [$0.x, $0.y, $0.z] }
    perpendicularDiameterMm = sagittal.diameter.perpendicularMillimetres
    seriesInstanceUid = series
    sliceIndex = sagittal.sliceIndex
    reformatted = sagittal.isReformatted
    sopInstanceUid = reformatted ? nil : instance
    frameNumber = reformatted ? nil : frame
    if reformatted {
      for name in ["slice_index", "sop_instance_uid", "frame_number"] {
        reasons[name] = "measured on a reformatted plane, which is no acquired slice"
      }
    } else {
      if instance == nil { reasons["sop_instance_uid"] = "the slice is no instance of the study" }
      if frame == nil { reasons["frame_number"] = "the slice is no frame of a multi-frame instance" }
    }
    if series == nil { reasons["series_instance_uid"] = "the mask's grid is no series of the study" }
  }
}
