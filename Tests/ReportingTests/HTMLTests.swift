import Foundation
import Testing

@testable import Reporting

@Suite("HTML")
struct HTMLTests {
  /// Debian's Python 3 with html5lib, and Chromium: other people's readers of HTML, XML and CSS.
  ///
  /// `make setup` installs them.
  @Test("an HTML parser, an XML parser and a browser find nothing wrong, and nothing is fetched")
  func readers() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "oslet-html-\(ProcessInfo.processInfo.processIdentifier)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let pages = [
      ("sample.html", Sample.input(), 4), ("hostile.html", Hostile.input(), 4),
      ("nothing.html", ReportInput(title: "nothing"), 0),
    ]
    for (name, input, _) in pages {
      try Data(Report(input).html().utf8).write(to: folder.appending(path: name))
    }
    let script = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "check_html.py")
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/python3")
    process.arguments = [script.path] + pages.map { folder.appending(path: $0.0).path }
    let (out, err) = (Pipe(), Pipe())
    process.standardOutput = out
    process.standardError = err
    try process.run()
    let output = String(decoding: try out.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    let errors = String(decoding: try err.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(errors)")
    let expected = pages.map { "\($0.0) \($0.2)\n" }.joined()
    #expect(output == expected)
  }

  @Test("markup from outside is text")
  func escaping() {
    #expect(HTMLText.escaped("<a href='x'>&\"") == "&lt;a href=&#39;x&#39;&gt;&amp;&quot;")
    #expect(HTMLText.escaped("\u{202e}\u{0}\u{ffff}") == "\\u{202e}\\u{0}\\u{ffff}")
    #expect(
      HTMLText.marked("<\(code: "<b>")\(strong: "&")")
        == "&lt;<code>&lt;b&gt;</code><strong>&amp;</strong>")
  }

  @Test("each curve of the sample has a line, a name at its end, and the cliff its mark")
  func curves() {
    let html = Report(Sample.input()).html()
    for name in ["one", "4x", "by=l3", "one+numa-handover", "USL fit"] {
      #expect(html.contains(";font-weight:600\">\(name)</text>"))
    }
    #expect(html.contains(">cliff at 16</text>"))
    #expect(html.contains(">recorded</text>"))
    #expect(html.contains("4x, 64 CPUs: 6.40 (6.08..6.72) M/s</title>"))
  }
}
