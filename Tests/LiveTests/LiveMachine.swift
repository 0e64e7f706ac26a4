import Foundation

/// A load and independent counters for the live tests.
enum LiveMachine {
  /// A new folder in memory, gone after `body`.
  static func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let path = "/dev/shm/oslet-live-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
  }

  /// A Python script that runs a command with no signal blocked.
  static let unblocked = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "unblocked.py").path

  /// Whether a program is installed where distributions put programs.
  static func has(_ program: String) -> Bool {
    ["/usr/bin", "/usr/sbin", "/usr/local/bin"].contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/\(program)")
    }
  }

  /// Events of a tracepoint on all CPUs while `body` runs, by `perf stat`.
  ///
  /// It ends with its command, a `cat` whose input is closed: a signal would not do, since threads
  /// that run tests have signals blocked, and their children inherit that.
  static func perfCount(
    _ tracepoint: String, filter: String? = nil, in folder: String, while body: () throws -> Void
  ) throws -> UInt64 {
    let input = Pipe()
    let ready = Pipe()
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/perf")
    process.arguments = [
      "stat", "-a", "-x", ",", "-e", tracepoint,
    ]
    if let filter { process.arguments? += ["--filter", filter] }
    process.arguments? += ["-o", "\(folder)/perf", "--", "sh", "-c", "echo ready; cat"]
    process.standardInput = input
    process.standardOutput = ready
    process.standardError = FileHandle.nullDevice
    try process.run()
    // perf has opened its counters when its command runs.
    _ = ready.fileHandleForReading.availableData
    let outcome = Result { try body() }
    try input.fileHandleForWriting.close()
    process.waitUntilExit()
    try outcome.get()
    let text = try String(contentsOfFile: "\(folder)/perf", encoding: .utf8)
    let line = text.split(separator: "\n").first { $0.contains(tracepoint) }
    guard let count = line?.split(separator: ",").first.flatMap({ UInt64($0) }) else {
      throw NoCount(text: text)
    }
    return count
  }

  /// Where the unified cgroup hierarchy is mounted and can be written to.
  static var unifiedHierarchy: String? {
    ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"].first {
      FileManager.default.isWritableFile(atPath: $0 + "/cgroup.procs")
    }
  }

  struct NoCount: Error { var text: String }

  /// The most memory that a process has had resident so far, bytes; 0 where it is gone.
  static func peakResident(_ process: Int32) -> Int {
    let text = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
    return line.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }.reduce(0, +) << 10
  }

  /// The counts of a line of /proc/interrupts, by CPU.
  static func interrupts(_ text: String, _ label: String) -> [Int] {
    let line = text.split(separator: "\n").first { $0.drop { $0 == " " }.hasPrefix("\(label):") }
    return (line ?? "").split(separator: " ").dropFirst().prefix { Int($0) != nil }
      .compactMap { Int($0) }
  }
}
