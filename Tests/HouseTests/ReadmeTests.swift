import Foundation
import Testing

@Suite("README")
struct ReadmeTests {
  @Test("the first fifteen lines hold a command and the output it really has")
  func transcript() throws {
    let text = try lines(of: houseRoot.appending(path: "README.md"))
    let open = try #require(text.prefix(15).firstIndex { $0.hasPrefix("    $ oslet ") })
    let command = text[open].dropFirst("    $ oslet ".count).split(separator: " ").map(String.init)
    var shown = text[(open + 1)...].prefix { $0.isEmpty || $0.hasPrefix("    ") }
      .map { String($0.dropFirst(4)) }
    while shown.last == "" { shown.removeLast() }
    #expect(!shown.isEmpty)

    let process = Process()
    process.executableURL = houseRoot.appending(path: ".build/debug/oslet")
    process.arguments = command
    process.currentDirectoryURL = houseRoot
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let output = String(decoding: data, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false
    ).map(String.init)
    #expect(process.terminationStatus == 0)
    #expect(Array(output.prefix(shown.count)) == shown)
  }
}
