public import Imaging

/// How far one series' anatomy lies off another's of the same plane, in the plane, from the directions of their edges.
///
/// Normalised gradient fields (Haber and Modersitzki, Methods Inf Med 2007; 46: 292): the squared product of the two
/// unit gradients does not ask which side of an edge is bright, so T1, T2 and fat-suppressed images can be compared.
/// The product is summed over windows about the lesions at every whole-pixel shift, and the peak found by a parabola.
/// Through-plane shifts are not measured: with slices of 3 to 6 mm an edge moves less than a slice tells.
public struct InPlaneShift: Sendable, Hashable {
  /// Patient space (LPS), mm: what has to be added to a point of the reference to find it in the other series.
  public let shift: Vector3
  /// The shift along the reference's rows (to greater columns) and columns (to greater rows), mm.
  public let inPlane: SIMD2<Double>
  /// Its standard errors, mm: the windows' jackknife and the shared error.
  public let standardError: SIMD2<Double>
  /// The reference's pixel, mm.
  public let pixel: SIMD2<Double>

  /// Why nothing was measured.
  public enum Failure: Error, Hashable, Sendable {
    case frames, planes, overlap, structure, range
  }

  /// Whether the shift is told in a warning, or corrected: more than its error lets one believe by chance in one
  /// direction, and more than nearest voxels can express.
  public func isTold(_ parameters: RegistrationParameters) -> Bool {
    let (errors, pixels) = (inPlane / standardError, inPlane / pixel)
    return max(abs(errors.x), abs(errors.y)) > parameters.significantErrors
      && (pixels.x * pixels.x + pixels.y * pixels.y).squareRoot() > parameters.toldPixels
  }

  /// - Parameters:
  ///   - windows: on the reference's grid; those that one of the volumes does not hold are left out.
  public static func measure(
    _ other: Volume, against reference: Volume, windows: [ShiftWindow], _ parameters: RegistrationParameters
  ) throws(Failure) -> InPlaneShift {
    let (a, b) = (reference.geometry, other.geometry)
    guard let frame = a.frameOfReferenceUID, frame == b.frameOfReferenceUID else { throw .frames }
    guard isParallel(a, b) else { throw .planes }
    let pairs = WindowPairs(reference: reference, other: other, windows: windows, parameters)
    guard pairs.count >= max(parameters.minimumWindows, 2) else { throw .overlap }
    let range = ShiftWindow.range(in: a, parameters)
    let side = 2 * range + 1
    let scores = pairs.scores(range: range)
    var total = [Double](repeating: 0, count: side * side)
    for score in scores { for k in total.indices { total[k] += score[k] } }
    guard total.contains(where: { $0 > 0 }) else { throw .structure }
    guard let best = peak(of: total, side: side) else { throw .range }
    guard agreement(scores, at: best, side: side) >= parameters.minimumAgreement else { throw .structure }
    let variance = try jackknife(scores, total: total, best: best, side: side)
    let pixel = SIMD2(a.spacing.x, a.spacing.y)
    let shared = parameters.sharedError
    let error = (variance + SIMD2(repeating: shared * shared)).squareRoot()
    guard max(error.x, error.y) <= parameters.maximumError else { throw .structure }
    let inPlane = best * pixel
    return InPlaneShift(
      shift: a.rowDirection * inPlane.x + a.columnDirection * inPlane.y, inPlane: inPlane,
      standardError: error * pixel, pixel: pixel)
  }

  /// Whether two stacks have one plane: within 3 degrees, so that a shift in it is one in both.
  public static func isParallel(_ first: VolumeGeometry, _ second: VolumeGeometry) -> Bool {
    abs(first.sliceDirection.dot(second.sliceDirection)) > 0.9986
  }

  /// By how many standard errors the windows agree better at the peak than at all shifts on average.
  private static func agreement(_ scores: [[Double]], at best: SIMD2<Double>, side: Int) -> Double {
    let place = Int(best.y.rounded() + Double(side / 2)) * side + Int(best.x.rounded()) + side / 2
    let gains = scores.map { score in score[place] - score.reduce(0, +) / Double(score.count) }
    let n = Double(gains.count)
    let mean = gains.reduce(0, +) / n
    let spread = gains.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
    return spread > 0 ? mean / (spread / n).squareRoot() : 0
  }

  /// Variance of the peak, in pixels squared, from leaving out one window after the other.
  private static func jackknife(
    _ scores: [[Double]], total: [Double], best: SIMD2<Double>, side: Int
  ) throws(Failure) -> SIMD2<Double> {
    var sum = SIMD2<Double>.zero
    for score in scores {
      // Where one window decides on the peak, the windows do not agree on one.
      guard let without = peak(of: zip(total, score).map { $0 - $1 }, side: side) else { throw .structure }
      sum += (without - best) * (without - best)
    }
    let n = Double(scores.count)
    return sum * ((n - 1) / n)
  }

  /// Parabola through the highest score and its neighbours; nil when that lies at the border of the search.
  private static func peak(of scores: [Double], side: Int) -> SIMD2<Double>? {
    guard let best = scores.indices.max(by: { scores[$0] < scores[$1] }) else { return nil }
    let (column, row) = (best % side, best / side)
    guard column > 0, row > 0, column < side - 1, row < side - 1 else { return nil }
    func vertex(_ step: Int) -> Double? {
      let (before, here, after) = (scores[best - step], scores[best], scores[best + step])
      let curvature = before - 2 * here + after
      return curvature < 0 ? 0.5 * (before - after) / curvature : nil
    }
    guard let x = vertex(1), let y = vertex(side) else { return nil }
    return SIMD2(Double(column - side / 2) + x, Double(row - side / 2) + y)
  }
}

extension InPlaneShift.Failure: CustomStringConvertible {
  public var description: String {
    switch self {
    case .frames: "it has no frame of reference in common with the series that lesions were drawn on"
    case .planes: "it has another plane than the series that lesions were drawn on"
    case .overlap: "too few of its slices and pixels about the lesions lie on those that lesions were drawn on"
    case .structure: "its edges about the lesions do not agree on one shift"
    case .range: "no shift within reach brings its edges onto the others"
    }
  }
}
