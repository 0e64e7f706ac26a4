import Measures
import Testing
import Workloads

@testable import Reporting

@Suite("Plain text")
struct TextRendererTests {
  private func check(_ text: String, width: Int = 72) {
    #expect(text.hasSuffix("\n"))
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      #expect(line.utf8.count <= width, "\(line)")
      #expect(line.utf8.allSatisfy { 0x20...0x7e ~= $0 }, "\(line)")
      #expect(line.last != " ", "\(line)")
    }
  }

  @Test("no line is over 72 columns or leaves ASCII, whatever names come in")
  func hostile() {
    check(Report(Hostile.input()).text())
    check(Report(Sample.input()).text())
    check(Report(ReportInput(title: "")).text())
    check(Report(Hostile.input()).text(width: 40), width: 40)
  }

  @Test("every number of a wide table survives its splitting")
  func panels() {
    let columns = (0..<30).map { Table.Column.number("column \($0)") }
    let table = Table(
      caption: "wide", columns: [.words("key")] + columns,
      rows: [Table.Row(["row"] + (0..<30).map { String(1_000_000 + $0) })])
    let lines = TextTable(table, width: 72).lines
    #expect(lines.allSatisfy { $0.utf8.count <= 72 })
    let text = lines.joined(separator: "\n")
    for number in 0..<30 { #expect(text.contains(String(1_000_000 + number))) }
    #expect(lines.count { $0.hasPrefix("row") } > 1)
  }

  @Test("wrapping keeps every word, and breaks only words longer than a line")
  func wrapping() {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<500 {
      let words = (0..<generator.index(below: 40)).map { _ in
        String(repeating: "x", count: 1 + generator.index(below: 30))
      }
      let width = 1 + generator.index(below: 40)
      let lines = LineWrapping.lines(of: words.joined(separator: "  "), width: width)
      #expect(lines.allSatisfy { $0.utf8.count <= width })
      #expect(
        lines.joined().filter { $0 != " " } == words.joined())
      if width >= 30 {
        #expect(lines.flatMap { $0.split(separator: " ") }.map(String.init) == words)
      }
    }
  }

  @Test("a number stays with its unit")
  func units() {
    #expect(
      LineWrapping.lines(of: "it took 41.3 % of it", width: 12) == ["it took", "41.3 % of it"])
  }

  @Test("kernel addresses give way to stand-ins, the same one to the same")
  func addresses() {
    var hidden = KernelAddresses()
    #expect(
      hidden.hidden(in: "spinlock 0xffff888123456789 and ffffffff81000000+0x10, 0xFFFF888123456789")
        == "spinlock @1 and @2+0x10, @1")
    #expect(
      hidden.hidden(in: "commit 0123456789abcdef, flags 0x1234abcd")
        == "commit 0123456789abcdef, flags 0x1234abcd")
    var input = Sample.input()
    for index in 0..<7 {
      input.prediction?.points[index].classes[0].name = "lock at 0xffff888123456789"
    }
    #expect(!Report(input).text().contains("ffff888123456789"))
    #expect(!Report(input).html().contains("ffff888123456789"))
    input.showsAddresses = true
    #expect(Report(input).html().contains("ffff888123456789"))
  }

  @Test("two names that differ outside ASCII stay two names")
  func folding() {
    #expect(ASCIIText.folded("a\u{e9}b") == "a\\u{e9}b")
    #expect(ASCIIText.folded("1 \u{b5}s \u{d7} 2\t\u{2013}") == "1 us x 2 -")
    #expect(ASCIIText.folded("\u{202e}x\u{0}") == "\\u{202e}x\\u{0}")
  }
}
