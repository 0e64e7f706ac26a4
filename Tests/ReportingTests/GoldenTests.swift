import Foundation
import Testing

@testable import Reporting

@Suite("Golden reports")
struct GoldenTests {
  /// Compares with the recorded form; RECORD_GOLDEN=1 records it anew and fails this once.
  private func check(_ text: String, _ name: String) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Golden").appending(path: name)
    if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] == "1" {
      try Data(text.utf8).write(to: file)
      Issue.record("recorded \(name); look at the difference and run again without RECORD_GOLDEN")
      return
    }
    let golden = try String(contentsOf: file, encoding: .utf8)
    guard text != golden else { return }
    let pairs = zip(
      text.split(separator: "\n", omittingEmptySubsequences: false),
      golden.split(separator: "\n", omittingEmptySubsequences: false))
    let first = pairs.enumerated().first { $0.element.0 != $0.element.1 }
    Issue.record(
      """
      \(name) differs first at line \((first?.offset ?? -1) + 1):
      is    \(first?.element.0 ?? "(a line more or less)")
      golden \(first?.element.1 ?? "")
      """)
  }

  @Test("a whole report")
  func whole() throws { try check(Report(Sample.input()).text(), "report.txt") }

  @Test("a report of nothing names what is missing and the command that gives it")
  func empty() throws { try check(Report(ReportInput(title: "nothing")).text(), "nothing.txt") }

  @Test("the same input gives the same bytes in every form")
  func bytes() throws {
    #expect(Report(Sample.input()).html() == Report(Sample.input()).html())
    #expect(try Report(Sample.input()).json() == Report(Sample.input()).json())
  }
}
