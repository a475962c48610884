import Foundation
import Imaging

/// Collects what is true while the series of a study pass by.
struct GroundTruth {
  let scene: PhantomScene
  let specification: PhantomStudySpecification
  let writer: DICOMStudyWriter
  private(set) var maps: LabelMaps?
  private(set) var mapGeometry: VolumeGeometry?
  private var series: [SeriesTruth] = []
  /// Ratios by lesion: [role][lesion].
  private var ratios: [String: [SignalTruth?]] = [:]

  init(scene: PhantomScene, specification: PhantomStudySpecification, writer: DICOMStudyWriter) {
    self.scene = scene
    self.specification = specification
    self.writer = writer
  }

  static func role(_ kind: SeriesSpecification.Kind) -> SeriesRole {
    switch kind {
    case .sagittalT1: .sagittalT1
    case .sagittalT2, .sagittalT2FatSuppressed, .sagittalSTIR, .wholeSpineT2: .sagittalT2
    case .sagittalT1Post: .sagittalT1Post
    case .axialT1: .axialT1
    case .axialT2: .axialT2
    case .axialT1Post: .axialT1Post
    case .ct: .ct
    }
  }

  mutating func add(_ acquired: AcquiredSeries) {
    let acquisition = acquired.acquisition
    let geometry = acquisition.geometry
    let own: LabelMaps
    if let maps, mapGeometry == geometry {
      own = maps
    } else {
      own = LabelMaps(scene: scene, geometry: geometry, thickness: acquisition.sliceThickness)
      if maps == nil || acquisition.kind == .sagittalT1 {
        maps = own
        mapGeometry = geometry
      }
    }
    let uid = writer.seriesUID(acquisition.number)
    let muscle = muscleMean(own, acquired)
    let role = Self.role(acquisition.kind)
    series.append(
      SeriesTruth(
        seriesInstanceUid: uid, kind: acquisition.kind.rawValue, role: role,
        plane: [.axialT1, .axialT2, .axialT1Post].contains(role) ? "axial" : "sagittal",
        fatSuppressed: acquisition.sequence.fatSuppressed || acquisition.sequence.inversionTime != nil,
        wholeSpine: acquisition.kind == .wholeSpineT2, repetitionTimeMs: acquisition.sequence.repetitionTime,
        echoTimeMs: acquisition.sequence.echoTime, slices: geometry.slices,
        spacingMm: [geometry.spacing.x, geometry.spacing.y, geometry.spacing.z],
        shiftMm: [acquisition.shift.x, acquisition.shift.y], muscleSnr: acquisition.muscleSNR, muscleMean: muscle,
        noiseSd: acquired.noise))
    // The reading order of the contract: the block before the whole spine, without fat suppression before with.
    let preferred =
      acquisition.kind != .wholeSpineT2 && acquisition.kind != .sagittalSTIR
      && acquisition.kind != .sagittalT2FatSuppressed
    if ratios[role.rawValue] == nil || preferred {
      ratios[role.rawValue] = scene.lesions.map { signal($0, own, acquired, uid: uid) }
    }
  }

  mutating func addCT(geometry: VolumeGeometry, number: Int) {
    series.append(
      SeriesTruth(
        seriesInstanceUid: writer.seriesUID(number), kind: "ct", role: .ct, plane: "axial", fatSuppressed: false,
        wholeSpine: false, slices: geometry.slices,
        spacingMm: [geometry.spacing.x, geometry.spacing.y, geometry.spacing.z], shiftMm: [0, 0]))
  }

  private func muscleMean(_ maps: LabelMaps, _ acquired: AcquiredSeries) -> Double? {
    var sum = 0.0
    var count = 0
    for index in maps.muscle.indices where maps.muscle[index] == 1 {
      sum += Double(acquired.ideal[index])
      count += 1
    }
    return count > 0 ? sum / Double(count) : nil
  }

  /// Mean over the lesion's voxels over the mean over pure muscle within 60 mm of height, noise-free; in a series
  /// that is displaced both masks move with the patient.
  private func signal(_ lesion: LesionModel, _ maps: LabelMaps, _ acquired: AcquiredSeries, uid: String) -> SignalTruth?
  {
    let geometry = acquired.acquisition.geometry
    let size = geometry.columns * geometry.rows
    let dx = Int((acquired.acquisition.shift.x / geometry.spacing.x).rounded())
    let dy = Int((acquired.acquisition.shift.y / geometry.spacing.y).rounded())
    func moved(_ index: Int) -> Int? {
      let column = index % geometry.columns + dx
      let row = index % size / geometry.columns + dy
      guard column >= 0, row >= 0, column < geometry.columns, row < geometry.rows else { return nil }
      return index / size * size + row * geometry.columns + column
    }
    var tumour = (0.0, 0.0, 0)
    for index in maps.lesions.indices where maps.lesions[index] == UInt16(lesion.identifier) {
      guard let place = moved(index) else { continue }
      tumour.0 += Double(acquired.ideal[place])
      tumour.1 += Double(acquired.ideal[place] * acquired.sensitivity[place])
      tumour.2 += 1
    }
    guard tumour.2 > 0 else { return nil }
    var near = (0.0, 0.0, 0)
    var all = (0.0, 0.0, 0)
    for index in maps.muscle.indices where maps.muscle[index] == 1 {
      guard let place = moved(index) else { continue }
      let value = (Double(acquired.ideal[place]), Double(acquired.ideal[place] * acquired.sensitivity[place]))
      all = (all.0 + value.0, all.1 + value.1, all.2 + 1)
      let position = geometry.position(
        column: Double(index % geometry.columns), row: Double(index % size / geometry.columns), slice: index / size)
      if abs(position.z - lesion.boundingCenter.z) < 60 { near = (near.0 + value.0, near.1 + value.1, near.2 + 1) }
    }
    let muscle = near.2 >= 50 ? near : all
    guard muscle.2 > 0 else { return nil }
    let scale = Double(muscle.2) / Double(tumour.2)
    let ratio = tumour.0 / muscle.0 * scale
    return SignalTruth(
      seriesInstanceUid: uid, ratioToMuscle: ratio, ratioWithCoil: tumour.1 / muscle.1 * scale,
      class: ratio > 1 + specification.hyperintenseBand ? "hyperintense" : "iso_to_hypointense",
      lesionVoxels: tumour.2)
  }

  // MARK: The document

  func document() -> PhantomTruth {
    PhantomTruth(
      case: specification.name, seed: specification.seed, studyInstanceUid: writer.uids.uid("study"),
      patientId: writer.patientID, frameOfReferenceUid: writer.uids.uid("frame"),
      hyperintenseBand: specification.hyperintenseBand,
      series: series.sorted { $0.seriesInstanceUid < $1.seriesInstanceUid },
      lesions: scene.lesions.indices.map { lesion($0) },
      mimics: scene.mimics.map { mimic in
        let center = scene.spine.vertebrae[mimic.vertebra].world(mimic.center)
        return MimicTruth(
          kind: mimic.specification.kind.rawValue, level: mimic.specification.level, centerLpsMm: Self.list(center),
          diameterMm: mimic.specification.diameter)
      },
      levels: scene.spine.vertebrae.map { vertebra in
        LevelTruth(
          level: vertebra.level.name, centerLpsMm: Self.list(vertebra.center), bodyWidthMm: vertebra.width,
          bodyDepthMm: vertebra.depth, bodyHeightMm: vertebra.height)
      }, specification: specification)
  }

  private static func list(_ v: Vector3) -> [Double] { [v.x, v.y, v.z].map { ($0 * 1000).rounded() / 1000 } }

  private func lesion(_ index: Int) -> LesionTruth {
    let lesion = scene.lesions[index]
    let form = lesion.specification.form
    let geometry = LesionGeometry(scene: scene, lesion: lesion)
    let solid = geometry.solid()
    let inSlice = mapGeometry.flatMap { geometry.inSliceDiameter($0) }
    let own = scene.spine.vertebrae[lesion.vertebra]
    let bodyFraction = bodyFraction(lesion, own)
    let whole = form == .wholeVertebra || bodyFraction > 0.9
    let infiltrates = form == .posteriorInfiltration
    let status =
      whole ? "not_measured_whole_vertebra" : infiltrates ? "not_measured_posterior_infiltration" : "measured"
    let region = own.level.region.rawValue
    let wide = lesion.marginWidth >= 2 || whole || infiltrates || lesion.specification.margin == .illDefined
    let axial = signals(index, [.axialT1, .axialT2, .axialT1Post])
    let sagittal = signals(index, [.sagittalT1, .sagittalT2, .sagittalT1Post])
    let outside = solid.extraosseousFraction
    return LesionTruth(
      lesionId: lesion.identifier, level: own.level.name, levelsInvolved: solid.levels.map(\.name), region: region,
      part: lesion.specification.part.rawValue, form: form.rawValue, centroidLpsMm: Self.list(solid.centroid),
      wholeVertebra: whole,
      posteriorElementsInvaded: lesion.specification.part == .posteriorElements || solid.posteriorShare > 0.05,
      bodyFraction: bodyFraction,
      size: SizeTruth(
        status: status, maximumSagittalDiameterMm: status == "measured" ? inSlice?.length : nil,
        inSliceDiameterMm: inSlice?.length, sliceIndex: inSlice?.slice,
        endpointsLpsMm: inSlice.map { [Self.list($0.ends.0), Self.list($0.ends.1)] },
        maximum3dDiameterMm: solid.maximumDiameter, volumeMm3: solid.volume),
      margin: MarginTruth(
        class: wide ? "ill_defined" : "well_defined", edgeWidthMm: lesion.marginWidth,
        lobulation: lesion.specification.lobulation),
      signal: sagittal, signalAxial: axial,
      enhancement: EnhancementTruth(
        class: sagittal.t1Post == nil && axial.t1Post == nil ? "not_applicable" : lesion.specification.pattern.rawValue,
        relativeEnhancement: sagittal.t1Post.flatMap { post in sagittal.t1.map { post.ratioToMuscle / $0.ratioToMuscle }
        },
        scleroticCenter: lesion.scleroticCore,
        rimThicknessMm: lesion.specification.pattern == .rimEnhancing ? lesion.rimThickness : nil),
      extent: ExtentTruth(
        class: outside > 0.1 ? "extraosseous" : "intraosseous", extraosseousFraction: outside,
        epiduralFraction: solid.epiduralFraction, massFormation: Self.massFormation(form)),
      matrix: lesion.specification.matrix.rawValue,
      maskVoxels: maps?.lesions.reduce(0) { $0 + ($1 == UInt16(lesion.identifier) ? 1 : 0) } ?? 0)
  }

  private static func massFormation(_ form: LesionSpecification.Form) -> String {
    switch form {
    case .expansile: "expansile"
    case .subligamentous: "subligamentous"
    case .infiltrative: "infiltrative"
    default: "none"
    }
  }

  private func signals(_ index: Int, _ roles: [SeriesRole]) -> SignalTruths {
    func value(_ role: SeriesRole) -> SignalTruth? { ratios[role.rawValue].flatMap { $0[index] } }
    return SignalTruths(t1: value(roles[0]), t2: value(roles[1]), t1Post: value(roles[2]))
  }

  /// Share of the vertebra's body (its bone, cortex left out) that the lesion takes.
  private func bodyFraction(_ lesion: LesionModel, _ own: Vertebra) -> Double {
    var inside = 0
    var total = 0
    let step = 1.2
    var hint = lesion.vertebra
    for x in stride(from: -own.width / 2, through: own.width / 2, by: step) {
      for y in stride(from: -own.depth / 2, through: own.depth / 2, by: step) {
        for z in stride(from: -own.height / 2, through: own.height / 2, by: step) {
          let q = Vector3(x, y, z)
          if own.body(q).surface > -1 { continue }
          total += 1
          if scene.contains(lesion, own.world(q), hint: &hint) { inside += 1 }
        }
      }
    }
    return total > 0 ? Double(inside) / Double(total) : 0
  }
}
