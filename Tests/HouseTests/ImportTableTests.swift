import Foundation
import Testing

/// The arrows of docs/design.md, "The house": what each target may import of this package and of others.
@Suite("Import table")
struct ImportTableTests {
  static let system: Set<String> = ["FoundationEssentials", "Glibc", "Musl", "Synchronization"]

  static let allowed: [String: Set<String>] = [
    "Measures": [],
    "TraceFormat": ["Measures", "CZlib", "CZstd"],
    "GraphPartition": ["CMETIS"],
    "Workloads": ["GraphPartition", "Measures", "Yams"],
    "Analysis": ["Measures", "TraceFormat", "Workloads"],
    "Queueing": ["Measures", "Workloads"],
    "Replay": ["Measures", "Workloads"],
    "Interchange": ["Measures", "TraceFormat"],
    "Reporting": ["Measures", "Workloads", "Analysis"],
    "Recording": ["Measures", "TraceFormat", "CBPF"],
    "Calibration": ["Measures", "Workloads", "CCalibration"],
    "Validation": ["Measures", "Workloads", "Queueing"],
  ]

  @Test("every target imports only what stands below it")
  func arrows() throws {
    var strangers: [String] = []
    for (target, modules) in Self.allowed {
      for file in try swiftFiles(under: "Sources/\(target)") {
        for module in try imports(of: file)
        where !modules.contains(module) && !Self.system.contains(module) {
          strangers.append("\(target)/\(file.lastPathComponent) imports \(module)")
        }
      }
    }
    #expect(strangers.sorted() == [])
  }

  @Test("every target of Swift sources stands in the table, the tool alone imports all")
  func everyTarget() throws {
    let folders = try FileManager.default.contentsOfDirectory(
      at: houseRoot.appending(path: "Sources"), includingPropertiesForKeys: nil)
    let withSwift = try folders.map(\.lastPathComponent)
      .filter { try !swiftFiles(under: "Sources/\($0)").isEmpty }
    #expect(Set(withSwift).subtracting(Self.allowed.keys) == ["oslet"])
  }

  @Test("only the tool prints or exits")
  func silence() throws {
    var loud: [String] = []
    for target in Self.allowed.keys {
      for file in try swiftFiles(under: "Sources/\(target)") {
        for line in try lines(of: file)
        where line.firstMatch(of: /^\s*(print|exit|fatalError|preconditionFailure|debugPrint)\(/)
          != nil
        {
          loud.append("\(target)/\(file.lastPathComponent): \(line)")
        }
      }
    }
    #expect(loud.sorted() == [])
  }

  private func imports(of file: URL) throws -> [String] {
    try lines(of: file).compactMap { line in
      line.firstMatch(
        of: /^\s*(?:@\w+\s+)?(?:public |internal |package )?import (?:struct |func )?(\w+)/
      )
      .map { String($0.1) }
    }
  }
}
