import Foundation
import Imaging

/// 3D Slicer markups (`.mrk.json`): fiducial points are seeds, closed curves and circles are outlines.
enum MarkupsReader {
  private struct Document: Decodable {
    struct Markup: Decodable {
      struct ControlPoint: Decodable {
        var label: String?
        var position: [Double]?
        var positionStatus: String?
      }
      var type: String?
      var name: String?
      var coordinateSystem: CoordinateSystem?
      var coordinateUnits: Units?
      var controlPoints: [ControlPoint]?
      var shapeName: String?
      var radiusMode: String?
    }
    var markups: [Markup]
  }

  /// "mm", or the coded form of later schemas (`["mm", "UCUM", ...]`), which is not looked into.
  private enum Units: Decodable {
    case text(String)
    case coded

    init(from decoder: any Decoder) throws {
      self = (try? decoder.singleValueContainer().decode(String.self)).map(Units.text) ?? .coded
    }
  }

  /// "LPS" or "RAS"; early files have the numbers 1 and 0.
  private enum CoordinateSystem: Decodable {
    case lps, ras, other

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      let text = (try? container.decode(String.self)) ?? (try? container.decode(Int.self)).map(String.init) ?? ""
      switch text.uppercased() {
      case "LPS", "1": self = .lps
      case "RAS", "0": self = .ras
      default: self = .other
      }
    }
  }

  static func read(path: String, limits: MaskLimits) throws(MaskError) -> MaskFile {
    let name = URL(fileURLWithPath: path).lastPathComponent
    let bytes = try FileContents.bytes(path, maximum: limits.maximumTextBytes, name: name)
    let document: Document
    do { document = try JSONDecoder().decode(Document.self, from: Data(bytes)) } catch {
      throw MaskError(file: name, reason: "not a markups file of 3D Slicer")
    }
    var masks: [LabelledMask] = []
    var warnings: [String] = []
    let total = document.markups.reduce(0) { $0 + ($1.controlPoints?.count ?? 0) }
    guard total <= limits.maximumControlPoints else { throw MaskError(file: name, reason: "too many control points") }
    for markup in document.markups { try add(markup, to: &masks, &warnings, name) }
    guard !masks.isEmpty else { throw MaskError(file: name, reason: "no points, closed curves or circles in it") }
    return MaskFile(path: path, kind: .seed, masks: masks, warnings: warnings)
  }

  private static func add(
    _ markup: Document.Markup, to masks: inout [LabelledMask], _ warnings: inout [String], _ file: String
  ) throws(MaskError) {
    if case .text(let unit)? = markup.coordinateUnits, unit.lowercased() != "mm" {
      throw MaskError(file: file, reason: "markups in units other than millimetres are not read")
    }
    let sign: Vector3
    switch markup.coordinateSystem {
    case .lps: sign = [1, 1, 1]
    case .ras: sign = [-1, -1, 1]
    case .other: throw MaskError(file: file, reason: "the markups' coordinate system is neither LPS nor RAS")
    case nil:
      sign = [1, 1, 1]
      warnings.append("the markups name no coordinate system: LPS was taken")
    }
    let placed = (markup.controlPoints ?? []).filter { ($0.positionStatus ?? "defined") == "defined" }
    var points: [(position: Vector3, label: String?)] = []
    for point in placed {
      guard let position = point.position, position.count == 3, position.allSatisfy(\.isFinite) else { continue }
      points.append((Vector3(position[0], position[1], position[2]) * sign, point.label))
    }
    guard !points.isEmpty else { return }
    let type = (markup.type ?? "Fiducial").lowercased()
    switch type {
    case "fiducial", "pointlist":
      for point in points {
        masks.append(
          LabelledMask(
            kind: .seed, label: masks.count + 1, name: point.label ?? markup.name,
            reference: SegmentNaming.reference([point.label, markup.name]), shape: .points([point.position])))
      }
    case "closedcurve", "circle", "shape":
      let outline = self.outline(points.map(\.position), markup: markup, type: type)
      guard outline.count >= 3 else {
        warnings.append("a closed curve or circle without enough points was left out")
        return
      }
      masks.append(
        LabelledMask(
          kind: .seed, label: masks.count + 1, name: markup.name, reference: SegmentNaming.reference([markup.name]),
          shape: .contours([PlanarContour(points: outline)])))
    default: warnings.append("a markup that is neither points, closed curve nor circle was left out")
    }
  }

  private static func outline(_ points: [Vector3], markup: Document.Markup, type: String) -> [Vector3] {
    if type == "closedcurve" { return points.count >= 3 ? ClosedCurve.smooth(points) : [] }
    let shape = (markup.shapeName ?? "circle").lowercased()
    guard shape == "circle" || shape == "disk" || shape == "ring", points.count >= 3 else { return [] }
    if (markup.radiusMode ?? "").lowercased() == "circumferential" { return ClosedCurve.circle(through: points) }
    return ClosedCurve.circle(centre: points[0], rim: points[1], inPlane: points[2])
  }
}

/// Outlines from a few control points.
enum ClosedCurve {
  /// The closed cubic spline with continuous curvature through the points, evenly parameterised (3D Slicer's cardinal
  /// spline), eight chords between two of them.
  static func smooth(_ points: [Vector3]) -> [Vector3] {
    guard points.count > 2, points.count < 2000 else { return points }
    let count = points.count
    let next = { (index: Int) in (index + 1) % count }
    let before = { (index: Int) in (index + count - 1) % count }
    // Second derivatives: m[i-1] / 6 + 2 m[i] / 3 + m[i+1] / 6 = p[i-1] - 2 p[i] + p[i+1]; the error of these sweeps
    // falls by a factor of four or more each.
    var bend = [Vector3](repeating: .zero, count: count)
    for _ in 0..<40 {
      for index in 0..<count {
        let right = points[before(index)] - points[index] * 2 + points[next(index)]
        bend[index] = (right - (bend[before(index)] + bend[next(index)]) / 6) * 1.5
      }
    }
    var result: [Vector3] = []
    for index in 0..<count {
      for step in 0..<8 {
        let t = Double(step) / 8
        let u = 1 - t
        let straight = points[index] * u + points[next(index)] * t
        result.append(straight + bend[index] * ((u * u * u - u) / 6) + bend[next(index)] * ((t * t * t - t) / 6))
      }
    }
    return result
  }

  /// The circle around `centre` through `rim`, in the plane of the three points.
  static func circle(centre: Vector3, rim: Vector3, inPlane: Vector3) -> [Vector3] {
    let radius = (rim - centre).length
    guard let first = (rim - centre).normalized, let normal = first.cross(inPlane - centre).normalized else {
      return []
    }
    let second = normal.cross(first)
    return turns.map { centre + first * (radius * $0.cosine) + second * (radius * $0.sine) }
  }

  /// The circle through the first three points.
  static func circle(through points: [Vector3]) -> [Vector3] {
    let a = points[1] - points[0]
    let b = points[2] - points[0]
    let normal = a.cross(b)
    let squared = normal.dot(normal)
    guard squared > 0 else { return [] }
    let toCentre = (normal.cross(a) * b.dot(b) + b.cross(normal) * a.dot(a)) / (2 * squared)
    let centre = points[0] + toCentre
    return circle(centre: centre, rim: points[0], inPlane: centre + normal.cross(points[0] - centre))
  }

  /// 72 chords; their polygon holds 99.9 % of the disc.
  private static let turns: [(cosine: Double, sine: Double)] = (0..<72).map {
    let angle = Double($0) * 2 * Double.pi / 72
    return (cos(angle), sin(angle))
  }
}
