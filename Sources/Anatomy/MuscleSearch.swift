internal import Foundation
internal import Imaging
internal import Kernels

/// The search for muscle patches in one working stack.
struct MuscleSearch {
  struct Candidate {
    var column: Int
    var row: Int
    var slice: Int
    var radius: Double
    var mean: Float
    var variation: Float
    var depth: Double
    var point: Vector3
    var left: Bool
    var muscle: SpineStructure
  }

  let settings: AnatomyParameters.Muscle
  let stack: WorkingStack
  let course: SpineCourse
  let fatSuppressed: Bool?
  private let skin: BackSkin

  init(
    settings: AnatomyParameters.Muscle, stack: WorkingStack, sagittal: Bool, course: SpineCourse, fatSuppressed: Bool?
  ) {
    self.settings = settings
    self.stack = stack
    self.course = course
    self.fatSuppressed = fatSuppressed
    skin = BackSkin(stack, sagittal: sagittal)
  }

  func depth(of point: Vector3) -> Double? {
    let index = stack.geometry.index(ofPosition: point)
    let column = Int(index.x.rounded())
    let row = Int(index.y.rounded())
    let slice = min(max(Int(index.z.rounded()), 0), stack.slices - 1)
    return skin.depth(column: column, row: row, slice: slice)
  }

  /// The patches for the lesions, and all places of muscle that were found.
  func patches(lesions: [Vector3]) -> (chosen: [Candidate], all: [Candidate]) {
    var best: (chosen: [Candidate], all: [Candidate]) = ([], [])
    for radius in settings.patchRadii {
      let found = candidates(radius: radius)
      let muscle = muscleMode(found)
      let picked = pick(muscle, lesions: lesions)
      if picked.count > best.chosen.count { best = (picked, muscle) }
      if best.chosen.count >= settings.minimumPatches { break }
    }
    return best
  }

  private func zone(_ point: Vector3, depth: Double) -> SpineStructure? {
    guard depth >= settings.skin else { return nil }
    let centre = course.centre(z: point.z)
    let side = abs(point.x - centre.x)
    let behind = point.y - centre.y
    if side >= settings.lateral[0], side <= settings.lateral[1], behind >= settings.behind[0],
      behind <= settings.behind[1]
    {
      return .posteriorParaspinalMuscle
    }
    if side >= settings.psoasLateral[0], side <= settings.psoasLateral[1],
      behind >= settings.psoasBehind[0], behind <= settings.psoasBehind[1]
    {
      return .psoasMuscle
    }
    return nil
  }

  /// Homogeneous places of the zone, on a lattice of half a radius.
  private func candidates(radius: Double) -> [Candidate] {
    let reach = max(1, Int((radius / stack.pixel).rounded()))
    let step = max(1, reach / 2)
    let plane = stack.columns * stack.rows
    var found: [Candidate] = []
    for slice in 0..<stack.slices {
      let image = Array(stack.voxels[(slice * plane)..<((slice + 1) * plane)])
      let means = PlaneFilter.mean(image, columns: stack.columns, rows: stack.rows, radius: reach)
      let squares = PlaneFilter.mean(image.map { $0 * $0 }, columns: stack.columns, rows: stack.rows, radius: reach)
      for row in stride(from: reach, to: stack.rows - reach, by: step) {
        for column in stride(from: reach, to: stack.columns - reach, by: step) {
          let offset = row * stack.columns + column
          let mean = means[offset]
          guard mean > 1.5 * stack.airLevel else { continue }
          let variation = max(squares[offset] - mean * mean, 0).squareRoot() / mean
          guard variation <= Float(settings.maximumVariation) else { continue }
          guard let depth = skin.depth(column: column, row: row, slice: slice) else { continue }
          let point = stack.geometry.position(column: Double(column), row: Double(row), slice: slice)
          guard let muscle = zone(point, depth: depth) else { continue }
          let left = point.x > course.centre(z: point.z).x
          found.append(
            Candidate(
              column: column, row: row, slice: slice, radius: radius, mean: mean, variation: variation, depth: depth,
              point: point, left: left, muscle: muscle))
        }
      }
    }
    return found
  }

  /// The candidates near the most frequent signal of the muscle class.
  private func muscleMode(_ found: [Candidate]) -> [Candidate] {
    let back = found.filter { $0.muscle == .posteriorParaspinalMuscle }
    guard !back.isEmpty else { return [] }
    let threshold = fatThreshold(back.map(\.mean))
    let suppressed = fatSuppressed ?? false
    let members = back.filter { candidate in
      guard let threshold else { return true }
      return suppressed ? candidate.mean >= threshold : candidate.mean <= threshold
    }
    guard let level = level(members) else { return [] }
    return found.filter { candidate in
      let tolerance = candidate.muscle == .psoasMuscle ? settings.psoasTolerance : settings.modeTolerance
      return abs(Double(candidate.mean) / level(candidate.point.y) - 1) <= tolerance
    }
  }

  /// Signal of muscle by posterior coordinate: the most frequent one, with the slope in depth that the coil gives it.
  private func level(_ members: [Candidate]) -> ((Double) -> Double)? {
    guard let mode = Self.mode(members.map(\.mean), width: Float(settings.modeWidth)) else { return nil }
    let origin = members.reduce(0) { $0 + $1.point.y } / Double(members.count)
    var (height, slope) = (log(Double(mode)), 0.0)
    for _ in 0..<8 {
      var line = LeastSquares(unknowns: 2)
      for member in members {
        let place = member.point.y - origin
        let own = log(Double(member.mean))
        guard abs(exp(own - height - slope * place) - 1) <= settings.modeTolerance else { continue }
        line.add([1, place], own)
      }
      // As if one more patch lay 20 mm off on a flat line: patches of a single depth show no slope.
      line.addPrior(unknown: 1, variance: 1 / (20 * 20))
      guard let fit = line.solve()?.unknowns else { break }
      (height, slope) = (fit[0], fit[1])
    }
    return { exp(height + slope * ($0 - origin)) }
  }

  /// Otsu's threshold between muscle and fat on square roots (fat's spread is the larger), where the two classes differ by more than a factor of 1.6
  /// (fat is 2 to 5 times muscle without suppression); `nil` where there is one class only.
  private func fatThreshold(_ means: [Float]) -> Float? {
    let roots = means.map { $0.squareRoot() }.sorted()
    guard roots.count >= 20 else { return nil }
    var prefix: [Float] = [0]
    for value in roots { prefix.append(prefix[prefix.count - 1] + value) }
    let total = prefix[roots.count]
    var best: Float = -1
    var cut = 0
    for index in stride(from: 1, to: roots.count, by: max(1, roots.count / 200)) {
      let low = prefix[index] / Float(index)
      let high = (total - prefix[index]) / Float(roots.count - index)
      let between = Float(index) * Float(roots.count - index) * (high - low) * (high - low)
      if between > best {
        best = between
        cut = index
      }
    }
    let low = prefix[cut] / Float(cut)
    let high = (total - prefix[cut]) / Float(roots.count - cut)
    guard high * high > 1.6 * low * low else { return nil }
    let root = (roots[cut - 1] + roots[cut]) / 2
    return root * root
  }

  /// The value around which most others lie within the fraction `width`.
  private static func mode(_ values: [Float], width: Float) -> Float? {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return nil }
    var best = 0
    var place = sorted[0]
    var low = 0
    var high = 0
    for index in sorted.indices {
      while sorted[low] < sorted[index] * (1 - width) { low += 1 }
      while high < sorted.count, sorted[high] <= sorted[index] * (1 + width) { high += 1 }
      if high - low > best {
        best = high - low
        place = sorted[(low + high - 1) / 2]
      }
    }
    return place
  }

  /// For each lesion in turn the cheapest patches that do not overlap, both sides of the spine alike.
  private func pick(_ found: [Candidate], lesions: [Vector3]) -> [Candidate] {
    var chosen: [Candidate] = []
    let targets: [Vector3?] = lesions.isEmpty ? [nil] : lesions.map { $0 }
    for target in targets {
      let lesionDepth = target.flatMap { depth(of: $0) }
      let ranked = found.enumerated().map { index, candidate in
        var cost = Double(candidate.variation) * 10
        if let target {
          let distance = abs(candidate.point.z - target.z)
          cost += distance / settings.levelScale + (distance > settings.levelReach ? 2 : 0)
          if let lesionDepth { cost += abs(candidate.depth - lesionDepth) / settings.depthScale }
        }
        return (cost: cost, index: index)
      }.sorted { ($0.cost, $0.index) < ($1.cost, $1.index) }
      let limit = target == nil ? settings.patchesPerLesion * 2 : settings.patchesPerLesion
      var sides = [0, 0]
      var taken = 0
      for (_, index) in ranked {
        guard taken < limit, chosen.count < settings.maximumPatches else { break }
        let candidate = found[index]
        let side = candidate.left ? 0 : 1
        guard sides[side] <= limit / 2, !chosen.contains(where: { overlap($0, candidate) }) else { continue }
        chosen.append(candidate)
        sides[side] += 1
        taken += 1
      }
    }
    return chosen
  }

  private func overlap(_ one: Candidate, _ other: Candidate) -> Bool {
    guard one.slice == other.slice else { return false }
    let across = Double(one.column - other.column) * stack.pixel
    let down = Double(one.row - other.row) * stack.pixel
    let apart = 2 * max(one.radius, other.radius) + 1
    return across * across + down * down < apart * apart
  }
}

extension MuscleSearch.Candidate {
  /// The disc's box on the series' own grid, and whether each voxel of it lies in the disc.
  private func disc(in geometry: VolumeGeometry) -> (box: VoxelBox, members: [UInt8]) {
    let index = geometry.index(ofPosition: point)
    let slice = min(max(Int(index.z.rounded()), 0), geometry.slices - 1)
    let reachX = radius / geometry.spacing.x
    let reachY = radius / geometry.spacing.y
    let columns =
      max(
        0, Int((index.x - reachX).rounded(.up)))..<min(
        geometry.columns, Int((index.x + reachX).rounded(.down)) + 1)
    let rows =
      max(
        0, Int((index.y - reachY).rounded(.up)))..<min(
        geometry.rows, Int((index.y + reachY).rounded(.down)) + 1)
    var members: [UInt8] = []
    for row in rows {
      for column in columns {
        let x = (Double(column) - index.x) / reachX
        let y = (Double(row) - index.y) / reachY
        members.append(x * x + y * y <= 1 ? 1 : 0)
      }
    }
    return (VoxelBox(columns: columns, rows: rows, slices: slice..<(slice + 1)), members)
  }

  /// All voxels of the discs of candidates on the series' own grid.
  static func union(_ candidates: [MuscleSearch.Candidate], geometry: VolumeGeometry) -> Region {
    var mask = [UInt8](repeating: 0, count: geometry.count)
    for candidate in candidates {
      let (box, members) = candidate.disc(in: geometry)
      var place = 0
      for row in box.rows {
        for column in box.columns {
          if members[place] != 0 {
            mask[geometry.offset(column: column, row: row, slice: box.slices.lowerBound)] = 1
          }
          place += 1
        }
      }
    }
    return Region(geometry: geometry, mask: mask)
  }

  /// The disc on the series' own grid; `nil` where it holds no voxel.
  func patch(in volume: Volume) -> MusclePatch? {
    let (box, members) = disc(in: volume.geometry)
    let region = Region(
      geometry: volume.geometry, columns: box.columns, rows: box.rows, slices: box.slices, members: members)
    var sum = 0.0
    var squares = 0.0
    region.forEachVoxel { column, row, slice in
      let value = Double(volume[column, row, slice])
      sum += value
      squares += value * value
    }
    let count = Double(region.count)
    guard count > 1 else { return nil }
    let mean = sum / count
    return MusclePatch(
      region: region, muscle: muscle, centre: point, mean: mean,
      standardDeviation: (max(squares - count * mean * mean, 0) / (count - 1)).squareRoot(), depth: depth)
  }
}
