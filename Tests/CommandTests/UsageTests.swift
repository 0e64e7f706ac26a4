import Foundation
import Testing

@Suite("Usage and exit statuses")
struct UsageTests {
  @Test(
    "every subcommand has a help page and exits with 0",
    arguments: [
      "check", "record", "info", "analyze", "calibrate", "predict", "report", "layout", "diff",
      "export", "validate", "recommend", "top", "sweep", "import",
    ])
  func help(command: String) throws {
    let run = try OsletRun([command, "--help"])
    #expect(run.status == 0)
    #expect(run.output.contains("USAGE: oslet \(command)"))
  }

  @Test(
    "a word that means nothing is a usage error: status 2, on standard error",
    arguments: [
      ["frobnicate"], ["predict", "--cpus", "0"], ["predict", "--cpus", "4-2"],
      ["predict", "--engine", "guess"], ["report", "--format", "pdf"], ["record", "-d", "never"],
      ["record", "-Y", "spin"], ["top", "-d", "0"], ["top", "-k", "time"],
      ["record", "--tid", "0"], ["record", "-p", "1,"],
      ["layout", "0x4"], ["layout", "4x+"], ["predict", "--load", "twice"],
    ])
  func usage(arguments: [String]) throws {
    let run = try OsletRun(arguments)
    #expect(run.status == 2, "\(run.error)")
    #expect(run.output.isEmpty)
    #expect(!run.error.isEmpty)
  }

  @Test("a missing or foreign file is one line that names it, status 1")
  func badFiles() throws {
    try withTemporaryFolder { folder in
      let missing = try OsletRun(["info", "-i", "nowhere.data"], in: folder)
      #expect(missing.status == 1)
      #expect(missing.error.contains("nowhere.data"))
      #expect(missing.error.split(separator: "\n").count == 1)

      try Data("PERFILE2 is another tool's".utf8).write(to: folder.appending(path: "foreign.data"))
      for command in ["info", "analyze", "predict"] {
        let foreign = try OsletRun([command, "-i", "foreign.data"], in: folder)
        #expect(foreign.status == 1)
        #expect(foreign.error.contains("foreign.data"))
        #expect(foreign.error.split(separator: "\n").count == 1, "\(foreign.error)")
      }
    }
  }
}
