internal import Imaging

/// Signals along a line across the outline, evenly spaced: index `reach` is the outline, growing outward.
struct MarginProfile {
  /// 2 reach + 1 values; those outside `range` mean nothing.
  var values: [Double]
  var range: Range<Int>

  init(reach: Int) {
    values = [Double](repeating: 0, count: 2 * reach + 1)
    range = 0..<0
  }

  var reach: Int { values.count / 2 }

  /// Keeps only the values within so many places inside and outside the outline.
  func window(inward: Int, outward: Int) -> Range<Int> {
    range.clamped(to: (reach - inward)..<(reach + outward + 1))
  }
}

/// Reads profiles of one image. A profile is the mean of three neighbouring lines (weights 1, 2, 1), one pixel apart.
struct MarginSampler {
  let image: MarginImage
  /// Geometric mean of the pixel's sides, in millimetres.
  let pixel: Double
  /// Places of a profile lie half a pixel apart.
  let spacing: Double
  /// Whether indices are a linear function of position everywhere.
  private let isStraight: Bool

  init(_ image: MarginImage) {
    self.image = image
    let geometry = image.grid
    pixel = (geometry.spacing.x * geometry.spacing.y).squareRoot()
    spacing = pixel / 2
    isStraight = !geometry.isSheared
  }

  /// Fills a profile from `inward` places inside to `outward` places outside the outline, as far as the image goes.
  ///
  /// - Parameters:
  ///   - outline: the outline's point, and unit vectors along its outward normal and its tangent (LPS).
  func read(
    _ profile: inout MarginProfile, at outline: Vector3, normal: Vector3, tangent: Vector3, inward: Int, outward: Int
  ) {
    let (first, end) = (profile.reach - inward, profile.reach + outward + 1)
    let start = outline - normal * (Double(inward) * spacing)
    let step = normal * spacing
    let lines = (
      Line(self, start - tangent * pixel, step), Line(self, start, step), Line(self, start + tangent * pixel, step)
    )
    var kept = first..<first
    for index in first..<end {
      let place = Double(index - first)
      var sum = 0.0
      var weights = 0.0
      if let value = lines.0.value(place, self) {
        sum += 0.5 * value
        weights += 0.5
      }
      if let value = lines.1.value(place, self) {
        sum += value
        weights += 1
      }
      if let value = lines.2.value(place, self) {
        sum += 0.5 * value
        weights += 0.5
      }
      if weights > 0 {
        profile.values[index] = sum / weights
        if kept.upperBound == index { kept = kept.lowerBound..<(index + 1) } else { kept = index..<(index + 1) }
      } else if index > profile.reach, !kept.isEmpty {
        break
      }
    }
    profile.range = kept
  }

  /// A line of evenly spaced points, in indices of the image where these are linear.
  private struct Line {
    let start: Vector3
    let step: Vector3
    let isIndex: Bool

    init(_ sampler: MarginSampler, _ start: Vector3, _ step: Vector3) {
      let geometry = sampler.image.grid
      isIndex = sampler.isStraight
      if isIndex {
        self.start = geometry.index(ofPosition: start)
        let along = Vector3(
          step.dot(geometry.rowDirection), step.dot(geometry.columnDirection), step.dot(geometry.sliceDirection))
        self.step = along / geometry.spacing
      } else {
        self.start = start
        self.step = step
      }
    }

    @inline(__always) func value(_ place: Double, _ sampler: MarginSampler) -> Double? {
      let point = start + step * place
      return sampler.image.signal(
        atIndex: isIndex ? point : sampler.image.grid.index(ofPosition: point))
    }
  }
}
