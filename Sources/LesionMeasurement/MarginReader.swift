internal import Foundation
internal import Imaging
internal import Kernels

/// Reads the edge at each place of an outline.
struct MarginReader {
  struct Edge {
    /// 10 to 90 %, millimetres, pixel and slice blur taken off.
    var width: Double
    /// In units of a pixel's noise.
    var contrast: Double
    var image: Int
    /// Whether another structure bounds the lesion here.
    var isBounded: Bool
  }

  let region: Region
  let images: [MarginImage]
  let anatomy: AnatomyMap?
  let parameters: MarginParameters

  /// 10 to 90 % of a step blurred by a Gaussian, in sigmas.
  static let tenToNinety = 2.563_103_131_089_2

  func edges(_ outline: MarginPlaces) -> [Edge] {
    let samplers = images.map(MarginSampler.init)
    var steps: [[MarginStep?]] = []
    var noises: [Double] = []
    // Series of one pixel size share their tables.
    var grids: [MarginEdgeGrid] = []
    for (image, sampler) in zip(images, samplers) {
      var fitter = MarginFitter(sampler, parameters, &grids)
      let found = outline.places.map { place in
        fitter.step(place, at: position(place.point, slice: place.slice), directions(place))
      }
      // Residuals hold noise averaged over a few profiles, and whatever is no step: the quieter half tells the noise.
      let residuals = found.compactMap { $0?.fit.residual }.sorted()
      noises.append(max(image.noiseSigma ?? residuals.prefix(residuals.count / 2 + 1).last ?? 0, 1e-9))
      steps.append(found)
    }
    let chosen = choices(outline.places.count, steps, noises)
    return outline.places.indices.compactMap { index in
      guard let image = chosen[index], let step = steps[image][index] else { return nil }
      let fit = step.refined
      let blur = parameters.pixelBlur * samplers[image].pixel
      let variance = fit.sigma * fit.sigma - blur * blur - outline.places[index].sliceBlur
      return Edge(
        width: Self.tenToNinety * max(0, variance).squareRoot(), contrast: abs(fit.contrast) / noises[image],
        image: image, isBounded: isBounded(outline.places[index]))
    }
  }

  /// For each place the series on which the step stands out, and is a step; one series for all places where it shows the
  /// whole edge far steeper. (Where a rim lies between marrow and core, T1 climbs over the rim's whole thickness while the
  /// post-gadolinium series shows the rim's own border. A single place is too noisy to tell.)
  private func choices(_ count: Int, _ steps: [[MarginStep?]], _ noises: [Double]) -> [Int?] {
    let plainest = (0..<count).map { index in
      steps.indices.compactMap { image in
        steps[image][index].map { (image: image, worth: abs($0.fit.contrast) / noises[image] * $0.fit.explained) }
      }.max { $0.worth < $1.worth }?.image
    }
    let usual = median(plainest.indices.compactMap { index in plainest[index].flatMap { steps[$0][index]?.fit.sigma } })
    var best = parameters.steeperShare * usual
    var steepest: Int?
    for image in steps.indices {
      let plain = steps[image].compactMap { $0?.fit }.filter {
        abs($0.contrast) >= 2 * parameters.distinctContrast * noises[image]
          && $0.explained >= parameters.steeperExplained
      }
      guard Double(plain.count) >= parameters.steeperPlaces * Double(count) else { continue }
      let sigma = median(plain.map(\.sigma))
      if sigma < best { (best, steepest) = (sigma, image) }
    }
    guard let steepest else { return plainest }
    return (0..<count).map { steps[steepest][$0] == nil ? plainest[$0] : steepest }
  }

  private func median(_ values: [Double]) -> Double { OrderStatistics.median(of: values.map(Float.init)) ?? 0 }

  /// Outward normal and tangent of a place in the patient.
  private func directions(_ place: MarginPlace) -> (normal: Vector3, tangent: Vector3) {
    let (right, down) = (region.geometry.rowDirection, region.geometry.columnDirection)
    return (right * place.normal.x + down * place.normal.y, right * -place.normal.y + down * place.normal.x)
  }

  private func position(_ point: SIMD2<Double>, slice: Int) -> Vector3 {
    let spacing = region.geometry.spacing
    return region.geometry.position(
      column: Double(region.columns.lowerBound) + point.x / spacing.x,
      row: Double(region.rows.lowerBound) + point.y / spacing.y, slice: region.slices.lowerBound + slice)
  }

  /// Whether most of what lies one to three millimetres outside is no bone.
  private func isBounded(_ place: MarginPlace) -> Bool {
    guard let anatomy else { return false }
    var outside = 0
    for distance in [1.0, 2, 3] {
      let point = position(place.point + place.normal * distance, slice: place.slice)
      guard let (column, row, slice) = anatomy.geometry.nearestVoxel(to: point) else { continue }
      let structure = anatomy.structure(column: column, row: row, slice: slice)
      if structure != .vertebralBody && structure != .posteriorElements { outside += 1 }
    }
    return outside >= 2
  }
}

/// A step that was found on one series, with the profile that it was found in.
struct MarginStep {
  let fit: MarginEdgeFit
  let profile: MarginProfile
  let range: Range<Int>
  let grid: MarginEdgeGrid

  var refined: MarginEdgeFit { fit.refined(profile, range: range, grid: grid) }
}

/// Finds steps in the profiles of one image, with storage that is used again from place to place.
struct MarginFitter {
  private let sampler: MarginSampler
  /// Windows from wide to narrow: how many places inside and outside the outline count, and the steps that are looked for
  /// there.
  private let windows: [(inward: Int, outward: Int, grid: MarginEdgeGrid)]
  private var profile: MarginProfile
  private var scratch: [Float] = []
  /// Residual that noise alone leaves: one and a half times that of the mean of a profile's three lines.
  private let quiet: Double

  /// - Parameter grids: tables that were made before; new ones are added.
  init(_ sampler: MarginSampler, _ parameters: MarginParameters, _ grids: inout [MarginEdgeGrid]) {
    quiet = sampler.image.noiseSigma.map { 1.5 * 0.61 * $0 } ?? .infinity
    self.sampler = sampler
    let reach = Int(parameters.reach / sampler.spacing)
    profile = MarginProfile(reach: reach)
    var windows: [(inward: Int, outward: Int, grid: MarginEdgeGrid)] = []
    // The last leave out what the lesion holds behind its edge, a rim's inner border above all.
    let behind = max(0.25 * parameters.reach, 1.5 * sampler.pixel)
    for (millimetres, inward) in [
      (parameters.reach, parameters.reach), (0.7 * parameters.reach, 0.7 * parameters.reach),
      (0.5 * parameters.reach, 0.5 * parameters.reach), (parameters.reach, behind), (0.5 * parameters.reach, behind),
    ] {
      let centreReach = min(max(2 * sampler.pixel, 1.5), 0.6 * millimetres)
      let known = grids.first {
        $0.centreReach == centreReach && $0.pixel == sampler.pixel && $0.reach == reach
      }
      let grid =
        known
        ?? MarginEdgeGrid(reach: reach, spacing: sampler.spacing, pixel: sampler.pixel, centreReach: centreReach)
      if known == nil { grids.append(grid) }
      windows.append(
        (min(reach, Int(inward / sampler.spacing)), min(reach, Int(millimetres / sampler.spacing)), grid))
    }
    self.windows = windows
  }

  /// The best step through a place's profile. Narrower windows are tried while something else than one step disturbs
  /// the wider ones.
  mutating func step(
    _ place: MarginPlace, at outline: Vector3, _ directions: (normal: Vector3, tangent: Vector3)
  ) -> MarginStep? {
    sampler.read(
      &profile, at: outline, normal: directions.normal, tangent: directions.tangent,
      inward: min(profile.reach, Int(place.inward / sampler.spacing)),
      outward: min(profile.reach, Int(place.outward / sampler.spacing)))
    var best: (fit: MarginEdgeFit, range: Range<Int>, grid: MarginEdgeGrid)?
    for (inward, outward, grid) in windows {
      let range = profile.window(inward: inward, outward: outward)
      guard let fit = MarginEdgeFit(profile, range: range, grid: grid, scratch: &scratch) else { continue }
      let isBetter =
        fit.explained > (best?.fit.explained ?? -1) + 0.02
        || (fit.explained >= best?.fit.explained ?? 2 && fit.residual < 0.6 * (best?.fit.residual ?? 0))
      if isBetter { best = (fit, range, grid) }
      if fit.explained > 0.9, fit.residual <= quiet { break }
    }
    return best.map { MarginStep(fit: $0.fit, profile: profile, range: $0.range, grid: $0.grid) }
  }
}
