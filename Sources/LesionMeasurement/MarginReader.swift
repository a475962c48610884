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
    var fits: [[(fit: MarginEdgeFit, noise: Double)?]] = []
    for image in images {
      let found = outline.places.map { fit($0, image, along: outline.step) }
      // Residuals hold noise averaged over a few profiles, and whatever is no step: the quieter half tells the noise.
      let residuals = found.compactMap { $0?.residual }.sorted()
      let noise = image.noiseSigma ?? residuals.prefix(residuals.count / 2 + 1).last ?? 0
      fits.append(found.map { $0.map { ($0, max(noise, 1e-9)) } })
    }
    return outline.places.indices.compactMap { index in
      let bounded = isBounded(outline.places[index])
      let candidates = fits.indices.compactMap { image in
        fits[image][index].map { (image: image, fit: $0.fit, contrast: abs($0.fit.contrast) / $0.noise) }
      }
      // The series on which the step stands out, and is a step.
      guard let best = candidates.max(by: { $0.contrast * $0.fit.explained < $1.contrast * $1.fit.explained })
      else { return nil }
      let pixel = Self.pixel(images[best.image].volume.geometry)
      let blur = parameters.pixelBlur * pixel
      let variance = best.fit.sigma * best.fit.sigma - blur * blur - outline.places[index].sliceBlur
      return Edge(
        width: Self.tenToNinety * max(0, variance).squareRoot(), contrast: best.contrast, image: best.image,
        isBounded: bounded)
    }
  }

  private static func pixel(_ geometry: VolumeGeometry) -> Double {
    (geometry.spacing.x * geometry.spacing.y).squareRoot()
  }

  /// The best step through a profile, averaged over its neighbourhood of one step either side along the outline.
  private func fit(_ place: MarginPlace, _ image: MarginImage, along step: Double) -> MarginEdgeFit? {
    let pixel = Self.pixel(image.volume.geometry)
    let spacing = pixel / 2
    let tangent = SIMD2(-place.normal.y, place.normal.x)
    var places: [Double] = []
    var values: [Double] = []
    for index in -Int(place.inward / spacing)...Int(place.outward / spacing) {
      let distance = Double(index) * spacing
      var sum = 0.0
      var weights = 0.0
      for (side, weight) in [(-1.0, 0.5), (0, 1), (1, 0.5)] {
        let point = place.point + place.normal * distance + tangent * (side * pixel)
        guard let value = image.signal(at: position(point, slice: place.slice)) else { continue }
        sum += weight * value
        weights += weight
      }
      guard weights > 0 else { continue }
      places.append(distance)
      values.append(sum / weights)
    }
    return bestWindow(places, values, place, pixel)
  }

  /// Narrower windows are tried while something else than one step disturbs the wider ones.
  private func bestWindow(
    _ places: [Double], _ values: [Double], _ place: MarginPlace, _ pixel: Double
  ) -> MarginEdgeFit? {
    var best: MarginEdgeFit?
    for reach in [parameters.reach, 0.7 * parameters.reach, 0.5 * parameters.reach] {
      let kept = places.indices.filter { abs(places[$0]) <= reach }
      guard
        let fit = MarginEdgeFit(
          places: kept.map { places[$0] }, values: kept.map { values[$0] },
          centreReach: min(max(2 * pixel, 1.5), 0.6 * reach), pixel: pixel)
      else { continue }
      if fit.explained > (best?.explained ?? -1) + 0.02 { best = fit }
      if fit.explained > 0.9 { break }
    }
    return best
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
      let index = anatomy.geometry.index(
        ofPosition: position(place.point + place.normal * distance, slice: place.slice)
      ).rounded(.toNearestOrAwayFromZero)
      guard index.x >= 0, index.y >= 0, index.z >= 0, index.x < Double(anatomy.geometry.columns),
        index.y < Double(anatomy.geometry.rows), index.z < Double(anatomy.geometry.slices)
      else { continue }
      let structure = anatomy.structure(column: Int(index.x), row: Int(index.y), slice: Int(index.z))
      if structure != .vertebralBody && structure != .posteriorElements { outside += 1 }
    }
    return outside >= 2
  }
}
