import Foundation
import Testing

/// Sweeps played whole, in pieces, twice, and by a real Slurm.
@Suite("Sweep")
struct SweepTests {
  /// The sources, layouts and sizes of every sweep here.
  static let grid = [
    "-l", "one", "-l", "2x", "--cpus", "2,4", "--engine", "model", "--seed", "3",
  ]

  static func write(_ folder: URL) throws {
    for (name, hold) in [("a", 500), ("b", 2_000)] {
      let workload = SameBytesTests.workload.replacing("\"mean\": 700", with: "\"mean\": \(hold)")
      try Data(workload.utf8).write(to: folder.appending(path: name + ".json"))
    }
  }

  static func object(_ file: URL) throws -> NSDictionary {
    try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? NSDictionary)
  }

  /// What `predict` says of each source.
  static func predictions(in folder: URL) throws -> [NSDictionary] {
    try ["a", "b"].map { name in
      let run = try OsletRun(
        ["predict", "--workload", name + ".json", "--json"] + grid, in: folder)
      return ["source": name + ".json", "prediction": try run.json()]
    }
  }

  @Test("sweep.json has per source what predict prints, sweep.csv a line a cell")
  func whole() throws {
    try withTemporaryFolder { folder in
      try Self.write(folder)
      let run = try OsletRun(["sweep", "a.json", "b.json", "-o", "s"] + Self.grid, in: folder)
      #expect(run.status == 0, "\(run.error)")
      let swept = try Self.object(folder.appending(path: "s/sweep.json"))
      #expect(swept["schema"] as? String == "oslet.sweep/1")
      #expect(swept["sources"] as? [NSDictionary] == (try Self.predictions(in: folder)))
      let csv = try String(contentsOf: folder.appending(path: "s/sweep.csv"), encoding: .utf8)
      #expect(csv.split(separator: "\n").count == 1 + 2 * 2 * 2)
      #expect(csv.contains("\nb.json,2x,4,"))
    }
  }

  @Test(
    "a cell by the replay is the point that predict gives at the same seed, whatever the size beside it"
  )
  func replay() throws {
    try withTemporaryFolder { folder in
      try Self.write(folder)
      let grid = ["-l", "2x", "--cpus", "2,4"]
      let run = try OsletRun(["sweep", "a.json", "-o", "s"] + grid, in: folder)
      #expect(run.status == 0, "\(run.error)")
      let sources = try Self.object(folder.appending(path: "s/sweep.json"))["sources"]
      let alone = try OsletRun(["predict", "--workload", "a.json", "--json"] + grid, in: folder)
      let expected: NSDictionary = ["source": "a.json", "prediction": try alone.json()]
      #expect(sources as? [NSDictionary] == [expected])
    }
  }

  @Test(
    "what was cut short goes on: only missing and damaged cells are played, and a merge counts them"
  )
  func resume() throws {
    try withTemporaryFolder { folder in
      try Self.write(folder)
      let command = ["sweep", "a.json", "b.json", "-o", "s"] + Self.grid
      #expect(try OsletRun(command, in: folder).status == 0)
      let cells = try FileManager.default.contentsOfDirectory(
        atPath: folder.appending(path: "s/cells").path()
      ).sorted().map { folder.appending(path: "s/cells/" + $0) }
      #expect(cells.count == 8)
      let whole = try Data(contentsOf: folder.appending(path: "s/sweep.json"))
      try FileManager.default.removeItem(at: cells[2])
      try Data("{ \"schema\": \"oslet.pred".utf8).write(to: cells[5])
      let old = Date(timeIntervalSince1970: 1_000_000_000)
      for cell in cells where cell != cells[2] {
        try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: cell.path())
      }
      let merge = try OsletRun(["sweep", "-o", "s", "--merge"], in: folder)
      #expect(merge.status == 5)
      #expect(merge.error.contains("2 of 8 cells are missing"), "\(merge.error)")
      #expect(try OsletRun(["sweep", "-o", "s"], in: folder).status == 0)
      let played = try cells.filter {
        try FileManager.default.attributesOfItem(atPath: $0.path())[.modificationDate] as? Date
          != old
      }
      #expect(played == [cells[2], cells[5]])
      #expect(try Data(contentsOf: folder.appending(path: "s/sweep.json")) == whole)
    }
  }

  @Test("another sweep in the folder, no sweep in it, a share that is none: status 2 and one line")
  func refused() throws {
    try withTemporaryFolder { folder in
      try Self.write(folder)
      #expect(try OsletRun(["sweep", "a.json", "-o", "s"] + Self.grid, in: folder).status == 0)
      for arguments in [
        ["sweep", "b.json", "-o", "s"] + Self.grid, ["sweep", "a.json", "-o", "s", "--cpus", "8"],
        ["sweep", "-o", "nowhere"], ["sweep", "a.json", "-o", "t", "-l", "4x", "-l", "4x"],
        ["sweep", "a.json", "-o", "t", "-l", "0x"],
      ] {
        let run = try OsletRun(arguments, in: folder)
        #expect(run.status == 2, "\(arguments): \(run.error)")
        #expect(run.error.split(separator: "\n").count == 1, "\(run.error)")
      }
      #expect(try OsletRun(["sweep", "-o", "s", "--task", "4/4"], in: folder).status == 2)
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "t").path()))
    }
  }

  static let hasSlurm = FileManager.default.fileExists(atPath: "/usr/sbin/slurmctld")

  @Test("a job array of a real Slurm and its merge come to the same", .enabled(if: hasSlurm))
  func slurm() throws {
    try withTemporaryFolder { folder in
      try Self.write(folder)
      let asked = try OsletRun(
        ["sweep", "a.json", "b.json", "-o", "s", "--slurm", "--tasks", "3"] + Self.grid, in: folder)
      #expect(asked.output == "8 cells in 3 tasks: bash s/submit.sh\n", "\(asked.error)")
      // Unix sockets want a short path.
      let state = "/tmp/slurm-\(ProcessInfo.processInfo.processIdentifier)"
      try FileManager.default.createDirectory(
        atPath: state, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
      defer { try? FileManager.default.removeItem(atPath: state) }
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/python3")
      process.currentDirectoryURL = OsletRun.root
      process.arguments = [
        "Tests/unblocked.py", "Tests/CommandTests/slurm", state, "bash",
        folder.appending(path: "s/submit.sh").path(),
      ]
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      let merged = folder.appending(path: "s/sweep.json")
      try #require(FileManager.default.fileExists(atPath: merged.path()))
      #expect(
        try Self.object(merged)["sources"] as? [NSDictionary]
          == (try Self.predictions(in: folder)))
    }
  }
}
