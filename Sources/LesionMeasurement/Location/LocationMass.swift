import Imaging

/// The shape of what a lesion forms outside the bone (the paper's figures 5 and 7).
enum LocationMass {
  /// None inside the bone; a thin sheet along the bodies' front or back that runs up or down the spine is
  /// subligamentous; a lump is expansile; what spreads without forming one is infiltrative.
  static func judge(
    _ measured: LocationMeasurement, _ outside: [LocationSamples.Point], _ outline: LocationOutline,
    _ parameters: LocationParameters
  ) -> LocationMeasurement.Mass {
    guard let isExtraosseous = measured.isExtraosseous else { return .indeterminate }
    guard isExtraosseous else { return .none }
    if isSubligamentous(outside, outline, parameters) { return .subligamentous }
    return measured.lump >= parameters.lumpShare ? .expansile : .infiltrative
  }

  private static func isSubligamentous(
    _ outside: [LocationSamples.Point], _ outline: LocationOutline, _ parameters: LocationParameters
  ) -> Bool {
    guard let axis = spineAxis(outside, outline) else { return false }
    // In front: the patient's anterior made orthogonal to the spine.
    let anterior = Vector3(0, -1, 0)
    guard let front = (anterior - axis * anterior.dot(axis)).normalized else { return false }
    let mean = outside.reduce(Vector3.zero) { $0 + $1.position } / Double(outside.count)
    guard let nearest = outline.bodies.min(by: { ($0.centroid - mean).length < ($1.centroid - mean).length }),
      (mean - nearest.centroid).dot(front) > 0
    else { return false }
    func extent(_ direction: Vector3) -> Double {
      let values = outside.map { ($0.position - mean).dot(direction) }.sorted()
      let cut = values.count / 20
      return values[values.count - 1 - cut] - values[cut]
    }
    // Thickness front to back, slab by slab along the spine, so that the spine's curve does not thicken it.
    var slabs: [Int: (low: Double, high: Double)] = [:]
    for point in outside {
      let slab = Int(((point.position - mean).dot(axis) / 3).rounded())
      let value = (point.position - mean).dot(front)
      let old = slabs[slab] ?? (value, value)
      slabs[slab] = (min(old.low, value), max(old.high, value))
    }
    let thickness = slabs.keys.sorted().map { slabs[$0]!.high - slabs[$0]!.low + 1 }.sorted()
    let typical = thickness[thickness.count / 2]
    return typical <= parameters.subligamentousThicknessMm
      && extent(axis) >= parameters.subligamentousElongation * typical
  }

  private static func spineAxis(_ points: [LocationSamples.Point], _ outline: LocationOutline) -> Vector3? {
    guard !points.isEmpty, outline.bodies.count >= 2 else { return nil }
    let mean = points.reduce(Vector3.zero) { $0 + $1.position } / Double(points.count)
    let nearest = outline.bodies.indices.min {
      (outline.bodies[$0].centroid - mean).length < (outline.bodies[$1].centroid - mean).length
    }!
    let above = outline.bodies[max(nearest - 1, 0)].centroid
    let below = outline.bodies[min(nearest + 1, outline.bodies.count - 1)].centroid
    return (above - below).normalized
  }
}

/// How far the canal is narrowed, slab by slab along the patient's axis.
enum LocationCanal {
  /// The canal's cross-section free of the lesion, against the canal's median cross-section nearby; 0 where the lesion
  /// does not touch the canal; `nil` without canal beside the lesion.
  static func narrowing(_ bones: LocationBones, _ region: Region) -> (percent: Double, millimetres: Double)? {
    let step = max(3, bones.map.geometry.spacing.z * abs(bones.map.geometry.sliceDirection.z))
    var slabs: [Int: Slab] = [:]
    for place in bones.canal.indices where bones.canal[place] != 0 {
      let point = bones.position(place)
      slabs[Int((point.z / step).rounded()), default: Slab()].add(point, isTaken: region.contains(point))
    }
    var own = Set<Int>()
    var touches = false
    region.forEachVoxel { column, row, slice in
      let point = region.geometry.position(column: Double(column), row: Double(row), slice: slice)
      own.insert(Int((point.z / step).rounded()))
      if !touches, let place = bones.place(point), bones.outsideCanal[place] <= 0.5 { touches = true }
    }
    let keys = slabs.keys.sorted()
    guard !keys.isEmpty else { return nil }
    guard touches else { return (0, 0) }
    // The outermost slabs of the crop may be cut.
    let usual = keys.dropFirst().dropLast().filter { !own.contains($0) }.map { slabs[$0]! }
    let reference = usual.isEmpty ? keys.map { slabs[$0]! } : usual
    guard let area = lowerMedian(reference.map(\.all)), let width = lowerMedian(reference.map(\.depth)), area > 0
    else { return nil }
    var worst = (percent: 0.0, millimetres: 0.0)
    for key in keys where own.contains(key) {
      let slab = slabs[key]!
      let expected = max(area, slab.all)
      let percent = min(100, max(0, 100 * (1 - slab.free / expected)))
      if percent > worst.percent { worst = (percent, max(0, max(width, slab.depth) * percent / 100)) }
    }
    return worst
  }

  private struct Slab {
    var all = 0.0
    var free = 0.0
    var front = Double.infinity
    var back = -Double.infinity
    var depth: Double { back > front ? back - front : 0 }

    mutating func add(_ point: Vector3, isTaken: Bool) {
      all += 1
      if !isTaken { free += 1 }
      front = min(front, point.y)
      back = max(back, point.y)
    }
  }
}
