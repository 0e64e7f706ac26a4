import Measures
import Testing

@testable import Reporting

@Suite("Drawings")
struct DrawingTests {
  @Test("a logarithmic axis gives equal factors equal lengths and stays within its ends")
  func axis() {
    let axis = LogarithmicAxis(over: [1, 1024, .nan, -5, 0, .infinity], from: 100, to: 600)
    #expect(axis.position(1) == 100)
    #expect(axis.position(1024) == 600)
    for power in 0..<10 {
      let step = axis.position(Double(2 << power)) - axis.position(Double(1 << power))
      #expect(abs(step - 50) < 1e-9)
    }
    #expect(axis.position(0) == 100 && axis.position(.infinity) == 600)
    #expect(axis.ticks.allSatisfy { $0 >= 1 && $0 <= 1024 })
    #expect(axis.ticks == [1, 3, 10, 30, 100, 300, 1000])
    let widest = LogarithmicAxis(
      over: [.leastNonzeroMagnitude, .greatestFiniteMagnitude], from: 0, to: 1)
    #expect((5...20).contains(widest.ticks.count))
    let single = LogarithmicAxis(over: [7], from: 0, to: 1)
    #expect(abs(single.position(7) - 0.5) < 1e-3)
  }

  @Test("names at the ends of curves keep their distance, however close the ends are")
  func names() throws {
    let curves = (0..<12).map { index in
      CurveChart.Curve(
        name: "layout \(index)", role: index == 0 ? .control : .alternative,
        points: [1, 64].map {
          CurveChart.Point(cpus: $0, value: Interval(exactly: 1000 * Double($0) + Double(index)))
        })
    }
    let svg = CurveDrawing(
      CurveChart(title: "t", summary: "s", unit: "u", curves: curves), id: "x"
    ).svg
    let heights = try svg.matches(of: /y="([0-9.]+)" text-anchor="start" style="fill:/)
      .map { try #require(Double($0.1)) }.sorted()
    #expect(heights.count == 12)
    for (a, b) in zip(heights, heights.dropFirst()) { #expect(b - a >= 16.9) }
    #expect(try #require(heights.first) >= 0 && heights.last ?? 999 <= 420)
  }

  @Test("a matrix too large for the page is folded, and no event is lost by it")
  func folding() {
    let counts = (0..<100).map { row in (0..<100).map { UInt64(row * 100 + $0) } }
    let map = HeatMap(
      title: "t", summary: "s", rowName: "r", columnName: "c", counts: counts, limit: 64)
    #expect(map.stride == 2)
    #expect(map.counts.count == 50 && map.counts.allSatisfy { $0.count == 50 })
    #expect(map.counts.joined().reduce(0, +) == counts.joined().reduce(0, +))
    #expect(map.counts[1][0] == 200 + 201 + 300 + 301)
    #expect(map.name(of: 1) == "2-3")
  }

  @Test("bars share one scale: lengths are in proportion to their numbers")
  func bars() throws {
    let chart = BarChart(
      title: "t", summary: "s", series: [BarChart.Series(name: "a", tone: .wait)],
      bars: [2, 1, .nan, -3].map { BarChart.Bar(name: "\($0)", parts: [$0], label: "") })
    let widths = try BarDrawing(chart, id: "x").svg.matches(of: /<rect [^>]*width="([0-9.]+)"/)
      .map { try #require(Double($0.1)) }
    #expect(widths == [454, 227])
  }
}
