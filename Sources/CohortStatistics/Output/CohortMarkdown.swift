/// tables.md: the paper's tables in its layout, the cluster-respecting numbers in rows of their own.
extension CohortTables {
  public func markdown() -> String {
    var text = """
      # Cohort: \(patients) patients, \(lesions) lesions

      Groups by `\(Self.escaped(groupBy))`. Rows marked **paper** repeat the paper's tests, which take every lesion for \
      independent; rows marked **patients** respect that lesions of one patient are not.


      """
    text += section("Table 1. Findings", findings())
    text += multiplicity.text + "\n\n"
    text += section("Table 2. Matrix on CT", matrix())
    text += section("Table 3. Signal on T2 by matrix on CT", matrixSignal()) + matrixSignalTests()
    text += section("Size of the measured lesions (mm)", sizes()) + section("Size, pair by pair", pairs())
    text += section("Vertebral levels (Fig. 1)", levelTable())
    text += section("Lesions per patient", perPatient())
    text += section("Missing, refused and counted apart", exclusionTable())
    if !notes.isEmpty { text += notes.map { "- \($0)\n" }.joined() + "\n" }
    text += "## Which test is which\n\n"
    text += methods.map { "- **\($0.kind)** `\($0.fields.joined(separator: "`, `"))`: \($0.text)\n" }.joined()
    return text + "\n\(disclaimer)\n"
  }

  private var columns: [String] { groups + [PrimariesTable.totalGroup] }

  private func section(_ title: String, _ rows: [[String]]) -> String {
    "## \(title)\n\n" + Self.table(rows) + "\n"
  }

  static func table(_ rows: [[String]]) -> String {
    guard let header = rows.first else { return "" }
    let lines = [header, header.indices.map { $0 == 0 ? "---" : "---:" }] + rows.dropFirst()
    return lines.map { "| " + $0.map(escaped).joined(separator: " | ") + " |\n" }.joined()
  }

  static func escaped(_ cell: String) -> String {
    // A "<" before a space opens no tag: P-values keep theirs.
    cell.replacing("|", with: "\\|").replacing("\n", with: " ").replacing("<", with: "&lt;")
      .replacing("&lt; ", with: "< ")
  }

  private func findings() -> [[String]] {
    var rows = [
      [""]
        + columns.map { group in
          "\(Wording.name(group)) (n=\(table2.first { $0.group == group }?.total ?? 0))"
        }
    ]
    for feature in CohortFeature.all {
      rows.append(["**\(Wording.name(feature.name))**"] + columns.map { _ in "" })
      let cells = table1.filter { $0.feature == feature.name }
      for level in feature.levels + feature.missing {
        let line = cells.filter { $0.level == level }
        if feature.missing.contains(level) || level == "indeterminate", line.allSatisfy({ $0.count == 0 }) { continue }
        rows.append([Wording.name(level)] + line.map(Self.cell))
      }
      guard feature.isTwoLevel else { continue }
      let first = cells.filter { $0.level == feature.levels[0] }
      rows.append(["P, t-test against 0.5 (paper)"] + first.map { Wording.pValue($0.pValue) })
      rows.append(["P, patients independent (patients)"] + first.map { Wording.pValue($0.pValueClustered) })
      rows.append(["95 % interval, exact"] + first.map { Wording.shareInterval($0.ci95Exact) })
      rows.append(["95 % interval, clustered (patients)"] + first.map { Wording.shareInterval($0.ci95Clustered) })
    }
    return rows
  }

  /// `27/47 (57.4%)`; the count alone where it is no share of the evaluable lesions.
  private static func cell(_ row: FindingRow) -> String {
    row.percent.map { "\(row.count)/\(row.total) (\(Wording.percent($0)))" } ?? "\(row.count)"
  }

  private func matrix() -> [[String]] {
    [["", "Osteoblastic", "Osteolytic", "Mixed", "Indeterminate", "Total"]]
      + table2.map { row in
        [Wording.name(row.group)]
          + [row.osteoblastic, row.osteolytic, row.mixed, row.indeterminate, row.total].map { "\($0)" }
      }
  }

  private func matrixSignal() -> [[String]] {
    let lines = [("Osteoblastic", table3.counts.osteoblastic), ("Osteolytic", table3.counts.osteolytic)]
    return [["", "High", "Iso to low", "Total"]]
      + lines.map { name, counts in
        let total = counts.high + counts.low
        return [
          name, "\(counts.high) (\(Wording.percent(Share.percent(counts.high, of: total))))",
          "\(counts.low) (\(Wording.percent(Share.percent(counts.low, of: total))))", "\(total)",
        ]
      }
  }

  private func matrixSignalTests() -> String {
    guard table3.chiSquare != nil else { return "Chi-square: NA (\(table3.pValueReason ?? "")).\n\n" }
    let corrected = table3.withContinuityCorrection
    let clustered =
      table3.pValueClustered.map {
        "difference of the shares \(Wording.number(table3.differenceInShare, 2)) (95 % "
          + "\(Wording.interval(table3.ci95Clustered, 2))), P \(Wording.pValue($0))"
      } ?? "NA (\(table3.pValueClusteredReason ?? ""))"
    return """
      - paper: chi-square \(Wording.number(table3.chiSquare, 2)), 1 degree of freedom, P \(Wording.pValue(table3.pValue)); \
      with continuity correction \(Wording.number(corrected.chiSquare, 2)), P \(Wording.pValue(corrected.pValue)); \
      Fisher's exact P \(Wording.pValue(table3.pValueFisher)); smallest expected count \
      \(Wording.number(table3.smallestExpectedCount, 1))
      - patients: \(clustered)


      """
  }

  private func sizes() -> [[String]] {
    [
      [
        "", "Measured", "Whole vertebra", "Posterior, no mass", "Not measurable", "Mean", "SD", "Median", "Range",
        "95 % of mean (patients)",
      ]
    ]
      + size.groups.map { group in
        [
          Wording.name(group.group), "\(group.measured)", "\(group.notMeasuredWholeVertebra)",
          "\(group.notMeasuredPosteriorInfiltration)", "\(group.notMeasurable)", Wording.number(group.meanMm, 1),
          Wording.number(group.sdMm, 1), Wording.number(group.medianMm, 1),
          group.minimumMm == nil
            ? "-" : "\(Wording.number(group.minimumMm, 1))-\(Wording.number(group.maximumMm, 1))",
          Wording.interval(group.ci95Clustered, 1),
        ]
      }
  }

  private func pairs() -> [[String]] {
    let overall = size.kruskalWallis
    return [["", "P (paper)", "P, Bonferroni (paper)", "P, groups dealt to patients (patients)", "same, Bonferroni"]]
      + [
        [
          "Kruskal-Wallis, H \(Wording.number(overall.statistic, 2))", Wording.pValue(overall.pValue), "-",
          Wording.pValue(overall.pValueClustered), "-",
        ]
      ]
      + size.pairwise.map { pair in
        [
          pair.groups.map(Wording.name).joined(separator: " / "), Wording.pValue(pair.pValue),
          Wording.pValue(pair.pValueBonferroni), Wording.pValue(pair.pValueClustered),
          Wording.pValue(pair.pValueClusteredBonferroni),
        ]
      }
  }

  private func levelTable() -> [[String]] {
    let regions = CohortLesion.SpineRegion.allCases.map(\.rawValue)
    return [[""] + regions.map(Wording.name) + ["Level unknown"]]
      + columns.map { group in
        let rows = levels.filter { $0.group == group }
        return [Wording.name(group)]
          + rows.map { row in row.percent.map { "\(row.count) (\(Wording.percent($0)))" } ?? "\(row.count)" }
      }
  }

  private func perPatient() -> [[String]] {
    [["", "Patients", "Lesions", "Mean", "Median", "Range"]]
      + lesionsPerPatient.map { row in
        [
          Wording.name(row.group), "\(row.patients)", "\(row.lesions)", Wording.number(row.mean, 1),
          Wording.number(row.median, 1), row.minimum.map { "\($0)-\(row.maximum!)" } ?? "-",
        ]
      }
  }

  private func exclusionTable() -> [[String]] {
    [["", "Count", "Of"]]
      + (excluded.isEmpty ? [["nothing", "0", ""]] : excluded.map { [$0.reason, "\($0.count)", $0.unit] })
  }
}
