import Foundation
import Measures

/// What can befall a recorder.
enum Ordeal: String, CaseIterable, Sendable {
  case killed = "SIGKILL"
  case interrupted = "SIGINT"
  case terminated = "SIGTERM"
  case hungUp = "SIGHUP"
  case twice = "two signals"
  case stopped = "SIGSTOP, SIGCONT"
  case commandEnds = "the command ends"
  case commandKilled = "the command is killed"
  case snapshots = "snapshots, then SIGKILL"
  case switchKilled = "the statistics process is killed"
  case pipeCloses = "a closed pipe"
  case diskFills = "a full disk"
  case fileTooLarge = "RLIMIT_FSIZE"
  case readOnly = "a read-only disk"
  case folderGone = "the folder is removed"

  /// How the recorder may end: with an exit status of these, or by a signal where there are none.
  ///
  /// 5 for 0 where small logs lost too many events; 1 unless all was written before.
  var statuses: Set<Int32> {
    switch self {
    case .killed, .snapshots: []
    case .readOnly: [1]
    case .pipeCloses, .diskFills, .fileTooLarge: [0, 1, 5]
    case .commandKilled: [128 + SIGKILL, 5]
    default: [0, 5]
    }
  }

  /// Whether the trace must then be closed in order.
  var endsWhole: Bool {
    switch self {
    case .interrupted, .terminated, .hungUp, .stopped, .commandEnds, .commandKilled,
      .switchKilled:
      true
    default: false
    }
  }
}

/// A recorder under one ordeal, and what it left.
struct OrdealRun {
  let ordeal: Ordeal
  /// How it ended: its exit status, or the negative number of a signal.
  let status: Int32
  /// What it said.
  let errors: String
  /// The files that it wrote.
  let traces: [String]
  /// BPF objects that it held before its end.
  let held: BPFHoldings
  /// Whether it was let record before its fate came.
  let wasRecording: Bool

  /// The variable by which all processes of a run are known.
  static let mark = "OSLET_ORDEAL"

  /// Records in `folder` until the ordeal ends it; `disk` is a small one of its own.
  init(
    _ ordeal: Ordeal, tool: URL, folder: String, disk: SmallDisk,
    using generator: inout SeededGenerator
  ) throws {
    self.ordeal = ordeal
    let path =
      switch ordeal {
      case .pipeCloses: "-"
      case .diskFills, .readOnly: "\(disk.path)/t"
      case .folderGone: "\(folder)/gone/t"
      default: "\(folder)/t"
      }
    var arguments = ["record", "-q", "-o", path]
    if Bool.random(using: &generator) { arguments += ["-m", "4K"] }
    // Through a shell, since stress-ng has things to say where it is ended early.
    let load = [
      "sh", "-c",
      "exec stress-ng -q --temp-path \(folder) --switch 1 --rename 1 -t 9 2>/dev/null",
    ]
    switch ordeal {
    case .commandEnds: arguments += ["--", "sh", "-c", "sleep 0.2"]
    case .commandKilled: arguments += ["--", "sh", "-c", "sleep 0.2; kill -KILL $$"]
    case .snapshots: arguments += ["--overwrite", "--keep", "64K"]
    case .diskFills, .fileTooLarge, .pipeCloses:
      arguments += ["-d", "2", "--"] + load
    case .killed where Bool.random(using: &generator): arguments += ["--"] + load
    default: break
    }
    let process = Process()
    process.executableURL = tool
    process.arguments = arguments
    if ordeal == .fileTooLarge {
      let size = Int.random(in: 0...200_000, using: &generator)
      process.executableURL = URL(filePath: "/usr/bin/prlimit")
      process.arguments = ["--fsize=\(size)", tool.path] + arguments
    }
    process.environment = ProcessInfo.processInfo.environment.merging([Self.mark: folder]) { $1 }
    let pipe = Pipe()
    process.standardOutput = ordeal == .pipeCloses ? pipe : FileHandle.nullDevice
    let said = URL(filePath: "\(folder)/errors")
    try Data().write(to: said)
    process.standardError = try FileHandle(forWritingTo: said)

    if ordeal == .diskFills { try disk.resize(Int.random(in: 4...500, using: &generator)) }
    if ordeal == .readOnly { try disk.write(false) }
    defer { if ordeal == .readOnly { try? disk.write(true) } }
    if ordeal == .folderGone {
      try FileManager.default.createDirectory(
        atPath: "\(folder)/gone", withIntermediateDirectories: true)
    }
    try process.run()
    let recorder = process.processIdentifier
    usleep(UInt32.random(in: 0...800_000, using: &generator))
    // Signals are the recorder's once it has attached: from before, it ends by them.
    var held = BPFHoldings(of: recorder)
    wasRecording = held.links.count > 10
    if [.interrupted, .terminated, .hungUp, .stopped, .switchKilled, .folderGone].contains(ordeal) {
      for _ in 0..<1000 where held.links.count <= 10 && process.isRunning {
        usleep(10_000)
        held = BPFHoldings(of: recorder)
      }
    }
    switch ordeal {
    case .killed: kill(recorder, SIGKILL)
    case .interrupted: kill(recorder, SIGINT)
    case .terminated: kill(recorder, SIGTERM)
    case .hungUp: kill(recorder, SIGHUP)
    case .twice:
      kill(recorder, [SIGINT, SIGTERM, SIGHUP].randomElement(using: &generator) ?? SIGINT)
      usleep(UInt32.random(in: 0...20_000, using: &generator))
      kill(recorder, [SIGINT, SIGTERM, SIGHUP].randomElement(using: &generator) ?? SIGINT)
    case .stopped:
      kill(recorder, SIGSTOP)
      usleep(UInt32.random(in: 0...300_000, using: &generator))
      kill(recorder, SIGCONT)
      kill(recorder, SIGINT)
    case .snapshots:
      for _ in 0..<Int.random(in: 0...3, using: &generator) where wasRecording {
        kill(recorder, SIGUSR2)
        usleep(UInt32.random(in: 0...100_000, using: &generator))
      }
      held.formUnion(BPFHoldings(of: recorder))
      kill(recorder, SIGKILL)
    case .switchKilled:
      for child in try LiveTests.LivePrivilegeTests.children(of: recorder) { kill(child, SIGKILL) }
      kill(recorder, SIGINT)
    case .pipeCloses:
      try pipe.fileHandleForWriting.close()
      _ = try pipe.fileHandleForReading.read(
        upToCount: Int.random(in: 1...100_000, using: &generator))
      try pipe.fileHandleForReading.close()
    case .folderGone:
      try FileManager.default.removeItem(atPath: "\(folder)/gone")
      kill(recorder, SIGINT)
    case .commandEnds, .commandKilled, .diskFills, .fileTooLarge, .readOnly: break
    }
    status = try Self.end(of: process)
    self.held = held
    errors = try String(contentsOf: said, encoding: .utf8)
    let place =
      path.split(separator: "/").count > 1 ? (path as NSString).deletingLastPathComponent : ""
    traces = ((try? FileManager.default.contentsOfDirectory(atPath: place)) ?? [])
      .filter { $0 == "t" || $0.hasPrefix("t.") }.sorted().map { "\(place)/\($0)" }
  }

  /// Waits for a process, but not for ever.
  private static func end(of process: Process) throws -> Int32 {
    for _ in 0..<3000 where process.isRunning { usleep(10_000) }
    if process.isRunning {
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      throw Endless()
    }
    process.waitUntilExit()
    return process.terminationReason == .exit
      ? process.terminationStatus : -process.terminationStatus
  }

  /// The recorder did not end in thirty seconds.
  struct Endless: Error {}
}
