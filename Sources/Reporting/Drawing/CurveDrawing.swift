import Measures

/// A curve chart as SVG: bands for the intervals, names at the ends of the lines, the cliffs marked.
struct CurveDrawing {
  /// The finished element.
  let svg: String

  private static let width = 768.0
  private static let height = 420.0
  private static let left = 62.0
  private static let right = 560.0
  private static let top = 16.0
  private static let bottom = 370.0
  /// Least distance between two names, pixels.
  private static let leading = 17.0

  init(_ chart: CurveChart, id: String) {
    let curves = chart.curves.map(Self.usable)
    let points = curves.flatMap(\.points)
    let x = LogarithmicAxis(
      over: points.map { Double($0.cpus) }, from: Self.left + 8, to: Self.right - 6)
    let values = curves.flatMap { curve in
      curve.points.flatMap {
        curve.role == .baseline ? [$0.value.value] : [$0.value.low, $0.value.high]
      }
    }
    let y = LogarithmicAxis(
      over: values + [chart.measured ?? .nan], from: Self.bottom - 8, to: Self.top + 6)
    var drawing = Drawing(
      width: Self.width, height: Self.height, id: id, title: chart.title, summary: chart.summary)
    guard !points.isEmpty else {
      drawing.text("no points", Self.width / 2, Self.height / 2, .middle)
      svg = drawing.svg
      return
    }
    Self.axes(&drawing, x, y, sizes: Set(points.map(\.cpus)).sorted())
    if let recorded = chart.recordedCPUs { Self.recorded(&drawing, x, cpus: recorded) }
    Self.proportional(&drawing, x, y, curves.first { $0.role == .control })
    let colours = Self.colours(curves)
    for (curve, colour) in zip(curves, colours) { Self.band(&drawing, curve, colour, x, y) }
    for (curve, colour) in zip(curves, colours).reversed() {
      Self.line(&drawing, curve, colour, x, y)
    }
    for (curve, colour) in zip(curves, colours) { Self.cliff(&drawing, curve, colour, x, y) }
    if let cpus = chart.recordedCPUs, let value = chart.measured {
      Self.measured(&drawing, x, y, cpus: cpus, value: value)
    }
    Self.names(&drawing, curves, colours, x, y)
    svg = drawing.svg
  }

  /// The curve without points a logarithm cannot take; bounds at or below zero fall to the value.
  private static func usable(_ curve: CurveChart.Curve) -> CurveChart.Curve {
    var curve = curve
    curve.points = curve.points.compactMap { point in
      let value = point.value
      guard point.cpus > 0, value.value > 0, value.value.isFinite else { return nil }
      return CurveChart.Point(
        cpus: point.cpus,
        value: Interval(
          value: value.value, low: value.low > 0 ? min(value.low, value.value) : value.value,
          high: value.high.isFinite ? max(value.high, value.value) : value.value))
    }
    return curve
  }

  private static func colours(_ curves: [CurveChart.Curve]) -> [String] {
    var next = 0
    return curves.map { curve in
      switch curve.role {
      case .control: return "var(--ink)"
      case .baseline: return "var(--faint)"
      case .alternative:
        defer { next += 1 }
        return "var(--c\(next % 6))"
      }
    }
  }

  private static func axes(
    _ drawing: inout Drawing, _ x: LogarithmicAxis, _ y: LogarithmicAxis, sizes: [Int]
  ) {
    for tick in y.ticks {
      let at = y.position(tick)
      drawing.line(left, at, right, at, "class=\"grid\"")
      drawing.text(NumberText.round(tick), left - 8, at + 4, .end)
    }
    drawing.line(left, bottom, right, bottom, "class=\"axis\"")
    var last = -Double.infinity
    for cpus in sizes {
      let at = x.position(Double(cpus))
      drawing.line(at, bottom, at, bottom + 4, "class=\"axis\"")
      // A label needs room for its digits.
      let half = Double(String(cpus).count) * 3.7
      guard at - half > last + 4 else { continue }
      drawing.text(String(cpus), at, bottom + 18, .middle)
      last = at + half
    }
    drawing.text("CPUs", (left + right) / 2, bottom + 38, .middle)
  }

  private static func recorded(_ drawing: inout Drawing, _ x: LogarithmicAxis, cpus: Int) {
    guard Double(cpus) >= x.low, Double(cpus) <= x.high else { return }
    let at = x.position(Double(cpus))
    drawing.line(at, top, at, bottom, "class=\"axis\" stroke-dasharray=\"1 3\"")
    drawing.text("recorded", at + 5, top + 10, .start, "font-size=\"11\"")
  }

  /// A diamond where the recording itself stands; left out where that is off the axes.
  private static func measured(
    _ drawing: inout Drawing, _ x: LogarithmicAxis, _ y: LogarithmicAxis, cpus: Int, value: Double
  ) {
    guard Double(cpus) >= x.low, Double(cpus) <= x.high, value >= y.low, value <= y.high else {
      return
    }
    let at = (x: x.position(Double(cpus)), y: y.position(value))
    let reach = 6.0
    drawing.path(
      [(at.x, at.y - reach), (at.x + reach, at.y), (at.x, at.y + reach), (at.x - reach, at.y)],
      "fill=\"var(--paper)\" stroke=\"var(--ink)\" stroke-width=\"1.5\"", isClosed: true)
    drawing.text(
      "measured \(NumberText.rate(value))", at.x + 10, at.y + 16, .start, "font-size=\"11\"")
  }

  /// The line of perfect scaling through the control's first point.
  private static func proportional(
    _ drawing: inout Drawing, _ x: LogarithmicAxis, _ y: LogarithmicAxis,
    _ control: CurveChart.Curve?
  ) {
    guard let first = control?.points.first else { return }
    let perCPU = first.value.value / Double(first.cpus)
    let end = min(x.high, y.high / perCPU)
    guard end > Double(first.cpus) * 1.01 else { return }
    drawing.path(
      [
        (x.position(Double(first.cpus)), y.position(first.value.value)),
        (x.position(end), y.position(end * perCPU)),
      ], "fill=\"none\" stroke=\"var(--faint)\" stroke-width=\"1\" stroke-dasharray=\"1 4\"")
  }

  private static func band(
    _ drawing: inout Drawing, _ curve: CurveChart.Curve, _ colour: String, _ x: LogarithmicAxis,
    _ y: LogarithmicAxis
  ) {
    guard curve.role != .baseline else { return }
    let upper = curve.points.map { (x.position(Double($0.cpus)), y.position($0.value.high)) }
    let lower = curve.points.map { (x.position(Double($0.cpus)), y.position($0.value.low)) }
    drawing.path(
      upper + lower.reversed(), "fill=\"\(colour)\" fill-opacity=\".13\" stroke=\"none\"",
      isClosed: true)
  }

  private static func line(
    _ drawing: inout Drawing, _ curve: CurveChart.Curve, _ colour: String, _ x: LogarithmicAxis,
    _ y: LogarithmicAxis
  ) {
    let width = curve.role == .control ? "2.5" : curve.role == .baseline ? "1.2" : "2"
    let dash = curve.role == .baseline ? " stroke-dasharray=\"5 4\"" : ""
    drawing.path(
      curve.points.map { (x.position(Double($0.cpus)), y.position($0.value.value)) },
      """
      fill="none" stroke="\(colour)" stroke-width="\(width)" stroke-linejoin="round" \
      stroke-linecap="round"\(dash)
      """)
    guard curve.role != .baseline else { return }
    for point in curve.points {
      drawing.circle(
        x.position(Double(point.cpus)), y.position(point.value.value), 2.6,
        "fill=\"\(colour)\"",
        tip: "\(curve.name), \(point.cpus) CPUs: \(NumberText.rate(point.value))")
    }
  }

  private static func cliff(
    _ drawing: inout Drawing, _ curve: CurveChart.Curve, _ colour: String, _ x: LogarithmicAxis,
    _ y: LogarithmicAxis
  ) {
    guard let cpus = curve.cliffCPUs, let point = curve.points.first(where: { $0.cpus == cpus })
    else { return }
    let at = (x: x.position(Double(cpus)), y: y.position(point.value.value))
    drawing.circle(
      at.x, at.y, 6, "fill=\"none\" stroke=\"\(colour)\" stroke-width=\"1.5\"")
    drawing.text(
      "cliff at \(cpus)", at.x + 4, at.y + 24, .start, "class=\"value\" font-size=\"11\"")
  }

  /// Names at the right ends, pushed apart to `leading` and joined to their lines by a hair.
  private static func names(
    _ drawing: inout Drawing, _ curves: [CurveChart.Curve], _ colours: [String],
    _ x: LogarithmicAxis, _ y: LogarithmicAxis
  ) {
    struct Name {
      let text: String
      let value: String
      let colour: String
      let end: (x: Double, y: Double)
      var y: Double
    }
    var names = zip(curves, colours).compactMap { curve, colour -> Name? in
      guard let last = curve.points.last else { return nil }
      let at = y.position(last.value.value)
      return Name(
        text: Drawing.short(curve.name, limit: 18), value: NumberText.count(last.value.value),
        colour: colour, end: (x.position(Double(last.cpus)), at), y: at)
    }
    names.sort { ($0.y, $0.text) < ($1.y, $1.text) }
    for index in names.indices.dropFirst() {
      names[index].y = max(names[index].y, names[index - 1].y + leading)
    }
    var floor = bottom
    for index in names.indices.reversed() {
      names[index].y = min(names[index].y, floor)
      floor = names[index].y - leading
    }
    for name in names {
      drawing.path(
        [(name.end.x + 4, name.end.y), (right + 8, name.y)],
        "fill=\"none\" stroke=\"\(name.colour)\" stroke-width=\".7\" stroke-opacity=\".6\"")
      drawing.text(
        name.text, right + 12, name.y + 4, .start,
        "style=\"fill:\(name.colour);font-weight:600\"")
      drawing.text(name.value, width - 2, name.y + 4, .end, "class=\"value\"")
    }
  }
}
