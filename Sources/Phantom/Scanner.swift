import Foundation
import Imaging

/// Samples a scene on grids, through k-space, and adds noise.
struct Scanner: Sendable {
  let scene: PhantomScene
  let coil: Coil
  let fatSuppression: FatSuppression
  let seed: UInt64

  /// Places in a slice (of its thickness) that stand for a soft-edged slice profile, equal weights.
  private static let slicePlaces = [-0.15, 0.42, -0.42, 0.15]
  /// In-plane offsets (of a fine pixel) of those samples, so that edges do not stair.
  private static let jitter: [SIMD2<Double>] = [
    SIMD2(-0.25, -0.25), SIMD2(0.25, 0.125), SIMD2(-0.125, 0.25), SIMD2(0.125, -0.125),
  ]

  /// Acquires series that share a grid.
  func acquire(_ group: [Acquisition]) -> [AcquiredSeries] {
    let geometry = group[0].geometry
    let tables = group.map { acquisition in scene.tissues.map { acquisition.sequence.signal($0) } }
    let muscle = tables.map { Double($0[TissuePalette.Fixed.muscle.rawValue].x) }
    let noise = group.indices.map { muscle[$0] / group[$0].muscleSNR }
    let plan = KSpacePlan(columns: geometry.columns, rows: geometry.rows)
    let slices = concurrentMap(geometry.slices) { slice in
      let fine = sample(slice: slice, geometry: geometry, thickness: group[0].sliceThickness, tables: tables)
      return group.indices.map { index in
        reconstruct(fine, series: index, of: group, slice: slice, noise: noise[index], plan: plan)
      }
    }
    return group.indices.map { index in
      AcquiredSeries(
        acquisition: group[index], image: slices.flatMap { $0[index].image }, ideal: slices.flatMap { $0[index].ideal },
        sensitivity: slices.flatMap { $0[index].sensitivity }, noise: noise[index])
    }
  }

  /// Water and fat on a grid of twice the resolution, the series side by side at each place.
  private func sample(
    slice: Int, geometry: VolumeGeometry, thickness: Double, tables: [[SIMD2<Float>]]
  ) -> [SIMD2<Float>] {
    let columns = geometry.columns * 2
    let rows = geometry.rows * 2
    let count = tables.count
    var sums = [SIMD2<Float>](repeating: .zero, count: columns * rows * count)
    let normal = geometry.sliceDirection * thickness
    let across = geometry.rowDirection * (geometry.spacing.x / 2)
    let down = geometry.columnDirection * (geometry.spacing.y / 2)
    let corner = geometry.sliceOrigins[slice] - across * 0.5 - down * 0.5
    var rowHint = 0
    for row in 0..<rows {
      var hint = rowHint
      for column in 0..<columns {
        let offset = (row * columns + column) * count
        let point = corner + down * Double(row) + across * Double(column)
        var taken: Float = 0
        for place in 0..<Self.slicePlaces.count {
          let jitter = Self.jitter[place]
          let sample = point + down * jitter.y + across * jitter.x + normal * Self.slicePlaces[place]
          taken += 1
          if scene.accumulate(at: sample, hint: &hint, tables: tables, into: &sums, offset: offset) { break }
        }
        for series in 0..<count { sums[offset + series] *= 1 / taken }
        if column == 0 { rowHint = hint }
      }
    }
    return sums
  }

  private func reconstruct(
    _ fine: [SIMD2<Float>], series: Int, of group: [Acquisition], slice: Int, noise: Double, plan: KSpacePlan
  ) -> (image: [Float], ideal: [Float], sensitivity: [Float]) {
    let acquisition = group[series]
    let geometry = acquisition.geometry
    let columns = geometry.columns
    let rows = geometry.rows
    let suppress = acquisition.sequence.fatSuppressed
    var object = [Float](repeating: 0, count: columns * rows * 4)
    for row in 0..<(rows * 2) {
      for column in 0..<(columns * 2) {
        let value = fine[(row * columns * 2 + column) * group.count + series]
        var share: Float = 1
        if suppress {
          share = fatSuppression.share(
            at: geometry.position(column: Double(column) / 2 - 0.25, row: Double(row) / 2 - 0.25, slice: slice))
        }
        object[row * columns * 2 + column] =
          (value.x + value.y * share) * plan.taper(column, columns * 2) * plan.taper(row, rows * 2)
      }
    }
    let shift = SIMD2(acquisition.shift.x / geometry.spacing.x, acquisition.shift.y / geometry.spacing.y)
    let window = plan.window(phaseResolution: acquisition.phaseResolution)
    let ideal = plan.acquire(object, window: window, shift: shift)
    let random = CounterRandom(seed: seed, stream: UInt64(5000 + acquisition.number * 1000 + slice))
    let channels = plan.noise(deviation: noise, window: window, random: random)
    var sensitivity = [Float](repeating: 1, count: ideal.count)
    var image = ideal
    for row in 0..<rows {
      for column in 0..<columns {
        let offset = row * columns + column
        let c = Float(coil.sensitivity(at: geometry.position(column: Double(column), row: Double(row), slice: slice)))
        sensitivity[offset] = c
        let real = ideal[offset] * c + channels[offset].x
        image[offset] = (real * real + channels[offset].y * channels[offset].y).squareRoot()
      }
    }
    return (image, ideal, sensitivity)
  }
}

/// Truncation of k-space: what a finite matrix sees of a finer object.
package struct KSpacePlan: Sendable {
  package let columns: Int
  package let rows: Int
  private let fineRow: FourierTransform
  private let fineColumn: FourierTransform
  private let row: FourierTransform
  private let column: FourierTransform

  package init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    fineRow = FourierTransform(length: columns * 2)
    fineColumn = FourierTransform(length: rows * 2)
    row = FourierTransform(length: columns)
    column = FourierTransform(length: rows)
  }

  /// Sensitivity ends at the edge of the field of view: fades over the outer three per cent.
  func taper(_ index: Int, _ count: Int) -> Float {
    let edge = min(Float(index) + 0.5, Float(count - index) - 0.5) / (0.03 * Float(count))
    return edge >= 1 ? 1 : smoothStep(0, 1, edge)
  }

  /// Highest acquired frequencies (exclusive), along the columns' index and along the rows' index.
  package func window(phaseResolution: Double) -> SIMD2<Int> {
    SIMD2(columns / 2, max(4, Int((Double(rows) / 2 * min(phaseResolution, 1)).rounded())))
  }

  private static func frequency(_ index: Int, _ count: Int) -> Int { index < (count + 1) / 2 ? index : index - count }

  /// The object (twice the columns and rows) as a real image of `columns` x `rows`, moved by `shift` pixels.
  package func acquire(_ object: [Float], window: SIMD2<Int>, shift: SIMD2<Double>) -> [Float] {
    let wide = columns * 2
    let high = rows * 2
    var spectra = [SIMD2<Float>](repeating: .zero, count: columns * high)
    for y in 0..<high {
      let spectrum = fineRow.forward((0..<wide).map { SIMD2(object[y * wide + $0], 0) })
      for x in 0..<columns {
        let k = Self.frequency(x, columns)
        if abs(k) < window.x { spectra[x * high + y] = spectrum[k < 0 ? k + wide : k] }
      }
    }
    var space = [SIMD2<Float>](repeating: .zero, count: columns * rows)
    for x in 0..<columns {
      let kx = Self.frequency(x, columns)
      if abs(kx) >= window.x { continue }
      let spectrum = fineColumn.forward(Array(spectra[(x * high)..<((x + 1) * high)]))
      for y in 0..<rows {
        let ky = Self.frequency(y, rows)
        if abs(ky) >= window.y { continue }
        // A coarse pixel's centre lies half a fine pixel beyond the fine pixel of twice its index.
        let angle =
          2 * Double.pi
          * (Double(kx) * (0.25 - shift.x) / Double(columns) + Double(ky) * (0.25 - shift.y) / Double(rows))
        let turn = SIMD2(Float(cos(angle)), Float(sin(angle))) * 0.25
        let value = spectrum[ky < 0 ? ky + high : ky]
        space[y * columns + x] = SIMD2(value.x * turn.x - value.y * turn.y, value.x * turn.y + value.y * turn.x)
      }
    }
    return inverse(space).map { $0.x }
  }

  /// Noise of two quadrature channels with the given deviation, white within the acquired part of k-space.
  package func noise(deviation: Double, window: SIMD2<Int>, random: CounterRandom) -> [SIMD2<Float>] {
    let acquired = Double((2 * window.x - 1) * (2 * window.y - 1))
    if window.x >= columns / 2, window.y >= rows / 2 {
      return (0..<(columns * rows)).map { index in
        let pair = random.normalPair(UInt64(index))
        return SIMD2(Float(pair.x * deviation), Float(pair.y * deviation))
      }
    }
    let scale = deviation * Double(columns * rows) / acquired.squareRoot()
    var space = [SIMD2<Float>](repeating: .zero, count: columns * rows)
    for y in 0..<rows where abs(Self.frequency(y, rows)) < window.y {
      for x in 0..<columns where abs(Self.frequency(x, columns)) < window.x {
        let pair = random.normalPair(UInt64(y * columns + x))
        space[y * columns + x] = SIMD2(Float(pair.x * scale), Float(pair.y * scale))
      }
    }
    return inverse(space)
  }

  private func inverse(_ space: [SIMD2<Float>]) -> [SIMD2<Float>] {
    var half = [SIMD2<Float>](repeating: .zero, count: columns * rows)
    for y in 0..<rows {
      let line = row.inverse(Array(space[(y * columns)..<((y + 1) * columns)]))
      for x in 0..<columns { half[x * rows + y] = line[x] }
    }
    var result = [SIMD2<Float>](repeating: .zero, count: columns * rows)
    for x in 0..<columns {
      let line = column.inverse(Array(half[(x * rows)..<((x + 1) * rows)]))
      for y in 0..<rows { result[y * columns + x] = line[y] }
    }
    return result
  }
}
