import Foundation
import Recording
import Testing
import TraceFormat

/// Names that tasks give themselves while they are recorded.
extension LiveTests {
  @Suite("Names", .enabled(if: canRecord))
  struct LiveNameTests {
    @Test("a task that renamed itself is known by its last name, whether it ended or lives on")
    func renamed() throws {
      try LiveMachine.withFolder { folder in
        // Writing to comm is what prctl(PR_SET_NAME) does: no event tells of either.
        let lasting =
          "printf lasting >/proc/$$/comm; echo $$ >\(folder)/lasting; exec 3<>\(folder)/f"
        let script = """
          mkfifo \(folder)/f
          sh -c '\(lasting); read line <&3' &
          sh -c 'printf passing >/proc/$$/comm; echo $$ >\(folder)/passing'
          while [ ! -s \(folder)/lasting ]; do sleep 0.05; done
          sleep 0.1
          """
        var options = RecordOptions()
        options.output = "\(folder)/trace"
        options.command = ["sh", "-c", script]
        let summary = try RecordSession.run(options)
        let passing = try Self.process("\(folder)/passing")
        let lives = try Self.process("\(folder)/lasting")
        defer { kill(lives, SIGKILL) }
        var reader = try TraceReader(path: summary.output)
        var last: [String] = []
        while let event = try reader.next() {
          if event.kind == .exit, event.task == TaskID(passing) { last.append(event.taskName) }
        }
        #expect(last == ["passing"])
        #expect(reader.tasks[TaskID(lives)]?.name == "lasting")
      }
    }

    /// The number in a file.
    static func process(_ path: String) throws -> Int32 {
      let text = try String(contentsOfFile: path, encoding: .utf8)
      return try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    }
  }
}
