import Findings
import Foundation
import Mustache

/// cohort.html: the tables and figures on one page without scripts or outside files. Computes nothing.
struct CohortPage {
  private let tables: CohortTables
  private let figures: CohortFigures

  init(_ tables: CohortTables) {
    self.tables = tables
    figures = CohortFigures(tables: tables)
  }

  /// Throws when the built-in template is broken (a defect).
  func html() throws -> String {
    let template = try MustacheTemplate(string: String(decoding: PackageResources.cohort_mustache, as: UTF8.self))
    return template.render(values)
  }

  private var columns: [String] { tables.groups + [PrimariesTable.totalGroup] }

  private var values: [String: Any] {
    [
      "patients": tables.patients, "lesions": tables.lesions, "group_by": tables.groupBy,
      "group_count": tables.groups.count, "engines": tables.engines, "notes": tables.notes,
      "has_notes": !tables.notes.isEmpty, "disclaimer": tables.disclaimer, "multiplicity": tables.multiplicity.text,
      "multiplicity_count":
        "\(tables.multiplicity.table1BelowSignificance) of \(tables.multiplicity.table1Tests) tests fall below "
        + "\(tables.parameters.significance), \(tables.multiplicity.table1BelowSignificanceHolm) after Holm's correction; "
        + "\(Wording.fixed(tables.multiplicity.table1ExpectedByChance, 1)) would by chance alone.",
      "figure_levels": figures.levels(), "figure_location": figures.split("location", colours: ("#1d4f86", "#d3dce6")),
      "figure_extent": figures.split("extent", colours: ("#2f7f6f", "#f0cfa8")), "figure_size": figures.sizes(),
      "columns": columns.map { ["name": Wording.name($0), "n": "\(lesions($0))"] },
      "column_count": columns.count + 1, "findings": findings, "matrix": matrix, "matrix_signal": matrixSignal,
      "matrix_tests": matrixTests, "sizes": sizes, "pairs": pairs, "overall": overall, "per_patient": perPatient,
      "excluded": tables.excluded.map { ["reason": $0.reason, "count": "\($0.count)", "unit": $0.unit] },
      "has_excluded": !tables.excluded.isEmpty,
      "methods": tables.methods.map {
        ["kind": $0.kind, "text": $0.text, "fields": $0.fields.joined(separator: ", ")]
      },
    ]
  }

  private func lesions(_ group: String) -> Int { tables.table2.first { $0.group == group }?.total ?? 0 }

  private var findings: [[String: Any]] { CohortFeature.all.flatMap(rows) }

  private func rows(_ feature: CohortFeature) -> [[String: Any]] {
    let cells = tables.table1.filter { $0.feature == feature.name }
    var result: [[String: Any]] = [["heading": true, "label": Wording.name(feature.name)]]
    for level in feature.levels + feature.missing {
      let line = cells.filter { $0.level == level }
      let isMissing = feature.missing.contains(level) || level == "indeterminate"
      if isMissing, line.allSatisfy({ $0.count == 0 }) { continue }
      result.append([
        "data": true, "label": Wording.name(level), "class": isMissing ? "missing" : "",
        "cells": line.map { row in
          [
            "count": row.percent == nil ? "\(row.count)" : "\(row.count)/\(row.total)",
            "percent": row.percent.map { Wording.percent($0) } ?? "", "width": Wording.fixed(row.percent ?? 0, 1),
          ]
        },
      ])
    }
    guard feature.isTwoLevel else { return result }
    let first = cells.filter { $0.level == feature.levels[0] }
    result.append(testRow("P against 0.5", "paper", first.map { ($0.pValue, $0.pValueReason) }))
    result.append(testRow("P against 0.5", "patients", first.map { ($0.pValueClustered, $0.pValueClusteredReason) }))
    result.append([
      "interval": true, "label": "95 % of \(Wording.name(feature.levels[0]).lowercased()), exact", "badge": "lesions",
      "values": first.map { ["text": Wording.shareInterval($0.ci95Exact), "hint": ""] },
    ])
    result.append([
      "interval": true, "label": "95 %, clustered", "badge": "patients",
      "values": first.map { ["text": Wording.shareInterval($0.ci95Clustered), "hint": $0.ci95ClusteredReason ?? ""] },
    ])
    return result
  }

  private func testRow(_ label: String, _ badge: String, _ values: [(Double?, String?)]) -> [String: Any] {
    [
      "test": true, "label": label, "badge": badge,
      "values": values.map { value, reason in
        [
          "text": Wording.pValue(value), "hint": reason ?? "",
          "class": value.map { $0 < tables.parameters.significance ? "low" : "" } ?? "na",
        ]
      },
    ]
  }

  private var matrix: [[String: Any]] {
    tables.table2.map { row in
      [
        "name": Wording.name(row.group), "class": row.group == PrimariesTable.totalGroup ? "total" : "",
        "values": [row.osteoblastic, row.osteolytic, row.mixed, row.indeterminate, row.total].map { "\($0)" },
      ]
    }
  }

  private var matrixSignal: [[String: Any]] {
    [("Osteoblastic", tables.table3.counts.osteoblastic), ("Osteolytic", tables.table3.counts.osteolytic)].map {
      name, counts in
      let total = counts.high + counts.low
      return [
        "name": name, "high": "\(counts.high)", "low": "\(counts.low)", "total": "\(total)",
        "high_percent": Wording.percent(Share.percent(counts.high, of: total)),
        "low_percent": Wording.percent(Share.percent(counts.low, of: total)),
      ]
    }
  }

  private var matrixTests: [[String: Any]] {
    let table = tables.table3
    guard table.chiSquare != nil else {
      return [["badge": "paper", "text": "Chi-square: NA, \(table.pValueReason ?? "")."]]
    }
    let corrected = table.withContinuityCorrection
    let difference =
      table.pValueClustered.map {
        "Difference of the shares of high signal, osteolytic less osteoblastic: "
          + "\(Wording.number(table.differenceInShare, 2)), 95 % \(Wording.interval(table.ci95Clustered, 2)), "
          + "P \(Wording.pValue($0))."
      } ?? "NA, \(table.pValueClusteredReason ?? "")."
    return [
      [
        "badge": "paper",
        "text":
          "Chi-square \(Wording.number(table.chiSquare, 2)), 1 degree of freedom, P \(Wording.pValue(table.pValue)); "
          + "with continuity correction \(Wording.number(corrected.chiSquare, 2)), P \(Wording.pValue(corrected.pValue)).",
      ],
      [
        "badge": "lesions",
        "text": "Fisher's exact test: P \(Wording.pValue(table.pValueFisher)); smallest expected count "
          + "\(Wording.number(table.smallestExpectedCount, 1)).",
      ],
      ["badge": "patients", "text": difference],
    ]
  }

  private var sizes: [[String: Any]] {
    tables.size.groups.map { group in
      let range =
        group.minimumMm == nil
        ? "-" : "\(Wording.number(group.minimumMm, 1)) to \(Wording.number(group.maximumMm, 1))"
      return [
        "name": Wording.name(group.group), "class": group.group == PrimariesTable.totalGroup ? "total" : "",
        "values": [
          "\(group.measured)", "\(group.notMeasuredWholeVertebra)", "\(group.notMeasuredPosteriorInfiltration)",
          "\(group.notMeasurable)", Wording.number(group.meanMm, 1), Wording.number(group.sdMm, 1),
          Wording.number(group.medianMm, 1), range, Wording.interval(group.ci95Clustered, 1),
        ],
      ]
    }
  }

  private var overall: [String: Any] {
    let test = tables.size.kruskalWallis
    return [
      "statistic": Wording.number(test.statistic, 2), "p": Wording.pValue(test.pValue),
      "reason": test.pValueReason ?? "", "clustered": Wording.pValue(test.pValueClustered),
      "clustered_reason": test.pValueClusteredReason ?? "",
      "arrangements": test.clusteredArrangements.map { "\($0) dealings" } ?? "",
    ]
  }

  private var pairs: [[String: Any]] {
    tables.size.pairwise.map { pair in
      let corrected = [pair.pValueBonferroni, pair.pValueClusteredBonferroni].map { value in
        value.map { $0 < tables.parameters.significance ? "low" : "" } ?? "na"
      }
      return [
        "name": pair.groups.map(Wording.name).joined(separator: " / "), "p": Wording.pValue(pair.pValue),
        "corrected": Wording.pValue(pair.pValueBonferroni), "corrected_class": corrected[0],
        "hint": pair.pValueReason ?? "", "clustered": Wording.pValue(pair.pValueClustered),
        "clustered_corrected": Wording.pValue(pair.pValueClusteredBonferroni), "clustered_class": corrected[1],
        "clustered_hint": pair.pValueClusteredReason ?? "", "method": pair.method ?? "",
      ]
    }
  }

  private var perPatient: [[String: Any]] {
    tables.lesionsPerPatient.map { row in
      [
        "name": Wording.name(row.group), "class": row.group == PrimariesTable.totalGroup ? "total" : "",
        "values": [
          "\(row.patients)", "\(row.lesions)", Wording.number(row.mean, 1), Wording.number(row.median, 1),
          row.minimum.map { "\($0) to \(row.maximum!)" } ?? "-",
        ],
      ]
    }
  }
}
