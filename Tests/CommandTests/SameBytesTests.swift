import Foundation
import Testing

/// What `predict` writes depends on its input and its seed alone.
@Suite("Same input, same bytes")
struct SameBytesTests {
  static let workload = """
    { "schema": "oslet.workload/1", "name": "w", "recorded_cpus": 2,
      "classes": [ { "name": "a", "kind": "spinlock", "scope": "image", "lines": 2, "group": "fs" },
                   { "name": "m", "kind": "mutex", "scope": "process", "lines": 1 } ],
      "tasks": [ { "name": "w", "count": 4, "process": "p", "loop": [
        { "run_ns": { "dist": "exponential", "mean": 20000 } },
        { "acquire": "a", "hold_ns": { "dist": "exponential", "mean": 700 } },
        { "acquire": "m", "hold_ns": { "dist": "exponential", "mean": 1500 } },
        { "sleep_ns": { "dist": "exponential", "mean": 9000 } } ] } ] }
    """

  @Test("one and two threads, a second run, another seed")
  func predict() throws {
    try withTemporaryFolder { folder in
      try Data(Self.workload.utf8).write(to: folder.appending(path: "w.json"))
      func output(threads: Int, seed: Int) throws -> String {
        let run = try OsletRun(
          [
            "predict", "--workload", "w.json", "--cpus", "16", "--json", "--seed", "\(seed)",
            "--threads", "\(threads)", "-l", "4x+fs:1x4", "-l", "2x2x4/ring", "-l", "one+shard:a=4",
          ], in: folder)
        #expect(run.status == 0, "\(run.error)")
        return run.output
      }
      let first = try output(threads: 1, seed: 5)
      #expect(first.contains("4x+fs:1x4"))
      #expect(try output(threads: 2, seed: 5) == first)
      #expect(try output(threads: 2, seed: 6) != first)
    }
  }
}
