#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A matrix of counts as SVG: the more, the denser the ink, by the logarithm of the count.
///
/// Density is opacity over the paper, so that light and dark share one drawing.
struct HeatMapDrawing {
  /// The finished element.
  let svg: String

  private static let width = 768.0
  private static let left = 76.0
  private static let top = 44.0
  private static let side = 400.0

  init(_ map: HeatMap, id: String) {
    let cells = max(1, map.counts.count)
    let cell = min(64, Self.side / Double(cells))
    let extent = cell * Double(cells)
    var drawing = Drawing(
      width: Self.width, height: Self.top + max(extent, 150) + 14, id: id, title: map.title,
      summary: map.summary)
    drawing.text(map.columnName, Self.left, 14)
    drawing.text(
      map.rowName, 14, Self.top + extent / 2, .middle,
      "transform=\"rotate(-90 14 \(NumberText.fixed(Self.top + extent / 2, decimals: 1)))\"")
    let every = max(1, Int((22 / cell).rounded(.up)))
    for index in map.counts.indices where index.isMultiple(of: every) {
      let middle = cell * (Double(index) + 0.5)
      drawing.text(map.name(of: index), Self.left + middle, Self.top - 8, .middle)
      drawing.text(map.name(of: index), Self.left - 8, Self.top + middle + 4, .end)
    }
    let largest = map.largest
    let gap = cell > 6 ? 1.0 : 0.0
    for (row, line) in map.counts.enumerated() {
      for (column, count) in line.enumerated() {
        let x = Self.left + cell * Double(column)
        let y = Self.top + cell * Double(row)
        let density = Self.density(count, of: largest)
        drawing.rectangle(
          x, y, cell - gap, cell - gap,
          count == 0
            ? "fill=\"var(--wash)\""
            : "fill=\"var(--heat)\" fill-opacity=\"\(NumberText.fixed(density, decimals: 2))\"",
          tip: "\(map.name(of: row)) to \(map.name(of: column)): \(NumberText.whole(count))")
        if cell >= 40 {
          drawing.text(
            NumberText.tally(count), x + (cell - gap) / 2, y + cell / 2 + 4, .middle,
            "style=\"fill:var(--\(density > 0.55 ? "heatink" : "ink"))\"")
        }
      }
    }
    Self.scale(&drawing, x: Self.left + extent + 36, largest: largest)
    svg = drawing.svg
  }

  /// 0.08 for one event up to 1 for the most.
  private static func density(_ count: UInt64, of largest: UInt64) -> Double {
    guard count > 0, largest > 1 else { return count > 0 ? 1 : 0 }
    return 0.08 + 0.92 * log(Double(count)) / log(Double(largest))
  }

  private static func scale(_ drawing: inout Drawing, x: Double, largest: UInt64) {
    guard largest > 0 else {
      drawing.text("none sent", x, top + 12)
      return
    }
    drawing.text("events", x, top + 8)
    let steps = 5
    for step in 0..<steps {
      let share = 1 - Double(step) / Double(steps - 1)
      let count = pow(Double(largest), share).rounded()
      let y = top + 18 + 24 * Double(step)
      drawing.rectangle(
        x, y, 22, 22,
        """
        fill="var(--heat)" \
        fill-opacity="\(NumberText.fixed(density(UInt64(count), of: largest), decimals: 2))"
        """)
      drawing.text(NumberText.tally(UInt64(count)), x + 30, y + 15)
    }
  }
}
