import Foundation
import Interchange
import Testing

@Suite("SQLite")
struct SQLiteTests {
  /// What `query` gives on the database that the sample's SQL makes, read by Python's sqlite3.
  private func rows(_ query: String) throws -> String {
    let script = FileManager.default.temporaryDirectory.appending(
      path: "oslet-\(UUID().uuidString).sql")
    try Data(exported(.sqlite)).write(to: script)
    defer { try? FileManager.default.removeItem(at: script) }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c",
      """
      import sqlite3, sys
      db = sqlite3.connect(":memory:")
      db.executescript(open(sys.argv[1]).read())
      print("\\n".join("|".join(str(v) for v in row) for row in db.execute(sys.argv[2])))
      """, script.path, query,
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: data, as: UTF8.self)
  }

  @Test("the script makes a database that answers")
  func answers() throws {
    #expect(
      try rows("SELECT type, count(*) FROM event GROUP BY type ORDER BY 2 DESC, 1 LIMIT 2")
        == "contention_begin|4\ncontention_end|4\n")
    #expect(
      try rows("SELECT time_ns, cpu, tid, printf('%x', lock), flags, stack FROM event LIMIT 1")
        == "1000|0|71|ffffffff82000000|SPIN|3\n")
    #expect(
      try rows("SELECT depth, symbol FROM frame WHERE stack = 3 ORDER BY depth")
        == "0|do_rename+0x10\n1|syscall+0x20\n")
    #expect(try rows("SELECT ret FROM event WHERE ret < 0") == "-4\n")
    #expect(try rows("SELECT name FROM task ORDER BY tid") == "a, \"b\"\nreader\n")
    #expect(try rows("SELECT value FROM fact WHERE name = 'kernel'") == "6.18.0-test\n")
  }
}
