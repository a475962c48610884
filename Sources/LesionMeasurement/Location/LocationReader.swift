public import Imaging
import Kernels

/// Places a lesion in a label map of the spine, whatever the two grids: everything is sampled by position.
///
/// The bone's expected contour is the labels made whole: bodies convex in each slice, posterior elements closed by a
/// few millimetres. A lesion that ate a hole into the labels is therefore still inside the bone. What lies farther
/// than a tolerance from that contour is outside (one slice beyond counts as within, since a thick slice is partial
/// volume).
public enum LocationReader {
  /// `nil` for an empty region or one that the map does not cover at all.
  public static func measure(
    _ region: Region, _ outline: LocationOutline, _ parameters: LocationParameters
  ) -> LocationMeasurement? {
    guard let centroid = region.centroid, let samples = LocationSamples(region, outline.map) else { return nil }
    let bones = LocationBones(
      outline, columns: samples.columns, rows: samples.rows, slices: samples.slices, parameters)
    var result = LocationMeasurement(centroid: centroid)
    let total = samples.total
    result.coveredFraction = samples.points.reduce(0) { $0 + $1.volume } / total
    var outside: [(point: LocationSamples.Point, distance: Double)] = []
    var byLevel: [UInt8: Double] = [:]
    var (inBody, inPosterior) = (0.0, 0.0)
    for point in samples.points {
      guard let place = bones.place(point.position) else { continue }
      let distance = Double(bones.outsideBone[place])
      if bones.body[place] != 0 {
        inBody += point.volume
        byLevel[bones.body[place], default: 0] += point.volume
      } else if bones.posterior[place] != 0 {
        inPosterior += point.volume
        byLevel[bones.level(place), default: 0] += point.volume
      } else if distance > parameters.contourToleranceMm {
        outside.append((point, distance))
      }
    }
    let outsideVolume = outside.reduce(0) { $0 + $1.point.volume }
    result.bodyFraction = inBody / total
    result.posteriorFraction = inPosterior / total
    result.extraosseousFraction = outsideVolume / total
    let distances = outside.map(\.distance).sorted()
    result.reachMm = distances.isEmpty ? 0 : distances[(distances.count - 1) * 95 / 100]
    result.posteriorInvaded =
      result.posteriorFraction >= parameters.posteriorShare && inPosterior >= parameters.posteriorVolumeMm3
    result.part = part(centroid, bones, outline, inBody: inBody, inPosterior: inPosterior)
    addBodies(&result, region, bones, outline, parameters)
    if !outline.map.levelsAreOrdinal { addLevels(&result, byLevel, outline, parameters) }
    addSurroundings(&result, outside.map(\.point), bones, region, parameters)
    let inscribed = inscribedRadius(region)
    result.thicknessMm = 2 * inscribed
    result.lump = min(1, inscribed / cubeRoot(3 * region.volume / (4 * .pi)))
    result.hasContour = !(outline.map.isFoundInPixels && result.part == .posteriorElements)
    result.isExtraosseous = isExtraosseous(result, outsideVolume: outsideVolume, outline, parameters)
    result.mass = LocationMass.judge(result, outside.map(\.point), outline, parameters)
    result.isPosteriorInfiltration =
      result.posteriorInvaded && result.mass != .expansile && result.mass != .subligamentous
      && result.lump < parameters.lumpShare && result.posteriorFraction >= result.bodyFraction
    return result
  }

  /// The epicentre's part: inside one of them, else the nearer (by more than 1 mm), else the one most involved.
  private static func part(
    _ centroid: Vector3, _ bones: LocationBones, _ outline: LocationOutline, inBody: Double, inPosterior: Double
  ) -> LocationMeasurement.Part? {
    guard let place = bones.place(centroid) else { return nil }
    if bones.body[place] != 0 { return .vertebralBody }
    if bones.posterior[place] != 0 { return .posteriorElements }
    let (body, posterior) = (bones.outsideBody[place], bones.outsidePosterior[place])
    guard min(body, posterior) < 1e5 else { return nil }
    if inBody + inPosterior > 0, abs(body - posterior) <= 1 || min(body, posterior) > 5 {
      return inBody >= inPosterior ? .vertebralBody : .posteriorElements
    }
    return body <= posterior ? .vertebralBody : .posteriorElements
  }

  /// How much of each body the lesion replaces.
  private static func addBodies(
    _ result: inout LocationMeasurement, _ region: Region, _ bones: LocationBones, _ outline: LocationOutline,
    _ parameters: LocationParameters
  ) {
    var bodies: [UInt8: (all: Share, core: Share)] = [:]
    let core = bones.core(deeperThan: parameters.contourToleranceMm)
    for place in bones.body.indices where bones.body[place] != 0 && bones.body[place] != 255 {
      let isInside = region.contains(bones.position(place))
      bodies[bones.body[place], default: (Share(), Share())].all.add(isInside)
      if core[place] { bodies[bones.body[place], default: (Share(), Share())].core.add(isInside) }
    }
    for body in outline.bodies {
      guard let counted = bodies[body.level.rawValue], let share = counted.all.value else { continue }
      let collapse = body.collapsePercent ?? 0
      let isCoreReplaced =
        outline.map.isFoundInPixels && share >= parameters.foundWholeShare
        && counted.core.value ?? 0 >= parameters.wholeVertebraShare
      if share >= parameters.wholeVertebraShare || isCoreReplaced
        || share >= parameters.collapsedVertebraShare && collapse >= parameters.collapsePercent
      {
        result.isWholeVertebra = true
      }
      if share > (result.replacedBodyShare ?? -1) {
        result.replacedBodyShare = share
        result.replacedCoreShare = counted.core.value
        result.collapsePercent = share > 0 ? body.collapsePercent : nil
      }
      if share >= parameters.levelBodyShare, !outline.map.levelsAreOrdinal { result.levels.append(body.level) }
    }
  }

  private struct Share {
    var inside = 0
    var count = 0
    /// `nil` for nothing counted.
    var value: Double? { count == 0 ? nil : Double(inside) / Double(count) }

    mutating func add(_ isInside: Bool) {
      count += 1
      if isInside { inside += 1 }
    }
  }

  private static func addLevels(
    _ result: inout LocationMeasurement, _ byLevel: [UInt8: Double], _ outline: LocationOutline,
    _ parameters: LocationParameters
  ) {
    let known = byLevel.filter { VertebralLevel(rawValue: $0.key) != nil }
    let all = known.values.reduce(0, +)
    for raw in known.keys.sorted() {
      guard let level = VertebralLevel(rawValue: raw), let volume = known[raw], all > 0 else { continue }
      let share = volume / all
      if share >= parameters.levelShare, !result.levels.contains(level) { result.levels.append(level) }
      if share > result.levelShare {
        result.level = level
        result.levelShare = share
      }
    }
    if result.level == nil {
      let centroid = result.centroid
      let nearest = outline.bodies.min { ($0.centroid - centroid).length < ($1.centroid - centroid).length }
      if let nearest, (nearest.centroid - centroid).length < 60 {
        result.level = nearest.level
        result.levels.append(nearest.level)
      }
    }
    if let level = result.level, !result.levels.contains(level) { result.levels.append(level) }
    result.levels.sort()
  }

  private static func addSurroundings(
    _ result: inout LocationMeasurement, _ outside: [LocationSamples.Point], _ bones: LocationBones,
    _ region: Region, _ parameters: LocationParameters
  ) {
    var epidural = 0.0
    for point in outside {
      guard let place = bones.place(point.position) else { continue }
      if Double(bones.outsideCanal[place]) <= parameters.contourToleranceMm { epidural += point.volume }
    }
    let total = Double(region.count) * region.geometry.voxelVolume
    result.epiduralFraction = epidural / total
    result.paraspinalFraction = max(0, result.extraosseousFraction - result.epiduralFraction)
    guard bones.canal.contains(1) else { return }
    let narrowing = LocationCanal.narrowing(bones, region)
    result.canalNarrowingPercent = narrowing?.percent
    result.canalNarrowingMm = narrowing?.millimetres
  }

  /// By what lies beyond the contour, or where posterior elements have none by whether the lesion is thicker than they.
  private static func isExtraosseous(
    _ measured: LocationMeasurement, outsideVolume: Double, _ outline: LocationOutline,
    _ parameters: LocationParameters
  ) -> Bool? {
    guard measured.hasContour else {
      if measured.thicknessMm <= parameters.boneThicknessMm { return false }
      // The sacrum's alae are as thick as a mass.
      if measured.level?.region == .sacral { return nil }
      return measured.thicknessMm >= parameters.massThicknessMm ? true : nil
    }
    let share = outline.map.isFoundInPixels ? parameters.foundExtraosseousShare : parameters.extraosseousShare
    return measured.reachMm >= parameters.extraosseousReachMm && measured.extraosseousFraction >= share
      && outsideVolume >= parameters.extraosseousVolumeMm3
  }

  /// Radius in mm of the largest ball that fits into the lesion.
  private static func inscribedRadius(_ region: Region) -> Double {
    let spacing = region.geometry.spacing
    let distances = DistanceTransform.insideDistance(
      mask: region.members, columns: region.columns.count, rows: region.rows.count, slices: region.slices.count,
      spacing: spacing, outsideIsBackground: true)
    let half = (spacing.x * spacing.y).squareRoot() / 2
    return max(0, Double(distances.max() ?? 0) - half)
  }
}

extension LocationBones {
  /// The labelled level at a place, 0 for none.
  func level(_ place: Int) -> UInt8 {
    let offset = map.geometry.offset(
      column: columns.lowerBound + place % width, row: rows.lowerBound + place / width % height,
      slice: slices.lowerBound + place / (width * height))
    return map.levels[offset]
  }
}
