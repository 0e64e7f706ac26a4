import Foundation
import TraceFormat

/// What one guest wrote: the small files of Tests/GuestTests/init, and the trace.
struct GuestRun: Sendable {
  /// The folder that its files were unpacked into.
  let folder: URL
  /// The trace that it recorded, as this host reads it.
  let trace: RecordedTrace
  /// Whether the trace was closed in order.
  let ending: TraceEnding
  /// What of the trace could not be read.
  let damaged: [DamagedRegion]

  /// Boots a guest and waits for its end.
  init(booting guest: Guest) async throws {
    let name = "\(guest.kernel.rawValue)-\(guest.cpus)-\(guest.spinlocks)"
    folder = Guest.root.appending(path: ".build/guests/results/\(name)")
    let script = Process()
    script.executableURL = Guest.root.appending(path: "Tests/GuestTests/guest")
    script.arguments = [
      "run", guest.kernel.rawValue, "\(guest.cpus)", folder.path, guest.spinlocks.rawValue,
    ]
    let status = try await withCheckedThrowingContinuation { continuation in
      script.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
      do { try script.run() } catch { continuation.resume(throwing: error) }
    }
    guard status == 0 else { throw Failure.didNotFinish(status) }
    var reader = try Self.reader(of: folder, "oslet.data")
    trace = try RecordedTrace(reading: &reader)
    ending = reader.ending
    damaged = reader.damaged
  }

  private static func reader(of folder: URL, _ name: String) throws -> TraceReader {
    try TraceReader(path: folder.appending(path: name).path)
  }

  /// Another trace that it recorded.
  func reader(of name: String) throws -> TraceReader { try Self.reader(of: folder, name) }

  /// Why there is nothing to look at.
  enum Failure: Error {
    /// The script ended with this status; what the guest said is in its file `console`.
    case didNotFinish(Int32)
    /// It is none of `Guest.all`.
    case unknown
  }

  /// A file of the guest, without the line end.
  func text(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
      .trimmingCharacters(in: .newlines)
  }

  /// The tracepoints of the kernel, as tracefs lists them: `contention_begin`, without the system.
  func tracepoints() throws -> Set<Substring> {
    Set(try text("tracepoints").split(separator: "\n").compactMap { $0.split(separator: "/").last })
  }

  /// How often each task met a tracepoint by the kernel's own count, a histogram trigger.
  func kernelCount(_ tracepoint: String) throws -> [Int32: Int] {
    var counts: [Int32: Int] = [:]
    for line in try text("hist-\(tracepoint)").split(separator: "\n") {
      if let match = line.firstMatch(of: /common_pid: +(\d+) } hitcount: +(\d+)/),
        let task = Int32(match.1), let count = Int(match.2)
      {
        counts[task] = count
      }
    }
    return counts
  }
}

/// Every guest's run: each is booted once, as many at a time as there are cores, since the emulator
/// keeps one busy.
actor GuestRuns {
  static let shared = GuestRuns()
  private var runs: [Guest: Task<GuestRun, any Error>] = [:]

  /// The run of this guest.
  func run(of guest: Guest) async throws -> GuestRun {
    if runs.isEmpty { bootAll() }
    guard let run = runs[guest] else { throw GuestRun.Failure.unknown }
    return try await run.value
  }

  private func bootAll() {
    let lanes = max(1, ProcessInfo.processInfo.activeProcessorCount)
    for (index, guest) in Guest.all.enumerated() {
      let before = index < lanes ? nil : runs[Guest.all[index - lanes]]
      runs[guest] = Task {
        _ = await before?.result
        return try await GuestRun(booting: guest)
      }
    }
  }
}
