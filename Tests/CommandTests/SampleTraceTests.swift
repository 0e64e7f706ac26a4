import Foundation
import Testing

/// The recordings in Traces/ through the whole path, whole and damaged.
@Suite("Sample recordings")
struct SampleTraceTests {
  static let names = ["rename-storm", "futex-hash", "tlb-shootdown", "wakeups", "dentry"]

  static func path(_ name: String) -> String {
    OsletRun.root.appending(path: "Traces/\(name).oslet").path
  }

  @Test("info and analyze count the same events and lose none", arguments: names)
  func counts(name: String) throws {
    let info = try OsletRun(["info", "-i", Self.path(name), "--json"])
    #expect(info.status == 0)
    let events = try #require(info.json()["events"] as? [String: Any])
    let byType = try #require(events["by_type"] as? [String: Int])
    let analysis = try OsletRun(["analyze", "-i", Self.path(name), "--json"]).json()
    #expect(analysis["events"] as? Int == byType.values.reduce(0, +))
    #expect((analysis["lost"] as? [String: Any])?["events"] as? Int == 0)
    let classes = try #require(analysis["classes"] as? [[String: Any]])
    #expect(!classes.isEmpty)
    for row in classes {
      let name = try #require(row["name"] as? String)
      #expect(!name.contains("0x"), "an address is no name: \(name)")
    }
  }

  @Test("the same seed gives the same bytes, on one thread and on two")
  func determinism() throws {
    let asked = [
      "predict", "-i", Self.path("futex-hash"), "--cpus", "1,4,16", "--layout", "one", "--layout",
      "4x", "--force", "--json", "--seed", "7",
    ]
    let once = try OsletRun(asked + ["--threads", "1"])
    let twice = try OsletRun(asked + ["--threads", "2"])
    #expect(once.status == 0, "\(once.error)")
    #expect(once.output == twice.output)
  }

  @Test("a report comes as text of 72 columns of ASCII, as one HTML file and as JSON")
  func report() throws {
    let asked = [
      "report", "-i", Self.path("futex-hash"), "--cpus", "1,2,8", "--engine", "model", "--force",
    ]
    let text = try OsletRun(asked)
    #expect(text.status == 0, "\(text.error)")
    #expect(text.output.utf8.allSatisfy { $0 < 128 })
    #expect(text.output.split(separator: "\n").allSatisfy { $0.count <= 72 })
    let html = try OsletRun(asked + ["--format", "html"]).output
    #expect(html.contains("<svg") && !html.contains("src=\"http"))
    let json = try OsletRun(asked + ["--format", "json"]).json()
    #expect(json["schema"] as? String == "oslet.report/1")
  }

  @Test("a trace cut anywhere is read up to its last whole block, and says so")
  func cut() throws {
    let whole = try Data(contentsOf: URL(filePath: Self.path("dentry")))
    try withTemporaryFolder { folder in
      for share in [0.2, 0.5, 0.9, 0.999] {
        let file = folder.appending(path: "cut.oslet")
        try whole.prefix(Int(Double(whole.count) * share)).write(to: file)
        let info = try OsletRun(["info", "-i", file.path, "--json"])
        #expect(info.status == 0, "\(info.error)")
        #expect(try info.json()["ending"] as? String == "cut")
        let analysis = try OsletRun(["analyze", "-i", file.path])
        #expect(analysis.status == 0)
        #expect(analysis.error.contains("cut short at byte"))
      }
    }
  }

  @Test("a flipped bit anywhere is one clear line or a counted loss, never a trap")
  func flips() throws {
    let whole = try Data(contentsOf: URL(filePath: Self.path("dentry")))
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "flipped.oslet")
      for place in stride(from: 0, to: whole.count, by: whole.count / 23) {
        var flipped = whole
        flipped[place] ^= 0x10
        try flipped.write(to: file)
        let run = try OsletRun(["analyze", "-i", file.path])
        #expect([0, 1].contains(run.status), "byte \(place): \(run.status) \(run.error)")
        if run.status == 1 {
          #expect(run.error.split(separator: "\n").count == 1, "\(run.error)")
        }
      }
    }
  }

  @Test("a trace that is damaged all over says so in a few lines")
  func riddled() throws {
    var bytes = try Data(contentsOf: URL(filePath: Self.path("rename-storm")))
    for place in stride(from: 8192, to: bytes.count, by: 8192) { bytes[place] ^= 0x10 }
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "riddled.oslet")
      try bytes.write(to: file)
      let run = try OsletRun(["analyze", "-i", file.path])
      #expect(run.status == 0)
      #expect(run.error.contains("more places were skipped"), "\(run.error)")
      #expect(run.error.split(separator: "\n").count <= 8, "\(run.error)")
    }
  }

  @Test("a device that is written to stays one")
  func device() throws {
    try withTemporaryFolder { folder in
      // What /dev/null is: had a command put a file in its place, the machine would notice.
      let null = folder.appending(path: "null").path
      try #require(unsafe mknod(null, S_IFCHR | 0o666, 1 << 8 | 3) == 0)
      for arguments in [
        ["analyze", "-i", Self.path("dentry"), "--workload-out", null],
        ["export", "-i", Self.path("dentry"), "--to", "text", "-o", null],
      ] {
        #expect(try OsletRun(arguments).status == 0)
        var status = stat()
        #expect(unsafe stat(null, &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["null"])
    }
  }

  @Test("the text form goes out and comes back as the same events")
  func textForm() throws {
    try withTemporaryFolder { folder in
      let text = folder.appending(path: "t.txt").path
      let again = folder.appending(path: "t.oslet").path
      #expect(
        try OsletRun(["export", "-i", Self.path("dentry"), "--to", "text", "-o", text]).status == 0)
      #expect(try OsletRun(["import", text, "-o", again]).status == 0)
      let before = try OsletRun(["export", "-i", Self.path("dentry"), "--to", "csv"])
      let after = try OsletRun(["export", "-i", again, "--to", "csv"])
      #expect(before.output == after.output)
    }
  }
}
