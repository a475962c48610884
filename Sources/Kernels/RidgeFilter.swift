/// Bright line-like structures in a plane, over several scales, in the unit of the image.
///
/// At scale s (a standard deviation in mm) the Hessian of the Gaussian-smoothed image has eigenvalues l1, l2 with
/// |l2| >= |l1|. The ridge measure is
///
///     R(s) = s^2 * max(0, -l2 - |l1|)
///
/// which is zero for a blob (l1 = l2), a saddle, an edge's far field and anything dark, and for a straight line of
/// Gaussian profile (amplitude A, standard deviation w) equals A w s^2 / (w^2 + s^2)^1.5: at its largest, s^2 = 2 w^2,
/// it is `2 / 3^1.5 * A` = 0.385 A. The response divided by that number is therefore the line's own height over its
/// surroundings, whatever its width between the scales: no term is normalized by the image's own maximum (as the
/// default of Frangi's filter in scikit-image is), so numbers of two lesions, scanners or slices can be compared.
///
/// White noise of standard deviation n per pixel gives `s^2 Lxx` the standard deviation n * noiseGain(s).
/// References: Lindeberg, Int J Comput Vis 1998;30:117; Sato, Med Image Anal 1998;2:143; Frangi, MICCAI 1998.
public enum RidgeFilter {
  /// Per pixel: the height of the best line through it, and the scale and direction at which it was seen.
  public struct Response: Sendable {
    public let columns: Int
    public let rows: Int
    /// Estimated height of a bright line over its surroundings, in the image's unit; 0 where there is none.
    public let height: [Float]
    /// `height` over its standard deviation under white noise at the scale chosen; 0 where `height` is.
    public let significance: [Float]
    /// Index into the scales given.
    public let scale: [UInt8]
    /// Direction along the line in radians, in (-pi/2, pi/2], measured from the row's direction in millimetre space.
    public let direction: [Float]
  }

  /// 2 / 3^1.5: the measure of a unit Gaussian line at its best scale.
  public static let unitLineResponse = 2 / (3 * 3.0.squareRoot())

  /// Standard deviation of the scale-normalized second derivative under unit white noise, the larger of both axes.
  public static func noiseGain(sigma: Double, columnSpacing: Double, rowSpacing: Double) -> Double {
    func energy(_ spacing: Double, _ order: Int) -> Double {
      let taps = SeparableConvolution.gaussianKernel(sigma: sigma / spacing, order: order)
      let scale = order == 2 ? 1 / (spacing * spacing) : 1
      return taps.reduce(0) { $0 + Double($1) * Double($1) } * scale * scale
    }
    let along = energy(columnSpacing, 2) * energy(rowSpacing, 0)
    let across = energy(columnSpacing, 0) * energy(rowSpacing, 2)
    return sigma * sigma * max(along, across).squareRoot()
  }

  /// The raster under a Gaussian of `sigma` mm; borders repeat the outermost pixel.
  public static func smoothed(_ image: RidgeRaster, sigma: Double) -> [Float] {
    SeparableConvolution.gaussian(
      image.pixels, columns: image.columns, rows: image.rows, slices: 1,
      sigma: SIMD3(sigma / image.columnSpacing, sigma / image.rowSpacing, 0))
  }

  /// Runs the filter at each scale and keeps, per pixel, the scale of greatest height.
  ///
  /// - Parameters:
  ///   - sigmas: scales in millimetres, ascending; at most 255.
  ///   - noise: standard deviation of the image's noise, in its unit; 0 gives a significance of 0.
  /// Borders repeat the outermost pixel. An empty raster gives an empty response.
  public static func bright(_ image: RidgeRaster, sigmas: [Double], noise: Double) -> Response {
    let count = image.pixels.count
    var height = [Float](repeating: 0, count: count)
    var significance = [Float](repeating: 0, count: count)
    var scale = [UInt8](repeating: 0, count: count)
    // The Hessian's parts at the best scale that tell the direction.
    var difference = [Float](repeating: 0, count: count)
    var mixed = difference
    for (index, sigma) in sigmas.enumerated() where count > 0 {
      let hessian = RidgeHessian(image, sigma: sigma)
      let gain = noiseGain(sigma: sigma, columnSpacing: image.columnSpacing, rowSpacing: image.rowSpacing)
      let perNoise = noise > 0 ? Float(unitLineResponse / (gain * noise)) : 0
      let unit = Float(1 / unitLineResponse)
      for pixel in 0..<count {
        let value = hessian.ridge[pixel] * unit
        guard value > height[pixel] else { continue }
        height[pixel] = value
        significance[pixel] = value * perNoise
        scale[pixel] = UInt8(index)
        difference[pixel] = hessian.xx[pixel] - hessian.yy[pixel]
        mixed[pixel] = 2 * hessian.xy[pixel]
      }
    }
    let direction = (0..<count).map { pixel in
      height[pixel] > 0 ? RidgeHessian.direction(difference: difference[pixel], mixed: mixed[pixel]) : 0
    }
    return Response(
      columns: image.columns, rows: image.rows, height: height, significance: significance, scale: scale,
      direction: direction)
  }
}

/// The scale-normalized Hessian of a raster at one scale.
package struct RidgeHessian {
  package let xx: [Float]
  package let yy: [Float]
  package let xy: [Float]
  /// `max(0, -l2 - |l1|)` of the eigenvalues, |l2| >= |l1|.
  package let ridge: [Float]

  package init(_ image: RidgeRaster, sigma: Double) {
    func taps(_ spacing: Double, _ order: Int, _ factor: Double) -> [Float] {
      let scale = Float(factor / (order == 0 ? 1 : order == 1 ? spacing : spacing * spacing))
      return SeparableConvolution.gaussianKernel(sigma: sigma / spacing, order: order).map { $0 * scale }
    }
    func filtered(_ horizontal: Int, _ vertical: Int) -> [Float] {
      SeparableConvolution.convolve(
        image.pixels, columns: image.columns, rows: image.rows, slices: 1,
        alongColumns: taps(image.columnSpacing, horizontal, sigma * sigma),
        alongRows: taps(image.rowSpacing, vertical, 1))
    }
    xx = filtered(2, 0)
    yy = filtered(0, 2)
    xy = filtered(1, 1)
    ridge = Self.measure(xx, yy, xy)
  }

  /// Direction along the ridge at a pixel: at right angles to the eigenvector of the most negative eigenvalue.
  ///
  /// - Parameters:
  ///   - difference: xx - yy.
  ///   - mixed: 2 xy.
  static func direction(difference: Float, mixed: Float) -> Float {
    // The greatest (least negative) curvature's eigenvector: half the angle of (xx - yy, 2 xy).
    Float(0.5 * arcTangent(y: Double(mixed), x: Double(difference)))
  }

  /// With m = (xx + yy) / 2 and t = sqrt(((xx - yy) / 2)^2 + xy^2) the eigenvalues are m - t and m + t. On a bright
  /// structure m < 0, so l2 = m - t, and -l2 - |l1| = t - m - |m + t| = min(-2m, 2t).
  package static func measure(_ xx: [Float], _ yy: [Float], _ xy: [Float]) -> [Float] {
    let count = xx.count
    var output = [Float](repeating: 0, count: count)
    unsafe xx.withUnsafeBytes { a in
      unsafe yy.withUnsafeBytes { b in
        unsafe xy.withUnsafeBytes { c in
          unsafe output.withUnsafeMutableBytes { out in
            var index = 0
            while index + 8 <= count {
              let x = unsafe a.loadUnaligned(fromByteOffset: index * 4, as: SIMD8<Float>.self)
              let y = unsafe b.loadUnaligned(fromByteOffset: index * 4, as: SIMD8<Float>.self)
              let cross = unsafe c.loadUnaligned(fromByteOffset: index * 4, as: SIMD8<Float>.self)
              let sum = SIMD8<Float>(repeating: 0) - x - y
              let difference = x - y
              let twice = (difference * difference + cross * cross * 4).squareRoot()
              let least = sum.replacing(with: twice, where: twice .< sum)
              let value = least.replacing(with: 0, where: least .< 0)
              unsafe out.storeBytes(of: value, toByteOffset: index * 4, as: SIMD8<Float>.self)
              index += 8
            }
            while index < count {
              let x = unsafe a.loadUnaligned(fromByteOffset: index * 4, as: Float.self)
              let y = unsafe b.loadUnaligned(fromByteOffset: index * 4, as: Float.self)
              let cross = unsafe c.loadUnaligned(fromByteOffset: index * 4, as: Float.self)
              unsafe out.storeBytes(of: measureScalar(x, y, cross), toByteOffset: index * 4, as: Float.self)
              index += 1
            }
          }
        }
      }
    }
    return output
  }

  /// The scalar twin of `measure`.
  package static func measureScalar(_ xx: Float, _ yy: Float, _ xy: Float) -> Float {
    let difference = xx - yy
    let twice = (difference * difference + xy * xy * 4).squareRoot()
    return max(0, min(0 - xx - yy, twice))
  }
}
