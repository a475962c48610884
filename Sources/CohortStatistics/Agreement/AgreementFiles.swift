public import Foundation

extension Agreement {
  /// The files of `agree -o`, by name.
  public func files() throws -> [(name: String, data: Data)] {
    [
      ("agreement.json", try jsonData()), ("agreement.md", Data(markdown().utf8)),
      ("matches.csv", Data(matchesCSV().utf8)), ("agreement.html", Data(try AgreementPage(self).html().utf8)),
    ]
  }

  public func jsonData() throws -> Data { try TablesJSON.data(self) }

  /// One row a matched lesion, both readings' classes and numbers side by side.
  func matchesCSV() -> String {
    let items = categorical.map(\.name) + numerical.map(\.name)
    let header =
      ["study_instance_uid", "first_lesion_id", "second_lesion_id", "distance_mm"]
      + items.flatMap { ["first.\($0)", "second.\($0)"] }
    let rows = pairs.map { pair -> [String?] in
      [
        pair.first.study, "\(pair.first.identifier)", "\(pair.second.identifier)", pair.distanceMm.map { "\($0)" },
      ]
        + items.flatMap { item in
          [pair.first, pair.second].map { $0.classes[item] ?? $0.numbers[item].map { "\($0)" } }
        }
    }
    return CommaSeparatedValues.text([header] + rows)
  }

  public func markdown() -> String {
    var text = """
      # Agreement of two readings

      \(detection.studies) studies in both; \(detection.matched) lesions matched, \(detection.onlyFirst) only in the \
      first reading, \(detection.onlySecond) only in the second.

      ## Classes


      """
    text += CohortTables.table(
      [["", "Lesions", "Missing", "Agreement", "Kappa (95 %)", "clustered by patient", "Weighted kappa (95 %)"]]
        + categorical.map { item in
          [
            item.name, "\(item.lesions)", "\(item.missing)", Wording.percent(item.agreementPercent),
            item.kappa.map { "\(Wording.fixed($0, 2)) (\(Wording.interval(item.kappaCi95, 2)))" }
              ?? "NA: \(item.kappaReason ?? "")",
            Wording.interval(item.kappaCi95Clustered, 2),
            item.weightedKappa.map {
              "\(Wording.fixed($0, 2)) (\(Wording.interval(item.weightedKappaCi95, 2))), \(item.weighting)"
            } ?? "-",
          ]
        })
    text += "\n## Numbers\n\n"
    text += CohortTables.table(
      [["", "Unit", "Lesions", "Missing", "ICC(2,1) (95 %)", "Bias (95 %)", "Limits of agreement", "Ratio (limits)"]]
        + numerical.map { item in
          [
            item.name, item.unit, "\(item.lesions)", "\(item.missing)",
            item.icc.map { "\(Wording.fixed($0, 3)) (\(Wording.interval(item.iccCi95, 3)))" }
              ?? "NA: \(item.iccReason ?? "")",
            item.bias.map { "\(Wording.fixed($0, 2)) (\(Wording.interval(item.biasCi95, 2)))" } ?? "NA",
            item.lowerLimit.map { "\(Wording.fixed($0, 2)) to \(Wording.number(item.upperLimit, 2))" } ?? "NA",
            item.ratio.map {
              "\(Wording.fixed($0.mean, 3)) (\(Wording.fixed($0.lowerLimit, 3)) to \(Wording.fixed($0.upperLimit, 3)))"
            } ?? "-",
          ]
        })
    text += "\n" + (notes + methods).map { "- \($0)\n" }.joined()
    return text + "\n\(disclaimer)\n"
  }
}
