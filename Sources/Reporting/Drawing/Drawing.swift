/// An SVG drawing under construction: elements as text, coordinates in tenths of a pixel.
struct Drawing {
  /// Width in pixels before scaling.
  let width: Double
  /// Height in pixels before scaling.
  let height: Double
  private let id: String
  private var body = ""

  /// An empty drawing that tells a reader who cannot see it `title` and `summary`.
  init(width: Double, height: Double, id: String, title: String, summary: String) {
    self.width = width
    self.height = height
    self.id = id
    body = """
      <title id="\(id)-t">\(HTMLText.escaped(title))</title>
      <desc id="\(id)-d">\(HTMLText.escaped(summary))</desc>

      """
  }

  /// How text is aligned to its point.
  enum Anchor: String {
    case start, middle, end
  }

  /// The finished element.
  var svg: String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Self.text(width)) \(Self.text(height))" \
    role="img" aria-labelledby="\(id)-t \(id)-d">
    \(body)</svg>

    """
  }

  /// A straight line; `style` holds further attributes.
  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) {
    body += """
      <line x1="\(Self.text(x1))" y1="\(Self.text(y1))" x2="\(Self.text(x2))" \
      y2="\(Self.text(y2))" \(style)/>

      """
  }

  /// A rectangle; one without area is left out.
  mutating func rectangle(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: String,
    tip: String = ""
  ) {
    guard width > 0, height > 0 else { return }
    let tip = tip.isEmpty ? "/>" : "><title>\(HTMLText.escaped(tip))</title></rect>"
    body += """
      <rect x="\(Self.text(x))" y="\(Self.text(y))" width="\(Self.text(width))" \
      height="\(Self.text(height))" \(style)\(tip)

      """
  }

  /// A circle.
  mutating func circle(
    _ x: Double, _ y: Double, _ radius: Double, _ style: String, tip: String = ""
  ) {
    let tip = tip.isEmpty ? "/>" : "><title>\(HTMLText.escaped(tip))</title></circle>"
    body += """
      <circle cx="\(Self.text(x))" cy="\(Self.text(y))" r="\(Self.text(radius))" \(style)\(tip)

      """
  }

  /// A line through points; fewer than two draw nothing.
  mutating func path(_ points: [(x: Double, y: Double)], _ style: String, isClosed: Bool = false) {
    guard points.count > 1 else { return }
    let steps = points.enumerated().map { index, point in
      "\(index == 0 ? "M" : "L")\(Self.text(point.x)) \(Self.text(point.y))"
    }
    body += "<path d=\"\(steps.joined())\(isClosed ? "Z" : "")\" \(style)/>\n"
  }

  /// One line of text, escaped here.
  mutating func text(
    _ text: String, _ x: Double, _ y: Double, _ anchor: Anchor = .start, _ style: String = ""
  ) {
    body += """
      <text x="\(Self.text(x))" y="\(Self.text(y))" text-anchor="\(anchor.rawValue)"\
      \(style.isEmpty ? "" : " " + style)>\(HTMLText.escaped(text))</text>

      """
  }

  /// A coordinate: tenths of a pixel, so that the last bit of a logarithm shows nowhere.
  private static func text(_ coordinate: Double) -> String {
    let text = NumberText.fixed(coordinate.isFinite ? coordinate : 0, decimals: 1)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// `name` cut in the middle to at most `limit` characters.
  static func short(_ name: String, limit: Int) -> String {
    guard name.count > limit, limit > 4 else { return name }
    let tail = (limit - 2) / 3
    return name.prefix(limit - 2 - tail) + ".." + name.suffix(tail)
  }
}
