import Foundation

/// The continuous picture that `PatternPainter` samples, in millimetres about the lesion's centre and muscle units.
struct PatternScene {
  let kind: PatternPainter.Kind
  let preRatio: Double
  private(set) var detail = ""
  private let painter: PatternPainter
  private var lobes: [(order: Double, height: Double, phase: Double)] = []
  private var stretch = 1.0
  private var level = 1.5
  private var marrow = 0.45
  private var core = 0.8
  private var rim = 3.0
  private var stripes = (height: 0.0, inside: 0.0, period: 2.0, angle: 0.0)
  private var tilt = (height: 0.0, angle: 0.0, edge: 100.0)
  private var vessels: [(angle: Double, extent: Double, width: Double, level: Double)] = []
  private var waves: [(x: Double, y: Double, z: Double, phase: Double)] = []
  private var waveHeight = 0.0
  private var blobs: [(x: Double, y: Double, z: Double, radius: Double, factor: Double)] = []
  private var septa: [(angle: Double, offset: Double, width: Double)] = []
  private var septumFactor = 1.0
  private var compartments: [Double] = []
  private var worms: [[(x: Double, y: Double, z: Double)]] = []
  private var wormWidth = 2.0
  private var wormFactor = 2.0
  private var wormsThroughSlices = false

  init(_ painter: PatternPainter, random: inout PatternRandom, half: Double) {
    self.painter = painter
    kind = painter.kind
    let radius = painter.radius
    let power = painter.contrastPower
    let lobed = random.chance(0.5)
    for order in 2...5 {
      lobes.append((Double(order), lobed ? random.uniform(0, 0.09) : 0, random.uniform(0, 2 * .pi)))
    }
    stretch = random.uniform(1, 1.4)
    marrow = random.uniform(0.3, 0.6)
    let before = random.uniform(0.65, 1.0)
    preRatio = before
    level = before * pow(random.uniform(1.45, 2.4), power)
    if random.chance(0.5) {
      stripes = (
        random.uniform(0.06, 0.14), random.uniform(0.2, 0.8), random.uniform(1.5, 3), random.uniform(-0.2, 0.2)
      )
    }
    if random.chance(0.3) {
      tilt = (random.uniform(0.1, 0.3), random.uniform(0, 2 * .pi), random.chance(0.5) ? random.uniform(2, 6) : 100)
    }
    if random.chance(0.35) {
      for _ in 0..<(1 + random.index(2)) {
        vessels.append(
          (random.uniform(0, 2 * .pi), random.uniform(0.3, 0.8), random.uniform(1.5, 3), random.uniform(1.8, 3)))
      }
    }
    switch kind {
    case .homogeneous: break
    case .nonEnhancing: level = before * random.uniform(0.95, 1.06)
    case .rimEnhancing:
      rim = random.uniform(2, max(2.1, min(6, 0.6 * radius)))
      core = random.chance(0.5) ? before * random.uniform(0.9, 1.05) : level * random.uniform(0.5, 0.68)
      if core > level * 0.7 { level = core / random.uniform(0.5, 0.68) }
      detail = String(format: "rim %.1f mm core/rim %.2f", rim, core / level)
    case .heterogeneous: addUnevenness(&random)
    case .wormsInABag:
      level = before * pow(random.uniform(1.3, 1.7), power)
      addWorms(&random, power)
    }
  }

  private mutating func addUnevenness(_ random: inout PatternRandom) {
    let radius = painter.radius
    let mode = random.index(4)
    detail = ["waves", "blobs", "necrosis", "septa"][mode]
    switch mode {
    case 0:
      let length = min(random.uniform(2.5, 6), 0.35 * radius) / 2
      for _ in 0..<16 {
        waves.append(
          (
            random.normal() / length, random.normal() / length, 0.4 * random.normal() / length,
            random.uniform(0, 2 * .pi)
          ))
      }
      waveHeight = random.uniform(0.3, 0.5)
    case 1:
      for _ in 0..<(4 + random.index(max(5, Int(radius)))) {
        let (angle, reach) = (random.uniform(0, 2 * .pi), radius * random.uniform(0, 0.9))
        blobs.append(
          (
            reach * cos(angle), reach * sin(angle), random.uniform(-0.4, 0.4) * radius,
            max(1.5, radius * random.uniform(0.15, 0.35)),
            random.chance(0.5) ? random.uniform(0.35, 0.6) : random.uniform(1.5, 1.9)
          ))
      }
    case 2:
      let angle = random.uniform(0, 2 * .pi)
      let reach = radius * random.uniform(0.35, 0.6)
      blobs.append(
        (reach * cos(angle), reach * sin(angle), 0, radius * random.uniform(0.4, 0.6), random.uniform(0.3, 0.55)))
    default:
      for _ in 0..<(2 + random.index(4)) {
        septa.append((random.uniform(0, .pi), random.uniform(-0.6, 0.6) * radius, random.uniform(1, 2.5)))
      }
      septumFactor = random.uniform(1.3, 1.8)
      for _ in 0..<64 { compartments.append(random.uniform(0.55, 1.35)) }
    }
  }

  private mutating func addWorms(_ random: inout PatternRandom, _ power: Double) {
    let radius = painter.radius
    wormWidth = random.uniform(1.2, 4)
    wormFactor = pow(random.uniform(1.4, 2.6), power)
    wormsThroughSlices = random.chance(0.5)
    if !wormsThroughSlices { wormFactor = max(wormFactor, 1.7) }
    if wormWidth < 1.8 { wormFactor = max(wormFactor, 1.7) }
    let style = random.index(3)
    detail = ["sinusoids", "walks", "arcs"][style] + String(format: " width %.1f factor %.2f", wormWidth, wormFactor)
    // As many as cover a fifth to a third of a section, in layers through the mass.
    let layers = wormsThroughSlices ? 1 : max(1, Int(1.6 * radius / (1.5 * max(wormWidth, 2))))
    for layer in 0..<layers {
      let z = wormsThroughSlices ? 0 : (Double(layer) + 0.5) / Double(layers) * 1.6 * radius - 0.8 * radius
      let area = .pi * (radius * radius - z * z * 0.8)
      var length = area * random.uniform(0.2, 0.32) / wormWidth
      while length > 0 {
        let own = random.uniform(8, 20)
        worms.append(worm(style, length: own, z: z, &random))
        length -= own
      }
    }
  }

  private func worm(
    _ style: Int, length: Double, z: Double, _ random: inout PatternRandom
  ) -> [(x: Double, y: Double, z: Double)] {
    let radius = painter.radius
    let (place, start) = (random.uniform(0, 2 * .pi), radius * 0.85 * random.uniform(0, 1).squareRoot())
    var (x, y) = (start * cos(place), start * sin(place))
    let heading = random.uniform(0, 2 * .pi)
    let (bend, phase) = (random.uniform(0.6, 1.2), random.uniform(0, 2 * .pi))
    let period = random.uniform(7, 12)
    let turn = random.uniform(-0.22, 0.22)
    var direction = heading
    var points: [(x: Double, y: Double, z: Double)] = []
    let step = 0.25
    for index in 0..<Int(length / step) {
      let s = Double(index) * step
      switch style {
      case 0: direction = heading + bend * cos(2 * .pi * s / period + phase)
      case 1: direction += 0.45 * step * random.normal() / 0.5
      default: direction = heading + turn * s + (turn > 0 ? 0.05 : -0.05) * s
      }
      x += step * cos(direction)
      y += step * sin(direction)
      if x * x + y * y > radius * radius * 0.9 { direction += .pi / 2 }
      points.append((x, y, z))
    }
    return points
  }

  private func outline(_ x: Double, _ y: Double, _ z: Double) -> Double {
    let (c, s) = (cos(painter.rotation), sin(painter.rotation))
    let (u, v) = ((c * x + s * y) / stretch.squareRoot(), (c * y - s * x) * stretch.squareRoot())
    let distance = (u * u + v * v + z * z).squareRoot()
    // Far outside the lobes do not matter.
    if distance > 1.4 * painter.radius + 4 { return painter.radius - distance }
    let angle = atan2(v, u)
    var reach = painter.radius
    for lobe in lobes where lobe.height > 0 {
      reach += painter.radius * lobe.height * cos(lobe.order * angle + lobe.phase)
    }
    // Distance inside the outline, exact for a sphere.
    return reach - distance
  }

  func isInside(_ x: Double, _ y: Double, _ z: Double) -> Bool { outline(x, y, z) > 0 }

  /// Adds one layer to a fine grid.
  func add(
    to sum: inout [Double], z: Double, fine: Int, step: Double, half: Double, shift: Double, weight: Double
  ) {
    let paths = wormMap(z: z, fine: fine, step: step, half: half, shift: shift)
    for row in 0..<fine {
      let y = (Double(row) + 0.5) * step - half - shift
      for column in 0..<fine {
        let x = (Double(column) + 0.5) * step - half - shift
        let at = row * fine + column
        let inside = outline(x, y, z)
        var value = inside > 0 ? lesion(x, y, z, inside, worm: paths?[at] ?? false) : surroundings(x, y, z, inside)
        if tilt.height > 0 {
          let along = (x * cos(tilt.angle) + y * sin(tilt.angle))
          let ramp = tilt.edge < 50 ? 0.5 * tanh(along / tilt.edge) : along / (2 * half)
          value *= 1 + tilt.height * ramp * (inside > 0 ? 0.35 : 1.5)
        }
        sum[at] += weight * value
      }
    }
  }

  private func striped(_ x: Double, _ y: Double, _ height: Double) -> Double {
    height == 0 ? 1 : 1 + height * sin(2 * .pi * (x * cos(stripes.angle) + y * sin(stripes.angle)) / stripes.period)
  }

  private func surroundings(_ x: Double, _ y: Double, _ z: Double, _ inside: Double) -> Double {
    let angle = vessels.isEmpty || inside < -4 ? 0 : atan2(y, x)
    for vessel in vessels where inside >= -4 {
      var apart = abs(angle - vessel.angle)
      if apart > .pi { apart = 2 * .pi - apart }
      if apart < vessel.extent / 2, -inside < vessel.width { return vessel.level }
    }
    if y > painter.radius * 0.95 + 1 { return 0.75 }
    return marrow * striped(x, y, stripes.height)
  }

  private func lesion(_ x: Double, _ y: Double, _ z: Double, _ inside: Double, worm: Bool) -> Double {
    let value = level * striped(x, y, stripes.height * stripes.inside)
    switch kind {
    case .homogeneous, .nonEnhancing: return value
    case .rimEnhancing: return inside < rim ? value : core * striped(x, y, stripes.height * stripes.inside)
    case .wormsInABag: return worm ? value * wormFactor : value
    case .heterogeneous: return value * unevenness(x, y, z)
    }
  }

  private func unevenness(_ x: Double, _ y: Double, _ z: Double) -> Double {
    if !waves.isEmpty {
      var sum = 0.0
      for wave in waves { sum += cos(wave.x * x + wave.y * y + wave.z * z + wave.phase) }
      return max(0.25, 1 + waveHeight * sum * (2 / Double(waves.count)).squareRoot())
    }
    if !septa.isEmpty {
      var code = 0
      for (number, septum) in septa.enumerated() {
        let across = x * cos(septum.angle) + y * sin(septum.angle) - septum.offset
        if abs(across) < septum.width / 2 { return septumFactor }
        if across > 0 { code |= 1 << number }
      }
      return compartments[code % compartments.count]
    }
    for blob in blobs {
      let (dx, dy, dz) = (x - blob.x, y - blob.y, z - blob.z)
      if dx * dx + dy * dy + dz * dz < blob.radius * blob.radius { return blob.factor }
    }
    return 1
  }

  /// Which fine pixels of a layer lie in a worm.
  private func wormMap(z: Double, fine: Int, step: Double, half: Double, shift: Double) -> [Bool]? {
    guard kind == .wormsInABag else { return nil }
    var map = [Bool](repeating: false, count: fine * fine)
    let (c, s) = (cos(painter.rotation), sin(painter.rotation))
    for worm in worms {
      for point in worm {
        let rise = wormsThroughSlices ? 0 : point.z - z
        let square = wormWidth * wormWidth / 4 - rise * rise
        guard square > 0 else { continue }
        let reach = square.squareRoot()
        let (px, py) = (c * point.x - s * point.y + half + shift, s * point.x + c * point.y + half + shift)
        let rows = max(0, Int((py - reach) / step))...max(0, min(fine - 1, Int((py + reach) / step)))
        let columns = max(0, Int((px - reach) / step))...max(0, min(fine - 1, Int((px + reach) / step)))
        for row in rows {
          for column in columns {
            let (dx, dy) = ((Double(column) + 0.5) * step - px, (Double(row) + 0.5) * step - py)
            if dx * dx + dy * dy <= square { map[row * fine + column] = true }
          }
        }
      }
    }
    return map
  }
}
