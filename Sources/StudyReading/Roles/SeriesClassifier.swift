import DICOM
public import Imaging

/// Decides what each series of a study is for by weighing its witnesses: recorded times and sequence tags, contrast
/// attributes, words of the description, order of acquisition and, where these leave a question, the pixels
/// (`PixelWitness`).
///
/// Each witness makes statements with weights (`Testimony`). A property is decided when one value has enough support
/// and a lead over the next; otherwise it stays unknown. A losing value with support of its own is told as a warning.
public enum SeriesClassifier {
  /// - Parameters:
  ///   - overrides: roles that a user gave by Series Instance UID; they win over every witness.
  ///   - threads: at most so many for decoding, where pixels are heard.
  /// - Returns: one understanding for each series, in the same order.
  public static func classify(
    _ series: [ImageSeries], overrides: [(role: SeriesRole, seriesInstanceUID: String)] = [],
    parameters: RoleParameters = RoleParameters(), threads: Int? = nil
  ) -> [SeriesUnderstanding] {
    let studyHasAgent = series.contains(where: TagWitness.namesAgent)
    var balances = series.map { one -> Balance in
      var balance = Balance(parameters)
      balance.add(TagWitness.testimony(one))
      balance.add(text(one, shared: isProtocolShared(one, among: series), parameters))
      balance.add(TagWitness.contrast(one, studyHasAgent: studyHasAgent))
      return balance
    }
    let headers = balances
    conclude(series, &balances, parameters)
    let given = Set(overrides.map(\.seriesInstanceUID))
    let wanted = series.indices.filter {
      balances[$0].wantsPixels(series[$0]) && !given.contains(series[$0].seriesInstanceUID)
    }
    if !wanted.isEmpty {
      let eligible = series.indices.map { headers[$0].mayHoldRole(series[$0]) }
      let heard = PixelWitness(parameters: parameters.pixels, threads: threads)
        .testimony(on: Set(wanted), of: series, eligible: eligible)
      if !heard.isEmpty {
        balances = headers
        for (index, testimony) in heard { balances[index].add(testimony) }
        conclude(series, &balances, parameters)
      }
    }
    var result = series.indices.map { understand(series[$0], balances[$0], parameters) }
    apply(overrides, series, &result)
    return result
  }

  /// - Parameter shared: the protocol's name stands on other series too; it is then the examination's name and says
  ///   nothing about one series' contrast phase or fat suppression.
  private static func text(_ series: ImageSeries, shared: Bool, _ parameters: RoleParameters) -> [Testimony] {
    let module = series.representative.series
    let description = SeriesText(module.description ?? "")
    let protocolName = SeriesText(module.protocolName ?? "")
    var result = description.testimony(weight: parameters.descriptionWeight, source: "description")
    if protocolName.words != description.words {
      result += protocolName.testimony(weight: parameters.descriptionWeight / 2, source: "protocol").filter { heard in
        if case .contrast = heard.claim { return !shared }
        if case .fatSuppressed = heard.claim { return !shared }
        return true
      }
    }
    return result
  }

  private static func isProtocolShared(_ series: ImageSeries, among all: [ImageSeries]) -> Bool {
    guard let name = series.representative.series.protocolName else { return false }
    return all.contains { other in
      other.seriesInstanceUID != series.seriesInstanceUID && other.representative.series.protocolName == name
        && other.representative.series.description != series.representative.series.description
    }
  }

  /// The witnesses that build on what the others say.
  private static func conclude(_ series: [ImageSeries], _ balances: inout [Balance], _ parameters: RoleParameters) {
    hearOrder(series, &balances, parameters)
    for index in series.indices { balances[index].add(silence(series[index], balances[index])) }
  }

  private static func hearOrder(_ series: [ImageSeries], _ balances: inout [Balance], _ parameters: RoleParameters) {
    let statements = OrderWitness(series).testimony(
      weightings: balances.map(\.weighting), fat: balances.map(\.fatSuppressed),
      phases: balances.map { $0.contrast == .unknown ? nil : $0.contrast },
      eligible: balances.map { $0.exclusion == nil },
      tolerance: parameters.repeatTolerance)
    for index in series.indices { balances[index].add(statements[index]) }
  }

  /// What the absence of every mention of contrast is worth: little each, enough together for a plain T1.
  private static func silence(_ series: ImageSeries, _ balance: Balance) -> [Testimony] {
    guard balance.weighting == .t1, balance.fatSuppressed != true, !balance.mentionsPost else { return [] }
    var result: [Testimony] = []
    let module = series.representative.series
    if !SeriesText(module.description ?? "").isEmpty || !SeriesText(module.protocolName ?? "").isEmpty {
      result.append(Testimony(.contrast(.pre), 0.6, "no word for contrast agent in the description"))
    }
    if series.acquisition.repetitionTime != nil, !series.representative.contrast.isPresent {
      result.append(Testimony(.contrast(.pre), 0.6, "no contrast attribute in a complete header"))
    }
    return result
  }

  private static func understand(
    _ series: ImageSeries, _ balance: Balance, _ parameters: RoleParameters
  ) -> SeriesUnderstanding {
    let plane = series.plane
    var warnings = balance.contradictions
    let extent = headToFoot(series.geometry)
    var evidence = balance.evidence
    var isWhole = balance.claims(.wholeSpine) > 0
    if extent >= parameters.wholeSpineExtent, plane == .sagittal || plane == .coronal {
      isWhole = true
      evidence.append("field of view of \(Int(extent)) mm from head to foot: whole spine")
    }
    var role = SeriesRole.unused
    if let exclusion = balance.exclusion {
      warnings.append("not measured: \(exclusion.rawValue)")
    } else if series.modality == "CT" {
      role = .ct
    } else {
      role = self.role(plane: plane, balance: balance, &warnings)
    }
    let isCT = series.modality == "CT"
    return SeriesUnderstanding(
      role: role, plane: plane, obliquityDegrees: series.obliquityDegrees,
      weighting: isCT ? .other : balance.reportedWeighting, contrast: balance.contrast,
      fatSuppressed: isCT ? nil : balance.fatSuppressed, wholeSpine: isWhole, evidence: evidence, warnings: warnings)
  }

  private static func role(plane: Plane, balance: Balance, _ warnings: inout [String]) -> SeriesRole {
    let isSagittal = plane == .sagittal
    guard isSagittal || plane == .axial else {
      warnings.append("not measured: neither sagittal nor axial")
      return .unused
    }
    switch (balance.weighting, balance.contrast) {
    case (.t2, _): return isSagittal ? .sagittalT2 : .axialT2
    case (.t1, .pre): return isSagittal ? .sagittalT1 : .axialT1
    case (.t1, .post): return isSagittal ? .sagittalT1Post : .axialT1Post
    case (.t1, .unknown):
      warnings.append("a T1 whose contrast phase no witness shows: give its role with --role")
      return .unused
    case (.other, _): return .unused
    case (.unknown, _):
      warnings.append("weighting unknown: give its role with --role")
      return .unused
    }
  }

  private static func apply(
    _ overrides: [(role: SeriesRole, seriesInstanceUID: String)], _ series: [ImageSeries],
    _ result: inout [SeriesUnderstanding]
  ) {
    for override in overrides {
      for index in series.indices where series[index].seriesInstanceUID == override.seriesInstanceUID {
        let stated = Meaning(override.role)
        if let plane = stated.plane, plane != result[index].plane {
          // Parts of a split series in another plane do not take the role.
          result[index].warnings.append("the role given by the user names another plane: not applied")
          continue
        }
        if result[index].role != override.role, result[index].role != .unused {
          result[index].warnings.append("the role given by the user contradicts the witnesses")
        }
        result[index].role = override.role
        result[index].weighting = stated.weighting ?? result[index].weighting
        result[index].contrast = stated.contrast ?? result[index].contrast
        result[index].warnings.removeAll { $0.contains("--role") || $0.hasPrefix("not measured") }
        result[index].evidence.insert("role given by the user", at: 0)
      }
    }
  }

  /// What a role says about a series.
  private struct Meaning {
    var plane: Plane?
    var weighting: Weighting?
    var contrast: ContrastPhase?

    init(_ role: SeriesRole) {
      switch role {
      case .sagittalT1: (plane, weighting, contrast) = (.sagittal, .t1, .pre)
      case .sagittalT1Post: (plane, weighting, contrast) = (.sagittal, .t1, .post)
      case .sagittalT2: (plane, weighting, contrast) = (.sagittal, .t2, nil)
      case .axialT1: (plane, weighting, contrast) = (.axial, .t1, .pre)
      case .axialT1Post: (plane, weighting, contrast) = (.axial, .t1, .post)
      case .axialT2: (plane, weighting, contrast) = (.axial, .t2, nil)
      case .ct, .unused: break
      }
    }
  }

  private static func headToFoot(_ geometry: VolumeGeometry) -> Double {
    let size = Vector3(Double(geometry.columns), Double(geometry.rows), Double(geometry.slices)) * geometry.spacing
    return max(
      abs(geometry.rowDirection.z) * size.x, abs(geometry.columnDirection.z) * size.y,
      abs(geometry.sliceDirection.z) * size.z)
  }
}
