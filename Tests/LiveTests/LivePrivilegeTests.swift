import Foundation
import Testing
import TraceFormat

/// What recording needs to be allowed, and what it keeps of that.
extension LiveTests {
  @Suite("Privileges", .enabled(if: canRecord && geteuid() == 0))
  struct LivePrivilegeTests {
    /// A user that owns nothing; Debian's nobody.
    static let nobody: UInt32 = 65534

    struct Ending {
      var status: Int32
      var errors: String
    }

    /// Runs a program to its end.
    static func run(
      _ program: String, _ arguments: [String], environment: [String: String] = [:]
    ) throws -> Ending {
      let process = Process()
      process.executableURL = URL(filePath: program)
      process.arguments = arguments
      process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
      process.standardOutput = FileHandle.nullDevice
      let pipe = Pipe()
      process.standardError = pipe
      try process.run()
      let text = try pipe.fileHandleForReading.readToEnd() ?? Data()
      process.waitUntilExit()
      return Ending(
        status: process.terminationStatus, errors: String(decoding: text, as: UTF8.self))
    }

    /// Runs the tool as nobody, with nothing but what its file says (setcap).
    static func runAsNobody(
      _ capabilities: String, _ arguments: [String], in folder: String
    ) throws -> Ending {
      let program = "\(folder)/oslet"
      try? FileManager.default.removeItem(atPath: program)
      try FileManager.default.copyItem(atPath: LiveKillTests.tool.path, toPath: program)
      if !capabilities.isEmpty {
        #expect(try run("/usr/sbin/setcap", ["\(capabilities)+ep", program]).status == 0)
      }
      return try run(
        "/usr/bin/setpriv",
        ["--reuid=\(nobody)", "--regid=\(nobody)", "--clear-groups", program] + arguments)
    }

    /// A folder that nobody may write into.
    static func withOpenFolder(_ body: (String) throws -> Void) throws {
      try LiveMachine.withFolder { folder in
        unsafe chmod(folder, 0o777)
        try body(folder)
      }
    }

    @Test("three capabilities on the file let any user record, with names")
    func fileCapabilities() throws {
      try Self.withOpenFolder { folder in
        let ending = try Self.runAsNobody(
          "cap_bpf,cap_perfmon,cap_syslog", ["record", "-q", "-o", "\(folder)/t", "-d", "0.5"],
          in: folder)
        #expect(ending.status == 0, "\(ending.errors)")
        let reader = try TraceReader(path: "\(folder)/t")
        #expect(reader.ending == .complete)
        #expect(reader.eventCount > 0)
        #expect(reader.symbols.records.contains { $0.type == UInt8(ascii: "t") })
      }
    }

    @Test(
      "what is missing is named, with what to type", arguments: ["CAP_BPF", "CAP_PERFMON", "both"])
    func missing(which: String) throws {
      try Self.withOpenFolder { folder in
        let given = ["CAP_BPF": "cap_perfmon", "CAP_PERFMON": "cap_bpf"][which] ?? ""
        let named = which == "both" ? "CAP_BPF, CAP_PERFMON" : which
        let ending = try Self.runAsNobody(given, ["record", "-o", "\(folder)/t"], in: folder)
        #expect(ending.status == 3)
        #expect(
          ending.errors == """
            oslet: not permitted: this process lacks \(named); run as root, or give the program its \
            capabilities: sudo setcap cap_bpf,cap_perfmon,cap_syslog+ep \(folder)/oslet

            """)
        #expect(!FileManager.default.fileExists(atPath: "\(folder)/t"))
      }
    }

    /// The values of some lines of /proc/PID/status, for each thread of a process.
    static func status(of process: Int32, _ names: [String]) throws -> Set<[String]> {
      let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")
      return try Set(
        threads.map { thread in
          let text = try String(
            contentsOfFile: "/proc/\(process)/task/\(thread)/status", encoding: .utf8)
          let lines = text.split(separator: "\n")
          return names.map { name in
            let line = lines.first { $0.hasPrefix("\(name):") } ?? ""
            return line.dropFirst(name.count + 1).split(whereSeparator: \.isWhitespace)
              .joined(separator: " ")
          }
        })
    }

    /// The processes that a process has started.
    static func children(of process: Int32) throws -> [Int32] {
      try String(contentsOfFile: "/proc/\(process)/task/\(process)/children", encoding: .utf8)
        .split(separator: " ").compactMap { Int32($0) }
    }

    static let none = "0000000000000000"

    @Test("once it records, nothing is left of root's privileges but measuring its cost, apart")
    func dropped() throws {
      try Self.withOpenFolder { folder in
        let process = Process()
        process.executableURL = LiveKillTests.tool
        process.arguments = ["record", "-q", "-o", "\(folder)/t", "-d", "3"]
        process.environment = ["SUDO_UID": "\(Self.nobody)", "SUDO_GID": "\(Self.nobody)"]
        try process.run()
        let recorder = process.processIdentifier
        let user = Array(repeating: "\(Self.nobody)", count: 4).joined(separator: " ")
        let names = ["CapPrm", "CapEff", "CapAmb", "NoNewPrivs", "Uid", "Gid", "Groups"]
        let wanted = [Self.none, Self.none, Self.none, "1", user, user, ""]
        for _ in 0..<1000 where try Self.status(of: recorder, names) != [wanted] { usleep(10_000) }
        #expect(try Self.status(of: recorder, names) == [wanted])
        let others = try Self.children(of: recorder)
        #expect(others.count == 1)
        // Bit 21, CAP_SYS_ADMIN, alone.
        #expect(
          try Self.status(of: others[0], ["CapPrm", "CapEff"]) == [
            ["0000000000200000", "0000000000200000"]
          ])
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(!FileManager.default.fileExists(atPath: "/proc/\(others[0])"))
        let reader = try TraceReader(path: "\(folder)/t")
        #expect(reader.ending == .complete)
        #expect(try #require(reader.facts.cost).nanosecondsPerEvent > 0)
        let file = try FileManager.default.attributesOfItem(atPath: "\(folder)/t")
        #expect(file[.ownerAccountID] as? UInt32 == Self.nobody)
        #expect(file[.posixPermissions] as? Int == 0o600)
      }
    }

    @Test("the command runs as who asked for it, and can still be ended")
    func command() throws {
      try Self.withOpenFolder { folder in
        let sudo = ["SUDO_UID": "\(Self.nobody)", "SUDO_GID": "\(Self.nobody)"]
        let script =
          "id -u >\(folder)/user; grep CapEff /proc/self/status >\(folder)/set; exec sleep 60"
        let ending = try Self.run(
          LiveKillTests.tool.path,
          ["record", "-q", "-o", "\(folder)/t", "-d", "1", "--", "sh", "-c", script],
          environment: sudo)
        #expect(ending.status == 128 + SIGTERM)
        #expect(try String(contentsOfFile: "\(folder)/user", encoding: .utf8) == "0\n")
        let set = try String(contentsOfFile: "\(folder)/set", encoding: .utf8)
        #expect(!set.contains(Self.none))
      }
    }

    @Test("a folder that snapshots could not be written into is refused at the start")
    func snapshots() throws {
      try LiveMachine.withFolder { folder in
        let ending = try Self.run(
          LiveKillTests.tool.path, ["record", "--overwrite", "-o", "\(folder)/t"],
          environment: ["SUDO_UID": "\(Self.nobody)", "SUDO_GID": "\(Self.nobody)"])
        #expect(ending.status == 2)
        #expect(ending.errors.contains("may not write into \(folder)/"))
      }
    }
  }
}
