import Detection
import Imaging
import Testing

/// Analytic truth: five bodies of 30 x 26 mm in a column, on 11 slices of 4 mm, marrow of 200 on T1, 150 on T2 and 60 after
/// contrast with fat suppression, muscle of 100; noise of two per cent.
@Suite struct LesionFinderAnalyticTests {
  private static let ball = Vector3(20, 3, -102)
  private static let radius = 8.0

  private func found(_ scene: BodyColumn, kinds: [DetectionSeries.Kind] = [.t1, .t2, .post]) throws -> [DetectedLesion]
  {
    try LesionFinder(kinds.map(scene.series), map: scene.map, parameters: DetectionParameters()).candidates()
  }

  private func lesion(t1: Double, t2: Double, post: Double) throws -> BodyColumn {
    try BodyColumn { point, kind in
      guard (point - Self.ball).length <= Self.radius else { return nil }
      switch kind {
      case .t1: return t1
      case .t2: return t2
      case .post: return post
      }
    }
  }

  @Test func `marrow without lesions gives no candidate`() throws {
    #expect(try found(BodyColumn { _, _ in nil }).isEmpty)
  }

  @Test func `a ball that is dark on T1 and enhances is found where it lies`() throws {
    let scene = try lesion(t1: 100, t2: 210, post: 130)
    let candidates = try found(scene)
    #expect(candidates.count == 1)
    let best = try #require(candidates.first)
    #expect(best.score > 0.5)
    #expect(scene.dice(best.region, ball: Self.ball, radius: Self.radius) > 0.85, "edges smooth over 3 x 3 pixels")
    #expect(best.evidence[0].contains("% on T1"))
  }

  @Test func `what all series lose alike is no lesion`() throws {
    #expect(try found(lesion(t1: 160, t2: 120, post: 48)).allSatisfy { $0.score < 0.3 })
  }

  @Test func `fat suppression that fails is no lesion`() throws {
    #expect(try found(lesion(t1: 200, t2: 150, post: 130)).isEmpty)
  }

  @Test func `fat and water together are told as a haemangioma may be`() throws {
    let candidates = try found(lesion(t1: 260, t2: 300, post: 90))
    #expect(candidates.allSatisfy { $0.score < 0.5 })
  }

  @Test func `T2 alone stays below one half and says so`() throws {
    let candidates = try found(lesion(t1: 100, t2: 260, post: 130), kinds: [.t2])
    let best = try #require(candidates.first)
    #expect(best.score <= DetectionParameters().t2Cap)
    #expect(best.evidence.contains("T2 alone shows it"))
  }

  @Test func `one diseased body of five does not hide itself`() throws {
    let scene = try BodyColumn { point, kind in
      guard abs(point.z - Self.ball.z) < 12 else { return nil }
      return kind == .t1 ? 100 : kind == .t2 ? 210 : 130
    }
    let best = try #require(try found(scene).first)
    #expect(best.score > 0.5)
    #expect(Double(best.region.count) > 0.8 * Double(scene.bodyVoxels))
  }

  @Test func `a seed grows to its ball, one in marrow or far away does not`() throws {
    let scene = try lesion(t1: 100, t2: 210, post: 130)
    let finder = try LesionFinder(
      [scene.series(.t1), scene.series(.t2), scene.series(.post)], map: scene.map, parameters: DetectionParameters())
    let grown = try finder.lesion(at: Self.ball + Vector3(0, 3, 2))
    #expect(scene.dice(grown.region, ball: Self.ball, radius: Self.radius) > 0.85)
    #expect(throws: DetectionFailure.likeMarrow) { try finder.lesion(at: Vector3(20, 0, -34)) }
    #expect(throws: DetectionFailure.outside) { try finder.lesion(at: Vector3(20, 48, -102)) }
  }

  @Test func `two bodies are too few to compare`() throws {
    let scene = try BodyColumn(bodies: 2) { _, _ in nil }
    #expect(throws: DetectionFailure.tooFewBodies(2)) {
      try LesionFinder([scene.series(.t1)], map: scene.map, parameters: DetectionParameters())
    }
    #expect(throws: DetectionFailure.noSeries) {
      try LesionFinder([], map: scene.map, parameters: DetectionParameters())
    }
  }

  @Test func `a coil that falls off makes no lesion`() throws {
    let scene = try BodyColumn(fallOffPerMm: 0.015) { _, _ in nil }
    #expect(try found(scene).isEmpty, "one and a half per cent a millimetre, as a bare surface coil")
  }

  @Test func `a replaced body of a curved spine is found over a coil that falls off`() throws {
    // The middle body lies 20 mm nearer to the coil than the ends, a third brighter; it lost 30 per cent on T1.
    let scene = try BodyColumn(fallOffPerMm: 0.015, bend: 20) { point, kind in
      guard abs(point.z + 68) <= 13 else { return nil }
      switch kind {
      case .t1: return 140
      case .t2: return 150
      case .post: return 95
      }
    }
    let candidates = try found(scene)
    let best = try #require(candidates.first)
    #expect(candidates.count == 1 && best.score > 0.5)
    #expect(Double(best.region.count) > 0.6 * Double(scene.bodyVoxels))
    #expect(try found(BodyColumn(fallOffPerMm: 0.015, bend: 20) { _, _ in nil }).isEmpty)
  }

  private static let arch = Vector3(20, 12, -68)

  /// Of a column whose middle, where the arch's ball lies, is 20 mm further from the coil than its ends.
  private func arches(fallOffPerMm: Double = 0, t1: Double, t2: Double, post: Double) throws -> [DetectedLesion] {
    try found(
      BodyColumn(fallOffPerMm: fallOffPerMm, bend: -20, arches: true) { point, kind in
        guard (point - Self.arch).length <= 7 else { return nil }
        switch kind {
        case .t1: return t1
        case .t2: return t2
        case .post: return post
        }
      })
  }

  @Test func `fluid in an arch is no lesion`() throws {
    #expect(try arches(t1: 60, t2: 400, post: 62).isEmpty, "three times muscle on T2, nothing after contrast")
  }

  @Test(arguments: [0, 0.012]) func `a mass in an arch that is darker than muscle and enhances up to it is found`(
    fallOffPerMm: Double
  ) throws {
    let candidates = try arches(fallOffPerMm: fallOffPerMm, t1: 60, t2: 100, post: 98)
    let best = try #require(candidates.first)
    #expect(candidates.count == 1 && best.region.contains(Self.arch))
  }

  @Test func `the fat of arches near a coil is no lesion`() throws {
    #expect(try found(BodyColumn(fallOffPerMm: 0.015, arches: true) { _, _ in nil }).isEmpty)
  }
}
