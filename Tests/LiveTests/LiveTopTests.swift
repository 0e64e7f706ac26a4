import Foundation
import Testing

extension LiveTests {
  /// `oslet top` as people run it: in a batch, and on a terminal.
  @Suite("Top", .enabled(if: canRecord && LiveMachine.has("stress-ng")))
  struct LiveTopTests {
    /// Runs `body` under a rename storm.
    static func underLoad(_ body: (String) throws -> Void) throws {
      try LiveMachine.withFolder { folder in
        let load = Process()
        load.executableURL = URL(filePath: "/usr/bin/python3")
        load.arguments = [
          LiveMachine.unblocked, "stress-ng", "-q", "--rename", "4", "--temp-path", folder, "-t",
          "12",
        ]
        try load.run()
        defer {
          // stress-ng waits for its children when it is asked to end.
          load.terminate()
          load.waitUntilExit()
        }
        try body(folder)
      }
    }

    @Test("a batch prints as many tables as asked for, the longest waits first, and its cost")
    func batch() throws {
      try Self.underLoad { folder in
        let output = Pipe()
        let process = Process()
        process.executableURL = LiveKillTests.tool
        process.arguments = ["top", "-b", "-n", "2", "-d", "0.5", "-k", "count"]
        process.standardOutput = output
        try process.run()
        let text = String(
          decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let tables = text.components(separatedBy: "oslet top: ").dropFirst()
        #expect(tables.count == 2)
        for table in tables {
          #expect(table.contains("cost "))
          #expect(table.contains("super_block.s_vfs_rename_mutex"), "\(table)")
          let lines = table.split(separator: "\n").drop { !$0.contains("class via caller") }
          let counts = lines.dropFirst().compactMap {
            $0.split(separator: " ").first.flatMap { Int($0) }
          }
          #expect(!counts.isEmpty && counts == counts.sorted(by: >))
        }
      }
    }

    @Test("on a terminal it draws a page, sorts at a key, and gives the terminal back at q")
    func terminal() throws {
      try Self.underLoad { _ in
        // A pseudo-terminal of Python's: the settings before and after, and what was drawn.
        let script = """
          import os, pty, select, sys, termios, time
          tool = sys.argv[1]
          master, slave = pty.openpty()
          before = termios.tcgetattr(slave)
          import subprocess
          p = subprocess.Popen([tool, "top", "-d", "0.3"], stdin=slave, stdout=slave)
          out, sent, end = b"", 0, time.time() + 20
          while time.time() < end and p.poll() is None:
              if select.select([master], [], [], 0.1)[0]: out += os.read(master, 65536)
              if sent == 0 and out.count(b"oslet top:") >= 1: os.write(master, b"n"); sent = 1
              if sent == 1 and b"sorted by name" in out: os.write(master, b"q"); sent = 2
          while select.select([master], [], [], 0.1)[0]: out += os.read(master, 65536)
          same = termios.tcgetattr(slave) == before
          print(p.poll(), same, out.startswith(b"\\x1b[?1049h"), out.endswith(b"\\x1b[?1049l"), sent)
          """
        let output = Pipe()
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments = ["-c", script, LiveKillTests.tool.path]
        process.standardOutput = output
        try process.run()
        let text = String(
          decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(text == "0 True True True 2\n")
      }
    }
  }
}
