import Foundation
import Imaging
import LesionMeasurement

/// A lesion with an edge of known width in a uniform surrounding, acquired with square pixels that average what they
/// cover, thick slices, and noise; its mask is the half level, sampled at the voxel centres.
struct MarginScene {
  var radii = Vector3(9, 7, 8)
  /// 10 to 90 %, of a logistic edge, in millimetres; 0 is sharp.
  var edgeWidth = 0.0
  var pixel = 0.7
  var thickness = 4.0
  /// Lesion minus surroundings, whose signal is 100.
  var contrast = -50.0
  var noise = 5.0
  /// Amplitude of lobes around the outline, relative to the radius.
  var lobes = 0.0
  var growMask = 0.0
  /// A dark wall of 1.5 mm and bright matter behind it, this far from the centre along the columns; `nil` for none.
  var wall: Double?
  var seed: UInt64 = 1

  func build() throws -> (region: Region, image: MarginImage) {
    var generator = SeededGenerator(seed: seed)
    let shift = (0..<3).map { _ in Double.random(in: -0.5..<0.5, using: &generator) }
    let turn = Double.random(in: 0..<Double.pi, using: &generator)
    let half = max(radii.x, max(radii.y, radii.z)) + 8
    let side = Int(2 * half / pixel)
    let slices = 2 * Int(radii.z / thickness + 1) + 1
    let grid = try Fixtures.sagittalGrid(
      columns: side, rows: side, slices: slices, spacing: Vector3(pixel, pixel, thickness))
    let place = { (c: Double, r: Double, s: Double) in
      Vector3(
        (c - Double(side) / 2 + shift[0]) * pixel, (r - Double(side) / 2 + shift[1]) * pixel,
        (s - Double(slices) / 2 + 0.5 + shift[2]) * thickness)
    }
    let volume = Fixtures.volume(grid) { c, r, s in
      var sum = 0.0
      let (fine, thick) = (3, 5)
      for k in 0..<thick {
        for j in 0..<fine {
          for i in 0..<fine {
            let at = place(
              Double(c) + (Double(i) + 0.5) / Double(fine) - 0.5, Double(r) + (Double(j) + 0.5) / Double(fine) - 0.5,
              Double(s) + (Double(k) + 0.5) / Double(thick) - 0.5)
            sum += self.signal(at, turn)
          }
        }
      }
      return sum / Double(fine * fine * thick) + self.noise * generator.normal()
    }
    let region = Fixtures.region(grid) { c, r, s in
      self.distance(place(Double(c), Double(r), Double(s)), turn) < self.growMask
    }
    return (region, MarginImage(volume: volume, noiseSigma: noise))
  }

  private func signal(_ p: Vector3, _ turn: Double) -> Double {
    let d = distance(p, turn)
    let share = edgeWidth > 0 ? 1 / (1 + exp(d / (edgeWidth / 4.394))) : (d < 0 ? 1 : 0)
    var outside = 100.0
    if let wall, p.x > wall { outside = p.x < wall + 1.5 ? 10 : 180 }
    return outside + share * (100 + contrast - outside)
  }

  /// About the distance from the surface, in millimetres, positive outside.
  private func distance(_ p: Vector3, _ turn: Double) -> Double {
    let (x, y) = (p.x * cos(turn) + p.y * sin(turn), p.y * cos(turn) - p.x * sin(turn))
    let scaled = Vector3(x, y, p.z) / radii
    let lobe = 1 + lobes * sin(7 * atan2(y, x))
    let norm = scaled.length / lobe
    let gradient = (scaled / radii).length / max(scaled.length, 1e-9)
    let own = norm > 0 ? (norm - 1) / max(gradient, 1e-9) : -min(radii.x, radii.y)
    return wall.map { max(own, p.x - $0) } ?? own
  }
}
