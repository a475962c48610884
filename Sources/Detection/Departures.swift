import Imaging

/// All series of a stretch together: where and how the bones depart from the patient's own marrow.
struct Departures {
  let bones: BoneGrid
  let models: [MarrowModel]
  let parameters: DetectionParameters

  init(
    _ series: [DetectionSeries], _ bones: BoneGrid, _ parameters: DetectionParameters
  ) throws(DetectionFailure) {
    var models = series.compactMap { MarrowModel($0, bones, parameters) }
    guard !models.isEmpty else { throw .tooFewBodies(bones.bodies.count) }
    Self.restoreCommonLoss(&models, parameters.commonLoss)
    self.models = models
    self.bones = bones
    self.parameters = parameters
  }

  /// Gives back what all series lost alike, up to a limit.
  private static func restoreCommonLoss(_ models: inout [MarrowModel], _ limit: Double) {
    guard models.count >= 2 else { return }
    for offset in models[0].departure.indices {
      var highest = -Float.infinity
      for model in models where model.departure[offset].isFinite { highest = max(highest, model.departure[offset]) }
      guard highest < 0, highest.isFinite else { continue }
      let loss = min(-highest, Float(limit))
      for index in models.indices { models[index].departure[offset] += loss }
    }
  }

  /// The departure of one series in spreads; `nil` where the series does not reach.
  func standardized(_ model: MarrowModel, _ offset: Int) -> Double? {
    let value = Double(model.departure[offset])
    return value.isFinite ? min(max(value / model.spread, -12), 12) : nil
  }

  /// How much a place looks like a lesion, in spreads: darker on T1, brighter after contrast, and on T2 either way (water
  /// or sclerosis). What one of the last two shows counts only as far as another series bears it out.
  func departure(_ offset: Int) -> Double {
    var (t1, t2, post) = (0.0, 0.0, 0.0)
    var reaching = 0
    for model in models {
      guard let value = standardized(model, offset) else { continue }
      reaching += 1
      switch model.kind {
      case .t1: t1 = max(0, -value)
      case .t2: t2 = abs(value)
      case .post: post = max(0, value)
      }
    }
    guard reaching > 1 else { return max(t1, t2, post) }
    let borneT2 = borne(t2, by: max(t1, post))
    let bornePost = borne(post, by: max(t1, t2))
    return (t1 * t1 + borneT2 * borneT2 + bornePost * bornePost).squareRoot()
  }

  /// The same in the arches, which are too thin and too far from the bodies to be held against marrow: a lesion there is no
  /// fat on T1, and takes up contrast (brighter than muscle, or than its own T1 signal where that is darker) or is brighter on
  /// T2 than fat of its T1 signal would be. 0 without muscle, and on T2 alone.
  func archDeparture(_ offset: Int) -> Double {
    var above: [DetectionSeries.Kind: Double] = [:]
    for model in models { above[model.kind] = model.aboveMuscle(at: offset, bones) }
    // On T2 alone fat and fluid are as bright as a lesion.
    guard above[.t1] != nil || above[.post] != nil else { return 0 }
    let t1 = above[.t1] ?? 0
    guard t1 < parameters.archFat else { return 0 }
    var excess: [DetectionSeries.Kind: Double] = [:]
    for model in models {
      guard let own = above[model.kind], let marrow = model.aboveMuscle else { continue }
      let spread = max(model.spread, parameters.archSpread)
      switch model.kind {
      case .t1: break
      case .t2:
        let fat = models.first { $0.kind == .t1 }?.aboveMuscle ?? 0
        let share = fat > 0.1 ? min(max(0, t1) / fat, 1) : 0
        excess[.t2] = max(0, own - share * max(0, marrow) - parameters.archT2Gain) / spread
      case .post:
        excess[.post] = max(0, own - max(min(t1, 0), -parameters.archT1Loss) - parameters.archPostGain) / spread
      }
    }
    // Fluid of facets, root sleeves and cysts is bright on T2 and takes up nothing.
    let (post, t2) = (excess[.post], excess[.t2] ?? 0)
    let borneT2 = post.map { borne(t2, by: $0) } ?? t2
    return (borneT2 * borneT2 + (post ?? 0) * (post ?? 0)).squareRoot()
  }

  /// A departure as far as the other series bear it out.
  private func borne(_ departure: Double, by others: Double) -> Double {
    min(departure, parameters.leverage * others + 1)
  }

  /// Median departure of each series over some places, in logarithms; `nil` for a series that does not reach half of them.
  func levels(_ offsets: [Int]) -> [Double?] {
    models.map { model in
      let values = offsets.map { Double(model.departure[$0]) }.filter(\.isFinite)
      return 2 * values.count > offsets.count ? lowerMedian(values) : nil
    }
  }
}
