/// A few SVG shapes in CSS pixels, y down; every text is escaped.
struct Drawing {
  enum Anchor: String { case start, middle, end }

  private(set) var width: Double
  private(set) var height: Double
  private let title: String
  private var shapes: [String] = []

  init(width: Double, height: Double, title: String) {
    self.width = width
    self.height = height
    self.title = title
  }

  mutating func rectangle(
    x: Double, y: Double, width: Double, height: Double, fill: String, hint: String? = nil
  ) {
    guard width > 0, height > 0 else { return }
    let tip = hint.map { "<title>\(Self.escaped($0))</title>" } ?? ""
    shapes.append(
      "<rect x=\"\(n(x))\" y=\"\(n(y))\" width=\"\(n(width))\" height=\"\(n(height))\" fill=\"\(fill)\">\(tip)</rect>")
  }

  mutating func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, stroke: String = "#39424e", width: Double = 1,
    dashed: Bool = false
  ) {
    let dash = dashed ? " stroke-dasharray=\"3 3\"" : ""
    shapes.append(
      "<line x1=\"\(n(x1))\" y1=\"\(n(y1))\" x2=\"\(n(x2))\" y2=\"\(n(y2))\" stroke=\"\(stroke)\" "
        + "stroke-width=\"\(n(width))\"\(dash)/>")
  }

  mutating func circle(x: Double, y: Double, radius: Double, fill: String, hint: String? = nil) {
    let tip = hint.map { "<title>\(Self.escaped($0))</title>" } ?? ""
    shapes.append("<circle cx=\"\(n(x))\" cy=\"\(n(y))\" r=\"\(n(radius))\" fill=\"\(fill)\">\(tip)</circle>")
  }

  mutating func text(
    _ text: String, x: Double, y: Double, anchor: Anchor = .start, fill: String = "#2b333d", size: Double = 12,
    bold: Bool = false
  ) {
    let weight = bold ? " font-weight=\"600\"" : ""
    shapes.append(
      "<text x=\"\(n(x))\" y=\"\(n(y))\" text-anchor=\"\(anchor.rawValue)\" fill=\"\(fill)\" font-size=\"\(n(size))\""
        + "\(weight)>\(Self.escaped(text))</text>")
  }

  /// The picture as inline SVG.
  func svg() -> String {
    "<svg viewBox=\"0 0 \(n(width)) \(n(height))\" width=\"\(n(width))\" height=\"\(n(height))\" role=\"img\" "
      + "aria-label=\"\(Self.escaped(title))\" xmlns=\"http://www.w3.org/2000/svg\">" + shapes.joined() + "</svg>"
  }

  private func n(_ value: Double) -> String {
    let text = Wording.fixed(value, 1)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }
}
