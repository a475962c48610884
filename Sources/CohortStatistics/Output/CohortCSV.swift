import Foundation

/// The tables as RFC 4180, one fact a row, numbers unrounded, empty where there is no value.
extension CohortTables {
  func table1CSV() -> String {
    let header = [
      "feature", "level", "group", "count", "total", "lesions", "patients", "percent", "percent_of_all",
      "ci95_exact_lower",
      "ci95_exact_upper", "ci95_clustered_lower", "ci95_clustered_upper", "p_value", "p_value_reason", "p_value_holm",
      "p_value_clustered", "p_value_clustered_reason",
    ]
    let rows = table1.map { row in
      [
        row.feature, row.level, row.group, "\(row.count)", "\(row.total)", "\(row.lesions)", "\(row.patients)",
        Self.text(row.percent), Self.text(row.percentOfAll), Self.text(row.ci95Exact?[0]), Self.text(row.ci95Exact?[1]),
        Self.text(row.ci95Clustered?[0]), Self.text(row.ci95Clustered?[1]), Self.text(row.pValue), row.pValueReason,
        Self.text(row.pValueHolm), Self.text(row.pValueClustered), row.pValueClusteredReason,
      ]
    }
    return CommaSeparatedValues.text([header] + rows)
  }

  func table2CSV() -> String {
    let rows = table2.map { row in
      [row.group] + [row.osteoblastic, row.osteolytic, row.mixed, row.indeterminate, row.total].map { "\($0)" }
    }
    return CommaSeparatedValues.text(
      [["group", "osteoblastic", "osteolytic", "mixed", "indeterminate", "total"]] + rows)
  }

  func table3CSV() -> String {
    let header = ["matrix", "t2_high", "t2_low", "total", "percent_high"]
    let rows = [("osteoblastic", table3.counts.osteoblastic), ("osteolytic", table3.counts.osteolytic)].map {
      name, counts in
      [
        name, "\(counts.high)", "\(counts.low)", "\(counts.high + counts.low)",
        Self.text(Share.percent(counts.high, of: counts.high + counts.low)),
      ]
    }
    return CommaSeparatedValues.text([header] + rows)
  }

  func sizeCSV() -> String {
    let header = [
      "group", "lesions", "measured", "not_measured_whole_vertebra", "not_measured_posterior_infiltration",
      "not_measurable", "mean_mm", "sd_mm", "median_mm", "minimum_mm", "maximum_mm", "ci95_clustered_lower",
      "ci95_clustered_upper",
    ]
    let rows = size.groups.map { group in
      [group.group]
        + [
          group.lesions, group.measured, group.notMeasuredWholeVertebra, group.notMeasuredPosteriorInfiltration,
          group.notMeasurable,
        ].map { "\($0)" }
        + [
          group.meanMm, group.sdMm, group.medianMm, group.minimumMm, group.maximumMm, group.ci95Clustered?[0],
          group.ci95Clustered?[1],
        ].map(Self.text)
    }
    return CommaSeparatedValues.text([header] + rows)
  }

  func sizePairsCSV() -> String {
    let header = [
      "group_1", "group_2", "mann_whitney_u", "method", "p_value", "p_value_bonferroni", "p_value_reason",
      "p_value_clustered", "p_value_clustered_bonferroni", "p_value_clustered_reason",
    ]
    let rows = size.pairwise.map { pair in
      [
        pair.groups[0], pair.groups[1], Self.text(pair.statistic), pair.method, Self.text(pair.pValue),
        Self.text(pair.pValueBonferroni), pair.pValueReason, Self.text(pair.pValueClustered),
        Self.text(pair.pValueClusteredBonferroni), pair.pValueClusteredReason,
      ]
    }
    return CommaSeparatedValues.text([header] + rows)
  }

  func levelsCSV() -> String {
    let rows = levels.map { row in
      [row.region, row.group, "\(row.count)", "\(row.total)", Self.text(row.percent), Self.text(row.percentOfAll)]
    }
    return CommaSeparatedValues.text([["region", "group", "count", "total", "percent", "percent_of_all"]] + rows)
  }

  /// The shortest decimal that reads back as the same number.
  private static func text(_ value: Double?) -> String? { value.map { "\($0)" } }
}
