import Foundation
import Imaging

/// A patient: the spine, what mimics tumours, the tumours, and every tissue's numbers.
package final class PhantomScene: Sendable {
  let spine: SpineModel
  let mimics: [MimicModel]
  package let lesions: [LesionModel]
  let tissues: [Tissue]

  package enum Failure: Error, Sendable, Equatable { case unknownLevel(String) }

  package init(_ specification: PhantomStudySpecification, nominalT1: PulseSequence, nominalT2: PulseSequence)
    throws(Failure)
  {
    var collapse: [VertebralLevel: Double] = [:]
    for lesion in specification.lesions where lesion.collapsePercent > 0 {
      if let level = VertebralLevel(name: lesion.level) { collapse[level] = lesion.collapsePercent }
    }
    let spine = SpineModel(anatomy: specification.anatomy, tumourCollapse: collapse, seed: specification.seed)
    var mimics: [MimicModel] = []
    for (number, mimic) in specification.mimics.enumerated() {
      guard let model = MimicModel(mimic, number: number, spine: spine, seed: specification.seed) else {
        throw .unknownLevel(mimic.level)
      }
      mimics.append(model)
    }
    var palette = TissuePalette()
    var lesions: [LesionModel] = []
    for (number, lesion) in specification.lesions.enumerated() {
      guard var model = LesionModel(lesion, identifier: number + 1, spine: spine, seed: specification.seed) else {
        throw .unknownLevel(lesion.level)
      }
      let share = Self.meanCore(model, spine)
      model.tissues = LesionTissues.make(
        lesion, coreShare: share, fieldStrength: specification.fieldStrength, t1: nominalT1, t2: nominalT2
      ).map { palette.add($0) }
      lesions.append(model)
    }
    self.spine = spine
    self.mimics = mimics
    self.lesions = lesions
    tissues = palette.tissues
  }

  /// Mean share of the sclerotic part over points inside the lesion.
  private static func meanCore(_ lesion: LesionModel, _ spine: SpineModel) -> Double {
    let random = CounterRandom(seed: 77, stream: UInt64(lesion.identifier))
    var sum = 0.0
    var count = 0
    for index in 0..<4000 where count < 600 {
      let k = UInt64(index) * 3
      let offset = Vector3(random.uniform(k), random.uniform(k + 1), random.uniform(k + 2)) * 2 - Vector3(repeating: 1)
      let point = lesion.boundingCenter + offset * lesion.boundingRadius
      guard lesion.distance(point, spine) < 0 else { continue }
      sum += Double(lesion.field(point, spine).core)
      count += 1
    }
    return count > 0 ? sum / Double(count) : 0
  }

  // MARK: At a point

  /// Anatomy and mimics.
  @inline(__always) func base(at point: Vector3, hint: inout Int) -> TissueSample {
    let base = spine.tissue(at: point, hint: &hint)
    for mimic in mimics {
      if let replaced = mimic.tissue(at: point, base: base, spine: spine) { return replaced }
    }
    return base
  }

  /// Discs, cord, skin and air resist a tumour.
  @inline(__always) static func yields(_ base: TissueSample) -> Bool {
    base.structure != .intervertebralDisc && base.structure != .spinalCord
      && base.first != TissuePalette.Fixed.air.rawValue && base.first != TissuePalette.Fixed.skin.rawValue
  }

  /// Adds the water's and the fat's signal at a point to the sums of several series at once.
  ///
  /// - Parameter gains: whether texture and saturation scale the signal (not so for Hounsfield units).
  /// - Returns: whether the point is so far from the spine that one sample stands for its pixel.
  @discardableResult
  @inline(__always) func accumulate(
    at point: Vector3, hint: inout Int, tables: [[SIMD2<Float>]], into sums: inout [SIMD2<Float>], offset: Int,
    gains: Bool = true
  ) -> Bool {
    let base = base(at: point, hint: &hint)
    let gain = gains ? base.gain : 1
    var tumour: Float = 0
    var field = LesionField(core: 0, enhancing: 0)
    var found = -1
    for index in lesions.indices {
      let away = point - lesions[index].boundingCenter
      let reach = lesions[index].boundingRadius + 1.5 * lesions[index].marginWidth
      if away.dot(away) > reach * reach { continue }
      guard Self.yields(base) else { break }
      let share = lesions[index].membership(point, spine)
      if share > tumour {
        tumour = share
        found = index
      }
    }
    if found >= 0, tumour > 0.002 { field = lesions[found].field(point, spine) }
    for series in tables.indices {
      var value =
        (tables[series][base.first] + (tables[series][base.second] - tables[series][base.first]) * base.weight)
        * gain
      if tumour > 0.002 { value += (lesions[found].signal(field, tables[series]) - value) * tumour }
      sums[offset + series] += value
    }
    return base.remote && found < 0
  }

  /// Whether a point lies inside a lesion's outline (at least half of it tumour).
  func contains(_ lesion: LesionModel, _ point: Vector3, hint: inout Int) -> Bool {
    let away = point - lesion.boundingCenter
    guard away.dot(away) <= lesion.boundingRadius * lesion.boundingRadius, lesion.distance(point, spine) < 0 else {
      return false
    }
    return Self.yields(base(at: point, hint: &hint))
  }
}
