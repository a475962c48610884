import Foundation
package import Imaging

/// The tissue inside a lesion at a point: shares of the sclerotic core and of the enhancing part.
struct LesionField: Sendable {
  var core: Float
  var enhancing: Float
}

/// A tumour in place: its shape as a signed distance, its inner structure, and its four tissues.
package struct LesionModel: Sendable {
  let identifier: Int
  let specification: LesionSpecification
  let vertebra: Int
  /// Centre of the ellipsoid in the vertebra's axes, and its semi-axes.
  let center: Vector3
  let semiAxes: Vector3
  package let boundingCenter: Vector3
  let boundingRadius: Double
  /// 10 to 90 per cent over this many millimetres; 0 is a step.
  let marginWidth: Double
  let rimThickness: Double
  let scleroticCore: Bool
  let waves: [Wave]
  let worms: WormField?
  let texture: NoiseField
  /// Numbers in the palette: [core share 0 or 1][enhancing share 0 or 1], set when the palette is filled.
  var tissues: [Int] = [0, 0, 0, 0]

  struct Wave: Sendable {
    let direction: Vector3
    let frequency: Double
    let phase: Double
  }

  // MARK: Shape

  /// Signed distance to the lesion's outline, negative inside, clipped by the bone where the lesion stays inside.
  func distance(_ point: Vector3, _ spine: SpineModel) -> Double {
    let own = spine.vertebrae[vertebra]
    let q = own.local(point)
    switch specification.form {
    case .wholeVertebra: return own.body(q).surface
    case .posteriorInfiltration: return max(own.posteriorElements(q) + 0.5, canalGuard(own, q))
    case .focal:
      let free = ellipsoid(q)
      if free > 8 { return free }
      return max(free, clip(own, q))
    case .expansile, .infiltrative: return ellipsoid(q)
    case .subligamentous: return min(max(ellipsoid(q), own.body(q).surface), band(point, spine))
    }
  }

  /// Share of tumour at a point, 0 to 1: 1/2 on the outline; a clipping wall stays sharp.
  func membership(_ point: Vector3, _ spine: SpineModel) -> Float {
    if marginWidth <= 0 { return distance(point, spine) < 0 ? 1 : 0 }
    let own = spine.vertebrae[vertebra]
    let q = own.local(point)
    let wall: Double
    let free: Double
    switch specification.form {
    case .focal:
      free = ellipsoid(q)
      wall = free > 4 * marginWidth ? 1 : clip(own, q)
    case .expansile, .infiltrative:
      free = ellipsoid(q)
      wall = -1
    default:
      free = distance(point, spine)
      wall = -1
    }
    if wall >= 0 { return 0 }
    // A logistic edge: 10 to 90 per cent takes 4.394 scales.
    return Float(1 / (1 + exp(free / (marginWidth / 4.394))))
  }

  /// The bone's inner wall.
  private func clip(_ own: Vertebra, _ q: Vector3) -> Double {
    specification.part == .vertebralBody
      ? own.body(q).surface + 0.7 : max(own.posteriorElements(q) + 0.8, canalGuard(own, q))
  }

  private func canalGuard(_ own: Vertebra, _ q: Vector3) -> Double {
    -Vertebra.ellipse(q.x, q.y - own.canalCenter, own.canalWidth / 2, own.canalDepth / 2)
  }

  @inline(__always) private func ellipsoid(_ q: Vector3) -> Double {
    let d = q - center
    let s = d / semiAxes
    let r = s.length
    if r < 1e-6 { return -min(semiAxes.x, min(semiAxes.y, semiAxes.z)) }
    let length = d.length
    if r > 1.6 { return length * (1 - 1.3 / r) }
    var bump = 1.0
    if !waves.isEmpty {
      let n = d / length
      var sum = 0.0
      for wave in waves { sum += sin(wave.frequency * n.dot(wave.direction) + wave.phase) }
      bump += specification.lobulation * sum / Double(waves.count) * 1.6
    }
    return length * (1 - bump / r)
  }

  /// A layer under the anterior longitudinal ligament from this vertebra over its upper neighbour.
  private func band(_ point: Vector3, _ spine: SpineModel) -> Double {
    var hint = vertebra
    let place = spine.curvePoint(point, hint: &hint)
    let profile = spine.profile(place)
    let reach = Double(vertebra) + 0.5 - (Double(place.vertebra) + 1 - place.fraction)
    // `reach` counts vertebrae upward from this one's middle.
    let outward = -profile.depth / 2 * (1 - 0.25 * pow(2 * place.u / profile.width, 2)) - place.v
    let thickness = max(3.5, specification.diameter * 0.16) * (1 - 0.3 * abs(reach - 0.3))
    let lateral = abs(place.u) - profile.width * 0.36
    let vertical = max(-0.55 - reach, reach - 1.25) * 30
    return max(max(-outward - 0.6, outward - thickness), max(lateral, vertical))
  }

  // MARK: Inside

  func field(_ point: Vector3, _ spine: SpineModel) -> LesionField {
    let own = spine.vertebrae[vertebra]
    let q = own.local(point)
    var field = LesionField(core: 0, enhancing: 1)
    let depth: Double =
      switch specification.form {
      case .wholeVertebra, .posteriorInfiltration, .subligamentous: -distance(point, spine)
      default: -max(ellipsoid(q), specification.form == .focal ? clip(own, q) - 0.7 : -1e3)
      }
    if scleroticCore || specification.pattern == .rimEnhancing {
      let inner = smoothStep(-0.4, 0.4, Float(depth - rimThickness))
      if scleroticCore { field.core = inner }
      if specification.pattern == .rimEnhancing { field.enhancing = 1 - inner }
    } else if specification.matrix == .mixed {
      field.core = smoothStep(-0.1, 0.25, texture.value(q.x / 4.5, q.y / 4.5 + 5, q.z / 4.5))
    }
    switch specification.pattern {
    case .heterogeneous:
      let scale = min(max(specification.diameter / 5, 2.2), 8)
      let noise =
        texture.value(q.x / scale, q.y / scale, q.z / scale)
        + 0.35 * texture.value(q.x / scale * 2.1 + 9, q.y / scale * 2.1, q.z / scale * 2.1)
      field.enhancing = smoothStep(-0.28, 0.28, noise)
    case .wormsInABag: field.enhancing = worms?.value(q) ?? 0
    default: break
    }
    return field
  }

  /// The palette's mixture at a point: numbers of two pairs and their weights.
  @inline(__always) func signal(_ field: LesionField, _ table: [SIMD2<Float>]) -> SIMD2<Float> {
    let plain = table[tissues[0]] + (table[tissues[1]] - table[tissues[0]]) * field.enhancing
    let dense = table[tissues[2]] + (table[tissues[3]] - table[tissues[2]]) * field.enhancing
    return plain + (dense - plain) * field.core
  }
}

/// Tortuous tubes inside a tumour, rasterised once on a 0.5 mm grid in the vertebra's axes.
struct WormField: Sendable {
  private let origin: Vector3
  private let size: SIMD3<Int>
  private let values: [UInt8]
  private static let step = 0.5

  @inline(__always) func value(_ q: Vector3) -> Float {
    let p = (q - origin) / Self.step
    let i = SIMD3<Int>(Int(p.x.rounded(.down)), Int(p.y.rounded(.down)), Int(p.z.rounded(.down)))
    guard i.x >= 0, i.y >= 0, i.z >= 0, i.x + 1 < size.x, i.y + 1 < size.y, i.z + 1 < size.z else { return 0 }
    let t = SIMD3<Float>(Float(p.x) - Float(i.x), Float(p.y) - Float(i.y), Float(p.z) - Float(i.z))
    let base = (i.z * size.y + i.y) * size.x + i.x
    func row(_ offset: Int) -> Float {
      let a = Float(values[offset])
      return a + (Float(values[offset + 1]) - a) * t.x
    }
    func plane(_ offset: Int) -> Float {
      let a = row(offset)
      return a + (row(offset + size.x) - a) * t.y
    }
    let low = plane(base)
    return (low + (plane(base + size.x * size.y) - low) * t.z) / 255
  }

  /// Tubes 1.5 to 4 mm thick that fill about a sixth of the ellipsoid; they bend on a scale of 6 to 10 mm and run
  /// mostly along the midplane, as in the paper's Figure 5.
  init(center: Vector3, semiAxes: Vector3, random: inout RandomSequence) {
    origin = center - semiAxes - Vector3(repeating: 2)
    let extent = (semiAxes * 2 + Vector3(repeating: 4)) / Self.step
    size = SIMD3(Int(extent.x) + 2, Int(extent.y) + 2, Int(extent.z) + 2)
    var grid = [UInt8](repeating: 0, count: size.x * size.y * size.z)
    let target = 0.16 * 4 / 3 * Double.pi * semiAxes.x * semiAxes.y * semiAxes.z
    var filled = 0.0
    var attempts = 0
    while filled < target, attempts < 400 {
      attempts += 1
      let radius = random.uniform(0.85...1.9)
      var point = Vector3(random.uniform(-0.8...0.8), random.uniform(-0.8...0.8), random.uniform(-0.8...0.8)) * semiAxes
      if (point / semiAxes).length > 0.85 { continue }
      var direction = Self.direction(&random)
      var bend = Self.direction(&random) * random.uniform(0.12...0.22)
      var length = 0.0
      let wanted = random.uniform(18...45)
      while length < wanted {
        Self.stamp(&grid, size: size, at: (center + point - origin) / Self.step, radius: radius / Self.step)
        let before = bend
        if random.chance(0.16) { bend = Self.direction(&random) * random.uniform(0.12...0.3) }
        direction = (direction + (before + bend) * 0.35).normalized ?? direction
        direction.x *= 0.8
        direction = direction.normalized ?? direction
        let next = point + direction * 0.7
        if (next / semiAxes).length > 0.9 {
          bend = (point * -1).normalized.map { $0 * 0.4 } ?? bend
          direction = (direction + bend).normalized ?? direction
          if (point / semiAxes).length > 0.97 { break }
        }
        point += direction * 0.7
        length += 0.7
      }
      filled += length * .pi * radius * radius
    }
    values = grid
  }

  private static func direction(_ random: inout RandomSequence) -> Vector3 {
    Vector3(random.normal(deviation: 0.5), random.normal(), random.normal()).normalized ?? Vector3(0, 0, 1)
  }

  private static func stamp(_ grid: inout [UInt8], size: SIMD3<Int>, at p: Vector3, radius: Double) {
    let reach = radius + 1
    let low = SIMD3<Int>(Int(p.x - reach), Int(p.y - reach), Int(p.z - reach))
    let high = SIMD3<Int>(Int(p.x + reach) + 1, Int(p.y + reach) + 1, Int(p.z + reach) + 1)
    for z in max(low.z, 0)...max(min(high.z, size.z - 1), max(low.z, 0)) where z < size.z {
      for y in max(low.y, 0)...max(min(high.y, size.y - 1), max(low.y, 0)) where y < size.y {
        for x in max(low.x, 0)...max(min(high.x, size.x - 1), max(low.x, 0)) where x < size.x {
          let d = (Vector3(Double(x), Double(y), Double(z)) - p).length
          let value = min(max(radius + 0.5 - d, 0), 1)
          let offset = (z * size.y + y) * size.x + x
          grid[offset] = max(grid[offset], UInt8(value * 255))
        }
      }
    }
  }
}
