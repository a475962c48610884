internal import Imaging
public import StudyPipeline

/// A picture per series role that shows in a second what the engine believed: canal, bodies with their levels, muscle
/// patches and lesions as outlines over the slices that matter. Draws what it is given and computes nothing else.
public enum OverlayPicture {
  static let lesionColor = RasterImage.Color(255, 70, 70)
  static let muscleColor = RasterImage.Color(60, 220, 90)
  static let bodyColor = RasterImage.Color(255, 205, 60)
  static let posteriorColor = RasterImage.Color(225, 140, 50)
  static let canalColor = RasterImage.Color(70, 200, 255)
  static let cordColor = RasterImage.Color(180, 150, 255)

  /// Up to four slices side by side: those in which lesions are largest, one with muscle, else the middle slice.
  public static func draw(_ scene: AnalyzedStudy.Scene, panelHeight: Int = 560) -> RasterImage {
    let geometry = scene.volume.geometry
    let slices = slicesToShow(scene)
    let millimetresPerPixel = Double(geometry.rows) * geometry.spacing.y / Double(panelHeight)
    let panelWidth = max(1, Int((Double(geometry.columns) * geometry.spacing.x / millimetresPerPixel).rounded()))
    let gap = 6
    let header = 24
    var picture = RasterImage(
      width: slices.count * panelWidth + (slices.count - 1) * gap, height: panelHeight + header,
      fill: .init(18, 20, 24))
    let window = greyWindow(scene.volume, slices: slices)
    for (index, slice) in slices.enumerated() {
      let panel = drawPanel(
        scene, slice: slice, width: panelWidth, height: panelHeight, millimetresPerPixel: millimetresPerPixel,
        window: window)
      let left = index * (panelWidth + gap)
      picture.paste(panel, x: left, y: header)
      picture.draw(
        "\(scene.role.rawValue) slice \(scene.firstSlice + slice)", x: left + 4, y: 5, color: .init(230, 230, 230),
        scale: 2)
    }
    return picture
  }

  /// Slices of the largest lesion areas first, then the slice with most muscle; in ascending order.
  static func slicesToShow(_ scene: AnalyzedStudy.Scene) -> [Int] {
    var chosen: [Int] = []
    let largest = scene.lesions.sorted { ($0.region.count, $1.lesionID) > ($1.region.count, $0.lesionID) }
    for lesion in largest where chosen.count < 3 {
      if let slice = fullestSlice([lesion.region]), !chosen.contains(slice) { chosen.append(slice) }
    }
    if let slice = fullestSlice(scene.muscle), !chosen.contains(slice) { chosen.append(slice) }
    let middle = scene.volume.geometry.slices / 2
    if chosen.count < 2, !chosen.contains(middle) { chosen.append(middle) }
    return chosen.sorted()
  }

  private static func fullestSlice(_ regions: [Region]) -> Int? {
    var counts: [Int: Int] = [:]
    for region in regions { region.forEachVoxel { _, _, slice in counts[slice, default: 0] += 1 } }
    return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }

  /// First and last grey of the display: the 1st and 99.5th percentile of the slices shown, from a coarse sample.
  private static func greyWindow(_ volume: Volume, slices: [Int]) -> ClosedRange<Float> {
    let geometry = volume.geometry
    var sample: [Float] = []
    for slice in slices {
      for row in stride(from: 0, to: geometry.rows, by: 3) {
        for column in stride(from: 0, to: geometry.columns, by: 3) {
          sample.append(volume[column, row, slice])
        }
      }
    }
    sample.sort()
    let low = sample[sample.count / 100]
    let high = sample[min(sample.count - 1, sample.count * 199 / 200)]
    return low < high ? low...high : low...(low + 1)
  }

  private static func drawPanel(
    _ scene: AnalyzedStudy.Scene, slice: Int, width: Int, height: Int, millimetresPerPixel: Double,
    window: ClosedRange<Float>
  ) -> RasterImage {
    let geometry = scene.volume.geometry
    var panel = RasterImage(width: width, height: height)
    let column = { (x: Int) in (Double(x) + 0.5) * millimetresPerPixel / geometry.spacing.x - 0.5 }
    let row = { (y: Int) in (Double(y) + 0.5) * millimetresPerPixel / geometry.spacing.y - 0.5 }
    for y in 0..<height {
      for x in 0..<width {
        let value = bilinear(scene.volume, column: column(x), row: row(y), slice: slice)
        let share = (value - window.lowerBound) / (window.upperBound - window.lowerBound)
        panel[x, y] = .grey(UInt8(max(0, min(1, share)) * 255))
      }
    }
    drawAnatomy(scene, slice: slice, on: &panel, column: column, row: row)
    let nearest = { (x: Int, y: Int) in (Int(column(x).rounded()), Int(row(y).rounded())) }
    // The pixels whose nearest voxel lies in a region's box, with one more around them for the line outside.
    let window = { (range: Range<Int>, spacing: Double, count: Int) -> Range<Int> in
      let first = Int(Double(range.lowerBound) * spacing / millimetresPerPixel) - 2
      let end = Int(Double(range.upperBound) * spacing / millimetresPerPixel) + 3
      return max(0, first)..<max(min(count, end), max(0, first))
    }
    let place = { (region: Region) in
      (
        x: window(region.columns, geometry.spacing.x, width), y: window(region.rows, geometry.spacing.y, height)
      )
    }
    for region in scene.muscle where region.slices.contains(slice) {
      outline(on: &panel, color: muscleColor, place(region)) { x, y in
        let (column, row) = nearest(x, y)
        return region.contains(column: column, row: row, slice: slice)
      }
    }
    for (lesionID, region) in scene.lesions where region.slices.contains(slice) {
      outline(on: &panel, color: lesionColor, place(region)) { x, y in
        let (column, row) = nearest(x, y)
        return region.contains(column: column, row: row, slice: slice)
      }
      let x = Int(Double(region.columns.upperBound) * geometry.spacing.x / millimetresPerPixel) + 3
      let y = Int(Double(region.rows.lowerBound) * geometry.spacing.y / millimetresPerPixel) - 4
      panel.draw("\(lesionID)", x: min(x, width - 14), y: max(0, y), color: lesionColor)
    }
    return panel
  }

  private static func drawAnatomy(
    _ scene: AnalyzedStudy.Scene, slice: Int, on panel: inout RasterImage, column: (Int) -> Double, row: (Int) -> Double
  ) {
    guard let anatomy = scene.anatomy else { return }
    let geometry = scene.volume.geometry
    let width = panel.width
    let height = panel.height
    var structures = [UInt8](repeating: 0, count: width * height)
    var centres: [UInt8: (x: Int, y: Int, count: Int)] = [:]
    for y in 0..<height {
      for x in 0..<width {
        let point = geometry.position(column: column(x), row: row(y), slice: slice)
        guard let (i, j, k) = anatomy.geometry.nearestVoxel(to: point) else { continue }
        let offset = anatomy.geometry.offset(column: i, row: j, slice: k)
        structures[y * width + x] = anatomy.structures[offset]
        let level = anatomy.levels[offset]
        if level != 0, anatomy.structures[offset] == SpineStructure.vertebralBody.rawValue {
          let old = centres[level] ?? (0, 0, 0)
          centres[level] = (old.x + x, old.y + y, old.count + 1)
        }
      }
    }
    let colors: [(SpineStructure, RasterImage.Color)] = [
      (.vertebralBody, bodyColor), (.posteriorElements, posteriorColor), (.spinalCanal, canalColor),
      (.spinalCord, cordColor),
    ]
    for (structure, color) in colors {
      outline(on: &panel, color: color, (0..<width, 0..<height)) { x, y in
        structures[y * width + x] == structure.rawValue
      }
    }
    for level in centres.keys.sorted() where !anatomy.levelsAreOrdinal {
      guard let name = VertebralLevel(rawValue: level)?.name, let centre = centres[level], centre.count > 40 else {
        continue
      }
      let x = centre.x / centre.count - RasterImage.textWidth(name) / 2
      panel.draw(name, x: x, y: centre.y / centre.count - 7, color: bodyColor)
    }
  }

  /// Colours the pixels inside a shape that touch its outside; the shape is asked only in a window of the picture that
  /// holds it.
  private static func outline(
    on panel: inout RasterImage, color: RasterImage.Color, _ window: (x: Range<Int>, y: Range<Int>),
    inside: (Int, Int) -> Bool
  ) {
    var previous = [Bool](repeating: false, count: panel.width)
    var current = previous
    for y in window.y {
      for x in window.x { current[x] = inside(x, y) }
      for x in window.x {
        let left = x > 0 && current[x - 1]
        if current[x] != previous[x] || current[x] != left { panel.blend(color, x: x, y: y, opacity: 0.85) }
      }
      swap(&previous, &current)
    }
  }

  /// Bilinear interpolation in the slice, clamped at the border.
  private static func bilinear(_ volume: Volume, column: Double, row: Double, slice: Int) -> Float {
    let geometry = volume.geometry
    let x = max(0, min(Double(geometry.columns - 1), column))
    let y = max(0, min(Double(geometry.rows - 1), row))
    let (i, j) = (min(Int(x), max(0, geometry.columns - 2)), min(Int(y), max(0, geometry.rows - 2)))
    let (i1, j1) = (min(i + 1, geometry.columns - 1), min(j + 1, geometry.rows - 1))
    let (u, v) = (Float(x - Double(i)), Float(y - Double(j)))
    let top = volume[i, j, slice] * (1 - u) + volume[i1, j, slice] * u
    let bottom = volume[i, j1, slice] * (1 - u) + volume[i1, j1, slice] * u
    return top * (1 - v) + bottom * v
  }
}
