public import Foundation
import Imaging

/// Makes a study from a specification and writes it: `study/` with the DICOM files, `truth.json`, and the label maps
/// `lesions.nii.gz`, `muscle.nii.gz` and `anatomy.nii.gz` on the sagittal T1 grid.
public struct PhantomStudy: Sendable {
  public let specification: PhantomStudySpecification

  public init(_ specification: PhantomStudySpecification) { self.specification = specification }

  /// Writes everything into a folder (made where it is absent) and returns the truth.
  ///
  /// - Parameters:
  ///   - masksInStudy: also puts `lesions.nii.gz` into the study folder, where `analyze` finds it without an option.
  /// - Throws: `PhantomError`.
  @discardableResult
  public func write(to folder: URL, masksInStudy: Bool = false) throws(PhantomError) -> PhantomTruth {
    let studyFolder = folder.appendingPathComponent("study", isDirectory: true)
    do {
      try FileManager.default.createDirectory(at: studyFolder, withIntermediateDirectories: true)
    } catch { throw .fileNotWritable(path: studyFolder.path, code: 0) }
    let field = specification.fieldStrength
    let scene: PhantomScene
    do {
      scene = try PhantomScene(
        specification, nominalT1: AcquisitionPlan.sequence(.sagittalT1, fieldStrength: field),
        nominalT2: AcquisitionPlan.sequence(.sagittalT2, fieldStrength: field))
    } catch {
      if case .unknownLevel(let name) = error { throw .unknownLevel(name) } else { throw .badSpecification("") }
    }
    let uids = UIDFactory(seed: specification.seed, salt: specification.name + (specification.patientID ?? ""))
    let plan = AcquisitionPlan(specification: specification, spine: scene.spine, frameOfReferenceUID: uids.uid("frame"))
    let acquisitions: [Acquisition]
    do { acquisitions = try plan.acquisitions() } catch {
      throw .badSpecification("the grid of a series is impossible")
    }
    let writer = DICOMStudyWriter(specification: specification, uids: uids, folder: studyFolder)
    let scanner = Scanner(
      scene: scene, coil: Self.coil(scene.spine, specification),
      fatSuppression: FatSuppression(
        residual: specification.fatResidual, failure: specification.fatSuppressionFailure,
        field: NoiseField(seed: specification.seed, stream: 41)),
      seed: specification.noiseSeed == 0 ? specification.seed : specification.noiseSeed)
    var truth = GroundTruth(scene: scene, specification: specification, writer: writer)
    for group in 0...(acquisitions.map(\.group).max() ?? 0) {
      let members = acquisitions.filter { $0.group == group }
      if members.isEmpty { continue }
      for series in scanner.acquire(members) {
        try writer.write(series)
        truth.add(series)
      }
    }
    try writeCT(plan: plan, scene: scene, writer: writer, truth: &truth)
    let document = truth.document()
    try writeMaps(truth, to: folder, studyFolder: masksInStudy ? studyFolder : nil)
    do {
      try Self.json(document).write(to: folder.appendingPathComponent("truth.json"))
    } catch { throw .fileNotWritable(path: folder.appendingPathComponent("truth.json").path, code: 0) }
    return document
  }

  private func writeMaps(_ truth: GroundTruth, to folder: URL, studyFolder: URL?) throws(PhantomError) {
    guard let maps = truth.maps, let geometry = truth.mapGeometry else { return }
    try NIfTILabelWriter.write(maps.lesions, geometry: geometry, to: folder.appendingPathComponent("lesions.nii.gz"))
    try NIfTILabelWriter.write(maps.muscle, geometry: geometry, to: folder.appendingPathComponent("muscle.nii.gz"))
    try NIfTILabelWriter.write(maps.anatomy, geometry: geometry, to: folder.appendingPathComponent("anatomy.nii.gz"))
    if let studyFolder {
      try NIfTILabelWriter.write(
        maps.lesions, geometry: geometry, to: studyFolder.appendingPathComponent("lesions.nii.gz"))
    }
  }

  private func writeCT(
    plan: AcquisitionPlan, scene: PhantomScene, writer: DICOMStudyWriter, truth: inout GroundTruth
  ) throws(PhantomError) {
    for (number, series) in specification.series.enumerated() where series.kind == .ct {
      let geometry: VolumeGeometry
      do { geometry = try plan.geometry(series) } catch { throw .badSpecification("the grid of the CT is impossible") }
      let units = TomographySampler(scene: scene, seed: specification.seed).sample(
        geometry, thickness: geometry.spacing.z)
      try writer.writeCT(units, geometry: geometry, thickness: geometry.spacing.z, number: number + 1)
      truth.addCT(geometry: geometry, number: number + 1)
    }
  }

  private static func coil(_ spine: SpineModel, _ specification: PhantomStudySpecification) -> Coil {
    let skin = spine.vertebrae.map { $0.center.y + $0.skinDepth }
    return Coil(plane: skin.max()! + 8, fallOff: specification.coilFallOff)
  }

  static func json(_ truth: PhantomTruth) throws -> Data {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .custom { path in TruthKey(path[path.count - 1].stringValue) }
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(truth) + Data("\n".utf8)
  }
}

/// Snake case for truth.json; names of levels (`T12`) stay as they are.
private struct TruthKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(_ name: String) {
    if name.first?.isUppercase == true {
      stringValue = name
      return
    }
    var result = ""
    for character in name.replacingOccurrences(of: "3d", with: "_3d") {
      if character.isUppercase, !result.isEmpty, result.last != "_", result.last?.isUppercase != true {
        result.append("_")
      }
      result.append(contentsOf: character.lowercased())
    }
    stringValue = result
  }

  init?(stringValue: String) { self.init(stringValue) }
  init?(intValue: Int) { nil }
}

extension PhantomStudy {
  /// Reads a specification from JSON (snake case); fields that are absent keep their defaults.
  ///
  /// - Throws: `PhantomError.badSpecification` with what is wrong and where.
  public static func readSpecification(_ data: Data) throws(PhantomError) -> PhantomStudySpecification {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .custom { path in PropertyKey(path[path.count - 1]) }
    do {
      return try decoder.decode(PhantomStudySpecification.self, from: data)
    } catch let error as DecodingError {
      throw .badSpecification(Self.explain(error))
    } catch { throw .badSpecification("it is no JSON") }
  }

  /// The specification as JSON, all fields written.
  public func specificationJSON() throws -> Data {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .custom { path in TruthKey(path[path.count - 1].stringValue) }
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    return try encoder.encode(specification) + Data("\n".utf8)
  }

  private static func explain(_ error: DecodingError) -> String {
    let context: DecodingError.Context =
      switch error {
      case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context): context
      case .dataCorrupted(let context): context
      @unknown default: DecodingError.Context(codingPath: [], debugDescription: "unreadable")
      }
    let path = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    return path.isEmpty ? "it is no valid JSON" : "field \(path) has a value that it cannot hold"
  }
}

/// Property names from snake case: `t1_ratio` is `t1Ratio`, `patient_id` is `patientID`, `muscle_snr` is `muscleSNR`.
private struct PropertyKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  init(_ key: any CodingKey) {
    intValue = key.intValue
    let parts = key.stringValue.split(separator: "_", omittingEmptySubsequences: false).map(String.init)
    guard parts.count > 1, key.stringValue.first?.isUppercase != true else {
      stringValue = key.stringValue
      return
    }
    stringValue =
      parts[0]
      + parts.dropFirst().map {
        ["id", "snr"].contains($0) ? $0.uppercased() : $0.prefix(1).uppercased() + $0.dropFirst()
      }
      .joined()
  }

  init?(stringValue: String) { return nil }
  init?(intValue: Int) { nil }
}
