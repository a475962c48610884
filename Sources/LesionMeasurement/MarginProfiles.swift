internal import Foundation
internal import Imaging
internal import Kernels

/// One place of the outline, ready to be sampled.
struct MarginPlace {
  var slice: Int
  /// Millimetres in the plane: columns, rows.
  var point: SIMD2<Double>
  var normal: SIMD2<Double>
  /// How far the profile may go inward before it leaves the lesion's own half, in millimetres.
  var inward: Double
  /// How far it may go outward before it meets another part of the lesion.
  var outward: Double
  /// Variance, in square millimetres, by which the slice's thickness blurs the edge here.
  var sliceBlur: Double
}

/// The outlines of a lesion in its larger slices, cut into places.
struct MarginPlaces {
  let places: [MarginPlace]
  /// Millimetres between places.
  let step: Double
  /// Of the slice with the largest area: area over that of the hull, and the outline's regularity.
  let solidity: Double
  let regularity: Double

  init?(_ region: Region, _ parameters: MarginParameters) {
    guard let stack = PlaneStack(region, .slice) else { return nil }
    let pixel = max(stack.spacing.x, stack.spacing.y)
    let slices = stack.largestPlanes(share: parameters.minimumAreaShare, most: 5)
    guard let main = slices.first, let outer = stack.outerOutline(main) else { return nil }
    let hullArea = ConvexHull.signedArea(ConvexHull.hull(outer))
    solidity = hullArea > 0 ? min(1, ConvexHull.signedArea(outer) / hullArea) : 1
    var outlines: [(slice: Int, outline: MarginOutline)] = []
    for slice in slices {
      guard let vertices = stack.outerOutline(slice),
        let outline = MarginOutline(vertices: vertices, step: pixel / 2, smoothing: 1.2 * pixel)
      else { continue }
      outlines.append((slice, outline))
    }
    guard let first = outlines.first else { return nil }
    regularity = first.outline.regularity
    let total = outlines.reduce(0) { $0 + $1.outline.perimeter }
    step = max(pixel, total / Double(max(1, parameters.maximumProfiles)))
    var places: [MarginPlace] = []
    for (slice, outline) in outlines {
      let stride = max(1, Int((step / (outline.perimeter / Double(outline.points.count))).rounded()))
      for index in Swift.stride(from: 0, to: outline.points.count, by: stride) {
        places.append(
          stack.place(slice, outline.points[index], outline.normals[index], reach: parameters.reach, region))
      }
    }
    self.places = places
  }
}

extension PlaneStack {
  /// Planes by descending area (ties by index), those with at least `share` of the largest.
  fileprivate func largestPlanes(share: Double, most: Int) -> [Int] {
    let areas = (0..<count).map(area)
    guard let largest = areas.max(), largest > 0 else { return [] }
    let order = areas.indices.sorted { areas[$0] != areas[$1] ? areas[$0] > areas[$1] : $0 < $1 }
    return Array(order.filter { Double(areas[$0]) >= share * Double(largest) }.prefix(most))
  }

  /// The outline with the largest area, in millimetres.
  fileprivate func outerOutline(_ index: Int) -> [SIMD2<Double>]? {
    outlines(index).max { ConvexHull.signedArea($0) < ConvexHull.signedArea($1) }
  }

  fileprivate func place(
    _ slice: Int, _ point: SIMD2<Double>, _ normal: SIMD2<Double>, reach: Double, _ region: Region
  ) -> MarginPlace {
    let step = min(spacing.x, spacing.y) / 4
    let pixel = max(spacing.x, spacing.y)
    // Inward: to the middle between this side and the opposite one.
    var chord = pixel
    while chord < 2 * reach, contains(point - normal * chord, plane: slice) { chord += step }
    var gap = 1.5 * pixel
    while gap < 2 * reach, !contains(point + normal * gap, plane: slice) { gap += step }
    return MarginPlace(
      slice: slice, point: point, normal: normal, inward: min(reach, max(1.5 * pixel, chord / 2)),
      outward: gap < 2 * reach ? max(1.5 * pixel, gap / 2) : reach,
      sliceBlur: sliceBlur(slice, point, normal, reach: reach, region))
  }

  /// How the edge moves along its normal from slice to slice: r(z) = r + a z + k z^2 / 2, from the outlines of the two
  /// neighbours, gives a^2 t^2 / 12 + k^2 t^4 / 720 over a slice of thickness t. Where a neighbour holds nothing, the
  /// lesion ends like a ball as wide as it is here: k = -1 / half-width, but no more than a ball's whole 0.05 R^2.
  private func sliceBlur(
    _ slice: Int, _ point: SIMD2<Double>, _ normal: SIMD2<Double>, reach: Double, _ region: Region
  ) -> Double {
    let thickness = region.geometry.spacing.z
    let above = edgeShift(slice + 1, point, normal, reach: reach)
    let below = edgeShift(slice - 1, point, normal, reach: reach)
    if let above, let below {
      let slope = (above - below) / (2 * thickness)
      let bend = (above + below) / (thickness * thickness)
      return slope * slope * thickness * thickness / 12 + bend * bend * pow(thickness, 4) / 720
    }
    let radius = max(0.5, (Double(area(slice)) * spacing.x * spacing.y / Double.pi).squareRoot())
    let ball = 0.05 * radius * radius
    let cap = min(ball, pow(thickness, 4) / (720 * radius * radius))
    guard let one = above ?? below else { return cap }
    let slope = one / thickness
    return min(slope * slope * thickness * thickness / 12, ball) + cap
  }

  /// Where the edge lies in another plane, in millimetres along the normal; `nil` where it is out of reach.
  private func edgeShift(_ plane: Int, _ point: SIMD2<Double>, _ normal: SIMD2<Double>, reach: Double) -> Double? {
    guard plane >= 0, plane < count else { return nil }
    let step = min(spacing.x, spacing.y) / 4
    let start = contains(point, plane: plane)
    var distance = step
    while distance <= reach {
      if contains(point + normal * (start ? distance : -distance), plane: plane) != start {
        return start ? distance : -distance
      }
      distance += step
    }
    return nil
  }
}
