import Foundation
import Measures

/// The independent simulator: SimPy, run as a process on `oracle.py`.
enum Oracle {
  /// The interpreter that has SimPy: the one `make test` sets up, or the caller's own; nil without.
  static let python: String? = {
    let made = root.appendingPathComponent(".build/oracles/bin/python3").path
    for candidate in [made, "python3", "/usr/bin/python3"] {
      if let found = try? run(candidate, ["-c", "import simpy; print(1)"]), found == ["1"] {
        return candidate
      }
    }
    return nil
  }()

  private static let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  private static let root = here.deletingLastPathComponent().deletingLastPathComponent()

  /// The turns per second that SimPy finds, with a 90 % interval over `seeds` seeds.
  static func throughput(_ model: String, customers: Int, seeds: Int = 5) throws -> Interval {
    guard let python else { throw CocoaError(.executableNotLoadable) }
    let arguments =
      [here.appendingPathComponent("oracle.py").path, model, "\(customers)", "40000"]
      + (1...seeds).map { "\($0)" }
    let rates = try run(python, arguments).compactMap { Double($0) }
    guard rates.count == seeds else { throw CocoaError(.coderReadCorrupt) }
    return Statistics(rates.map { $0 * 1e9 }).interval(confidence: 0.9)
  }

  /// The lines that a command prints.
  private static func run(_ command: String, _ arguments: [String]) throws -> [String] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [command] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
