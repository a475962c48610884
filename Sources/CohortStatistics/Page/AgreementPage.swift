import Foundation
import Mustache

/// agreement.html: Bland-Altman plots and confusion tables of two readings. Computes nothing.
struct AgreementPage {
  private let agreement: Agreement

  init(_ agreement: Agreement) { self.agreement = agreement }

  /// Throws when the built-in template is broken (a defect).
  func html() throws -> String {
    let template = try MustacheTemplate(string: String(decoding: PackageResources.agreement_mustache, as: UTF8.self))
    return template.render(values)
  }

  private var values: [String: Any] {
    let detection = agreement.detection
    return [
      "studies": detection.studies, "matched": detection.matched, "first": detection.lesionsFirst,
      "second": detection.lesionsSecond, "only_first": detection.onlyFirst, "only_second": detection.onlySecond,
      "classes": agreement.categorical.map(categorical), "numbers": agreement.numerical.map(numerical),
      "notes": agreement.notes + agreement.methods, "disclaimer": agreement.disclaimer,
    ]
  }

  private func categorical(_ item: CategoricalAgreement) -> [String: Any] {
    let largest = Double(max(1, item.counts.joined().max() ?? 0))
    return [
      "name": item.name, "lesions": item.lesions, "missing": item.missing,
      "agreement": Wording.percent(item.agreementPercent),
      "kappa": item.kappa.map { Wording.fixed($0, 2) } ?? "NA", "reason": item.kappaReason ?? "",
      "interval": Wording.interval(item.kappaCi95, 2), "clustered": Wording.interval(item.kappaCi95Clustered, 2),
      "weighted": item.weightedKappa.map {
        "weighted (\(item.weighting)) \(Wording.fixed($0, 2)), 95 % \(Wording.interval(item.weightedKappaCi95, 2))"
      } ?? "",
      "header": item.classes.map { $0.replacing("_", with: " ") },
      "rows": zip(item.classes, item.counts).enumerated().map { position, row in
        [
          "name": row.0.replacing("_", with: " "),
          "cells": row.1.enumerated().map { column, count in
            [
              "count": count == 0 ? "·" : "\(count)", "class": column == position ? "same" : "other",
              "strength": Wording.fixed(count == 0 ? 0 : 0.12 + 0.5 * Double(count) / largest, 2),
            ]
          },
        ] as [String: Any]
      },
    ]
  }

  private func numerical(_ item: NumericalAgreement) -> [String: Any] {
    [
      "name": item.name, "unit": item.unit, "lesions": item.lesions, "missing": item.missing,
      "icc": item.icc.map { "\(Wording.fixed($0, 3)), 95 % \(Wording.interval(item.iccCi95, 3))" }
        ?? "NA, \(item.iccReason ?? "")",
      "bias": item.bias.map { "\(Wording.fixed($0, 2)), 95 % \(Wording.interval(item.biasCi95, 2))" } ?? "NA",
      "limits": item.lowerLimit.map { "\(Wording.fixed($0, 2)) to \(Wording.number(item.upperLimit, 2))" } ?? "NA",
      "ratio": item.ratio.map {
        "\(Wording.fixed($0.mean, 3)) (\(Wording.fixed($0.lowerLimit, 3)) to \(Wording.fixed($0.upperLimit, 3)))"
      } ?? "-",
      "plot": plot(item),
    ]
  }

  /// Difference against mean, with bias, limits and their intervals.
  private func plot(_ item: NumericalAgreement) -> String {
    let points = agreement.pairs.compactMap { pair -> (x: Double, y: Double)? in
      guard let first = pair.first.numbers[item.name], let second = pair.second.numbers[item.name] else { return nil }
      return ((first + second) / 2, second - first)
    }
    guard let bias = item.bias, let lower = item.lowerLimit, let upper = item.upperLimit, !points.isEmpty else {
      return ""
    }
    let (left, top, width, height) = (62.0, 14.0, 330.0, 190.0)
    var drawing = Drawing(width: left + width + 60, height: top + height + 46, title: "Bland-Altman, \(item.name)")
    let bounds = [lower, upper] + points.map(\.y) + (item.lowerLimitCi95 ?? []) + (item.upperLimitCi95 ?? [])
    let (low, high) = Self.padded(bounds.min()!, bounds.max()!)
    let (start, end) = Self.padded(points.map(\.x).min()!, points.map(\.x).max()!)
    let x = { (value: Double) in left + width * (value - start) / (end - start) }
    let y = { (value: Double) in top + height * (high - value) / (high - low) }
    for interval in [item.lowerLimitCi95, item.upperLimitCi95, item.biasCi95] {
      guard let interval else { continue }
      drawing.rectangle(
        x: left, y: y(interval[1]), width: width, height: y(interval[0]) - y(interval[1]), fill: "#eef2f6")
    }
    if low < 0, high > 0 { drawing.line(left, y(0), left + width, y(0), stroke: "#c3cad2") }
    for (value, dashed) in [(bias, false), (lower, true), (upper, true)] {
      drawing.line(left, y(value), left + width, y(value), stroke: "#c8553d", width: 1.4, dashed: dashed)
      drawing.text(Wording.fixed(value, 2), x: left + width + 6, y: y(value) + 4, fill: "#a3402b", size: 11)
    }
    for point in points { drawing.circle(x: x(point.x), y: y(point.y), radius: 3.2, fill: "#1d4f86") }
    drawing.line(left, top, left, top + height)
    drawing.line(left, top + height, left + width, top + height)
    for value in [low, high] {
      drawing.text(Wording.fixed(value, 1), x: left - 6, y: y(value) + 4, anchor: .end, fill: "#6b7683", size: 11)
    }
    for value in [start, end] {
      drawing.text(
        Wording.fixed(value, 1), x: x(value), y: top + height + 17, anchor: .middle, fill: "#6b7683", size: 11)
    }
    drawing.text(
      "mean of both (\(item.unit))", x: left + width / 2, y: top + height + 36, anchor: .middle, fill: "#6b7683",
      size: 11)
    return drawing.svg()
  }

  private static func padded(_ low: Double, _ high: Double) -> (Double, Double) {
    let margin = max((high - low) * 0.08, high.magnitude * 0.01, 1e-6)
    return (low - margin, high + margin)
  }
}
