internal import Foundation
public import Imaging
internal import Kernels

/// How well a lesion is set off from what surrounds it.
///
/// Profiles are taken along the outward normals of the outline (freed of its staircase) in the lesion's larger slices,
/// each on the series on which the edge stands out best, and fitted with a blurred step whose place is free, so that a
/// mask one pixel too large or too small tells the same. The width is 10 to 90 %, 2.563 sigma, after the blur of the
/// pixel and of the slice's thickness is taken off: sigma^2 = fitted^2 - pixel^2 - slice^2. Where the outline runs along
/// another structure (disc, canal, soft tissue; told by the anatomy) the step is that structure's own, and the place is
/// left out of the width and of the distinct fraction.
///
/// `wellDefined` needs an edge that is separable (width and distinct fraction) and an outline that is smooth and regular
/// (solidity and regularity); otherwise, and whenever the whole vertebral body is involved (the paper) or posterior
/// elements are invaded without a mass, the margin is `illDefined`. `indeterminate` with a reason where too few places
/// can be read.
public struct MarginMeasurement: Sendable, Equatable {
  public enum MarginClass: String, Sendable, Codable {
    case wellDefined = "well_defined"
    case illDefined = "ill_defined"
    case indeterminate
  }

  public private(set) var marginClass = MarginClass.indeterminate
  /// Millimetres, 10 to 90 %; the contrast-weighted median over the places.
  public private(set) var edgeWidth: Double?
  public private(set) var edgeWidthInterval95: ClosedRange<Double>?
  /// Share of the judged places whose edge has contrast and is narrow.
  public private(set) var distinctFraction: Double?
  /// Area over that of the convex hull, in the slice with the largest area.
  public private(set) var solidity: Double?
  public private(set) var regularity: Double?
  /// Places judged, and places left out because another structure bounds the lesion there.
  public private(set) var judgedPlaces = 0
  public private(set) var boundedPlaces = 0
  /// Which image gave most of the profiles, as an index into the images given.
  public private(set) var mainImage: Int?
  public private(set) var evidence: [String] = []
  /// Why a value is missing, by its name in features.json.
  public private(set) var reasons: [String: String] = [:]

  /// - Parameters:
  ///   - region: the lesion; profiles lie in the planes of its slices.
  ///   - images: series in the region's frame of reference, of any grid.
  ///   - anatomy: tells where other structures bound the lesion; without it every place is judged.
  ///   - borderless: makes the margin ill-defined, whatever the profiles say: what has no border to measure a size by is
  ///     not separable, and the outline follows the bone there.
  public init(
    of region: Region, on images: [MarginImage], anatomy: AnatomyMap? = nil,
    borderless: LocationMeasurement.Borderless? = nil, parameters: MarginParameters = MarginParameters()
  ) {
    guard let places = MarginPlaces(region, parameters) else {
      refuse("the region has no outline")
      return
    }
    solidity = places.solidity
    regularity = places.regularity
    let reader = MarginReader(region: region, images: images, anatomy: anatomy, parameters: parameters)
    read(reader.edges(places), places, parameters)
    if let borderless {
      marginClass = .illDefined
      switch borderless {
      case .wholeVertebra: evidence.append("the whole vertebral body is involved")
      case .posteriorInfiltration: evidence.append("posterior elements are invaded without a mass")
      }
      reasons["class"] = nil
    }
  }

  private mutating func refuse(_ reason: String) {
    for name in ["edge_width_mm", "edge_width_ci95_mm", "distinct_fraction", "class"] { reasons[name] = reason }
    if solidity == nil {
      reasons["solidity"] = reason
      reasons["regularity"] = reason
    }
  }

  private mutating func read(_ all: [MarginReader.Edge], _ places: MarginPlaces, _ parameters: MarginParameters) {
    let free = all.filter { !$0.isBounded }
    // A lesion bounded by other structures nearly all around is judged by these edges; there are no others.
    let edges = free.count >= max(parameters.minimumProfiles, all.count / 5) ? free : all
    judgedPlaces = edges.count
    boundedPlaces = all.count - free.count
    guard edges.count >= parameters.minimumProfiles else {
      return refuse("too few places of the outline can be read (\(edges.count))")
    }
    let counts = edges.reduce(into: [Int: Int]()) { $0[$1.image, default: 0] += 1 }
    mainImage = counts.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key
    let distinct = edges.filter { $0.contrast >= parameters.distinctContrast && $0.width <= parameters.distinctWidth }
    let fraction = Double(distinct.count) / Double(edges.count)
    distinctFraction = fraction
    let seen = edges.filter { $0.contrast >= parameters.distinctContrast }
    guard seen.count >= parameters.minimumProfiles else {
      marginClass = .illDefined
      evidence.append("no contrast against the surroundings")
      reasons["edge_width_mm"] = "the edge does not stand out from the noise"
      reasons["edge_width_ci95_mm"] = reasons["edge_width_mm"]
      return
    }
    let width = Self.weightedMedian(seen.map { ($0.width, min($0.contrast, 20)) })
    edgeWidth = width
    let deviations = seen.map { (abs($0.width - width), min($0.contrast, 20)) }
    // Neighbouring profiles share pixels: about one in two is independent.
    let error = 1.253 * 1.4826 * Self.weightedMedian(deviations) / (Double(seen.count) / 2).squareRoot()
    edgeWidthInterval95 = max(0, width - 1.96 * error)...(width + 1.96 * error)
    conclude(width, fraction, places, parameters)
  }

  private mutating func conclude(
    _ width: Double, _ fraction: Double, _ places: MarginPlaces, _ parameters: MarginParameters
  ) {
    let separable = width <= parameters.wellDefinedWidth && fraction >= parameters.wellDefinedFraction
    let smooth =
      places.solidity >= parameters.minimumSolidity && places.regularity >= parameters.minimumRegularity
    marginClass = separable && smooth ? .wellDefined : .illDefined
    evidence.append(separable ? "the edge is separable" : "the edge is too wide or too faint")
    evidence.append(smooth ? "the outline is smooth and regular" : "the outline is irregular")
  }

  private static func weightedMedian(_ values: [(value: Double, weight: Double)]) -> Double {
    let sorted = values.sorted { $0.value < $1.value }
    let half = sorted.reduce(0) { $0 + $1.weight } / 2
    var sum = 0.0
    for (value, weight) in sorted {
      sum += weight
      if sum >= half { return value }
    }
    return sorted.last?.value ?? 0
  }
}
