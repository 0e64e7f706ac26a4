import Measures
import Testing

@testable import Reporting

@Suite("Numbers")
struct NumberTextTests {
  @Test(
    "three significant digits, and never four after rounding",
    arguments: [
      (0, "0"), (1, "1.00"), (9.994, "9.99"), (9.996, "10.0"), (99.96, "100"), (123.4, "123"),
      (1234, "1234"), (0.01234, "0.0123"), (0.9996, "1.00"), (-2.5, "-2.50"), (0.00001, "0.000010"),
    ])
  func significant(_ number: Double, _ text: String) {
    #expect(NumberText.significant(number) == text)
  }

  @Test(
    "a unit is chosen so that at most three digits stand before the point",
    arguments: [
      (0, "0 ns"), (450, "450 ns"), (999.6, "1.00 us"), (4500, "4.50 us"), (12_300_000, "12.3 ms"),
      (61e9, "61.0 s"), (Double.nan, "n/a"), (Double.infinity, "unbounded"),
    ])
  func durations(_ ns: Double, _ text: String) {
    #expect(NumberText.duration(Nanoseconds(ns)) == text)
  }

  @Test(
    "shares",
    arguments: [
      (0, "0 %"), (0.00001, "<0.01 %"), (32.342, "3234 %"), (0.0004, "0.04 %"), (0.123, "12.3 %"),
      (1, "100 %"),
      (0.9999, "100 %"), (-0.084, "-8.4 %"), (Double.nan, "n/a"),
    ])
  func percents(_ share: Double, _ text: String) { #expect(NumberText.percent(share) == text) }

  @Test("an interval stands in the unit of its value")
  func intervals() {
    #expect(
      NumberText.rate(Interval(value: 1_234_000, low: 900_000, high: 2_000_000))
        == "1.23 (0.90..2.00) M/s")
    #expect(NumberText.rate(Interval(exactly: 12)) == "12.0/s")
    #expect(
      NumberText.factor(Interval(value: 2, low: 1, high: .infinity)) == "2.00x (1.00x..unbounded)")
  }

  @Test(
    "thousands", arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567")])
  func wholes(_ number: Int, _ text: String) { #expect(NumberText.whole(number) == text) }

  @Test(
    "round numbers lose their zeros",
    arguments: [
      (5e6, "5 M"), (1e7, "10 M"), (3e5, "300 k"), (1, "1"), (50, "50"), (2500, "2.50 k"),
    ])
  func rounds(_ number: Double, _ text: String) { #expect(NumberText.round(number) == text) }

  @Test("no number, however odd, gives anything but printable ASCII")
  func odd() {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<20_000 {
      let number = Double(bitPattern: generator.next())
      let texts = [
        NumberText.significant(number), NumberText.percent(number), NumberText.rate(number),
        NumberText.duration(Nanoseconds(number)), NumberText.bytes(number),
        NumberText.rate(Interval(value: number, low: -number, high: number * 2)),
      ]
      #expect(texts.allSatisfy { $0.utf8.allSatisfy { 0x20...0x7e ~= $0 } && !$0.isEmpty })
    }
  }
}
