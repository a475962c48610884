/// The paper's three figures, and the sizes, drawn from the tables.
struct CohortFigures {
  let tables: CohortTables

  private static let regionColours = ["#8fc1de", "#3f88c0", "#1d4f86", "#b9bec6"]
  private static let grid = "#dfe3e8"
  private static let muted = "#6b7683"

  private var columns: [String] { tables.groups + [PrimariesTable.totalGroup] }
  /// Room for the longest group name.
  private var labelWidth: Double { min(240, 14 + 7.4 * Double(columns.map { Wording.name($0).count }.max() ?? 5)) }

  private func lesions(_ group: String) -> Int { tables.table2.first { $0.group == group }?.total ?? 0 }

  /// Fig. 1: share of the lesions in each region of the spine, a cluster of bars a group.
  func levels() -> String {
    let regions = CohortLesion.SpineRegion.allCases.map(\.rawValue)
    let bar = 26.0
    let cluster = max(Double(regions.count) * bar + 30, labelWidth)
    let left = 46.0
    let top = 44.0
    let plot = 220.0
    var drawing = Drawing(
      width: left + cluster * Double(columns.count) + 10, height: top + plot + 52, title: "Vertebral levels by group")
    var legend = left
    for (region, colour) in zip(regions, Self.regionColours) {
      drawing.rectangle(x: legend, y: 8, width: 12, height: 12, fill: colour)
      drawing.text(Wording.name(region), x: legend + 17, y: 18)
      legend += 92
    }
    let highest = tables.levels.compactMap { $0.region == "unknown" ? nil : $0.percent }.max() ?? 0
    let ceiling = min(100, max(20, (highest / 20).rounded(.up) * 20))
    for tick in stride(from: 0, through: ceiling, by: 20) {
      let y = top + plot * (1 - tick / ceiling)
      drawing.line(left, y, drawing.width - 10, y, stroke: Self.grid)
      drawing.text("\(Int(tick))%", x: left - 6, y: y + 4, anchor: .end, fill: Self.muted, size: 11)
    }
    for (column, group) in columns.enumerated() {
      let start = left + cluster * Double(column) + (cluster - Double(regions.count) * bar) / 2
      for (index, region) in regions.enumerated() {
        guard let row = tables.levels.first(where: { $0.group == group && $0.region == region }) else { continue }
        let percent = row.percent ?? 0
        let height = plot * percent / ceiling
        let x = start + bar * Double(index)
        drawing.rectangle(
          x: x + 1, y: top + plot - height, width: bar - 2, height: height, fill: Self.regionColours[index],
          hint: "\(Wording.name(group)), \(Wording.name(region)): \(row.count) of \(row.total)")
        if row.percent != nil {
          drawing.text(
            Wording.fixed(percent, 0), x: x + bar / 2, y: top + plot - height - 4, anchor: .middle, fill: Self.muted,
            size: 10)
        }
      }
      let centre = left + cluster * (Double(column) + 0.5)
      drawing.text(Wording.name(group), x: centre, y: top + plot + 20, anchor: .middle, bold: true)
      drawing.text(
        "n = \(lesions(group))", x: centre, y: top + plot + 37, anchor: .middle, fill: Self.muted, size: 11)
    }
    drawing.line(left, top + plot, drawing.width - 10, top + plot)
    return drawing.svg()
  }

  /// Figs. 2 and 3: a two-level feature as bars of 100 %, the clustered interval of the first level on them.
  func split(_ feature: String, colours: (String, String)) -> String {
    let rows = tables.table1.filter { $0.feature == feature }
    let levels = rows.reduce(into: [String]()) { if !$0.contains($1.level) { $0.append($1.level) } }.prefix(2)
    let (left, top, plot, step) = (labelWidth, 56.0, 300.0, 34.0)
    let bottom = top + step * Double(columns.count)
    var drawing = Drawing(width: left + plot + 128, height: bottom + 30, title: Wording.name(feature))
    drawing.rectangle(x: left, y: 4, width: 12, height: 12, fill: colours.0)
    drawing.text(Wording.name(levels.first ?? ""), x: left + 17, y: 14)
    drawing.rectangle(x: left + 140, y: 4, width: 12, height: 12, fill: colours.1)
    drawing.text(Wording.name(levels.last ?? ""), x: left + 157, y: 14)
    drawing.text("P, paper", x: left + plot + 12, y: top - 10, fill: Self.muted, size: 10.5)
    drawing.text("P, patients", x: left + plot + 68, y: top - 10, fill: Self.muted, size: 10.5)
    for (index, group) in columns.enumerated() {
      let y = top + step * Double(index)
      drawing.text(Wording.name(group), x: left - 8, y: y + 17, anchor: .end, bold: group == PrimariesTable.totalGroup)
      guard let row = rows.first(where: { $0.group == group && $0.level == levels.first }) else { continue }
      bar(row, x: left, y: y, width: plot, colours: colours, in: &drawing)
      drawing.text(Wording.pValue(row.pValue), x: left + plot + 12, y: y + 17, size: 11)
      drawing.text(Wording.pValue(row.pValueClustered), x: left + plot + 68, y: y + 17, size: 11)
    }
    for tick in stride(from: 0.0, through: 100, by: 25) {
      let x = left + plot * tick / 100
      drawing.line(x, top - 4, x, bottom, stroke: tick == 50 ? "#39424e" : Self.grid, dashed: tick == 50)
      drawing.text("\(Int(tick))%", x: x, y: bottom + 16, anchor: .middle, fill: Self.muted, size: 11)
    }
    return drawing.svg()
  }

  private func bar(
    _ row: FindingRow, x: Double, y: Double, width: Double, colours: (String, String), in drawing: inout Drawing
  ) {
    guard let percent = row.percent else {
      drawing.text("no evaluable lesion", x: x + 6, y: y + 17, fill: Self.muted, size: 11)
      return
    }
    let split = width * percent / 100
    let hint = "\(row.count) of \(row.total)"
    drawing.rectangle(x: x, y: y, width: split, height: 24, fill: colours.0, hint: hint)
    drawing.rectangle(
      x: x + split, y: y, width: width - split, height: 24, fill: colours.1,
      hint: "\(row.total - row.count) of \(row.total)")
    if split > 40 { drawing.text("\(row.count)", x: x + 7, y: y + 16, fill: "#ffffff", size: 11, bold: true) }
    if width - split > 40 {
      drawing.text("\(row.total - row.count)", x: x + width - 7, y: y + 16, anchor: .end, size: 11, bold: true)
    }
    guard let interval = row.ci95Clustered else { return }
    let (lower, upper) = (x + width * interval[0], x + width * interval[1])
    drawing.line(lower, y + 12, upper, y + 12, stroke: "#14181d", width: 1.5)
    for end in [lower, upper] { drawing.line(end, y + 8, end, y + 16, stroke: "#14181d", width: 1.5) }
  }

  /// The range, the clustered interval of the mean, and the mean of the measured diameters.
  func sizes() -> String {
    let (left, top, plot, step) = (labelWidth, 20.0, 520.0, 30.0)
    let bottom = top + step * Double(tables.size.groups.count)
    var drawing = Drawing(width: left + plot + 150, height: bottom + 44, title: "Size of the measured lesions")
    let largest = tables.size.groups.flatMap { [$0.maximumMm ?? 0, $0.ci95Clustered?[1] ?? 0] }.max() ?? 0
    let spacing = Self.tick(largest)
    let ceiling = max(spacing, (largest / spacing).rounded(.up) * spacing)
    for tick in stride(from: 0.0, through: ceiling, by: spacing) {
      let x = left + plot * tick / ceiling
      drawing.line(x, top - 6, x, bottom, stroke: Self.grid)
      drawing.text(Wording.fixed(tick, 0), x: x, y: bottom + 16, anchor: .middle, fill: Self.muted, size: 11)
    }
    drawing.text(
      "maximum sagittal diameter (mm)", x: left + plot / 2, y: bottom + 35, anchor: .middle, fill: Self.muted, size: 11)
    for (index, group) in tables.size.groups.enumerated() {
      let y = top + step * Double(index) + 10
      drawing.text(
        Wording.name(group.group), x: left - 8, y: y + 4, anchor: .end, bold: group.group == PrimariesTable.totalGroup)
      drawing.text(
        "\(group.measured) measured, \(group.lesions - group.measured) not", x: left + plot + 12, y: y + 4,
        fill: Self.muted, size: 11)
      guard let mean = group.meanMm, let minimum = group.minimumMm, let maximum = group.maximumMm else { continue }
      let position = { (value: Double) in left + plot * max(0, value) / ceiling }
      drawing.line(position(minimum), y, position(maximum), y, stroke: "#9db4c8", width: 2)
      if let interval = group.ci95Clustered {
        drawing.line(position(interval[0]), y, position(interval[1]), y, stroke: "#1d4f86", width: 6)
      }
      drawing.circle(
        x: position(mean), y: y, radius: 5.5, fill: "#c8553d", hint: "mean \(Wording.fixed(mean, 1)) mm")
    }
    return drawing.svg()
  }

  private static func tick(_ largest: Double) -> Double {
    var step = 1.0
    while largest / step > 10 {
      for factor in [2.0, 2.5, 2.0] where largest / step > 10 { step *= factor }
    }
    return step
  }
}
