import Foundation
import Measures
import Testing

@testable import Reporting

@Suite("Commands")
struct ShellCommandTests {
  /// What bash makes of `command` as arguments.
  private func arguments(_ command: String) throws -> [String] {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = ["-c", "printf '%s\\0' \(command)"]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return data.split(separator: 0, omittingEmptySubsequences: false).dropLast()
      .map { String(decoding: $0, as: UTF8.self) }
  }

  @Test("bash reads back what was quoted")
  func quoting() throws {
    let odd = [
      "oslet", "it's", "a b", "$HOME", "", "*", "caf\u{e9}", "tab\there", "\\", "'\u{1}'", "-x",
      "one+shard:inode i_rwsem via open=16",
    ]
    #expect(try arguments(ShellCommand.quoted(odd)) == odd)
  }

  @Test("bash joins a command that was broken into lines")
  func lines() throws {
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<20 {
      let words =
        (0..<30).map { _ in
          String(repeating: "w", count: 1 + generator.index(below: 60)) + "=1..64"
        } + [String(repeating: "long/", count: 40)]
      let lines = ShellCommand.lines(of: ShellCommand.quoted(words), indent: 4, width: 72)
      #expect(lines.allSatisfy { $0.utf8.count <= 72 })
      #expect(try arguments(lines.joined(separator: "\n")) == words)
    }
  }
}
