/// A bar chart as SVG: names before the bars, numbers behind, one shared scale.
struct BarDrawing {
  /// The finished element.
  let svg: String

  private static let width = 768.0
  private static let row = 26.0
  private static let thickness = 15.0
  private static let left = 196.0
  private static let right = 650.0

  init(_ chart: BarChart, id: String) {
    let legend = chart.series.count > 1 ? 28.0 : 6.0
    let height = legend + Self.row * Double(max(1, chart.bars.count)) + 6
    var drawing = Drawing(
      width: Self.width, height: height, id: id, title: chart.title, summary: chart.summary)
    if chart.series.count > 1 { Self.legend(&drawing, chart.series) }
    let bars = chart.bars.map { $0.parts.map { $0.isFinite ? max(0, $0) : 0 } }
    let longest = bars.map { $0.reduce(0, +) }.max() ?? 0
    for (index, (bar, parts)) in zip(chart.bars, bars).enumerated() {
      let y = legend + Self.row * Double(index)
      let middle = y + Self.thickness / 2 + 4
      drawing.text(
        Drawing.short(bar.name, limit: 28), Self.left - 10, middle, .end, "class=\"value\"")
      drawing.line(Self.left, y - 4, Self.left, y + Self.thickness + 4, "class=\"axis\"")
      var x = Self.left
      for (part, series) in zip(parts, chart.series) where longest > 0 {
        let length = part / longest * (Self.right - Self.left)
        // A hair of paper between parts keeps them apart without colour.
        drawing.rectangle(
          x, y, max(0, length - (chart.series.count > 1 ? 1 : 0)), Self.thickness,
          "fill=\"var(--\(series.tone.rawValue))\"",
          tip: "\(bar.name), \(series.name): \(NumberText.percent(part))")
        x += length
      }
      drawing.text(bar.label, x + 8, middle)
    }
    svg = drawing.svg
  }

  private static func legend(_ drawing: inout Drawing, _ series: [BarChart.Series]) {
    var x = left
    for entry in series {
      drawing.rectangle(x, 4, 10, 10, "fill=\"var(--\(entry.tone.rawValue))\"")
      drawing.text(entry.name, x + 15, 13)
      x += 15 + Double(entry.name.count) * 6.6 + 14
    }
  }
}
