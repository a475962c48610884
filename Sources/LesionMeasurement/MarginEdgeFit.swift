internal import Foundation

/// A blurred step through the values of a profile: low + (high - low) Phi((t - centre) / sigma), Phi the normal
/// distribution's integral.
///
/// The two levels follow by least squares (variable projection), so that only centre and sigma are searched. A fit
/// begins as the best candidate of a grid, which is enough to tell which series shows the edge; `refined` goes on from
/// there by Levenberg-Marquardt with the analytic derivatives of the projected residuals (Kaufman's form), within the
/// grid's bounds. A step is taken only when it leaves a smaller residual, so that nothing can diverge and the result is
/// never worse than the grid's.
struct MarginEdgeFit {
  /// Millimetres from the outline, outward positive.
  private(set) var centre: Double
  /// Millimetres.
  private(set) var sigma: Double
  /// Level outside minus level inside, between the ends of the profile.
  private(set) var contrast = 0.0
  /// Root mean square of what the step leaves over.
  private(set) var residual = 0.0
  /// Share of the profile's variance that the step explains.
  private(set) var explained = 0.0

  /// Fewest values that a step is fitted to.
  private static let fewest = 6
  /// Trials of the search; it has converged long before.
  private static let trials = 16

  /// The best candidate of a grid; `nil` for fewer than six values or a profile without any change.
  ///
  /// - Parameters:
  ///   - range: the places of the profile that count.
  ///   - scratch: storage that is used again from fit to fit.
  init?(_ profile: MarginProfile, range: Range<Int>, grid: MarginEdgeGrid, scratch: inout [Float]) {
    guard range.count >= Self.fewest else { return nil }
    let problem = Problem(profile: profile, range: range, grid: grid)
    guard problem.total > 0, problem.total.isFinite else { return nil }
    scratch.removeAll(keepingCapacity: true)
    for index in range { scratch.append(Float(profile.values[index] - problem.mean)) }
    guard let start = grid.best(scratch, range: range) else { return nil }
    centre = start.centre
    sigma = start.sigma
    let table = NormalStep.table
    conclude(problem.project(centre, sigma, table), problem, table)
  }

  /// The same step moved to where it leaves least.
  func refined(_ profile: MarginProfile, range: Range<Int>, grid: MarginEdgeGrid) -> MarginEdgeFit {
    var fit = self
    let table = NormalStep.table
    let problem = Problem(profile: profile, range: range, grid: grid)
    var best = problem.project(centre, sigma, table)
    var damping = 1e-3
    let farthest = 1.125 * grid.centreReach
    for _ in 0..<Self.trials {
      guard let move = best.move(damping: damping) else { break }
      let nextCentre = min(max(fit.centre + move.centre, -farthest), farthest)
      // A width changes by a factor of two at most in one trial.
      let nextSigma = min(
        max(fit.sigma * exp(min(max(move.logSigma, -0.7), 0.7)), grid.sigmas.lowerBound), grid.sigmas.upperBound)
      let (centreStep, sigmaStep) = (abs(nextCentre - fit.centre), abs(nextSigma - fit.sigma))
      guard centreStep > 3e-3 * grid.pixel || sigmaStep > 3e-3 * fit.sigma else { break }
      let next = problem.project(nextCentre, nextSigma, table)
      if next.rest < best.rest {
        let gain = best.rest - next.rest
        (fit.centre, fit.sigma, best) = (nextCentre, nextSigma, next)
        damping = max(damping * 0.1, 1e-7)
        if gain < 1e-5 * problem.total { break }
      } else {
        damping = max(damping * 10, 1e-3)
      }
    }
    fit.conclude(best, problem, table)
    return fit
  }

  private mutating func conclude(_ best: Projection, _ problem: Problem, _ table: [SIMD4<Double>]) {
    let (inner, outer) = (problem.place(problem.range.lowerBound), problem.place(problem.range.upperBound - 1))
    contrast =
      best.height
      * (NormalStep.at((outer - centre) / sigma, table).value - NormalStep.at((inner - centre) / sigma, table).value)
    residual = (best.rest / Double(problem.range.count)).squareRoot()
    explained = max(0, 1 - best.rest / problem.total)
  }

  /// The values of one profile, free of their mean.
  private struct Problem {
    let profile: MarginProfile
    let range: Range<Int>
    let grid: MarginEdgeGrid
    let mean: Double
    /// Sum of the squares of the values free of their mean.
    let total: Double

    init(profile: MarginProfile, range: Range<Int>, grid: MarginEdgeGrid) {
      self.profile = profile
      self.range = range
      self.grid = grid
      var sum = 0.0
      for index in range { sum += profile.values[index] }
      mean = sum / Double(range.count)
      var total = 0.0
      for index in range { total += (profile.values[index] - mean) * (profile.values[index] - mean) }
      self.total = total
    }

    func place(_ index: Int) -> Double { Double(index - grid.reach) * grid.spacing }

    /// Levels by least squares, what they leave, and the normal equations in centre and log sigma with the levels
    /// projected out.
    func project(_ centre: Double, _ sigma: Double, _ table: [SIMD4<Double>]) -> Projection {
      let inverse = 1 / sigma
      // Sums of the step p, its density d and e = d z, and of their products: with 1 and p, with the values, with each
      // other.
      var sums = SIMD4<Double>.zero
      var withStep = SIMD4<Double>.zero
      var withValue = SIMD4<Double>.zero
      var squares = SIMD4<Double>.zero
      for index in range {
        let z = (place(index) - centre) * inverse
        let (step, density) = NormalStep.at(z, table)
        let value = profile.values[index] - mean
        let turned = density * z
        let all = SIMD4(step, density, turned, 0)
        sums += all
        withStep += all * step
        withValue += all * value
        squares += SIMD4(density, turned, density, 0) * SIMD4(density, turned, turned, 0)
      }
      let (p, d, e) = (sums.x, sums.y, sums.z)
      let (pp, dp, ep) = (withStep.x, withStep.y, withStep.z)
      let (pv, dv, ev) = (withValue.x, withValue.y, withValue.z)
      let (dd, ee, de) = (squares.x, squares.y, squares.z)
      let count = Double(range.count)
      let spread = count * pp - p * p
      guard spread > 1e-6 * count * count else { return Projection(rest: total) }
      let height = count * pv / spread
      let low = -height * p / count
      // The part of a product that 1 and p do not span: xy - (x, xp) G^-1 (y, yp).
      let left = { (xy: Double, x: Double, xp: Double, y: Double, yp: Double) in
        xy - (x * (pp * y - p * yp) + xp * (count * yp - p * y)) / spread
      }
      let (centreSlope, sigmaSlope) = (-height * inverse, -height)
      return Projection(
        rest: max(0, total - height * pv), height: height,
        matrix: (
          centreSlope * centreSlope * left(dd, d, dp, d, dp), centreSlope * sigmaSlope * left(de, d, dp, e, ep),
          sigmaSlope * sigmaSlope * left(ee, e, ep, e, ep)
        ),
        gradient: (centreSlope * (dv - low * d - height * dp), sigmaSlope * (ev - low * e - height * ep)))
    }
  }

  private struct Projection {
    /// Sum of squares that the step leaves.
    var rest: Double
    var height = 0.0
    var matrix = (0.0, 0.0, 0.0)
    var gradient = (0.0, 0.0)

    func move(damping: Double) -> (centre: Double, logSigma: Double)? {
      let (a, b, c) = (matrix.0 * (1 + damping), matrix.1, matrix.2 * (1 + damping))
      let determinant = a * c - b * b
      guard determinant > 1e-12 * a * c, determinant.isFinite else { return nil }
      return ((c * gradient.0 - b * gradient.1) / determinant, (a * gradient.1 - b * gradient.0) / determinant)
    }
  }
}
