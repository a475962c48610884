/// Whether groups of patients differ in the rank of their lesions, the patient being the unit.
///
/// The statistic is Kruskal and Wallis' H over the lesions; its distribution comes from dealing the group labels anew to
/// the patients, each keeping all its lesions. All dealings are walked when they are few; otherwise a fixed number of
/// random ones is drawn with a fixed seed, and P = (as extreme + 1) / (drawn + 1).
package struct PatientPermutation: Sendable, Equatable {
  package var pValue: Double
  /// The dealings walked or drawn.
  package var arrangements: Int
  /// Whether all were walked.
  package var isExact: Bool

  /// - Parameter groups: for each group, for each patient, the lesions' values.
  package static func run(
    _ groups: [[[Double]]], parameters: CohortParameters = CohortParameters()
  ) -> Estimate<PatientPermutation> {
    let groups = groups.map { $0.filter { !$0.isEmpty } }.filter { !$0.isEmpty }
    guard groups.count > 1 else {
      return .unavailable(groups.isEmpty ? "no measured lesion" : "only one group has measured lesions")
    }
    let patients = groups.flatMap { $0 }
    guard patients.count > groups.count else {
      return .unavailable("one patient in each group: no spread between patients")
    }
    let ranks = Ranks(patients.flatMap { $0 })
    guard ranks.tieCorrection > 0 else { return .unavailable("all measured lesions are equal") }
    return .value(Walk(groups: groups, patients: patients, ranks: ranks).run(parameters))
  }

  private struct Walk {
    let labels: [Int]
    let sizes: [Int]
    let sums: [Int]
    let counts: [Int]
    let ranks: Ranks

    init(groups: [[[Double]]], patients: [[Double]], ranks: Ranks) {
      var labels: [Int] = []
      for (index, group) in groups.enumerated() {
        labels.append(contentsOf: Array(repeating: index, count: group.count))
      }
      var sums: [Int] = []
      var position = 0
      for patient in patients {
        sums.append(ranks.doubled[position..<(position + patient.count)].reduce(0, +))
        position += patient.count
      }
      self.labels = labels
      self.sizes = groups.map(\.count)
      self.sums = sums
      self.counts = patients.map(\.count)
      self.ranks = ranks
    }

    func statistic(_ labels: [Int]) -> Double {
      var groupSums = [Int](repeating: 0, count: sizes.count)
      var groupCounts = groupSums
      for (patient, label) in labels.enumerated() {
        groupSums[label] += sums[patient]
        groupCounts[label] += counts[patient]
      }
      return RankStatistic.value(doubledSums: groupSums, sizes: groupCounts, ranks: ranks)
    }

    func run(_ parameters: CohortParameters) -> PatientPermutation {
      let observed = statistic(labels) - 1e-9
      var asExtreme = 0
      if Arrangements.count(sizes) <= Double(parameters.exactPermutations) {
        var all = 0
        Arrangements.forEach(labels) { arrangement in
          all += 1
          if statistic(arrangement) >= observed { asExtreme += 1 }
        }
        return PatientPermutation(pValue: Double(asExtreme) / Double(all), arrangements: all, isExact: true)
      }
      let draws = parameters.permutations(patients: labels.count)
      var generator = SplitMix64(seed: parameters.seed)
      var shuffled = labels
      for _ in 0..<draws {
        generator.shuffle(&shuffled)
        if statistic(shuffled) >= observed { asExtreme += 1 }
      }
      return PatientPermutation(
        pValue: Double(asExtreme + 1) / Double(draws + 1), arrangements: draws, isExact: false)
    }
  }
}
