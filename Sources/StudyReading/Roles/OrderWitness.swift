import DICOM
import Imaging

/// The order of acquisition within a study as a witness for the contrast phase.
struct OrderWitness {
  /// Seconds since midnight of the first day at which a series was acquired; `nil` where nothing says.
  let times: [Double?]
  private let series: [ImageSeries]

  init(_ series: [ImageSeries]) {
    self.series = series
    let days = series.map { Self.day($0.representative.acquisitionDate ?? $0.representative.series.date) }
    let first = days.compactMap { $0 }.min() ?? 0
    times = series.indices.map { index in
      let instance = series[index].representative
      let frame = series[index].frame(ofSlice: 0)
      let text = frame.acquisitionTime ?? instance.acquisitionTime ?? instance.series.time ?? instance.contentTime
      guard let text, let seconds = Self.seconds(text) else { return nil }
      return seconds + Double((days[index] ?? first) - first) * 86400
    }
  }

  /// Statements about the contrast phase of each series.
  ///
  /// - Parameters:
  ///   - weightings: as decided so far.
  ///   - phases: decided so far by the other witnesses, `nil` where they do not decide.
  func testimony(
    weightings: [Weighting], fat: [Bool?], phases: [ContrastPhase?], eligible: [Bool], tolerance: Double
  ) -> [[Testimony]] {
    let keys = series.indices.map { key($0) }
    let postKeys = series.indices.filter { phases[$0] == .post && eligible[$0] }.compactMap { keys[$0] }
    let firstPost = postKeys.min()
    return series.indices.map { index in
      guard let own = keys[index] else { return [] }
      var result: [Testimony] = []
      if let start = startTime(index), let time = times[index] {
        result.append(
          Testimony(
            .contrast(time >= start ? .post : .pre), 1.5,
            time >= start ? "acquired after the contrast agent's start time" : "acquired before the agent's start time")
        )
      }
      let repeated =
        weightings[index] == .t1 && eligible[index]
        ? repeats(index, keys: keys, weightings: weightings, fat: fat, eligible: eligible, tolerance: tolerance) : []
      let looksLate = repeated.contains { $0.claim == .contrast(.post) }
      if let firstPost, phases[index] != .post {
        if own > firstPost {
          result.append(Testimony(.contrast(.post), 1.5, "acquired after a series with contrast agent"))
        } else if own < firstPost, !looksLate {
          result.append(Testimony(.contrast(.pre), 1, "acquired before the first series with contrast agent"))
        }
      }
      if firstPost == nil || looksLate { result += repeated }
      return result
    }
  }

  /// Without any named contrast agent: a T1 in the same plane as an earlier T1, with other series between, is most
  /// often the one after the agent; the first is the one before it.
  private func repeats(
    _ index: Int, keys: [Double?], weightings: [Weighting], fat: [Bool?], eligible: [Bool], tolerance: Double
  ) -> [Testimony] {
    guard let own = keys[index] else { return [] }
    let twins = series.indices.filter { other in
      other != index && eligible[other] && weightings[other] == .t1 && series[other].plane == series[index].plane
        && overlaps(series[other].geometry, series[index].geometry)
        && (fat[other] ?? false || fat[index] ?? false || sameTimes(other, index, tolerance))
    }
    let earlier = twins.compactMap { keys[$0] }.filter { $0 < own }
    let later = twins.compactMap { keys[$0] }.filter { $0 > own }
    if let last = earlier.max() {
      let between = series.indices.contains { other in
        guard let key = keys[other], weightings[other] != .t1 else { return false }
        return key > last && key < own
      }
      if between || fat[index] == true {
        return [
          Testimony(
            .contrast(.post), fat[index] == true ? 1.25 : 1,
            fat[index] == true
              ? "a fat-suppressed T1 after a T1 in the same plane" : "the second T1 in this plane, after other series")
        ]
      }
      return []
    }
    let laterIsSuppressed = twins.contains { fat[$0] == true && (keys[$0] ?? own) > own }
    if fat[index] == false, laterIsSuppressed {
      return [Testimony(.contrast(.pre), 1, "a T1 before a fat-suppressed T1 in the same plane")]
    }
    return later.isEmpty ? [] : [Testimony(.contrast(.pre), 0.75, "the first of several T1 series in this plane")]
  }

  /// Order by time where all series have one, else by series number.
  private func key(_ index: Int) -> Double? {
    times.allSatisfy { $0 != nil } ? times[index] : series[index].representative.series.number.map(Double.init)
  }

  private func startTime(_ index: Int) -> Double? {
    series[index].representative.contrast.startTime.flatMap(Self.seconds)
  }

  private func sameTimes(_ first: Int, _ second: Int, _ tolerance: Double) -> Bool {
    let close = { (a: Double?, b: Double?) in
      guard let a, let b, a > 0, b > 0 else { return true }
      return abs(a - b) <= tolerance * max(a, b)
    }
    return close(series[first].acquisition.repetitionTime, series[second].acquisition.repetitionTime)
      && close(series[first].acquisition.echoTime, series[second].acquisition.echoTime)
  }

  /// Whether the middle of one stack lies within the other.
  private func overlaps(_ first: VolumeGeometry, _ second: VolumeGeometry) -> Bool {
    let middle = first.position(
      ofIndex: Vector3(Double(first.columns - 1) / 2, Double(first.rows - 1) / 2, Double(first.slices - 1) / 2))
    return GridLookup(second).distance(to: middle) < 20
  }

  /// TM or DT to seconds since midnight.
  static func seconds(_ text: String) -> Double? {
    var digits = Array(text.prefix { $0.isNumber || $0 == "." || $0 == ":" }.filter { $0 != ":" })
    let whole = digits.firstIndex(of: ".") ?? digits.count
    if whole == 14 { digits.removeFirst(8) }
    guard digits.count >= 4, let hours = Double(String(digits[0..<2])), let minutes = Double(String(digits[2..<4]))
    else {
      return nil
    }
    let seconds = digits.count > 4 ? Double(String(digits[4...])) ?? 0 : 0
    return hours * 3600 + minutes * 60 + seconds
  }

  /// Days in a count that only has to grow by one from day to day within a study.
  private static func day(_ text: String?) -> Int? {
    guard let text, text.count >= 8, let value = Int(text.prefix(8)) else { return nil }
    let (year, month, day) = (value / 10000, value / 100 % 100, value % 100)
    let shifted = month <= 2 ? year - 1 : year
    return 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + (153 * ((month + 9) % 12) + 2) / 5 + day
  }
}
